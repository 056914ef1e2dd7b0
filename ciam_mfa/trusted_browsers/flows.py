"""Trusting a browser, recognising it, and ending that. It spares the challenge and never raises a session's level."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.kernel.flow import flow
from ciam_core.kernel.notices import tell
from ciam_core.kernel.origin import SYSTEM, Channel, Origin
from ciam_core.kernel.secrets import new_token, token_digest
from ciam_core.kernel.typing import User
from ciam_mfa.events import FactorRemoved, TrustedBrowserAdded, TrustedBrowserRemoved, TrustedBrowsersRemoved
from ciam_mfa.factors.flows import lock
from ciam_mfa.trusted_browsers.models import TrustedBrowser
from ciam_mfa.trusted_browsers.queries import bounds_of, trust_offered_to, trusted_browsers_of

MOST = 20
"""How many a person has; one more ends the one that was trusted first."""
_TOKENS = (Channel.BROWSER, Channel.APP)


@sensitive_variables()
@flow
def trust_browser(user: User, *, former: str = "", origin: Origin) -> str:
    """Spare ``user`` the challenge here from now on; the token by which it is known again, told this once.

    Empty where that is not offered to them (``trust_offered_to``). ``former``: the token this browser or app has shown.
    It is worth nothing any more: others who share the browser go over to the new one. So a token that somebody planted
    there opens nothing.
    """
    lifetime = trust_offered_to(user)
    if lifetime is None or origin.channel not in _TOKENS:
        return ""
    lock(user)
    token, now = new_token(), timezone.now()
    _replace(user, former, token, origin)
    added = TrustedBrowser.objects.create(
        user_id=user.pk,
        channel=origin.channel.value,
        digest=token_digest(token),
        bound=bounds_of(user)[0],
        agent=origin.agent,
        created_at=now,
        expires_at=now + lifetime,
    )
    _end_beyond(user, origin=origin)
    emit(TrustedBrowserAdded(subject_id=str(user.pk), browser_id=str(added.pk), origin=origin))
    tell(user, "browser_trusted", origin=origin, days=lifetime.days)
    return token


@sensitive_variables()
def recognise_browser(user: User, token: str, *, origin: Origin) -> bool:
    """Whether ``user`` has trusted what shows ``token``; its use is noted. One statement: the row count decides.

    The row's channel keeps an app's token out of a browser's cookie, and every token out of the admin.
    """
    shown = trusted_browsers_of(user).filter(digest=token_digest(token), channel=origin.channel.value)
    return bool(shown.update(last_used_at=timezone.now(), bound=bounds_of(user)[0]))


@flow
def end_trusted_browser(user: User, browser_id: UUID | str, *, origin: Origin) -> None:
    """``user`` is asked there again. Raises ``NotFoundError`` for one that is not theirs."""
    if not TrustedBrowser.objects.filter(pk=browser_id, user_id=user.pk).delete()[0]:
        raise NotFoundError()
    _tell_removed(user, browser_id, reason="chosen", origin=origin)


@flow
def end_trusted_browsers(user: User, *, origin: Origin) -> int:
    """``user`` is asked everywhere again; how many there were."""
    return _end_all(str(user.pk), reason="chosen", origin=origin)


def end_trust(user: User, reason: str) -> None:
    """The revoker: whatever ends access ends trust too, also where the owner stays (``spared``)."""
    _end_all(str(user.pk), reason=reason, origin=SYSTEM)


def end_trust_with_factor(event: FactorRemoved, **_: Any) -> None:
    """A receiver, in the transaction of the removal: what was shown there may have been what is lost."""
    _end_all(str(event.subject_id), reason="factor_removed", origin=event.origin)


def sweep_trusted_browsers() -> None:
    """Forget what has expired."""
    expired = TrustedBrowser.objects.filter(expires_at__lte=timezone.now())
    TrustedBrowser.objects.filter(pk__in=[*expired.values_list("pk", flat=True)[:1000]]).delete()


def _replace(user: User, former: str, token: str, origin: Origin) -> None:
    if former:
        shown = TrustedBrowser.objects.filter(digest=token_digest(former), channel=origin.channel.value)
        _forget(user, shown.filter(user_id=user.pk), reason="replaced", origin=origin)
        shown.update(digest=token_digest(token))


def _end_beyond(user: User, *, origin: Origin) -> None:
    newest = TrustedBrowser.objects.filter(user_id=user.pk).order_by("-created_at", "-pk")
    _forget(user, newest[MOST:], reason="too_many", origin=origin)


def _forget(user: User, rows: QuerySet[TrustedBrowser], *, reason: str, origin: Origin) -> None:
    """Inside a flow, the person locked."""
    for browser_id in [*rows.values_list("pk", flat=True)]:
        TrustedBrowser.objects.filter(pk=browser_id).delete()
        _tell_removed(user, browser_id, reason=reason, origin=origin)


def _end_all(subject_id: str, *, reason: str, origin: Origin) -> int:
    removed: int = TrustedBrowser.objects.filter(user_id=subject_id).delete()[0]
    if removed:
        emit(TrustedBrowsersRemoved(subject_id=subject_id, removed=removed, reason=reason, origin=origin))
    return removed


def _tell_removed(user: User, browser_id: UUID | str, *, reason: str, origin: Origin) -> None:
    ended = TrustedBrowserRemoved(subject_id=str(user.pk), browser_id=str(browser_id), reason=reason, origin=origin)
    emit(ended)
