"""What a factor is, and the list of them. How one is added: docs/mfa/adding-a-factor.md."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.exceptions import Text
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.settings import conf

SUMMARY = ("factor", "pk", "name", "created_at", "last_used_at", "disabled_at", "left", "demanded")
"""The columns of a person's authenticators, the same for every factor."""


@dataclass(frozen=True)
class Begun:
    """What the person is shown or told to answer with, and what the session keeps until they do; both JSON-able.

    ``state`` holds ids, no secrets.
    """

    prompt: Mapping[str, Any] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A right answer that is not spent yet. ``amr``: what RFC 8176 calls it. ``level``: with a first factor before it.

    A factor adds what its ``spend`` needs.
    """

    amr: tuple[str, ...]
    level: Level


class Factor(ABC):
    """One kind of authenticator. ``ciam_mfa.factors.flows`` counts tries, tells and records around it."""

    name: str
    """In addresses, events and JSON. A released one does not change."""
    title: Text
    """What people call it."""
    pitch: Text
    """Why one would want it, in a sentence."""
    amr: tuple[str, ...] = ()
    """What RFC 8176 calls it."""
    level: Level = Level.AAL2
    """What it makes of a session that has a first factor."""
    rank: int
    """Where it stands in the list: the strongest first, at 10 for what cannot be phished."""
    is_backup: bool = False
    """It stands in for another one, so by itself it makes nobody be asked."""
    same_as: frozenset[str] = frozenset()
    """Methods of a first factor that show the same thing: after those alone it adds nothing."""
    model: type[Authenticator]
    answer_form: type[CiamForm]
    """The fields of an answer, on pages and in JSON."""
    answer_template: str
    """What stands above those fields on a page; it is given ``offer`` and ``prompt``."""
    interchangeable: bool = False
    """Any of a person's own may answer when one is asked: they are offered as one."""
    add_url: str
    """Name of the URL where one is added."""
    pages: tuple[str, ...] = ()
    """Names of the URLs of its own pages, beneath "Sign-in and security"."""
    list_template: str = ""
    """What stands beneath its own on the page of all factors; it is given ``told``."""
    begin_label: Text = ""
    """The button that calls ``begin``, for a factor that must do something before the person can answer."""
    script: str = ""
    """The static module by which the browser answers, for a factor with nothing to type: it shows the button of
    ``begin`` and sends the form on."""

    def rows(self, user: User) -> QuerySet[Any, tuple[Any, ...]]:
        """This factor's part of the one statement that finds a person's authenticators: columns ``SUMMARY``."""
        rows = self.model._default_manager.filter(user_id=user.pk, confirmed=True)
        told: QuerySet[Any, tuple[Any, ...]] = rows.annotate(
            factor=Value(self.name), left=self.left(), demanded=self.demanded()
        )
        return told.values_list(*SUMMARY)

    def left(self) -> Any:
        """An expression for how often one can still be used; none where that does not end."""
        return Cast(Value(None), IntegerField())

    def demanded(self) -> Any:
        """An expression for whether one makes its owner be asked: true, but for what nobody chose to have."""
        return Cast(Value(True), BooleanField())

    def may_add(self, held: Sequence[Any]) -> bool:
        """Whether somebody who holds these of this kind is offered another."""
        return len(held) < conf().MAX_AUTHENTICATORS

    def adds_to(self, shown: Collection[str]) -> bool:
        """Whether it is a second thing beside the first factors ``shown``."""
        return not shown or not self.same_as.issuperset(shown)

    def manage_url(self, key: str) -> str:
        """Where one is named and removed."""
        return reverse("ciam_authenticator", args=[key])

    def told(self, user: User) -> Any:
        """What ``list_template`` needs to know of ``user``."""
        return None

    def begin(self, authenticator: Authenticator, *, origin: Origin) -> Begun:
        """Do what must happen before the person can answer: text a code, make a challenge. Here: nothing."""
        return Begun()

    def answering(self, authenticator: Authenticator, answer: Mapping[str, Any]) -> Authenticator:
        """Which of the same person's answers, where ``interchangeable``. Tries are counted against that one."""
        return authenticator

    @abstractmethod
    def evaluate(self, authenticator: Authenticator, answer: Mapping[str, Any], *, state: Mapping[str, Any]) -> Finding:
        """Is ``answer`` (what ``answer_form`` cleaned) right? No transaction is open. Raises ``AnswerRejected``.

        ``state`` is that of the ``begin`` before it.
        """

    @abstractmethod
    def spend(self, authenticator: Authenticator, finding: Any, *, origin: Origin) -> None:
        """Use the answer up, inside the flow, by a conditional ``UPDATE``. Raises ``AnswerRejected`` for a late one."""


factors: Registry[Factor] = Registry("factor")
"""Every kind there is; a host adds one of its own in ``AppConfig.ready()``."""
