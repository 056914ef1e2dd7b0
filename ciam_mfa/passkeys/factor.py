"""Passkeys as a factor, and what becomes of an answer wherever one is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.events import emit
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.events import PasskeyCounterRegressed
from ciam_mfa.exceptions import PasskeyRefused
from ciam_mfa.factors.factor import Begun, Factor, Finding
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.factors.queries import key_of
from ciam_mfa.passkeys.ceremonies import Purpose, new_challenge, spend_challenge
from ciam_mfa.passkeys.forms import PasskeyForm
from ciam_mfa.passkeys.models import Passkey, UserHandle, digest_of
from ciam_mfa.passkeys.options import request_options
from ciam_mfa.passkeys.queries import accepted_passkeys, usable_passkeys_of
from ciam_mfa.passkeys.verifier import Asserted, Credential, id_of, verify_assertion


@dataclass(frozen=True)
class RightSignature(Finding):
    asserted: Asserted


class Passkeys(Factor):
    name = "passkey"
    title = _("Passkey")
    pitch = _(
        "Your fingerprint, face or screen lock, or a security key. The surest way: nobody can trick you out of it."
    )
    amr = ("pop", "user")
    rank = 10
    model = Passkey
    answer_form = PasskeyForm
    answer_template = "ciam_mfa/passkeys/answer.html"
    add_url = "ciam_add_passkey"
    pages = ("ciam_add_passkey", "ciam_demand_passkey")
    list_template = "ciam_mfa/passkeys/list.html"
    begin_label = _("Use your passkey")
    interchangeable = True
    script = "ciam_mfa/passkeys.js"

    def demanded(self) -> Any:
        return F("is_demanded")

    def told(self, user: User) -> Any:
        return accepted_passkeys(user)

    def begin(self, authenticator: Authenticator, *, origin: Origin) -> Begun:
        """Any of the person's own may answer: it is the browser that knows which one is at hand."""
        state = new_challenge(Purpose.SECOND_FACTOR, str(authenticator.user_id))
        allowed = usable_passkeys_of(authenticator.user_id)
        options = request_options(allowed, challenge=state["challenge"], user_verification="preferred")
        return Begun(prompt={"request_options": options}, state=state)

    def answering(self, authenticator: Authenticator, answer: Mapping[str, Any]) -> Authenticator:
        try:
            digest = digest_of(id_of(answer.get("credential") or {}))
        except PasskeyRefused:
            return authenticator  # whose try the garbled answer is
        if cast("Passkey", authenticator).credential_digest == digest:
            return authenticator
        found = usable_passkeys_of(authenticator.user_id).filter(credential_digest=digest).first()
        return found or authenticator

    def evaluate(
        self, authenticator: Authenticator, answer: Mapping[str, Any], *, state: Mapping[str, Any]
    ) -> RightSignature:
        own = cast("Passkey", authenticator)
        challenge = spend_challenge(state, Purpose.SECOND_FACTOR, str(own.user_id))
        return self.examine(own, answer.get("credential") or {}, challenge=challenge, alone=False)

    def examine(self, own: Passkey, credential: Credential, *, challenge: bytes, alone: bool) -> RightSignature:
        """Is this ``own``'s signature of ``challenge``? ``alone``: nothing else shows who is there.

        Then the authenticator must have checked who holds it, and say whose passkey it is. Raises ``PasskeyRefused``.
        """
        _require_own(own, credential, alone=alone)
        public_key = bytes(own.public_key)
        found = verify_assertion(credential, challenge=challenge, public_key=public_key, user_verification=alone)
        if found.backup_eligible != own.backup_eligible:  # §7.2 step 19: it does not change
            raise PasskeyRefused()
        amr = (*self.amr, "mfa") if found.user_verified else self.amr
        return RightSignature(amr=amr, level=self.level, asserted=found)

    def spend(self, authenticator: Authenticator, finding: RightSignature, *, origin: Origin) -> None:
        """Note the signature. One whose counter did not go up is no proof of a copy (§6.1.1), but it is a sign of one.

        A passkey that can be copied rightly is let through; one that never leaves its device is not.
        """
        found = finding.asserted
        own = Passkey.objects.filter(pk=authenticator.pk, disabled_at=None)
        went_up = Q(sign_count__lt=found.sign_count) if found.sign_count else Q(sign_count=0)
        if own.filter(went_up).update(**_noted(found)):
            return
        told: dict[str, Any] = {"subject_id": str(authenticator.user_id), "authenticator": key_of(authenticator, self)}
        regressed = PasskeyCounterRegressed(**told, accepted=found.backup_eligible, origin=origin)
        if not found.backup_eligible:
            raise PasskeyRefused(record=regressed)
        if not own.update(**_noted(found)):
            raise PasskeyRefused()  # turned off or removed meanwhile
        emit(regressed)


def _noted(found: Asserted) -> dict[str, Any]:
    verified = {"uv_initialized": True} if found.user_verified else {}
    now = timezone.now()
    return {"sign_count": found.sign_count, "backup_state": found.backup_state, "last_used_at": now, **verified}


def _require_own(own: Passkey, credential: Credential, *, alone: bool) -> None:
    """It says who it is, and whose (§7.2 steps 5 and 6)."""
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    if digest_of(id_of(credential)) != own.credential_digest or (alone and not handle):
        raise PasskeyRefused()
    if handle and not UserHandle.objects.filter(user_id=own.user_id, handle=_canonical(handle)).exists():
        raise PasskeyRefused()


def _canonical(handle: Any) -> str:
    """As we write it, without the padding some clients add."""
    return handle.rstrip("=") if isinstance(handle, str) and len(handle) <= 100 else ""


passkeys = Passkeys()
