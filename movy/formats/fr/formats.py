"""French. Short days and months end in a full stop, which Django's `D` lacks and its `N` has."""

DAY = "l j F"  # lundi 23 novembre
DAY_YEAR = "l j F Y"
DAY_TIME = "l j F à H:i"  # lundi 23 novembre à 18:30
DAY_YEAR_TIME = "l j F Y à H:i"
WEEKDAY_TIME = "l à H:i"
SHORT_DAY = "D. j N"  # lun. 23 nov.
SHORT_DAY_TIME = "D. j N à H:i"
SHORT_DAY_YEAR_TIME = "D. j N Y à H:i"
SHORT_MONTH = "N"
CLOCK = "H:i"
CLOCK_SECONDS = "H:i:s"
