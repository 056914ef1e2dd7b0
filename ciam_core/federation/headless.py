"""allauth's wire protocol for social sign-in: same paths, same JSON, our rules."""

from typing import Any

from allauth.headless.internal.restkit import inputs
from allauth.headless.internal.restkit.response import APIResponse
from django.http import HttpRequest, HttpResponseBase

from ciam_core.building.flows import mask_address
from ciam_core.building.headless import (
    Answer,
    AuthView,
    SignedInAuthView,
    SignUpInput,
    StrictInput,
    conflict,
    refused,
)
from ciam_core.building.pages import sign_up, signed_in_recently
from ciam_core.exceptions import ProfileRefused, RecentSignInNeeded
from ciam_core.federation.coming_back import identity_by_token, provider_called
from ciam_core.federation.errands import new_nonce, spend_nonce, wait_with, waiting
from ciam_core.federation.exceptions import AddressUnconfirmed, NothingPending, OwnershipUnproven, ProviderRejected
from ciam_core.federation.flows import link_identity, sign_in_with_identity, unlink_identity
from ciam_core.federation.identity import Identity
from ciam_core.federation.queries import identities_of, provider_name
from ciam_core.federation.views.base import forward, signed_in, trouble
from ciam_core.kernel.exceptions import CiamError, NotFoundError
from ciam_core.kernel.http import safe_redirect
from ciam_core.kernel.required_actions import require_none_open


class TokenInput(StrictInput):
    provider = inputs.CharField(max_length=40)
    process = inputs.ChoiceField(choices=[("login", "login"), ("connect", "connect")])
    token = inputs.Field()


class AccountInput(StrictInput):
    provider = inputs.CharField(max_length=200)
    account = inputs.CharField(max_length=200)


class Redirect(AuthView):
    """A form of the page posts here; the answer leads to the provider, and from there to ``callback_url``."""

    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        linking = request.POST.get("process") == "connect"
        back = safe_redirect(request, request.POST.get("callback_url"), "")
        try:
            if not back:
                raise ProviderRejected()
            if linking:
                _require_recent_sign_in(request)
            beside = {"person": str(request.user.pk)} if linking else {}
            return forward(request, provider_called(request.POST.get("provider", "")), callback=back, **beside)
        except CiamError as refusal:
            return trouble(request, refusal, inside=linking)


class Nonce(AuthView):
    """What the app hands to the provider's SDK, so that the ID token it gets is good for this occasion alone."""

    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = APIResponse(request, data={"nonce": new_nonce(request)})
        return answer


class Token(AuthView):
    """An ID token the app was given on its device. It must be made for us, and repeat the nonce (LK11)."""

    input_class = TokenInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data
        linking = given["process"] == "connect"
        if linking != request.user.is_authenticated:
            return conflict(request)
        if linking:
            _require_recent_sign_in(request)
        provider, token = provider_called(given["provider"]), given["token"]
        id_token = token.get("id_token") if isinstance(token, dict) else None
        identity = identity_by_token(provider, id_token, nonce=spend_nonce(request), origin=self.origin)
        if linking:
            person: Any = request.user
            link_identity(person, identity, origin=self.origin)
            return Answer(request)
        return self._sign_in(request, identity)

    def _sign_in(self, request: HttpRequest, identity: Identity) -> HttpResponseBase:
        try:
            user = sign_in_with_identity(identity, origin=self.origin)
        except (AddressUnconfirmed, OwnershipUnproven, ProfileRefused) as refusal:
            wait_with(request, identity, next_url="")
            return refused(request, refusal)
        return Answer.from_response(request, signed_in(request, user, identity, next_url=""))


class SignUp(AuthView):
    """For an identity whose address nobody has proven, or where sign-up asks for more."""

    input_class = {"POST": SignUpInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            identity, _ = waiting(request)
        except NothingPending:
            return conflict(request)
        shown = {"id": identity.provider, "name": provider_name(identity.provider)}
        address = mask_address(identity.address) if identity.address else ""
        answer: HttpResponseBase = APIResponse(request, data={"provider": shown, "email": address})
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        try:
            identity, _ = waiting(request)
        except NothingPending:
            return conflict(request)
        given = self.input
        if identity.proven:
            user = sign_in_with_identity(identity, profile=given.profile, origin=self.origin)
            return Answer.from_response(request, signed_in(request, user, identity, next_url=""))
        return Answer.from_response(
            request, sign_up(request, given.cleaned_data["email"], password=None, profile=given.profile)
        )


class Providers(SignedInAuthView):
    """``GET`` lists what is linked, ``DELETE`` unlinks."""

    needs_recent_sign_in = frozenset({"DELETE"})
    input_class = {"DELETE": AccountInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = [
            {
                "uid": row.uid,
                "provider": {"id": row.provider, "name": provider_name(row.provider)},
                "display": row.extra_data.get("address") or provider_name(row.provider),
            }
            for row in identities_of(self.person)
        ]
        answer: HttpResponseBase = APIResponse(request, data=rows)
        return answer

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data
        row = identities_of(self.person).filter(provider=given["provider"], uid=given["account"]).first()
        if row is None:
            raise NotFoundError(field="account")
        unlink_identity(self.person, row.pk, origin=self.origin)
        return self.get(request)


def _require_recent_sign_in(request: HttpRequest) -> None:
    if not request.user.is_authenticated or not signed_in_recently(request):
        raise RecentSignInNeeded()
    require_none_open(request)


_BOTH: dict[str, type[AuthView]] = {
    "auth/provider/nonce": Nonce,
    "auth/provider/token": Token,
    "auth/provider/signup": SignUp,
    "account/providers": Providers,
}
BROWSER: dict[str, type[AuthView]] = {"auth/provider/redirect": Redirect, **_BOTH}
APP = _BOTH
