"""What the flows mail, in one place: where links lead and how long they are good for."""

from typing import Any

from django.urls import reverse

from ciam_core.accounts import purposes
from ciam_core.accounts.queries import proven_addresses_of
from ciam_core.adapters import CoreAdapter
from ciam_core.kernel.adapters import adapter_of
from ciam_core.kernel.conf import conf as kernel
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import IssuedProof, Purpose, issue_proof
from ciam_core.messages.flows import send_message
from ciam_core.settings import conf


def link_to(url_name: str, *args: str) -> str:
    return kernel().absolute(reverse(url_name, args=args))


def mail_proof(
    template: str, issued: IssuedProof, purpose: Purpose, *, origin: Origin, decoy: bool = False, **context: Any
) -> None:
    """Send the link and the code of ``issued`` to its address; the mail dies with them. A ``decoy`` never leaves."""
    send_message(
        template,
        to=issued.proof.address,
        subject_id=issued.proof.subject_id,
        origin=origin,
        good_for=purpose.lifetime,
        decoy=decoy,
        context={
            "code": issued.code or "",
            "link": link_to("ciam_link", issued.token or ""),
            "minutes": int(purpose.lifetime.total_seconds() // 60),
            **context,
        },
    )


def mail_account_exists(address: str, *, origin: Origin) -> None:
    """Tell the owner of an account that somebody tried to use its address for another."""
    links = {"sign_in_link": link_to("ciam_sign_in"), "recover_link": link_to("ciam_recover")}
    send_message("account_exists", to=address, subject_id=None, origin=origin, context=links)


def mail_notice(template: str, user: Any, *, to: str, origin: Origin, **context: Any) -> None:
    """Tell somebody what changed in their account, with the way to recover it."""
    send_message(
        template,
        to=to,
        subject_id=str(user.pk),
        origin=origin,
        context={"recover_link": link_to("ciam_recover"), **context},
    )


def mail_alarm(template: str, user: Any, *, to: str, origin: Origin, **context: Any) -> None:
    """As ``mail_notice``, with a link that locks the account if it was somebody else (``lock_down``).

    The link notes the proven addresses of now: call it before a change of addresses is written. The template is given
    ``wasnt_me_link`` and ``hours``, how long that is good for.
    """
    purpose = purposes.wasnt_me()
    held = proven_addresses_of(user)
    issued = issue_proof(purpose, subject_id=str(user.pk), address=to, data={"held": held})
    link = {"wasnt_me_link": link_to("ciam_link", issued.token or ""), "hours": hours_of(purpose)}
    mail_notice(template, user, to=to, origin=origin, **link, **context)


def mail_new_device(user: Any, *, origin: Origin) -> None:
    """Tell the person of a sign-in on a device that is not known, if there is an address to write to."""
    if user.email:
        adapter: CoreAdapter = adapter_of(conf)
        place = adapter.place_of(origin.address) if origin.address else ""
        mail_alarm("new_device", user, to=user.email, origin=origin, place=place)


def mail_state(template: str, user: Any, *, origin: Origin, **context: Any) -> None:
    """Tell the person that their account is in another state, if there is an address to write to."""
    if user.email:
        mail_notice(template, user, to=user.email, origin=origin, **context)


def mail_password_closed(user: Any | None, address: str, *, origin: Origin) -> None:
    """Tell the owner that passwords are no longer taken from strangers; nobody's address gets a decoy."""
    send_message(
        "password_closed",
        to=(user.email if user else None) or address,
        subject_id=str(user.pk) if user else None,
        origin=origin,
        decoy=user is None,
        context={"code_link": link_to("ciam_request_sign_in_code")},
    )


def hours_of(purpose: Purpose) -> int:
    return int(purpose.lifetime.total_seconds() // 3600)
