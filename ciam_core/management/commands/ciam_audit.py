import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime

from ciam_core.audit import signing, telling
from ciam_core.audit.checkpoints import make_checkpoint
from ciam_core.audit.exceptions import TrailBroken
from ciam_core.audit.exporting import Wanted, write_csv, write_json
from ciam_core.audit.flows import note_unsealing
from ciam_core.audit.sequencer import sequence
from ciam_core.audit.verifying import verify
from ciam_core.kernel.origin import SYSTEM
from ciam_core.settings import conf

BROKEN, USAGE, UNTOLD = 1, 2, 3


def moment(text: str) -> datetime:
    """A date, or a date and time; UTC unless it says otherwise."""
    day = parse_date(text) if "T" not in text and " " not in text else None
    found = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001  # two lines below
    if found is None:
        raise ValueError(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "The audit trail: verify it, export it, number its events, sign a checkpoint, print the public key. "
        "Ends with 0; 1 where the trail does not hold or cannot be read; 2 for what was asked wrongly; 3 where a sink "
        "failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("verify", help="Read all of it, and name the first row that does not hold.")
        check.add_argument("--against", type=Path, help="Lines of a sink: nothing told to it may be missing.")
        export = acts.add_parser("export", help="Write events to standard output, oldest first.")
        export.add_argument("--format", dest="form", choices=["json", "csv"], default="json")
        export.add_argument("--person", help="Only what happened to the person of this id.")
        export.add_argument("--actor", help="Only what the person of this id did to others.")
        export.add_argument("--name", action="append", default=[], help="Only events of this name; may be given again.")
        export.add_argument("--since", type=moment, help="From this date or time on (UTC).")
        export.add_argument("--until", type=moment, help="Before this date or time (UTC).")
        export.add_argument(
            "--unseal", action="store_true", help="With personal details. Leaves an event in the trail."
        )
        acts.add_parser("sequence", help="Number what has committed. Beat does so every second.")
        acts.add_parser("checkpoint", help="Number, sign now, and tell the sinks.")
        acts.add_parser("key", help="Print the public key that signs now.")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        getattr(self, f"_{act}")(**options)

    def _verify(self, *, against: Path | None, **_: Any) -> None:
        try:
            held = verify(_lines(against) if against else ())
        except TrailBroken as broken:
            raise CommandError(str(broken), returncode=BROKEN) from None
        self.stdout.write(
            f"{held.events} events hold, {held.signed} of them under {held.checkpoints} signed checkpoints; "
            f"{held.forgotten} are past retention and gone."
        )

    def _export(self, *, form: str, person: str | None, name: list[str], unseal: bool, **asked: Any) -> None:
        wanted = Wanted(
            person=person, names=tuple(name), actor=asked["actor"], since=asked["since"], until=asked["until"]
        )
        if unseal:
            note_unsealing(person, names=wanted.names, origin=SYSTEM, actor_id=None)
        write = {"json": write_json, "csv": write_csv}[form]
        count = write(wanted, self.stdout, unseal=unseal)
        self.stderr.write(f"{count} events.")

    def _sequence(self, **_: Any) -> None:
        self.stdout.write(f"{sequence()} events numbered.")

    def _checkpoint(self, **_: Any) -> None:
        sequence()
        try:
            made = make_checkpoint()
        except TrailBroken as broken:
            raise CommandError(str(broken), returncode=BROKEN) from None
        self.stdout.write(
            f"Checkpoint {made.number} stands for {made.size} events." if made else "Nothing new to sign."
        )
        for name in telling.waiting():
            telling.tell(name)
        if untold := telling.behind():
            raise CommandError(f"Not told: {', '.join(untold)}.", returncode=UNTOLD)

    def _key(self, **_: Any) -> None:
        self.stdout.write(signing.public_key())
        for other in sorted({*conf().AUDIT_PUBLIC_KEYS} - {signing.public_key()}):
            self.stdout.write(f"{other} (trusted, signs no more)")


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """What a sink wrote: JSON, whatever a log put before it on the line."""
    try:
        with file.open(encoding="utf-8") as told:
            for text in told:
                if text.strip():
                    yield _line(text)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=USAGE) from None


def _line(text: str) -> dict[str, Any]:
    try:
        line: dict[str, Any] = json.loads(text[text.index("{") :])
        line["number"] + 0
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"This is no checkpoint: {text[:80]!r}", returncode=USAGE) from None
    return line
