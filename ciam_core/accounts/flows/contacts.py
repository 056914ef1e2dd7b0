"""What an account is opened with and found by: an address here, a number in ``accounts.phones.contact``."""

from dataclasses import dataclass
from typing import Any, Protocol

from allauth.account.models import EmailAddress

from ciam_core.accounts import purposes
from ciam_core.accounts.mail import mail_account_exists, mail_proof
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import person_at
from ciam_core.events import ProofRequested
from ciam_core.kernel.events import emit
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import issue_proof
from ciam_core.throttling.doors import reserve_sign_up


class Contact(Protocol):
    """``value`` is its one spelling. The last three are called inside a flow."""

    @property
    def value(self) -> str: ...
    @property
    def key(self) -> str:
        """What it is counted by."""

    def holder(self) -> AbstractCustomer | None:
        """Whose account it opens: proven, or what they signed up with."""

    def columns(self) -> dict[str, Any]:
        """What of it stands with the person."""

    def reserve_sign_up(self, *, origin: Origin) -> None: ...
    def give_to(self, person: AbstractCustomer, *, rehearsed: bool = False) -> None: ...
    def prove_first(self, person: AbstractCustomer, *, binding: str, origin: Origin) -> Proof:
        """Send the code that finishes the sign-up of ``person``."""

    def tell_owner(self, *, binding: str, origin: Origin) -> Proof:
        """The same, as far as whoever signs up can see; what is sent says that there is an account already."""


@dataclass(frozen=True)
class Address:
    value: str

    @property
    def key(self) -> str:
        return self.value

    def holder(self) -> AbstractCustomer | None:
        return person_at(self.value)

    def columns(self) -> dict[str, Any]:
        return {"email": self.value}

    def reserve_sign_up(self, *, origin: Origin) -> None:
        reserve_sign_up(self.value, origin=origin)

    def give_to(self, person: AbstractCustomer, *, rehearsed: bool = False) -> None:
        EmailAddress.objects.bulk_create([EmailAddress(user=person, email=self.value, primary=True, verified=False)])

    def prove_first(self, person: AbstractCustomer, *, binding: str, origin: Origin) -> Proof:
        purpose = purposes.verify_address()
        issued = issue_proof(purpose, subject_id=str(person.pk), address=self.value, binding=binding, is_first=True)
        mail_proof("verify_address", issued, purpose, origin=origin, signing_up=True)
        return issued.proof

    def tell_owner(self, *, binding: str, origin: Origin) -> Proof:
        purpose = purposes.verify_address()
        issued = issue_proof(purpose, subject_id=None, address=self.value, binding=binding)
        emit(ProofRequested(subject_id=None, purpose=purpose.name, origin=origin))
        mail_account_exists(self.value, origin=origin)
        return issued.proof
