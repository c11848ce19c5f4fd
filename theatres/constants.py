"""Limits of a theatre's house."""

from datetime import timedelta

INVITATION_LIFE = timedelta(days=7)  # how long the link in an invitation works
INVITATION_PAUSE = timedelta(minutes=5)  # between two mails to one address
INVITATIONS_AN_HOUR = 20  # mails of one theatre: Movy's mail server is not for advertisements
