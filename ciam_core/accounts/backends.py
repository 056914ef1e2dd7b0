"""Django's door to our sign-in: the admin and every ``authenticate()`` call stand behind the same flow."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from ciam_core.accounts.flows.sign_in import sign_in_with_password
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import has_proven_contact
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.http import origin_of
from ciam_core.kernel.origin import SYSTEM, Origin
from ciam_core.settings import conf


class CiamBackend(ModelBackend):
    """``authenticate(request, username=address, password=…)``; permissions as Django's ``ModelBackend``."""

    def authenticate(  # type: ignore[override]  # ours returns our person
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **more: Any
    ) -> AbstractCustomer | None:
        address = username or more.get("email")
        if not address or password is None:
            return None
        origin = SYSTEM if request is None else origin_of(request)
        try:
            user = sign_in_with_password(str(address), password=password, origin=origin)
        except CiamError:
            return None
        return user if _may_come_in(user, origin) else None


def _may_come_in(user: AbstractCustomer, origin: Origin) -> bool:
    """What the stages ask on the other doors (``ciam_core.accounts.stages``)."""
    adapter: CoreAdapter = adapter_of(conf)
    proven = user.by_proven_contact or has_proven_contact(user)
    return user.is_active and proven and adapter.may_sign_in(user, origin=origin)
