"""Limits on getting in."""

FAILED_LOGIN_SECONDS = 5 * 60
"""The window in which failed sign-ins are counted: settings.ACCOUNT_RATE_LIMITS["login_failed"]."""

OTHER_LIMIT_SECONDS = 60
"""The window of every other limit in settings.ACCOUNT_RATE_LIMITS."""
