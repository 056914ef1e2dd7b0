"""How a change of state runs: reserve, evaluate, flow (docs/architecture.md).

A flow takes the person first, everything else by keyword, an ``Origin`` always, and never a request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from ciam_core.kernel.events import emit
from ciam_core.kernel.exceptions import CiamError

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[bool] = ContextVar("ciam_inside_flow", default=False)


def flow(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` as one atomic block. A refusal leaves nothing behind but its ``record``."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            return function(*args, **kwargs)
        try:
            with transaction.atomic(), _joined():
                return function(*args, **kwargs)
        except CiamError as error:
            remember(error)
            raise

    return run


@contextmanager
def _joined() -> Iterator[None]:
    """Flows called meanwhile join this one's transaction. Over before the commit: what runs after it opens its own."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def remember(refusal: CiamError) -> None:
    """Write the event a refusal carries, once, in a transaction of its own."""
    event, refusal.record = refusal.record, None
    if event is not None:
        with transaction.atomic():
            emit(event)


def require_no_transaction(what: str) -> None:
    """Refuse to start something slow while rows are locked (``RuntimeError``). A test's own block is let by."""
    connection = transaction.get_connection()
    if any(not block._from_testcase for block in connection.atomic_blocks):
        raise RuntimeError(f"{what} must not run inside a transaction: it would hold locks while it waits.")
