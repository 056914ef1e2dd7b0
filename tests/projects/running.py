"""A project of its own needs a process of its own: Django reads its settings once."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Project:
    """The settings module ``settings`` on a new SQLite database in ``folder``, run in subprocesses from there."""

    def __init__(self, settings: str, folder: Path, *, path: str = str(ROOT)) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": path,
            "PYTHONWARNINGS": "error",
            "DJANGO_SETTINGS_MODULE": settings,
            "PROJECT_DATABASE": str(folder / "project.sqlite3"),
        }

    def manage(self, *arguments: str) -> str:
        return self._run("-m", "django", *arguments)

    def script(self, source: str) -> str:
        """What ``source`` prints, run with Django set up. It fails the test if it raises."""
        return self._run("-c", f"import django\ndjango.setup()\n{textwrap.dedent(source)}")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
