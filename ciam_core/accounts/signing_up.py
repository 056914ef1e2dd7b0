"""The sign-up form, from a page or an app: the first time, and when it is sent again before the address is proven."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.entering import await_verification, pending, wait_for
from ciam_core.accounts.flows.register import register, register_again
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.stages import VerifyAddressStage
from ciam_core.kernel.http import origin_of


def sign_up(
    request: HttpRequest, address: str, *, password: str | None, profile: dict[str, Any], next_url: str = ""
) -> HttpResponse:
    """Open an account and wait for its proof. Whoever went back and sent the form again gets another code."""
    origin, binding = origin_of(request), binding_of(request)
    stage = pending(request, VerifyAddressStage)
    if stage is not None and stage.login.signup and stage.login.email == normalise_address(address):
        register_again(stage.login.user, address=stage.login.email, password=password, origin=origin)
        wait_for(request, stage, stage.request_again(binding=binding, origin=origin))
        return redirect("ciam_verify_address")
    opened = register(address, password=password, profile=profile, binding=binding, origin=origin)
    return await_verification(request, opened.person, opened.proof, next_url=next_url)
