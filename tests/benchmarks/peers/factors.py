"""This product with second factors, and beside ours the authenticator app of bare django-otp."""

from tests.benchmarks.peers.ciam import *

INSTALLED_APPS = [*INSTALLED_APPS, "django_otp", "django_otp.plugins.otp_totp", "ciam_mfa"]
ALLOWED_HOSTS = ["testserver"]
CIAM_KERNEL = {**CIAM_KERNEL, "PUBLIC_URL": "http://testserver"}  # where the authenticator in software signs
