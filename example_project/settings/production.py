"""PostgreSQL, Redis, Celery and a mail server, all from the environment (docs/howto/run-in-production.md)."""

from urllib.parse import urlsplit

from example_project.settings.base import *
from example_project.settings.environment import Environment

environment = Environment()
PUBLIC_URL = environment["PUBLIC_URL"]

DEBUG = False
SECRET_KEY = environment["SECRET_KEY"]
SECRET_KEY_FALLBACKS = environment.get("SECRET_KEY_FALLBACKS", "").split()
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or "", *environment.get("ALLOWED_HOSTS", "").split()]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_HSTS_INCLUDE_SUBDOMAINS = True  # Hard to take back: https://hstspreload.org
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATABASES = {
    "default": {
        **environment.postgresql("DATABASE_URL"),
        "CONN_MAX_AGE": environment.number("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": environment["CACHE_URL"]}}
CELERY_BROKER_URL = environment["BROKER_URL"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING holds for workers too

EMAIL_HOST = environment["EMAIL_HOST"]
EMAIL_PORT = environment.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.get("EMAIL_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465  # RFC 8314 §3.3
EMAIL_USE_TLS = not EMAIL_USE_SSL
DEFAULT_FROM_EMAIL = environment["EMAIL_FROM"]

STATIC_ROOT = environment.get("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "example_project.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": environment.get("LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO"}},
}

CIAM_KERNEL |= {
    "PUBLIC_URL": PUBLIC_URL,
    "SUPPORT_URL": environment.get("SUPPORT_URL", ""),
    "PRIVACY_URL": environment.get("PRIVACY_URL", ""),
    "KEYS": environment.ring("CIAM_KEYS"),
    "PERSON_KEYS": environment.ring("CIAM_PERSON_KEYS"),
    "TRUSTED_PROXY_COUNT": environment.number("TRUSTED_PROXY_COUNT", 1),
}

environment.require_complete()
