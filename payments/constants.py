"""Numbers of paying; docs/money.md tells why."""

from datetime import timedelta

from payments.models import Channel

CHANNELS = {  # what Paystack offers buyers in each currency, in the order in which we show it
    "NGN": (Channel.CARD, Channel.BANK_TRANSFER, Channel.USSD),
    "GHS": (Channel.CARD, Channel.MOBILE_MONEY),
    "KES": (Channel.CARD, Channel.MOBILE_MONEY),
    "ZAR": (Channel.CARD,),
    "USD": (Channel.CARD,),
    "XOF": (Channel.CARD, Channel.MOBILE_MONEY),
}

HOLD_MINUTES_BY_CHANNEL = {  # from the moment of choosing; a card takes settings.HOLD_MINUTES
    Channel.USSD: 20,
    Channel.MOBILE_MONEY: 20,
    Channel.BANK_TRANSFER: 35,  # Paystack's account number lives 30 minutes
}

ASK_WHILE_HELD = timedelta(minutes=1)
ASK_AFTER_DEADLINE = [
    timedelta(minutes=10),
    timedelta(minutes=20),
    timedelta(minutes=30),
    *(timedelta(hours=hour) for hour in range(1, 25)),
]

WALK_EVERY = timedelta(days=1)
WALK_DAYS = 3  # of charges and refunds walked through each day
WALK_DAYS_MAX = 90  # that a person may ask for; Paystack's guides warn of long lists
WALK_LEASE = timedelta(minutes=5)  # after which a step that was claimed and never ended is anybody's
WALK_PAUSE = timedelta(minutes=1)  # after a step that Paystack did not answer
WALK_TRIES = 5  # of a step; then it is passed over, so that one bad row doesn't hide all behind it
WALK_STEP = 10  # attempts of a theatre in one step: each is a question or two to Paystack
WALK_STEPS_A_ROUND = 3  # then the worker sees to its other jobs

INITIALIZE_WAIT_SECONDS = 5  # how long a double click waits for the first click's address
REFUND_LOOK_AGAIN = timedelta(seconds=45)  # after a request, which ends after 30 s, before Paystack's list is believed
