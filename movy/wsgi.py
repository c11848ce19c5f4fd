"""The WSGI entry: `granian --interface wsgi movy.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movy.settings")
application = get_wsgi_application()
