"""The sign-up form, from a page or an app: the first time, and when it is sent again before the address is proven."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.entering import await_verification, pending, wait_for
from ciam_core.accounts.flows.contacts import Address, Contact
from ciam_core.accounts.flows.register import open_account, register_again
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.phones.contact import Number
from ciam_core.accounts.phones.normalising import normalise_number
from ciam_core.accounts.stages import ContactStage, VerifyAddressStage, VerifyPhoneStage
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.http import origin_of
from ciam_core.settings import conf


def sign_up(
    request: HttpRequest, address: str, *, password: str | None, profile: dict[str, Any], next_url: str = ""
) -> HttpResponse:
    """Open an account and wait for its proof. Whoever went back and sent the form again gets another code."""
    contact = Address(normalise_address(address))
    return _sign_up(request, contact, VerifyAddressStage, password=password, profile=profile, next_url=next_url)


def sign_up_by_phone(
    request: HttpRequest, number: str, *, password: str | None, profile: dict[str, Any], next_url: str = ""
) -> HttpResponse:
    """As ``sign_up``. ``NotFoundError`` unless ``PHONES`` is ``sign_up``."""
    if not conf().phones_may("sign_up"):
        raise NotFoundError()
    contact = Number(normalise_number(number))
    return _sign_up(request, contact, VerifyPhoneStage, password=password, profile=profile, next_url=next_url)


def _sign_up(
    request: HttpRequest,
    contact: Contact,
    kind: type[ContactStage],
    *,
    password: str | None,
    profile: dict[str, Any],
    next_url: str,
) -> HttpResponse:
    asked: dict[str, Any] = {"binding": binding_of(request), "origin": origin_of(request)}
    stage: Any = pending(request, kind)
    if stage is not None and stage.login.signup and stage.contact == contact:
        register_again(stage.login.user, contact=contact, password=password, origin=asked["origin"])
        wait_for(request, stage, stage.request_again(**asked))
        return redirect(stage.urlname)
    opened = open_account(contact, password=password, profile=profile, **asked)
    return await_verification(request, opened.person, opened.proof, next_url=next_url)
