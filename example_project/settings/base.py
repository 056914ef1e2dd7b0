"""What the demo and production share."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from ciam_core.defaults import *

BASE_DIR = Path(__file__).resolve().parents[2]

ROOT_URLCONF = "example_project.urls"
WSGI_APPLICATION = "example_project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "example_project" / "locale"]
TIME_ZONE = "UTC"
STATIC_URL = "/static/"

INSTALLED_APPS = [
    "example_project.shop",
    "ciam_admin",
    *CIAM_APPS,
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
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "example_project" / "templates"],
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

CIAM_KERNEL: dict[str, Any] = {
    "PRODUCT_NAME": "Kiln",
}
CIAM_CORE: dict[str, Any] = {
    "ADAPTER": "example_project.shop.adapters.ShopAdapter",
    "PASSWORD_CONTEXT_WORDS": ("kiln", "pottery"),
    "PROFILE": {
        "full_name": {
            "label": _("Full name"),
            "autocomplete": "name",
            "required": "asked",
            "searchable": True,
        },
        "delivery_address": {
            "label": _("Delivery address"),
            "help": _("Street and number, postcode, town, country."),
            "autocomplete": "street-address",
            "max_length": 300,
            "required": "asked",
        },
        "birth_date": {
            "label": _("Date of birth"),
            "help": _("For a small present on the day."),
            "type": "date",
            "autocomplete": "bday",
            "encrypted": True,
        },
        "newsletter": {
            "label": _("Newsletter"),
            "help": _("What left the kiln, and who made it."),
            "type": "choice",
            "choices": (("monthly", _("Once a month")), ("weekly", _("Every week"))),
        },
        "customer_number": {
            "label": _("Customer number"),
            "write": ("staff",),
            "searchable": True,
        },
    },
}
