"""Django and django-allauth as their documentation sets them up, with our password hash computed by argon2-cffi.

allauth's rate limits are off: they would refuse what is measured, and cost only the peer.
"""

from tests.benchmarks.peers.common import *

INSTALLED_APPS = [*STOCK_APPS, "allauth", "allauth.account", "allauth.headless"]
MIDDLEWARE = [*STOCK_MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": STOCK_CONTEXT_PROCESSORS},
    }
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["tests.benchmarks.peers.hashers.Argon2AtOurParameters"]
LOGIN_REDIRECT_URL = "/whoami/"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_RATE_LIMITS = False
HEADLESS_CLIENTS = ("app", "browser")
HEADLESS_SERVE_SPECIFICATION = False
