"""A host that wants second factors for its own scripts and pages: the kernel, django-otp, Django's own user."""

import os

SECRET_KEY = "only-for-tests-0123456789-0123456789-0123456789-0123456789"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "ciam_core.kernel",
    "django_otp",
    "ciam_mfa",
]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("PROJECT_DATABASE", ":memory:")}
}
