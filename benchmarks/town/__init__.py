"""A town of cinemas with a past: the large house on which the cost of growth is measured.

    python -m benchmarks.town --times 20

Its halls are the demo's, as often as `times` says, and so are its people; films grow with the root of it, because
twenty times the cinemas show some more films, each in some more places. Every hall shows five films a day, for
`days_past` days until today and `days_coming` days from today on. Of what is over half the seats were sold, and of what
comes the fewer the later it is: online and at the desk, with tickets, payments, refunds, histories and mails, and with
holds that lapsed. All of it is as the services would have made it; `manage.py audit` finds nothing.

The same sizes, seed and day make the same town. Python decides who books what and when (sales.py); what follows from a
booking is written by the database itself (following.py), in stretches of shows that are committed one by one.
"""
