from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ciam_core.kernel.secrets.rotation import (
    BATCH,
    Resealed,
    reencryptions,
    reseal_fields,
    rewrap_person_keys,
)

_SHOWN = 5


class Command(BaseCommand):
    help = (
        "Seals everything anew that an older key sealed, so that the older key can be taken out of CIAM_KERNEL. "
        "It can be stopped and run again at any time, while the product runs. It fails while anything is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="Rows read at once (%(default)s).")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("--batch must be at least 1.")
        left = 0
        for result in _steps(batch):
            self.stdout.write(_line(result))
            left += result.left
        if left:
            raise CommandError(f"{left} values are still under an older key: keep that key, and run this again.")


def _steps(batch: int) -> Iterator[Resealed]:
    yield from reseal_fields(batch)
    yield rewrap_person_keys(batch)
    for refresh in reencryptions:
        yield refresh(batch)


def _line(result: Resealed) -> str:
    line = f"{result.what}: {result.done} sealed anew"
    if result.left:
        line += f", {result.left} left"
    if result.unreadable:
        rows = ", ".join(str(pk) for pk in result.unreadable[:_SHOWN])
        more = ", …" if len(result.unreadable) > _SHOWN else ""
        line += f", {len(result.unreadable)} cannot be opened ({rows}{more})"
    return line
