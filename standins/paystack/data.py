"""Facts of Paystack's test mode: currencies, fees, test cards and numbers, banks.

Amounts are in the subunit: kobo, pesewa, cent.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Currency:
    """minimum: smallest charge. The fee of a local payment is percent of the amount plus `flat`, at most `cap`."""

    minimum: int
    fee_percent: float
    fee_flat: int = 0
    fee_flat_from: int = 0  # below this amount the flat part is waived
    fee_cap: int = 0  # 0: none
    smallest_step: int = 1
    refund_minimum: int = 1


CURRENCIES = {
    "NGN": Currency(50_00, 1.5, fee_flat=100_00, fee_flat_from=2_500_00, fee_cap=2_000_00),
    "GHS": Currency(10, 1.95, refund_minimum=1_00),  # the only floor of a refund that has been seen
    "ZAR": Currency(1_00, 2.9, fee_flat=1_00),
    "KES": Currency(3_00, 2.9),
    "USD": Currency(2_00, 3.9),
    "XOF": Currency(1_00, 3.2, smallest_step=100),  # counted in hundredths, yet has no fraction
}


def fee(amount: int, currency: str) -> int:
    """Return Paystack's fee for a local payment, in the subunit, rounded down."""
    rate = CURRENCIES[currency]
    total = int(amount * round(rate.fee_percent * 100) // 10_000)
    if amount >= rate.fee_flat_from:
        total += rate.fee_flat
    total = min(total, amount)
    return min(total, rate.fee_cap) if rate.fee_cap else total


CHANNELS = (
    "card",
    "bank",
    "apple_pay",
    "ussd",
    "qr",
    "mobile_money",
    "bank_transfer",
    "eft",
    "capitec_pay",
    "payattitude",
)
OFFERED_CHANNELS = {  # those that the hosted page can play, with their names for people
    "card": "Card",
    "bank_transfer": "Bank transfer",
    "ussd": "USSD",
    "mobile_money": "Mobile money",
}


@dataclass(frozen=True)
class TestCard:
    """A card of the test mode. `asks` are further steps and what must be answered; "" accepts any answer."""

    number: str
    cvv: str
    brand: str
    about: str
    asks: tuple[tuple[str, str], ...] = ()
    decline: str = ""  # the gateway's response when it does not pay
    reusable: bool = False
    refund: str = "processed"  # how a refund to it ends


TEST_CARDS = {
    card.number: card
    for card in (
        TestCard("4084084084084081", "408", "visa", "Pays", reusable=True),
        TestCard("507850785078507812", "081", "verve", "Pays, after a PIN", (("pin", "1111"),)),
        TestCard(
            "5060666666666666666", "123", "verve", "Pays, after a PIN and OTP", (("pin", "1234"), ("otp", "123456"))
        ),
        TestCard(
            "507850785078507804",
            "884",
            "verve",
            "Pays, after a PIN, phone and OTP",
            (("pin", "0000"), ("phone", ""), ("otp", "123456")),
        ),
        TestCard(
            "5192602720584796",
            "123",
            "mastercard",
            "Pays, after the bank's page",
            (("bank", "approve"),),
            reusable=True,
        ),
        TestCard("4084080000005408", "001", "visa", "Is declined", decline="Declined"),
        TestCard(
            "507850785078507853",
            "082",
            "verve",
            "Token not generated",
            (("pin", "0000"),),
            decline="Token Not Generated",
        ),
        TestCard("4084080000670037", "787", "visa", "Insufficient funds", decline="Insufficient Funds"),
        TestCard("4084080000671803", "180", "visa", "Pays; its refund fails", refund="failed"),
        TestCard("4084080000671902", "190", "visa", "Pays; its refund needs attention", refund="needs-attention"),
    )
}
TEST_PHONES = {"GHS": "0551234987", "KES": "+254710000000", "XOF": "0700000000"}

COUNTRIES = {"NGN": "Nigeria", "GHS": "Ghana", "KES": "Kenya", "ZAR": "South Africa"}
COUNTRY_CODES = {"NGN": "NG", "GHS": "GH", "KES": "KE", "ZAR": "ZA", "USD": "US", "XOF": "CI"}


@dataclass(frozen=True)
class Bank:
    id: int
    name: str
    code: str
    currency: str
    type: str


BANKS = tuple(
    Bank(number, name, code, currency, kind)
    for number, (name, code, currency, kind) in enumerate(
        (
            ("Access Bank", "044", "NGN", "nuban"),
            ("First Bank of Nigeria", "011", "NGN", "nuban"),
            ("Guaranty Trust Bank", "058", "NGN", "nuban"),
            ("Kuda Bank", "50211", "NGN", "nuban"),
            ("United Bank For Africa", "033", "NGN", "nuban"),
            ("Zenith Bank", "057", "NGN", "nuban"),
            ("Ecobank Ghana Limited", "130100", "GHS", "ghipps"),
            ("GCB Bank Limited", "040100", "GHS", "ghipps"),
            ("MTN", "MTN", "GHS", "mobile_money"),
            ("Equity Bank", "68", "KES", "kepss"),
            ("Kenya Commercial Bank", "01", "KES", "kepss"),
            ("M-PESA", "MPESA", "KES", "mobile_money"),
            ("Absa Bank Limited, South Africa", "632005", "ZAR", "basa"),
            ("Capitec Bank Limited", "470010", "ZAR", "basa"),
        ),
        start=1,
    )
)
