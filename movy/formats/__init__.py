"""How days and times are written: the same names in every language, for the template filter `date`, `date_format` and
movy.lib.clock. Django's own formats stand behind them."""
