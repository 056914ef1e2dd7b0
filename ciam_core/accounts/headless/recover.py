"""Recovery and change of the password for browser and app clients."""

from typing import Any

from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts import purposes
from ciam_core.accounts.awaiting import RECOVERY, await_proof, awaited, awaited_id, stop_waiting
from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.entering import enter, shown_by
from ciam_core.accounts.flows.password import change_password
from ciam_core.accounts.flows.recover import recover, recovery_purpose, request_recovery, request_recovery_by_phone
from ciam_core.accounts.headless.base import Answer, AuthView, SignedInAuthView, StrictInput, conflict, done
from ciam_core.accounts.headless.sign_in import WhereInput
from ciam_core.accounts.headless.sign_up import LONGEST_CODE
from ciam_core.accounts.reauthentication import keep_session
from ciam_core.kernel.models import Proof
from ciam_core.kernel.proofs import find_by_token
from ciam_core.passwords.policy import require_acceptable


class ResetInput(StrictInput):
    key = inputs.CharField(max_length=256)
    password = inputs.CharField(strip=False, max_length=1024)


class ChangePasswordInput(StrictInput):
    current_password = inputs.CharField(strip=False, max_length=1024, required=False)
    new_password = inputs.CharField(strip=False, max_length=1024)


class RequestRecovery(AuthView):
    """``email`` or ``phone``: where the code goes."""

    input_class = WhereInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data
        if given["phone"]:
            proof = request_recovery_by_phone(given["phone"], origin=self.origin)
        else:
            proof = request_recovery(given["email"], origin=self.origin)
        await_proof(request, RECOVERY, proof)
        return Answer(request)


class Recover(AuthView):
    """``key``: the code, in the session that asked for it, or the token of the link, anywhere.

    ``GET`` (``X-Password-Reset-Key``) tells whether a link still works.
    """

    input_class = {"POST": ResetInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        find_by_token(request.headers.get("X-Password-Reset-Key", ""), purposes.recover())
        return done(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key, password = self.input.cleaned_data["key"], self.input.cleaned_data["password"]
        if len(key) <= LONGEST_CODE and not awaited_id(request, RECOVERY):
            return conflict(request)
        require_acceptable(password)  # before a try of the code is spent on it
        proof = self._proof(request, key)
        user = recover(proof, password=password, origin=self.origin)
        stop_waiting(request, RECOVERY)
        return Answer.from_response(request, enter(request, user, **shown_by(proof)))

    def _proof(self, request: HttpRequest, key: str) -> Proof:
        if len(key) > LONGEST_CODE:
            return find_by_token(key, purposes.recover())
        purpose = recovery_purpose(awaited(request, RECOVERY))
        return confirm_code(awaited_id(request, RECOVERY), key, purpose, origin=self.origin)


class ChangePassword(SignedInAuthView):
    while_pending = True
    needs_recent_sign_in = frozenset({"POST"})
    input_class = ChangePasswordInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        given = self.input.cleaned_data
        change_password(self.person, current=given["current_password"], new=given["new_password"], origin=self.origin)
        keep_session(request)
        return Answer(request)
