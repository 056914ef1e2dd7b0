"""How allauth knows our providers: it lists them to its clients. What they do is in ``relying_party``."""

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider


class FederationProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is untyped
    """One issuer of ``CIAM_FEDERATION``. Not one step of its protocol is allauth's."""


provider_classes = [FederationProvider]
