"""One person's machine: SQLite and mail in the folder ``demo/``, tasks at once, nothing on the network."""

import os

from example_project.settings.base import *

# isort: split
from ciam_core.defaults_http import *

DEMO = BASE_DIR / "demo"
DEMO.mkdir(exist_ok=True)

DEBUG = True
SECRET_KEY = "demo-only-4f0a7b1c9d2e8356-4f0a7b1c9d2e8356-everybody-knows-it"  # noqa: S105  # DEBUG is on
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DEMO / "shop.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }
}
CELERY_TASK_ALWAYS_EAGER = True
EMAIL_BACKEND = "ciam_core.messages.inbox.EmailBackend"
DEFAULT_FROM_EMAIL = "Kiln <hello@kiln.example>"

CIAM_KERNEL |= {"PUBLIC_URL": os.environ.get("PUBLIC_URL", "http://localhost:8000")}
# A provider on this machine to sign in with: docs/federation/README.md, "Try it".
if issuer := os.environ.get("DEMO_ISSUER"):
    from ciam_core.federation.defaults import *

    INSTALLED_APPS += CIAM_FEDERATION_APPS
    there = {"name": "Provider", "issuer": issuer, "client_id": "kiln", "client_secret": "demo", "trust_email": True}
    CIAM_FEDERATION = {"PROVIDERS": {"provider": there}}

CIAM_CORE |= {"INBOX_DIR": str(DEMO / "inbox"), "BREACHED_PASSWORDS": None}
CIAM_CORE |= {"PHONES": "sign_in", "SMS_BACKEND": "ciam_core.messages.sms.inbox.InboxBackend"}
CIAM_MFA = {"TEXT_MESSAGES": True}
