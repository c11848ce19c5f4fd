"""Numbers of holding seats and letting people in; docs/domain.md tells why."""

from datetime import timedelta

SEATS_A_BUYER_MAX = 10  # seats in live bookings of one user at one showtime
HOLDS_A_BUYER_MAX = 2  # unpaid bookings of one user at one showtime
SEATS_AN_ADDRESS_MAX = 40  # unpaid seats at one showtime from one network address: a mobile network shares one
SAME_SEATS_PAUSE = timedelta(minutes=1)  # before a buyer may hold seats again that they have just let go
DOORS_OPEN_BEFORE = timedelta(hours=2)  # the start: from then to the end a ticket lets in with no show named
GUEST_BOOKINGS_KEPT = 20  # in a session that booked without an account, and as many that it opened by a link
GUEST_LINK_LIVES = timedelta(days=60)  # after the show: refunds take their time
LINKS_PAUSE = timedelta(minutes=5)  # between two mails with the links of the same bookings
RESEND_PAUSE = timedelta(seconds=20)  # between two mails with the same tickets
