"""Every change of state: what pages, the API and scripts call alike.

The person first, everything else by keyword; ``origin`` always (``SYSTEM`` for a script), never a request.
"""

from ciam_core.accounts.codes import confirm_code
from ciam_core.accounts.flows.addresses import (
    add_address,
    change_address,
    complete_address_change,
    make_primary,
    remove_address,
    resend_verification,
    undo_address_change,
)
from ciam_core.accounts.flows.lock_down import lock_down
from ciam_core.accounts.flows.password import change_password, confirm_password
from ciam_core.accounts.flows.recover import recover, request_recovery
from ciam_core.accounts.flows.register import Registration, register
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_password, sign_in_with_proof
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.profile.flows import edit_profile
from ciam_core.messages.flows import send_message
from ciam_core.sessions.flows import end_all_sessions, end_other_sessions, end_session, forget_device, name_device

__all__ = [
    "Registration",
    "add_address",
    "change_address",
    "change_password",
    "complete_address_change",
    "confirm_code",
    "confirm_password",
    "edit_profile",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "forget_device",
    "lock_down",
    "make_primary",
    "name_device",
    "recover",
    "register",
    "remove_address",
    "request_recovery",
    "request_sign_in",
    "resend_verification",
    "send_message",
    "sign_in_with_password",
    "sign_in_with_proof",
    "undo_address_change",
    "verify_address",
]
