"""What allauth asks of us about providers: which there are. No more of its social sign-in is routed."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest

from ciam_core.federation.settings import conf


class FederationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Named in ``SOCIALACCOUNT_ADAPTER``. Providers stand in ``CIAM_FEDERATION``; a ``SocialApp`` means nothing."""

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[Any]:
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=own.id,
                name=own.name,
                client_id=own.client_id,
                settings={"server_url": own.issuer},
            )
            for own in conf().providers.values()
            if provider in (None, "openid_connect", own.id) and client_id in (None, own.client_id)
        ]
