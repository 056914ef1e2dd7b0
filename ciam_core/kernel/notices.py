"""Telling a person what changed in their account, by something else than the session it was changed in."""

from collections.abc import Callable
from typing import Any

from ciam_core.kernel.origin import Origin
from ciam_core.kernel.registry import Registry
from ciam_core.kernel.typing import User

Notifier = Callable[[User, str, Origin, dict[str, Any]], None]

notifiers: Registry[Notifier] = Registry("notifier")
"""Who carries notices. Called with the person, the name of the template, the origin and what the template is given."""


def tell(user: User, template: str, *, origin: Origin, **context: Any) -> None:
    """Inside a flow: post the notice ``template``; it leaves once the flow's transaction commits."""
    for carry in notifiers:
        carry(user, template, origin, context)
