"""What attacks look like from here, told once in a window. Nothing a stranger is answered depends on it."""

from ciam_core.events import SprayDetected, StuffingDetected
from ciam_core.kernel.attempts import Reservation, TooManyAttempts, reserve, tally_attempts
from ciam_core.kernel.events import Event, emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.throttling import budgets
from ciam_core.throttling.sources import network_digest, network_of

_LOOK_EVERY = 50
"""Failures of a network between two looks at whom they were about."""


def report_spray(reservation: Reservation, *, origin: Origin) -> None:
    """One password, or one source, has used up what many accounts together allow."""
    sprays = {"password": budgets.sign_in_per_password(), "source": budgets.sign_in_per_source()}
    for kind, budget in sprays.items():
        if key := reservation.used_up(budget):
            event = SprayDetected(subject_id=None, kind=kind, network=network_digest(origin), origin=_bare(origin))
            _report_once(event, about=key)


def note_failure(reservation: Reservation, *, known: bool, origin: Origin) -> None:
    """A stranger's sign-in failed: mostly at addresses without an account, it is a list of somebody else's customers.

    The same statement whether or not there is an account, and a look at it only when the network's count says so.
    """
    network = network_of(origin)
    unknown = tally_attempts("unknown.network", network, by=0 if known else 1, window=budgets.QUARTER)
    failures = reservation.counts[budgets.sign_in_per_network().name]
    if failures % _LOOK_EVERY == 0 and unknown * 2 > failures:
        event = StuffingDetected(subject_id=None, network=network_digest(origin), origin=_bare(origin))
        _report_once(event, about=network)


def _report_once(event: Event, *, about: str) -> None:
    try:
        reserve((budgets.REPORT_PER_ATTACK, f"{event.name} {about}"))
    except TooManyAttempts:
        return
    _report(event)


@flow
def _report(event: Event) -> None:
    emit(event)


def _bare(origin: Origin) -> Origin:
    return Origin(channel=origin.channel)
