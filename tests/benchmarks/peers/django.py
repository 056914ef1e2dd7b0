"""Django alone: its session engine on the database, its ``request.user``. It uses the database of ``bare``."""

from tests.benchmarks.peers.bare import *

INSTALLED_APPS = STOCK_APPS
MIDDLEWARE = STOCK_MIDDLEWARE
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
