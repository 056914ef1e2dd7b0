"""Devices and sessions of ``ciam_core``: who forgets one, or signs out everywhere else, doubts what is trusted, too."""

from ciam_core.events import DeviceForgotten, SessionsEnded
from ciam_core.kernel.events import event_recorded
from ciam_mfa.trusted_browsers.flows import end_trust_upon


def register() -> None:
    for doubt in (DeviceForgotten, SessionsEnded):
        event_recorded.connect(end_trust_upon, sender=doubt, dispatch_uid="ciam_mfa_trust")
