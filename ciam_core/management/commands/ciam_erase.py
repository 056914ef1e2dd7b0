import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ciam_core.accounts.flows.erase import erase_due, replay_erasure
from ciam_core.accounts.models import Erasure

_TIMES = ("requested_at", "due_at", "started_at")


class Command(BaseCommand):
    help = (
        "Erases the accounts whose grace period is over, as the beat does. --export writes whom, without names; keep "
        "that beside your backups, and --replay it after restoring one, before the site takes requests."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--export", action="store_true", help="Write every erasure, one JSON object a line.")
        ways.add_argument("--replay", type=Path, metavar="FILE", help="Erase again whom it names.")

    def handle(self, *args: Any, export: bool, replay: Path | None, **options: Any) -> None:
        if export:
            self._export()
        elif replay is not None:
            self.stdout.write(f"{_replay(replay.read_text())} erased again.")
        else:
            self.stdout.write(f"{erase_due()} erased.")

    def _export(self) -> None:
        started = Erasure.objects.filter(started_at__isnull=False).order_by("started_at")
        for row in started.values("subject_id", *_TIMES).iterator():
            told = {name: value if isinstance(value, str) else value.isoformat() for name, value in row.items()}
            self.stdout.write(json.dumps(told))


def _replay(text: str) -> int:
    """All lines are read before the first is acted on."""
    try:
        asked = [_read(line) for line in text.splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError("This is not what --export writes; nobody was erased.") from error
    for subject_id, times in asked:
        replay_erasure(subject_id, **times)
    return len(asked)


def _read(line: str) -> tuple[str, dict[str, datetime]]:
    told = json.loads(line)
    return str(told["subject_id"]), {name: datetime.fromisoformat(told[name]) for name in _TIMES}
