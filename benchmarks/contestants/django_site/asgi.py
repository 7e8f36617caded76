"""The ASGI application, once Django is set up."""

import os

from django.core.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.contestants.django_site.settings"
application = get_asgi_application()
