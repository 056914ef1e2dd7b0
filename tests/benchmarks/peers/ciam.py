"""This product, added to ``startproject`` as README says, with its defaults. Mail leaves through Celery's queue."""

from ciam_core.defaults import *
from ciam_core.defaults_http import *
from tests.benchmarks.peers.common import *
from tests.celery import app as celery_app

INSTALLED_APPS = ["ciam_admin", *CIAM_APPS, *STOCK_APPS]
MIDDLEWARE = [*STOCK_MIDDLEWARE, *CIAM_MIDDLEWARE]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [*STOCK_CONTEXT_PROCESSORS, *CIAM_CONTEXT_PROCESSORS]},
    }
]
CELERY_BROKER_URL = f"redis+socket://{FOLDER}/valkey.sock?virtual_host=1"
CIAM_KERNEL = {"PUBLIC_URL": "http://127.0.0.1", "PRODUCT_NAME": "Shop", "TRUSTED_PROXY_COUNT": 1}
CIAM_CORE = {"BREACHED_PASSWORDS": None}  # nothing on the network; the peers ask nobody either
