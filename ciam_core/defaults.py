"""Secure values for third-party settings. A host writes ``from ciam_core.defaults import *`` and overrides below it.

Add ``CIAM_APPS`` to ``INSTALLED_APPS`` (before ``django.contrib.admin``) and ``CIAM_MIDDLEWARE`` to the end of
``MIDDLEWARE``. ``check --deploy`` names each override that makes them weaker.
"""

from datetime import timedelta
from typing import Any

CIAM_APPS = [
    "ciam_core.kernel",
    "ciam_core",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
]
CIAM_MIDDLEWARE = [
    "ciam_core.kernel.csp.ContentSecurityPolicyMiddleware",
    "ciam_core.kernel.sessions.ChannelMiddleware",
    "ciam_core.sessions.middleware.DeviceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ciam_core.kernel.refusals.RefusalMiddleware",
    "ciam_core.kernel.required_actions.RequiredActionsMiddleware",
]
CIAM_CONTEXT_PROCESSORS = ["ciam_core.kernel.context.ciam"]

AUTH_USER_MODEL = "ciam_core.User"
AUTHENTICATION_BACKENDS = ["ciam_core.accounts.backends.CiamBackend"]
PASSWORD_HASHERS = [
    "ciam_core.passwords.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "ciam_core.passwords.policy.CiamPasswordValidator"}]

CSRF_FAILURE_VIEW = "ciam_core.kernel.refusals.csrf_failure"
LOGIN_URL = "ciam_sign_in"
LOGIN_REDIRECT_URL = "ciam_overview"
LOGOUT_REDIRECT_URL = "ciam_sign_in"

ACCOUNT_ADAPTER = "ciam_core.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGIN_TIMEOUT = int(timedelta(hours=24).total_seconds())  # as long as CIAM_CORE["VERIFY_LIFETIME"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
HEADLESS_ADAPTER = "ciam_core.accounts.adapter.HeadlessAdapter"
HEADLESS_TOKEN_STRATEGY = "ciam_core.accounts.headless.tokens.AppSessions"  # noqa: S105  # a class
HEADLESS_SERVE_SPECIFICATION = False

SESSION_ENGINE = "ciam_core.sessions.engine"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())  # as long as CIAM_CORE["SESSION_LIFETIME"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, Any] = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}

CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BEAT_SCHEDULE = {
    "ciam-sequence-trail": {"task": "ciam_core.sequence_trail", "schedule": 1.0, "options": {"expires": 10}},
    "ciam-retire-trail": {"task": "ciam_core.retire_trail", "schedule": timedelta(hours=6)},
    "ciam-sweep": {"task": "ciam_kernel.sweep", "schedule": 30.0},
    "ciam-erase": {"task": "ciam_core.erase", "schedule": timedelta(minutes=5)},
    "ciam-clear-sessions": {"task": "ciam_core.clear_sessions", "schedule": timedelta(hours=6)},
}
