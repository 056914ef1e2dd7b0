"""A host whose clients were written for ``allauth.mfa``: it is installed as an empty shell, the factors are ours."""

from tests.projects.own_user.settings import *

AUTH_USER_MODEL = "ciam_core.User"
MIGRATION_MODULES = {}
INSTALLED_APPS = [
    *(app for app in INSTALLED_APPS if app != "tests.projects.own_user"),
    "allauth.mfa",
    "django_otp",
    "ciam_mfa",
]
MFA_ADAPTER = "ciam_mfa.integrations.allauth_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = []
CIAM_KERNEL = {"PUBLIC_URL": "http://testserver"}
CIAM_MFA = {"ALLAUTH_CLIENTS": True}
