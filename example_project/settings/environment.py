"""Reading settings from the environment. What is missing or malformed is said all at once, by name."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_WORDS = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


class Environment:
    """The process's environment variables; ``require_complete()`` after the last was read."""

    def __init__(self) -> None:
        self._missing: list[str] = []

    def __getitem__(self, name: str) -> str:
        """The variable ``name``. An empty one is missing."""
        value = os.environ.get(name, "")
        if not value:
            self._missing.append(name)
        return value

    def get(self, name: str, default: str) -> str:
        return os.environ.get(name) or default

    def number(self, name: str, default: int) -> int:
        given = self.get(name, str(default))
        if not given.isdecimal():
            raise ImproperlyConfigured(f"The environment variable {name} must be a whole number.")
        return int(given)

    def ring(self, name: str) -> dict[str, str]:
        """``"2027:<key>,2026:<key>"`` as a key ring, in that order."""
        pairs = [entry.strip().partition(":") for entry in self[name].split(",") if entry.strip()]
        if not all(key_id and key for key_id, _, key in pairs):
            raise ImproperlyConfigured(f"The environment variable {name} must be '<name>:<key>', more after a comma.")
        return {key_id: key for key_id, _, key in pairs}

    def postgresql(self, name: str) -> dict[str, Any]:
        """A URI or keywords as libpq reads them (PostgreSQL manual, "Connection Strings"), for ``DATABASES``."""
        try:
            given = conninfo_to_dict(self[name])
        except ProgrammingError:  # its message quotes the password
            raise ImproperlyConfigured(f"The environment variable {name} is not a PostgreSQL address.") from None
        named = {key: given.pop(word, "") for key, word in _WORDS.items()}
        return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": given}

    def require_complete(self) -> None:
        if self._missing:
            names = ", ".join(self._missing)
            raise ImproperlyConfigured(f"Missing environment variables: {names}. See docs/howto/run-in-production.md.")
