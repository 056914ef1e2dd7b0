"""Django's own ``login()``: its view, the admin's, a host's. Also where ``ciam_core`` is: its admin is one of them."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from ciam_core.kernel.assurance import Level, gates, note_shown
from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.http import session_of
from ciam_core.kernel.notices import notifiers
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User
from ciam_mfa.challenge.gate import require_second_factor
from ciam_mfa.challenge.waiting import waiting_login, waiting_rooms
from ciam_mfa.step_up.views import first_factor_pages


def register() -> None:
    gates.add("ciam_mfa", require_second_factor)
    waiting_rooms.add("django_login", waiting_login)


def register_alone() -> None:
    """What ``ciam_core`` does where it is installed: note the password, and mail what changed."""
    user_logged_in.connect(note_password, dispatch_uid="ciam_mfa_password")
    notifiers.add("ciam_mfa", mail_notice)
    first_factor_pages.add("django", "ciam_confirm_password")


def note_password(request: HttpRequest, user: User, **_: Any) -> None:
    """A receiver of ``user_logged_in``: after the gates, which the kernel has connected before."""
    backend = import_string(session_of(request)[BACKEND_SESSION_KEY])
    by_password = issubclass(backend, ModelBackend)
    method, amr = ("password", ("pwd",)) if by_password else ("login", ())
    note_shown(session_of(request), str(user.pk), method=method, amr=amr, level=Level.AAL1)


def mail_notice(user: User, template: str, origin: Origin, context: dict[str, Any]) -> None:
    """A plain text to the person's address, once the transaction has committed."""
    address = getattr(user, user.get_email_field_name(), "")
    if address:
        told = {**context, "product_name": kernel().product_name, "public_url": kernel().PUBLIC_URL}
        subject = render_to_string(f"ciam_mfa/messages/{template}_subject.txt", told).strip()
        body = render_to_string(f"ciam_mfa/messages/{template}_message.txt", told)
        transaction.on_commit(lambda: _send(subject, body, address), robust=True)


def _send(subject: str, body: str, address: str) -> None:
    from django.core.mail import send_mail

    send_mail(" ".join(subject.split()), body, None, [address])
