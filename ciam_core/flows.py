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
)
from ciam_core.accounts.flows.erase import carry_out_erasure, erase, erase_due, replay_erasure
from ciam_core.accounts.flows.leave import cancel_deletion, come_back, deactivate, schedule_deletion
from ciam_core.accounts.flows.lock_down import lock_down
from ciam_core.accounts.flows.password import change_password, confirm_password
from ciam_core.accounts.flows.recover import recover, request_recovery, request_recovery_by_phone
from ciam_core.accounts.flows.register import Registration, register, register_by_phone
from ciam_core.accounts.flows.restore import undo_address_change
from ciam_core.accounts.flows.sign_in import request_sign_in, sign_in_with_password, sign_in_with_proof
from ciam_core.accounts.flows.suspend import reinstate, suspend
from ciam_core.accounts.flows.verify import verify_address
from ciam_core.accounts.phones.flows import (
    add_phone,
    make_primary_phone,
    remove_phone,
    request_sms_sign_in,
    resend_phone_code,
    sign_in_by_sms,
)
from ciam_core.accounts.phones.verify import verify_phone
from ciam_core.accounts.profile.flows import edit_profile
from ciam_core.messages.flows import send_message
from ciam_core.sessions.flows import end_all_sessions, end_other_sessions, end_session, forget_device, name_device

__all__ = [
    "Registration",
    "add_address",
    "add_phone",
    "cancel_deletion",
    "carry_out_erasure",
    "change_address",
    "change_password",
    "come_back",
    "complete_address_change",
    "confirm_code",
    "confirm_password",
    "deactivate",
    "edit_profile",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "erase",
    "erase_due",
    "forget_device",
    "lock_down",
    "make_primary",
    "make_primary_phone",
    "name_device",
    "recover",
    "register",
    "register_by_phone",
    "reinstate",
    "remove_address",
    "remove_phone",
    "replay_erasure",
    "request_recovery",
    "request_recovery_by_phone",
    "request_sign_in",
    "request_sms_sign_in",
    "resend_phone_code",
    "resend_verification",
    "schedule_deletion",
    "send_message",
    "sign_in_by_sms",
    "sign_in_with_password",
    "sign_in_with_proof",
    "suspend",
    "undo_address_change",
    "verify_address",
    "verify_phone",
]
