"""The live process: seat maps that move while people look at them, told as server-sent events (docs/adr/0013).

The database is the only truth, and a map is read from it as a page reads it (bookings/maps.py). What comes through
Redis says no more than where to look. In the order of the way that a change goes:

`listening`   news of other processes, through Redis
`noticing`    changes that no news told of, by asking the database
`looking`     one look at a map
`watches`     the maps that somebody has open: when each is looked at again, and who is told
`history`     what changed between two looks, and how it is written down for a browser
`application` the ASGI application: who gets a stream, and how it goes on
"""

from bookings.live.application import LiveApplication

__all__ = ["LiveApplication"]
