"""The full project: every app of this distribution, on the servers of ``tests.services``."""

from ciam_core.defaults import *
from ciam_core.defaults_http import *
from ciam_core.federation.defaults import *
from tests import services
from tests.architecture.sources import ROOT
from tests.celery import app as celery_app

SECRET_KEY = "only-for-tests-0123456789-0123456789-0123456789-0123456789"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ROOT_URLCONF = "tests.urls"
STATIC_URL = "/static/"
LOCALE_PATHS = [ROOT / "example_project" / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": services.database()}
CACHES = {"default": services.cache()}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

INSTALLED_APPS = [
    "example_project.shop",
    "ciam_admin",
    *CIAM_APPS,
    *CIAM_FEDERATION_APPS,
    "django_otp",
    "ciam_mfa",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *CIAM_MIDDLEWARE,
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *CIAM_CONTEXT_PROCESSORS,
            ]
        },
    }
]

# A cheap hash where hashing is not the point; tests of ``ciam_core.passwords`` set the real ones.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]

CIAM_KERNEL = {"PUBLIC_URL": "http://testserver", "PRODUCT_NAME": "Shop"}
CIAM_CORE = {"BREACHED_PASSWORDS": None}  # nothing on the network
