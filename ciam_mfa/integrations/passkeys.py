"""Signing in with a passkey alone, and up: doors of ``ciam_core``'s, on pages and in JSON."""

from collections.abc import Mapping
from typing import Any

from allauth.headless.constants import Client
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path, reverse
from django.utils.translation import gettext as _

from ciam_core.building.flows import reserve_identity
from ciam_core.building.headless import Answer, AuthView, conflict, paths_for
from ciam_core.building.pages import OutsidePage, ProfileForm, email_field, enter, page, sign_up
from ciam_core.kernel.assurance import note_shown
from ciam_core.kernel.context import WayIn, ways_in
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.routes import url_modules
from ciam_core.settings import conf
from ciam_mfa.exceptions import PasskeyUnknown
from ciam_mfa.factors.queries import key_of
from ciam_mfa.integrations.allauth import told_as
from ciam_mfa.passkeys.factor import passkeys
from ciam_mfa.passkeys.flows import sign_in_with_passkey, start_passkey_sign_in
from ciam_mfa.passkeys.forms import PasskeyForm
from ciam_mfa.passkeys.relying_party import rp_id
from ciam_mfa.passkeys.verifier import Credential, challenge_in

BEGUN_KEY = "ciam_mfa_passkey"
TABS = 5
"""How many sign-in pages may wait for a passkey in one browser."""


def register() -> None:
    ways_in.add("ciam_mfa", offered)
    url_modules.add("ciam_mfa.passkeys", "ciam_mfa.integrations.passkeys")


def offered() -> list[WayIn]:
    sign_in, sign_up = reverse("ciam_passkey_sign_in"), reverse("ciam_passkey_sign_up")
    way, mark = "ciam_mfa/passkeys/way.html", "ciam_mfa/passkeys/mark.html"
    return [
        WayIn(_("Sign in with a passkey"), sign_in, way, script=passkeys.script, rank=10, signs_up=False),
        WayIn(_("Sign up with a passkey"), sign_up, mark, rank=10, signs_in=False),
    ]


def begin(request: HttpRequest) -> Mapping[str, Any]:
    """What this browser or app is to sign; the challenge is kept in its session, for as many pages as may be open."""
    begun = start_passkey_sign_in()
    session = session_of(request)
    session[BEGUN_KEY] = [*session.get(BEGUN_KEY, ()), dict(begun.state)][-TABS:]
    options: Mapping[str, Any] = begun.prompt["request_options"]
    return options


def enter_with(request: HttpRequest, credential: Credential, *, next_url: str = "") -> HttpResponse:
    """Sign in whose passkey has signed: all stages are asked, a second factor is there. Raises as the flow."""
    origin = origin_of(request)
    attempt = reserve_identity(origin=origin)
    state = _begun(session_of(request), challenge_in(credential))
    own, finding = sign_in_with_passkey(credential, state=state, origin=origin)
    attempt.succeed()
    note_shown(session_of(request), str(own.user_id), method=passkeys.name, amr=finding.amr, level=finding.level)
    key = key_of(own, passkeys)
    return enter(request, own.user, method="mfa", next_url=next_url, type=told_as(key), id=key)


def _begun(session: SessionBase, challenge: str) -> dict[str, Any]:
    """What was begun with ``challenge`` in this session, which forgets it; empty where nothing was."""
    kept = session.get(BEGUN_KEY, [])
    session[BEGUN_KEY] = [own for own in kept if own["challenge"] != challenge]
    return next((own for own in kept if own["challenge"] == challenge), {})


class PasskeySignUpForm(ProfileForm):
    """What sign-up asks for, but a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        asked = [own for own in conf().attributes.values() if own.required == "sign_up"]
        super().__init__(*args, attributes=asked, required=True, **kwargs)
        self.fields = {"email": email_field(), **self.fields}


class PasskeySignIn(OutsidePage):
    """``begin`` makes a challenge; a credential signs in. The page's script does one after the other."""

    template_name = "ciam_mfa/passkeys/sign_in.html"
    form_class = PasskeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.POST.get("credential"):
            context = self.get_context_data(form=PasskeyForm(), options=begin(request))
            return self.render_to_response(context)
        return super().post(request, *args, **kwargs)

    def act(self, form: PasskeyForm) -> HttpResponse:
        return enter_with(self.request, form.cleaned_data["credential"], next_url=self.next_url)

    def _refused(self, form: CiamForm, refusal: CiamError) -> HttpResponse:
        if isinstance(refusal, PasskeyUnknown):
            self.extra_context = {"unknown": {"rpId": rp_id(), "credentialId": form.cleaned_data["credential"]["id"]}}
        return super()._refused(form, refusal)


class PasskeySignUp(OutsidePage):
    """An account without a password: the address is proven first, then the passkey is made (``ciam_add_passkey``).

    Who stops in between signs in with a mailed code. Without an address it shows the page: a button leads here.
    """

    template_name = "ciam_mfa/passkeys/sign_up.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "email" not in request.POST:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> PasskeySignUpForm:
        return PasskeySignUpForm(self.request.POST if "email" in self.request.POST else None)

    def act(self, form: PasskeySignUpForm) -> HttpResponse:
        email, make_it = form.cleaned_data["email"], reverse("ciam_add_passkey")
        return sign_up(self.request, email, password=None, profile=form.profile, next_url=make_it)


class PasskeySignInJson(AuthView):
    """``GET`` makes a challenge (``request_options``), ``POST`` signs in with a ``credential``."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        return self.begun(request, begin(request))

    def begun(self, request: HttpRequest, options: Mapping[str, Any]) -> HttpResponseBase:
        told: HttpResponseBase = APIResponse(request, data={"request_options": options})
        return told

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        form = PasskeyForm(data=self.data or {})
        if not form.is_valid():
            refused: HttpResponseBase = ErrorResponse(request, input=form)
            return refused
        return Answer.from_response(request, enter_with(request, form.cleaned_data["credential"]))


VIEWS: dict[str, type[AuthView]] = {"auth/ciam/passkey": PasskeySignInJson}

PAGES = [
    page("login/passkey/", PasskeySignIn, "ciam_passkey_sign_in"),
    page("signup/passkey/", PasskeySignUp, "ciam_passkey_sign_up"),
]
urlpatterns = [
    path("accounts/", include(PAGES)),
    path("_allauth/browser/v1/", include(paths_for(Client.BROWSER, VIEWS))),
    path("_allauth/app/v1/", include(paths_for(Client.APP, VIEWS))),
]
