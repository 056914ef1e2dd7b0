"""How many messages leave, and at whose cost: counted before they are written, whether or not there is an account."""

from datetime import timedelta

from ciam_core.events import MessageBudgetSpent
from ciam_core.kernel.attempts import Budget, TooManyAttempts, reserve
from ciam_core.kernel.flow import remember
from ciam_core.kernel.origin import Origin
from ciam_core.settings import conf

PREFIX_DIGITS = 7
"""``+49170123…``: numbers that are bought in a row share their first digits."""

_EVERYTHING = "all"
_AT_HOME = " at home"


def reserve_mail_budget(address: str, *also: tuple[Budget, str], network: str, origin: Origin) -> None:
    """Count a mail to ``address``, and what else is asked with it. Raises ``TooManyAttempts``."""
    _reserve({"mail.recipient": address, "mail.network": network}, *also)
    _reserve_told("mail.day", _EVERYTHING, origin=origin)


def reserve_sms_budget(
    number: str, *also: tuple[Budget, str], country: str, network: str, at_home: bool, origin: Origin
) -> None:
    """Count a text to ``number`` (E.164), and what else is asked with it. Raises ``TooManyAttempts``.

    What one person or network can use up is asked first, so that it takes many of them to spend what is everybody's.
    ``at_home``: asked for on a device of its owner's. Those are counted apart, in every budget: strangers, who need no
    number of their own to ask, keep nobody from a text, and a device opens no more than another budget of that size.
    """
    lane = _AT_HOME if at_home else ""
    prefix = number[: PREFIX_DIGITS + 1]
    _reserve({"sms.recipient": number + lane, "sms.network": network + lane, "sms.prefix": prefix + lane}, *also)
    _reserve_told("sms.country", country + lane, origin=origin)
    _reserve_told("sms.day", _EVERYTHING + lane, origin=origin)


def _budget(name: str) -> Budget | None:
    set_to = conf().message_budgets[name]
    return Budget(name, set_to[0], set_to[1], shared=True) if set_to else None


def _reserve(counted: dict[str, str], *also: tuple[Budget, str]) -> None:
    pairs = [*also, *((budget, value) for name, value in counted.items() if (budget := _budget(name)))]
    if pairs:
        reserve(*pairs)


def _reserve_told(name: str, value: str, *, origin: Origin) -> None:
    """As ``_reserve``; the first refusal of a window is an event, so that a host can raise an alarm."""
    try:
        _reserve({name: value})
    except TooManyAttempts as refusal:
        if _is_first_refusal(name, value, retry_after=refusal.retry_after):
            refusal.record = MessageBudgetSpent(subject_id=None, budget=name, value=value, origin=origin)
            remember(refusal)
        raise


def _is_first_refusal(name: str, value: str, *, retry_after: int) -> bool:
    try:
        reserve((Budget(f"{name}.told", 1, timedelta(seconds=retry_after)), value))
    except TooManyAttempts:
        return False
    return True
