"""Sign-in, sign-out and re-authentication for browser and app clients."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.headless.internal.restkit import inputs
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.entering import await_sign_in_code, coming_back, enter, let_back_in, pending, resume
from ciam_core.accounts.flows.password import confirm_password
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_password
from ciam_core.accounts.headless.base import Answer, AuthView, SignedInAuthView, StrictInput, conflict, done
from ciam_core.accounts.phones.flows import request_sms_sign_in
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.accounts.reauthentication import (
    note_reauthentication,
    reauthenticate_with_code,
    request_reauthentication,
)
from ciam_core.accounts.signing_in import send_sign_in_code_again, use_sign_in_code
from ciam_core.accounts.stages import SignInCodeStage
from ciam_core.kernel.proofs import ProofRejected


class EmailInput(StrictInput):
    email = inputs.CharField(max_length=320)


class WhereInput(StrictInput):
    """One of the two."""

    email = inputs.CharField(max_length=320, required=False)
    phone = inputs.CharField(max_length=LONGEST, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("email")) == bool(cleaned.get("phone")) and not self.errors:
            self.add_error("email", ValidationError(self.fields["email"].error_messages["required"], "required"))
        return cleaned


class SignInInput(WhereInput):
    password = inputs.CharField(strip=False, max_length=1024)


class CodeInput(StrictInput):
    code = inputs.CharField(max_length=64)


class PresenceInput(StrictInput):
    password = inputs.CharField(strip=False, max_length=1024, required=False)
    code = inputs.CharField(max_length=64, required=False)


class Session(AuthView):
    """``GET``: who is signed in, or which flows lead there. ``DELETE``: sign out."""

    handle_json_input = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return Answer(request)

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        get_adapter().logout(request)
        return Answer(request)


class SignIn(AuthView):
    input_class = SignInInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        given = self.input.cleaned_data
        known_as = given["email"] or given["phone"]
        user = sign_in_with_password(known_as, password=given["password"], origin=self.origin)
        return Answer.from_response(request, enter(request, user, method="password", address=given["email"]))


class RequestCode(AuthView):
    """``email`` or ``phone``: where the code goes."""

    input_class = WhereInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return conflict(request)
        given = self.input.cleaned_data
        asked: dict[str, Any] = {"binding": binding_of(request), "origin": self.origin}
        if given["phone"]:
            proof = request_sms_sign_in(given["phone"], **asked)
        else:
            proof = request_sign_in(given["email"], **asked)
        return Answer.from_response(request, await_sign_in_code(request, proof))


class ResendCode(AuthView):
    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = pending(request, SignInCodeStage)
        if stage is None:
            return conflict(request)
        try:
            send_sign_in_code_again(request, stage)
        except ProofRejected:
            return conflict(request)
        return done(request)


class ConfirmCode(AuthView):
    input_class = CodeInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = pending(request, SignInCodeStage)
        if stage is None:
            return conflict(request)
        user, method = use_sign_in_code(request, stage, self.input.cleaned_data["code"])
        return Answer.from_response(request, resume(request, stage, user, method=method))


class ComeBack(AuthView):
    """While the flow ``ciam_come_back`` is pending: yes, and on into the session."""

    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = coming_back(request)
        if stage is None:
            return conflict(request)
        return Answer.from_response(request, let_back_in(request, stage))


class Reauthenticate(SignedInAuthView):
    """The password once more; an account without one sends the ``code`` it asked for."""

    while_pending = True
    input_class = PresenceInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data
        if self.person.has_usable_password():
            confirm_password(self.person, password=given["password"], origin=self.origin)
            note_reauthentication(request, method="password")
        else:
            reauthenticate_with_code(request, given["code"])
        return Answer(request)


class RequestReauthenticationCode(SignedInAuthView):
    """Mails a code to an account that has no password to ask for."""

    while_pending = True
    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.person.has_usable_password():
            return conflict(request)
        request_reauthentication(request)
        return done(request)
