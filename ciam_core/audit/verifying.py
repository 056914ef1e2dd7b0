"""Reads the whole trail and says whether it holds, or which row is the first that does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ciam_core.audit.checkpoints import as_told, digest, forgettable, require_signed
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.leaves import columns, leaf_of
from ciam_core.audit.models import AuditCheckpoint
from ciam_core.audit.sequencer import overlooked
from ciam_core.audit.tree import Tree

_PAGE = 20_000
_ROWS = """
SELECT s."number", s."leaf", {columns}
FROM (
    SELECT * FROM "ciam_core_auditsequence" WHERE "number" > %s ORDER BY "number" LIMIT %s
) s LEFT JOIN {event} ORDER BY s."number"
"""
_EVENT = {
    # Row by row: left to itself it reads the whole table for each page.
    "postgresql": 'LATERAL (SELECT * FROM "ciam_core_auditevent" WHERE "id" = s."event_id" LIMIT 1) e ON true',
    "sqlite": '"ciam_core_auditevent" e ON e."id" = s."event_id"',
}


@dataclass(frozen=True)
class Verified:
    """Of ``events`` numbered, ``forgotten`` are gone by retention; ``checkpoints`` stand for ``signed`` of them."""

    events: int
    forgotten: int
    checkpoints: int
    signed: int


def verify(told: Iterable[dict[str, Any]] = ()) -> Verified:
    """Compare every event with its leaf, the leaves with the checkpoints, and these with what a sink was ``told``.

    Raises ``TrailBroken`` at the first that does not hold. May run while the product writes; holds a page of rows at a
    time. ``told`` comes in the order it was told.
    """
    missing = overlooked()
    if missing:
        raise TrailBroken(f"event {missing}", "it was put in past the sequencer, or its number was removed")
    walk = _Walk(_compared(_chained(), told), forgettable())
    for row in _rows():
        walk.step(*row)
    return walk.end()


class _Walk:
    """One pass over the numbers, from the first event on, meeting the checkpoints as it comes by."""

    def __init__(self, checkpoints: Iterator[AuditCheckpoint], forgettable: int) -> None:
        self.tree = Tree()
        self.ahead = checkpoints
        self.next = next(self.ahead, None)
        self.passed = 0
        self.signed = 0
        self.forgettable = forgettable
        self.forgotten = 0

    def step(self, number: int, leaf: str, event_id: str | None, *rest: Any) -> None:
        if number != self.tree.size + 1:
            raise TrailBroken(f"event {self.tree.size + 1}", "its number is missing")
        if event_id is not None:
            found = leaf_of(event_id, *rest)
            if found.hex() != leaf:
                raise TrailBroken(f"event {number}", f"its row ({event_id}) is not the one that was numbered")
        elif number <= self.forgettable:
            found = bytes.fromhex(leaf)
            self.forgotten += 1
        else:
            raise TrailBroken(f"event {number}", "its row is gone")
        self.tree.add(found)
        if self.next is not None and self.next.size == number:
            self._meet(self.next)

    def _meet(self, checkpoint: AuditCheckpoint) -> None:
        if self.tree.root.hex() != checkpoint.root:
            span = f"event {self.signed + 1} or one after it up to {checkpoint.size}"
            raise TrailBroken(span, f"together they are not what checkpoint {checkpoint.number} signed")
        self.passed, self.signed = checkpoint.number, checkpoint.size
        self.next = next(self.ahead, None)

    def end(self) -> Verified:
        if self.next is not None:
            why = f"the trail ends before checkpoint {self.next.number}, which stands for {self.next.size} events"
            raise TrailBroken(f"event {self.tree.size + 1}", why)
        return Verified(self.tree.size, self.forgotten, self.passed, self.signed)


def _chained() -> Iterator[AuditCheckpoint]:
    previous, size = "", 0
    for number, checkpoint in enumerate(_paged(), 1):
        if checkpoint.number != number:
            raise TrailBroken(f"checkpoint {number}", "it is gone")
        require_signed(checkpoint)
        if checkpoint.previous != previous or checkpoint.size <= size:
            raise TrailBroken(f"checkpoint {number}", "it does not follow the one before")
        previous, size = digest(checkpoint), checkpoint.size
        yield checkpoint


def _paged() -> Iterator[AuditCheckpoint]:
    after = 0
    while page := list(AuditCheckpoint.objects.filter(number__gt=after).order_by("number")[:1000]):
        yield from page
        after = page[-1].number


def _compared(checkpoints: Iterator[AuditCheckpoint], told: Iterable[dict[str, Any]]) -> Iterator[AuditCheckpoint]:
    lines = iter(told)
    line = next(lines, None)
    for checkpoint in checkpoints:
        while line is not None and line["number"] <= checkpoint.number:
            if line != as_told(checkpoint):
                raise TrailBroken(f"checkpoint {line['number']}", "a sink was told another one")
            line = next(lines, None)
        yield checkpoint
    if line is not None:
        raise TrailBroken(f"checkpoint {line['number']}", "a sink was told of it, and it is gone")


def _rows() -> Iterator[Any]:
    after = 0
    statement = _ROWS.format(columns=columns(connection), event=_EVENT[connection.vendor])
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement, [after, _PAGE])
            page = cursor.fetchall()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1][0]
