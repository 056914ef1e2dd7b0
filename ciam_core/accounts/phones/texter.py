"""The gateway of this account's texts, for whoever else has a code to send."""

from datetime import timedelta
from typing import Any

from ciam_core.accounts.phones.normalising import country_of, mask_number, normalise_number
from ciam_core.accounts.phones.queries import phone_index
from ciam_core.kernel.attempts import Counted
from ciam_core.kernel.origin import Origin
from ciam_core.messages.budgets import reserve_sms_budget
from ciam_core.messages.sms.flows import send_code
from ciam_core.settings import conf
from ciam_core.throttling.lanes import is_known_device
from ciam_core.throttling.sources import source_of


class PhoneTexter:
    def is_on(self) -> bool:
        return conf().phones_may("add")

    def normalise(self, typed: str) -> str:
        return normalise_number(typed)

    def mask(self, number: str) -> str:
        return mask_number(number)

    def reserve(self, number: str, *also: Counted, user: Any, proven: bool, origin: Origin) -> None:
        at_home = proven and is_known_device(user.email or phone_index(number), origin)
        network = source_of(origin)
        reserve_sms_budget(number, *also, country=country_of(number), network=network, at_home=at_home, origin=origin)

    def send_code(self, template: str, *, to: str, code: str, user: Any, good_for: timedelta, origin: Origin) -> None:
        send_code(template, to=to, code=code, subject_id=str(user.pk), origin=origin, good_for=good_for)
