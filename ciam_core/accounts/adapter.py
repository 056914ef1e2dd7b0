"""What allauth asks of us. Its wire protocol and stage machine stay; every change of state is a flow of ours."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE_METHODS
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ReauthenticationRequired
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from ciam_core.accounts.exceptions import RecentSignInNeeded
from ciam_core.accounts.naming import display_name
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.accounts.stages import further_proofs
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.assurance import SHOWN_KEY
from ciam_core.kernel.http import client_address, session_of
from ciam_core.kernel.registry import Registry
from ciam_core.settings import conf

BACKEND = "ciam_core.accounts.backends.CiamBackend"

detours: Registry[Callable[[HttpRequest, Any], str]] = Registry("detour")
"""Pages somebody passes between signing in and where they were going, which they are told as ``next``. Each gives its
URL, or nothing; the first that gives one is taken. Never on the way from a sign-up, nor in JSON."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Named in ``ACCOUNT_ADAPTER``. A host's questions are in ``ciam_core.adapters.CoreAdapter``, not here."""

    def get_login_stages(self) -> list[str]:
        return [
            "ciam_core.accounts.stages.SignInCodeStage",
            *further_proofs,
            "ciam_core.accounts.stages.ComeBackStage",
            "ciam_core.accounts.stages.AdmissionStage",
            "ciam_core.accounts.stages.VerifyAddressStage",
            "ciam_core.accounts.stages.VerifyPhoneStage",
        ]

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Nothing before the stages: telling a state here would tell a stranger who has an account."""

    def login(self, request: HttpRequest, user: Any) -> None:
        if session_of(request).get(SESSION_KEY, str(user.pk)) != str(user.pk):
            _sign_out_the_other(request)
        django_login(request, user, backend=BACKEND)

    def post_login(
        self, request: Any, user: Any, *, redirect_url: str | None, signup: bool = False, **kwargs: Any
    ) -> HttpResponse:
        onward = redirect_url or home_of(user)
        by_page = not signup and not hasattr(request.allauth, "headless")
        detour = next(filter(None, (way(request, user) for way in detours)), "") if by_page else ""
        return redirect(f"{detour}?{urlencode({'next': onward})}" if detour else onward)

    def logout(self, request: HttpRequest) -> None:
        clear_login(request)
        django_logout(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """For a host's view behind allauth's ``reauthentication_required``, which asks nobody who has no password.

        Raises ``RecentSignInNeeded``, in allauth's own JSON views ``ReauthenticationRequired``.
        """
        if signed_in_recently(self.request):
            return False
        if hasattr(self.request.allauth, "headless"):
            raise ReauthenticationRequired()
        raise RecentSignInNeeded(back=self.request.get_full_path())

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or ""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]  # allauth is untyped
    """Named in ``HEADLESS_ADAPTER``: how a person is shown in allauth's answers."""

    def serialize_user(self, user: Any) -> dict[str, Any]:
        shown = {"id": str(user.pk), "display": display_name(user), "has_usable_password": user.has_usable_password()}
        return {**shown, "email": user.email} if user.email else shown


def _sign_out_the_other(request: HttpRequest) -> None:
    """End the session of whoever is signed in, but for how the next person has just shown who they are."""
    shown = {name: value for name, value in session_of(request).items() if name in (METHODS, WHOSE_METHODS, SHOWN_KEY)}
    django_logout(request)
    session_of(request).update(shown)


def home_of(user: Any) -> str:
    """Where ``user`` lands after signing in."""
    adapter: CoreAdapter = adapter_of(conf)
    return adapter.home_url(user) or resolve_url(settings.LOGIN_REDIRECT_URL)
