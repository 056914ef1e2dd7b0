"""The session engine: ``SESSION_ENGINE = "ciam_core.sessions.engine"``.

A key is stored as a digest. One statement loads the session and its person; a sign-in writes one row, in the
transaction of its event. Signing in, showing again who one is and changing the password give a row a new key, and an
ended one is never brought back by what was still running.
"""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase, UpdateError
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string

from ciam_core.kernel.assurance import level_of
from ciam_core.kernel.ids import uuid7
from ciam_core.kernel.origin import Channel, Origin
from ciam_core.kernel.secrets import token_digest
from ciam_core.kernel.sessions import CHANNEL_KEY
from ciam_core.sessions.devices import Recognised
from ciam_core.sessions.finding import find_session
from ciam_core.sessions.models import Session
from ciam_core.sessions.timeouts import ends_at, touch_interval
from ciam_core.sessions.writing import insert_session, use_device

KEY_LENGTH = 32

_BEGUN = ("created_at", "last_used_at", "device_id", "agent", "address", "methods")


class SessionStore(SessionBase):
    """Django's session, kept in ``Session``. Person, channel and hash are columns, the rest is JSON."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._device = ""
        self._written: tuple[str, dict[str, Any]] | None = None

    if TYPE_CHECKING:  # Django's, which its stubs leave out

        @property
        def _session(self) -> dict[str, Any]: ...
        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...

    def load(self) -> dict[str, Any]:
        row = self._find()
        if row is None:
            self._session_key = None
            return {}
        self._row = row
        data = {**json.loads(row.data), CHANNEL_KEY: row.channel}
        if row.user_id is not None:
            data |= {SESSION_KEY: str(row.user_id), HASH_SESSION_KEY: row.auth_hash}
        self._written = (row.key_digest, _as_written(row))
        return data

    def _find(self) -> Session | None:
        now = timezone.now()
        row = find_session(token_digest(self.session_key or ""), now)
        if row is None or ends_at(row) <= now:
            return None
        if now - row.last_used_at >= touch_interval(row):
            _touch(row, now)
        return row

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_digest=token_digest(session_key), expires_at__gt=timezone.now()).exists()

    def person(self) -> AbstractBaseUser | None:
        """Whom this session speaks for, loaded together with it; as ``django.contrib.auth.get_user`` decides."""
        data = self._session
        if SESSION_KEY not in data or data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        backend = load_backend(data[BACKEND_SESSION_KEY])
        user: Any = self._row.user if self._row and str(self._row.user_id) == data[SESSION_KEY] else None
        if user is None or not isinstance(backend, ModelBackend):
            user = backend.get_user(data[SESSION_KEY])
        elif not backend.user_can_authenticate(user):
            return None
        return user if user is not None and self._is_of_this_password(user) else None

    def _is_of_this_password(self, user: Any) -> bool:
        known = self.get(HASH_SESSION_KEY, "")
        if constant_time_compare(known, user.get_session_auth_hash()):
            return True
        if any(constant_time_compare(known, older) for older in user.get_session_auth_fallback_hash()):
            self.cycle_key()
            self[HASH_SESSION_KEY] = user.get_session_auth_hash()
            return True
        self.flush()
        return False

    def begin(self, user: Any, *, methods: tuple[str, ...], device: Recognised, origin: Origin) -> None:
        """Write the session that speaks for ``user`` from now on: one statement, a new key."""
        if self._written is not None and self._key_is_written:
            self.cycle_key()
        now, self._device = timezone.now(), device.known
        self._row = Session(
            user=user,
            channel=origin.channel,
            device_id=device.device_id,
            agent=origin.agent,
            address=origin.address,
            methods=" ".join(methods),
            created_at=now,
            last_used_at=now,
        )
        self.update(
            {
                SESSION_KEY: str(user.pk),
                HASH_SESSION_KEY: user.get_session_auth_hash(),
                CHANNEL_KEY: origin.channel.value,
            }
        )
        self.save()

    def save(self, must_create: bool = False) -> None:
        columns = self._columns(self._get_session(no_load=must_create))
        if self.session_key is None:
            self._session_key = self._get_new_session_key()
        digest = token_digest(self.session_key or "")
        if must_create or self._written is None:
            self._insert(digest, columns)
        elif self._written != (digest, columns) and not self._update(digest, columns):
            if self._key_is_written:
                raise UpdateError()
            self._insert(digest, columns)
        self._written = (digest, columns)

    def _insert(self, digest: str, columns: dict[str, Any]) -> None:
        row = self._current_row()
        row.pk, row.key_digest, row.expires_at = uuid7(), digest, self._end_of(row)
        for name, value in columns.items():
            if str(getattr(row, name)) != value:  # the person stays cached
                setattr(row, name, value)
        insert_session(row, self._device)

    def _update(self, digest: str, columns: dict[str, Any]) -> bool:
        row = self._current_row()
        changed = {**columns, "key_digest": digest, "expires_at": self._end_of(row)}
        if not row.key_digest:
            if self._device:
                row.device_id = use_device(row, self._device)
            changed |= {name: getattr(row, name) for name in _BEGUN}
        row.key_digest = digest
        return bool(Session.objects.filter(key_digest=(self._written or ("",))[0]).update(**changed))

    def _current_row(self) -> Session:
        if self._row is None:
            now = timezone.now()
            self._row = Session(created_at=now, last_used_at=now)
        return self._row

    def _end_of(self, row: Session) -> datetime:
        """Where the host has asked for an end of its own (``set_expiry``), the earlier of the two."""
        asked = self.get_expiry_date() if self.get("_session_expiry") else None
        return min(asked, ends_at(row)) if asked else ends_at(row)

    @staticmethod
    def _columns(data: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in data.items() if name not in (SESSION_KEY, HASH_SESSION_KEY, CHANNEL_KEY)}
        return {
            "user_id": data.get(SESSION_KEY),
            "auth_hash": data.get(HASH_SESSION_KEY, ""),
            "channel": data.get(CHANNEL_KEY, Channel.BROWSER.value),
            "level": level_of(data, data.get(SESSION_KEY, "")).value,
            "data": json.dumps(rest, separators=(",", ":")),
        }

    def _get_new_session_key(self) -> str:
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)  # 165 bits: nothing to look up

    @property
    def _key_is_written(self) -> bool:
        return self._written is not None and self._written[0] == token_digest(self.session_key or "")

    def create(self) -> None:
        self._session_key = self._get_new_session_key()
        self._row = self._written = None
        self.save(must_create=True)
        self.modified = True

    def cycle_key(self) -> None:
        """From the next save on the row has another key; what is in it stays."""
        self._session  # noqa: B018  # loads it under the key it has
        self._session_key = self._get_new_session_key()
        self.modified = True

    def flush(self) -> None:
        """End it, here and in the table."""
        self._session  # noqa: B018
        before = self._written
        self.clear()
        if before is not None:
            Session.objects.filter(key_digest=before[0]).delete()
        self._session_key = self._row = self._written = None

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            Session.objects.filter(key_digest=token_digest(key)).delete()

    @classmethod
    def clear_expired(cls: type[Self]) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()


def _as_written(row: Session) -> dict[str, Any]:
    """What ``SessionStore._columns`` made of it."""
    user_id = None if row.user_id is None else str(row.user_id)
    columns = ("auth_hash", "channel", "level", "data")
    return {"user_id": user_id, **{name: getattr(row, name) for name in columns}}


def _touch(row: Session, now: datetime) -> None:
    """Note that it is in use; of parallel requests one writes, and an ended session stays ended."""
    seen, row.last_used_at = row.last_used_at, now
    row.expires_at = ends_at(row)
    unchanged = Session.objects.filter(pk=row.pk, last_used_at=seen)
    unchanged.update(last_used_at=now, expires_at=row.expires_at)
