"""A number in the place of an address: where ``PHONES`` is ``sign_up``."""

from dataclasses import dataclass
from typing import Any

from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.normalising import mask_number
from ciam_core.accounts.phones.purposes import verify_phone
from ciam_core.accounts.phones.queries import person_at_number, phone_index
from ciam_core.accounts.phones.texting import issue_text_proof, reserve_text, text_code
from ciam_core.events import ProofRequested
from ciam_core.kernel.events import emit
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.messages.sms.flows import send_notice
from ciam_core.throttling.budgets import SIGN_UP_PER_NETWORK
from ciam_core.throttling.sources import source_of


@dataclass(frozen=True)
class Number:
    """``value`` is E.164."""

    value: str

    @property
    def key(self) -> str:
        return phone_index(self.value)

    def holder(self) -> AbstractCustomer | None:
        return person_at_number(self.value)

    def columns(self) -> dict[str, Any]:
        return {"email": None}

    def reserve_sign_up(self, *, origin: Origin) -> None:
        reserve_text(self.value, origin, (SIGN_UP_PER_NETWORK, source_of(origin)))

    def give_to(self, person: AbstractCustomer, *, rehearsed: bool = False) -> None:
        """As old as the account, so that ``remove_recent_phones`` lets it be. One that is rehearsed is another's."""
        row = Phone(user_id=person.pk, number=self.value, index=self.key, hint=mask_number(self.value))
        row.added_at, row.primary = person.date_joined, not rehearsed
        row.save(force_insert=True)

    def prove_first(self, person: AbstractCustomer, *, binding: str, origin: Origin) -> Proof:
        purpose, subject_id = verify_phone(), str(person.pk)
        issued = issue_text_proof(self.value, purpose, subject_id=subject_id, binding=binding, is_first=True)
        text_code("verify_phone", self.value, issued, purpose, origin=origin)
        return issued.proof

    def tell_owner(self, *, binding: str, origin: Origin) -> Proof:
        purpose = verify_phone()
        issued = issue_text_proof(self.value, purpose, subject_id=None, binding=binding)
        emit(ProofRequested(subject_id=None, purpose=purpose.name, origin=origin))
        send_notice("account_exists", to=self.value, subject_id=None, origin=origin)
        return issued.proof
