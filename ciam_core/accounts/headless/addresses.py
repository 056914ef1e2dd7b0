"""The addresses of somebody signed in, as allauth's clients know them (``account/email``)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.headless.account.response import EmailAddressesResponse
from allauth.headless.internal.restkit import inputs
from django.http import HttpRequest, HttpResponseBase

from ciam_core.accounts.awaiting import NEW_ADDRESS, await_proof
from ciam_core.accounts.binding import binding_of
from ciam_core.accounts.flows.addresses import add_address, make_primary, remove_address, resend_verification
from ciam_core.accounts.headless.base import SignedInAuthView, StrictInput, done
from ciam_core.accounts.headless.sign_in import EmailInput
from ciam_core.accounts.normalising import normalise_address
from ciam_core.accounts.queries import addresses_of
from ciam_core.kernel.exceptions import NotFoundError


class PrimaryInput(StrictInput):
    email = inputs.CharField(max_length=320)
    primary = inputs.BooleanField(required=True)


class Addresses(SignedInAuthView):
    """``GET`` lists, ``POST`` adds, ``PUT`` sends the code again, ``PATCH`` makes primary, ``DELETE`` removes."""

    needs_recent_sign_in = frozenset({"POST", "PUT", "PATCH", "DELETE"})
    input_class = {"POST": EmailInput, "PUT": EmailInput, "PATCH": PrimaryInput, "DELETE": EmailInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = EmailAddressesResponse(request, addresses_of(self.person))
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proof = add_address(
            self.person, self.input.cleaned_data["email"], binding=binding_of(self.request), origin=self.origin
        )
        await_proof(request, NEW_ADDRESS, proof)
        return self.get(request)

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proof = resend_verification(self.person, self._row.pk, **self.asked)
        await_proof(request, NEW_ADDRESS, proof)
        return done(request)

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        make_primary(self.person, self._row.pk, origin=self.origin)
        return self.get(request)

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        remove_address(self.person, self._row.pk, origin=self.origin)
        return self.get(request)

    @property
    def asked(self) -> dict[str, Any]:
        """Who asks for a mail, and from where."""
        return {"binding": binding_of(self.request), "origin": self.origin}

    @property
    def _row(self) -> EmailAddress:
        row = addresses_of(self.person).filter(email=normalise_address(self.input.cleaned_data["email"])).first()
        if row is None:
            raise NotFoundError(field="email")
        return row
