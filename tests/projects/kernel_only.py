"""A host that wants nothing but the kernel: Django's own user, no allauth, no REST framework, no pages."""

import os

SECRET_KEY = "only-for-tests-0123456789-0123456789-0123456789-0123456789"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "ciam_core.kernel"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("PROJECT_DATABASE", ":memory:")}
}
