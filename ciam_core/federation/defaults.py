"""What a host adds for social sign-in: ``from ciam_core.federation.defaults import *`` below the core's defaults.

Add ``CIAM_FEDERATION_APPS`` to ``INSTALLED_APPS`` after ``CIAM_APPS``, and write your providers in ``CIAM_FEDERATION``.
"""

CIAM_FEDERATION_APPS = ["allauth.socialaccount", "ciam_core.federation"]

SOCIALACCOUNT_ADAPTER = "ciam_core.federation.adapter.FederationAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
