"""What a person has, and what that demands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.moments import ago
from ciam_core.kernel.typing import User
from ciam_mfa.exceptions import AuthenticatorDisabled, AuthenticatorUnknown
from ciam_mfa.factors.attempts import locked_until
from ciam_mfa.factors.factor import Factor, factors
from ciam_mfa.factors.models import Authenticator


@dataclass(frozen=True)
class Enrolled:
    """One authenticator of a person. ``left``: how often it can still be used, where that ends.

    ``demanded``: whether having it makes its owner be asked for a second factor.
    """

    factor: Factor
    pk: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    disabled_at: datetime | None
    left: int | None
    demanded: bool = True

    @property
    def key(self) -> str:
        """What pages and JSON call it: ``totp-12``."""
        return f"{self.factor.name}-{self.pk}"

    @property
    def manage_url(self) -> str:
        return self.factor.manage_url(self.key)

    @property
    def added(self) -> str:
        return ago(self.created_at)

    @property
    def last_used(self) -> str:
        return ago(self.last_used_at) if self.last_used_at else ""

    @property
    def is_usable(self) -> bool:
        return self.disabled_at is None and self.left != 0


def authenticators_of(user: User) -> list[Enrolled]:
    """All a person has confirmed, the strongest first. One statement, however many kinds there are."""
    first, *others = (factor.rows(user) for factor in factors)
    found = [Enrolled(factors[row[0]], *row[1:]) for row in first.union(*others, all=True)]
    return sorted(found, key=lambda own: (own.factor.rank, own.created_at, own.pk))


def demands_second_factor(enrolled: list[Enrolled]) -> bool:
    """One that was turned off demands it as well: guessing at it must not open the account."""
    return any(own.demanded and not own.factor.is_backup for own in enrolled)


@dataclass(frozen=True)
class Offer:
    """An authenticator that a person may answer with; not before ``locked_until``, where that is given."""

    enrolled: Enrolled
    locked_until: datetime | None

    @property
    def key(self) -> str:
        return self.enrolled.key

    @property
    def factor(self) -> Factor:
        return self.enrolled.factor


def offers_to(user: User, *, shown: Collection[str] = ()) -> list[Offer]:
    """What ``user`` can answer with after the first factors ``shown``, the strongest first.

    Two statements, however many kinds there are.
    """
    usable = _offered([own for own in authenticators_of(user) if own.is_usable and own.factor.adds_to(shown)])
    locked = locked_until(own.key for own in usable)
    return [Offer(own, locked.get(own.key)) for own in usable]


def _offered(usable: list[Enrolled]) -> list[Enrolled]:
    """One of each kind whose own are interchangeable, all of every other."""
    first = {own.factor.name: own for own in reversed(usable)}
    return [own for own in usable if not own.factor.interchangeable or first[own.factor.name] is own]


class EnrolledPeopleNeedTwo:
    """The level source: who has a factor is asked for it."""

    def required_level(self, user: User) -> Level:
        return Level.AAL2 if demands_second_factor(authenticators_of(user)) else Level.AAL1


def key_of(authenticator: Authenticator, factor: Factor) -> str:
    return f"{factor.name}-{authenticator.pk}"


def factor_of(key: str) -> Factor | None:
    """The kind of what pages and JSON call ``key``, whether or not there is such a one."""
    try:
        return factors[key.rpartition("-")[0]]
    except KeyError:
        return None


def find(user: User, key: str) -> tuple[Factor, Authenticator]:
    """The authenticator that pages and JSON call ``key``. Raises ``AuthenticatorUnknown`` for another person's."""
    factor, number = factor_of(key), key.rpartition("-")[2]
    if factor is None or not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise AuthenticatorUnknown()
    authenticator = factor.model._default_manager.filter(user_id=user.pk, pk=int(number), confirmed=True).first()
    if authenticator is None:
        raise AuthenticatorUnknown()
    return factor, authenticator


def find_usable(user: User, key: str) -> tuple[Factor, Authenticator]:
    """As ``find``; raises ``AuthenticatorDisabled`` for one that was turned off."""
    factor, authenticator = find(user, key)
    if authenticator.disabled_at is not None:
        raise AuthenticatorDisabled()
    return factor, authenticator
