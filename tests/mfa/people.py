"""People with factors, and what their apps show."""

import json
import time

from ciam_core.kernel.models import Outbox
from ciam_core.kernel.origin import SYSTEM
from ciam_core.kernel.secrets import unseal
from ciam_mfa.flows import (
    add_passkey,
    confirm_number,
    confirm_totp,
    make_recovery_codes,
    start_number,
    start_passkey,
    start_totp,
)
from ciam_mfa.models import TotpAuthenticator
from ciam_mfa.totp.codes import STEP, code_at
from tests.mfa.soft_authenticator import SoftPasskey
from tests.texts import KEPT


def shows(app, *, later=0):
    """What the authenticator app shows ``later`` seconds from now."""
    return code_at(app.secret, int(time.time() + later) // STEP)


def wrong(app):
    """A code that is right neither now nor around now."""
    near = {shows(app, later=STEP * step) for step in range(-15, 16)}
    return next(f"{number:06d}" for number in range(1000) if f"{number:06d}" not in near)


def with_totp(person, name="Phone"):
    """An app that was enrolled a while ago: no code of now is used up."""
    waiting = start_totp(person, origin=SYSTEM)
    app = confirm_totp(person, code=shows(waiting), name=name, origin=SYSTEM)
    TotpAuthenticator.objects.filter(pk=app.pk).update(last_step=-1)
    return app


def with_recovery_codes(person):
    """Somebody with an app, and codes for when it is lost."""
    with_totp(person)
    return make_recovery_codes(person, origin=SYSTEM)


def with_passkey(person, *, name="", **made):
    """A passkey of ``person``, and its row."""
    passkey = SoftPasskey(**made)
    begun = start_passkey(person, origin=SYSTEM)
    row = add_passkey(
        person, passkey.make(begun.prompt["creation_options"]), state=begun.state, name=name, origin=SYSTEM
    )
    return passkey, row


def with_number(person, number="+447911123456"):
    """A number that codes are texted to, just proven."""
    begun = start_number(person, number, origin=SYSTEM)
    return confirm_number(person, code=newest_code(), state=begun.state, origin=SYSTEM)


def newest_code():
    """What was texted last, or is about to be."""
    row = Outbox.objects.filter(kind="sms").latest("pk")
    if not row.sealed:
        return KEPT[-1].text.split()[0]
    return str(json.loads(unseal(row.sealed, context=f"ciam_kernel.Outbox:{row.pk}"))["text"]).split()[0]
