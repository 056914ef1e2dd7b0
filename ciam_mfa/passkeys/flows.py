"""Adding a passkey, and signing in with one."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow, remember
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.events import FactorRejected, FactorVerified, PasskeyDemanded
from ciam_mfa.exceptions import AuthenticatorUnknown, PasskeyRefused, PasskeyTaken, PasskeyUnknown
from ciam_mfa.factors.factor import Begun
from ciam_mfa.factors.flows import add, lock, require_room
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.factors.naming import tidy_name
from ciam_mfa.factors.queries import find_usable, key_of
from ciam_mfa.passkeys.aaguids import maker_of
from ciam_mfa.passkeys.ceremonies import Purpose, new_challenge, spend_challenge
from ciam_mfa.passkeys.factor import RightSignature, passkeys
from ciam_mfa.passkeys.models import Passkey, UserHandle, digest_of
from ciam_mfa.passkeys.options import creation_options, request_options
from ciam_mfa.passkeys.queries import passkeys_of
from ciam_mfa.passkeys.verifier import Attested, Credential, id_of, verify_attestation
from ciam_mfa.settings import conf


@flow
def start_passkey(user: User, *, automatic: bool = False, origin: Origin) -> Begun:
    """What the browser needs to make a passkey (``creation_options``). Raises ``TooManyAuthenticators``.

    ``automatic``: for ``mediation: "conditional"``, where the browser asks nobody (WebAuthn §5.1.3). Raises
    ``PasskeyRefused`` unless ``AUTOMATIC_PASSKEYS``.
    """
    if automatic and not conf().AUTOMATIC_PASSKEYS:
        raise PasskeyRefused()
    lock(user)
    require_room(user, passkeys)
    handle, _ = UserHandle.objects.get_or_create(user_id=user.pk)
    state = new_challenge(Purpose.ENROL_AUTOMATICALLY if automatic else Purpose.ENROL, str(user.pk))
    alone = {"resident_key": "required"} if automatic else {}
    options = creation_options(user, handle, passkeys_of(user.pk), challenge=state["challenge"], **alone)
    return Begun(prompt={"creation_options": options}, state=state)


def add_passkey(
    user: User, credential: Credential, *, state: Mapping[str, Any], name: str = "", origin: Origin
) -> Passkey:
    """The passkey that was made for ``state``: from now on it signs in, and is asked for, unless it was made by itself.

    Without a name it is called what it is kept in. Raises ``PasskeyRefused``, ``PasskeyTaken`` or
    ``TooManyAuthenticators``.
    """
    automatic = state.get("purpose") == Purpose.ENROL_AUTOMATICALLY
    challenge = spend_challenge(state, Purpose.ENROL_AUTOMATICALLY if automatic else Purpose.ENROL, str(user.pk))
    found = verify_attestation(credential, challenge=challenge, user_presence=not automatic)
    return _add(user, found, name=name, is_demanded=not automatic, origin=origin)


@flow
def _add(user: User, found: Attested, *, name: str, is_demanded: bool, origin: Origin) -> Passkey:
    lock(user)
    require_room(user, passkeys)
    made = Passkey(
        user_id=user.pk,
        name=tidy_name(name or maker_of(found.aaguid), passkeys),
        confirmed=True,
        credential_id=found.credential_id,
        credential_digest=digest_of(found.credential_id),
        public_key=found.public_key,
        sign_count=found.sign_count,
        aaguid=found.aaguid,
        transports=list(found.transports),
        discoverable=found.discoverable,
        uv_initialized=found.user_verified,
        backup_eligible=found.backup_eligible,
        backup_state=found.backup_state,
        is_demanded=is_demanded,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise PasskeyTaken() from error
    add(user, passkeys, made, origin=origin)
    return made


@flow
def demand_passkey(user: User, key: str, *, origin: Origin) -> None:
    """From now on a passkey that the browser made by itself is asked for, like one its owner has made.

    Raises ``AuthenticatorUnknown`` or ``AuthenticatorDisabled``.
    """
    lock(user)
    factor, own = find_usable(user, key)
    if factor is not passkeys:
        raise AuthenticatorUnknown()
    if Passkey.objects.filter(pk=own.pk, user_id=user.pk, is_demanded=False).update(is_demanded=True):
        emit(PasskeyDemanded(**_named(own), origin=origin))


def start_passkey_sign_in() -> Begun:
    """What any browser needs to sign in with a passkey (``request_options``): it names nobody (EN7)."""
    state = new_challenge(Purpose.SIGN_IN)
    options = request_options((), challenge=state["challenge"], user_verification="required")
    return Begun(prompt={"request_options": options}, state=state)


def sign_in_with_passkey(
    credential: Credential, *, state: Mapping[str, Any], origin: Origin
) -> tuple[Passkey, RightSignature]:
    """Whose passkey this is, and what it shows: two factors at once, since it has checked who holds it.

    The caller still asks the account's state. Raises ``PasskeyUnknown`` or ``PasskeyRefused``.
    """
    challenge = spend_challenge(state, Purpose.SIGN_IN)
    own = Passkey.objects.filter(credential_digest=digest_of(id_of(credential))).select_related("user").first()
    if own is None or not own.confirmed:
        raise PasskeyUnknown()
    try:
        if own.disabled_at is not None:
            raise PasskeyRefused()
        finding = passkeys.examine(own, credential, challenge=challenge, alone=True)
        _accept(own, finding, origin=origin)
    except PasskeyRefused as refusal:
        refusal.record = FactorRejected(**_named(own), origin=origin)
        remember(refusal)
        raise
    return own, finding


@flow
def _accept(own: Passkey, finding: RightSignature, *, origin: Origin) -> None:
    passkeys.spend(own, finding, origin=origin)
    emit(FactorVerified(**_named(own), origin=origin))


def _named(own: Authenticator) -> dict[str, Any]:
    return {"subject_id": str(own.user_id), "factor": passkeys.name, "authenticator": key_of(own, passkeys)}
