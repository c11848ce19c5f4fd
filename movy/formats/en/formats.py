"""English, with the clock of 24 hours that cinemas use."""

DAY = "l j F"  # Monday 23 November
DAY_YEAR = "l j F Y"
DAY_TIME = "l j F, H:i"  # Monday 23 November, 18:30
DAY_YEAR_TIME = "l j F Y, H:i"
WEEKDAY_TIME = "l, H:i"
SHORT_DAY = "D j M"  # Mon 23 Nov
SHORT_DAY_TIME = "D j M, H:i"
SHORT_DAY_YEAR_TIME = "D j M Y, H:i"
SHORT_MONTH = "M"
CLOCK = "H:i"
CLOCK_SECONDS = "H:i:s"
