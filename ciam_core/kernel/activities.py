"""What an event is called to the person it is about. An event without an entry is not shown to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from ciam_core.kernel.registry import Registry

Words = str | Promise


@dataclass(frozen=True)
class Activity:
    """``title`` is given the event's details, or nothing where they cannot be read. ``refused``: it did not succeed."""

    title: Callable[[Mapping[str, Any]], Words]
    refused: bool = False


activities: Registry[Activity] = Registry("activity")
"""Event name → its words. An app of yours adds those of its own events in ``AppConfig.ready()``."""


def always(words: Words) -> Activity:
    """Words that do not depend on the details."""
    return Activity(lambda details: words)
