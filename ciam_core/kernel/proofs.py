"""Links and codes sent to prove something once: that an address is read, that a person may set a new password.

Only digests are stored. A proof without a subject was written for an address that belongs to nobody: it costs the
same work and opens nothing.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.digits import ascii_digits
from ciam_core.kernel.exceptions import ForbiddenError, InvalidError
from ciam_core.kernel.models import Proof
from ciam_core.kernel.secrets import keyed_digests, new_code, new_token, token_digest

_LONGEST_TOKEN = 256


class ProofRejected(InvalidError):
    code = "proof.rejected"
    message = _("This link or code does not work any more. Ask for a new one.")


class CodeRejected(InvalidError):
    code = "proof.code_rejected"
    message = _("That code is not right. Check the newest message we sent you.")
    field = "code"


class ProofElsewhere(ForbiddenError):
    code = "proof.elsewhere"
    message = _("Open this in the browser where you asked for it, or enter the code there.")


@dataclass(frozen=True)
class Purpose:
    """What a proof is for. ``tries``: how many wrong codes it takes before it is dead. ``digits``: how long
    its code is.

    ``several``: a newer proof does not end the earlier ones. For links that only take something back: whoever can
    cause a newer one must not kill the older ones by it.
    """

    name: str
    lifetime: timedelta
    link: bool
    code: bool
    tries: int = 5
    several: bool = False
    digits: int = 6


@dataclass(frozen=True)
class IssuedProof:
    """A new proof with what is sent to the person. This is the only time the token and the code are known."""

    proof: Proof
    token: str | None = field(repr=False)
    code: str | None = field(repr=False)


def issue_proof(
    purpose: Purpose,
    *,
    subject_id: str | None,
    address: str,
    binding: str = "",
    data: dict[str, Any] | None = None,
    is_first: bool = False,
) -> IssuedProof:
    """Write a proof for ``address`` and end the subject's earlier ones of that purpose and address, unless there may
    be ``several``.

    ``binding`` is the digest of the browser or session it must be used in, empty for any. ``data`` holds ids and
    choices the flow needs later, no secrets. ``is_first``: the subject is so new that there is no earlier one to end.
    Outside a transaction it is a ``RuntimeError``.
    """
    _require_transaction("A proof must be issued")
    if subject_id is not None and not purpose.several and not is_first:
        _void(subject_id, purpose=purpose.name, address=address)
    token = new_token() if purpose.link else None
    code = new_code(purpose.digits) if purpose.code else None
    proof = Proof(purpose=purpose.name, subject_id=subject_id, address=address, binding=binding, data=data or {})
    proof.expires_at = timezone.now() + purpose.lifetime
    proof.token_digest = token_digest(token) if token else None
    proof.code_digest = _code_digests(proof, code)[0] if code else ""
    proof.save(force_insert=True)
    return IssuedProof(proof, token, code)


def find_by_token(token: str, *purposes: Purpose, binding: str | None = None) -> Proof:
    """The live proof that ``token`` belongs to, of one of ``purposes``; it is not spent by looking.

    Raises ``ProofRejected``, or ``ProofElsewhere`` where it is good but bound to another browser.
    """
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise ProofRejected()
    found = Proof.objects.filter(token_digest=token_digest(token), purpose__in=[purpose.name for purpose in purposes])
    return _require_live(found.first(), binding)


def find_by_id(proof_id: UUID | str, *purposes: Purpose, binding: str | None = None) -> Proof:
    """The live proof a session was told of after it opened its link; errors as ``find_by_token``."""
    found = Proof.objects.filter(pk=_uuid(proof_id), purpose__in=[purpose.name for purpose in purposes])
    return _require_live(found.first(), binding)


def check_code(proof_id: UUID | str, code: str, purpose: Purpose, *, binding: str | None = None) -> Proof:
    """The proof, if ``code`` is the one that was sent with it; it is not spent by this.

    A try is counted, and committed, before the code is compared, so this must not run inside a transaction
    (``RuntimeError``). Raises ``CodeRejected``; ``ProofRejected`` once the proof is expired, used or out of tries;
    ``ProofElsewhere`` (costs no try) where it is bound to another browser.
    """
    proof = _require_live(Proof.objects.filter(pk=_uuid(proof_id), purpose=purpose.name).first(), binding, decoy=True)
    digits = _digits(code)
    _count_try(proof, purpose)
    right = [constant_time_compare(digest, proof.code_digest) for digest in _code_digests(proof, digits)]
    if proof.subject_id is None or not any(right):
        raise CodeRejected()
    return proof


def spend(proof: Proof, *, several: bool = False) -> None:
    """Use ``proof`` up in the transaction of its change, or raise ``ProofRejected``. Of racing uses one wins.

    ``several``: as its purpose says; a newer one does not outdate it.
    """
    _require_transaction("A proof must be spent")
    now = timezone.now()
    # Two requests at once can each miss the other's new proof in ``issue_proof``; then too only the newest counts.
    newer = Proof.objects.filter(
        subject_id=proof.subject_id, purpose=proof.purpose, address=proof.address, used_at=None, pk__gt=proof.pk
    )
    live = Proof.objects.filter(pk=proof.pk, subject_id__isnull=False, used_at=None, expires_at__gt=now)
    if not several:
        live = live.filter(~Exists(newer))
    if not live.update(used_at=now):
        raise ProofRejected()
    proof.used_at = now


def void_proofs(subject_id: str, *purposes: Purpose) -> None:
    """End the unspent proofs of a person: those of ``purposes``, or all of them."""
    if purposes:
        _void(subject_id, purpose__in=[purpose.name for purpose in purposes])
    else:
        _void(subject_id)


def live_proofs_of(subject_id: str, *purposes: Purpose) -> list[Proof]:
    """The unspent proofs of a person for ``purposes``, the oldest first."""
    live = Proof.objects.filter(subject_id=subject_id, used_at=None, expires_at__gt=timezone.now())
    return list(live.filter(purpose__in=[purpose.name for purpose in purposes]).order_by("pk"))


def void_decoys(purpose: Purpose, *, address: str) -> None:
    """End the earlier proofs for ``address`` that are nobody's, as ``issue_proof`` does for a person's.

    Or the code of an earlier request would be refused in other words for an address without an account.
    """
    _void(None, purpose=purpose.name, address=address)


def void_newer(proof: Proof, *purposes: Purpose) -> None:
    """End the person's unspent proofs of ``purposes`` that were issued after ``proof``."""
    if proof.subject_id is not None:
        _void(proof.subject_id, purpose__in=[purpose.name for purpose in purposes], pk__gt=proof.pk)


def sweep_proofs() -> None:
    """Delete the proofs that have expired."""
    Proof.objects.filter(expires_at__lte=timezone.now()).delete()


def _void(subject_id: str | None, **which: Any) -> None:
    now = timezone.now()
    # Expired ones are left to the sweep: the two never lock the same rows.
    Proof.objects.filter(subject_id=subject_id, used_at=None, expires_at__gt=now, **which).update(used_at=now)


def _require_transaction(what: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{what} inside the transaction of its change.")


def _require_live(proof: Proof | None, binding: str | None, *, decoy: bool = False) -> Proof:
    if proof is None or proof.used_at or proof.expires_at <= timezone.now():
        raise ProofRejected()
    if proof.subject_id is None and not decoy:
        raise ProofRejected()
    if proof.binding and not constant_time_compare(binding or "", proof.binding):
        raise ProofElsewhere()
    return proof


def _count_try(proof: Proof, purpose: Purpose) -> None:
    with transaction.atomic(durable=True):
        open_ = Proof.objects.filter(
            pk=proof.pk, used_at=None, expires_at__gt=timezone.now(), attempts__lt=purpose.tries
        )
        if not open_.update(attempts=F("attempts") + 1):
            raise ProofRejected()


def _code_digests(proof: Proof, code: str) -> list[str]:
    """Under each key of the ring, the newest first. The id is part of it: equal codes leave different digests."""
    return keyed_digests(f"{proof.pk}:{code}", context="ciam_kernel.Proof")


def _uuid(value: UUID | str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise ProofRejected() from None


def _digits(code: str) -> str:
    """What cannot be a code is refused without a try."""
    digits = ascii_digits(code)
    if not digits:
        raise CodeRejected()
    return digits
