"""Why something was refused: one root, five categories, stable codes.

CiamError
├── InvalidError     400  what was sent cannot be accepted as it is
├── ForbiddenError   403  known, understood, not allowed
├── NotFoundError    404  not there, or not for this person
├── ConflictError    409  true a moment ago, or not any more
└── ThrottledError   429  not now; ``retry_after`` tells when

A leaf names the reason: a ``code`` that never changes and a ``message`` a person can act on.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ciam_core.kernel.events import Event

Text = str | Promise


class CiamError(Exception):
    """A refusal. ``details`` are shown to the caller; ``record`` is an event written although the flow rolled back.

    ``field`` names the input the message belongs beside, where there is one.
    """

    status: ClassVar[HTTPStatus]
    code: ClassVar[str]
    message: Text
    field: str | None = None

    def __init__(self, *, record: Event | None = None, field: str | None = None, **details: Any) -> None:
        self.record = record
        self.field = field or self.field
        self.details = details
        super().__init__(self.code)

    @property
    def way_on(self) -> str:
        """The address of the page where a person can do what is missing; empty: they are told what happened."""
        return ""

    def __str__(self) -> str:
        return str(self.message)


class InvalidError(CiamError):
    status = HTTPStatus.BAD_REQUEST
    code = "invalid"
    message = _("This could not be accepted. Check what you entered.")


class ForbiddenError(CiamError):
    status = HTTPStatus.FORBIDDEN
    code = "forbidden"
    message = _("You are not allowed to do this.")


class NotFoundError(CiamError):
    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    message = _("There is nothing here.")


class ConflictError(CiamError):
    status = HTTPStatus.CONFLICT
    code = "conflict"
    message = _("This has changed in the meantime. Reload and try again.")


class ThrottledError(CiamError):
    """``retry_after``: seconds, also sent as the ``Retry-After`` header (RFC 9110 §10.2.3)."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "throttled"
    message = _("Too many tries. Wait a little, then try again.")

    def __init__(self, *, retry_after: int, record: Event | None = None, field: str | None = None) -> None:
        super().__init__(record=record, field=field, retry_after=retry_after)
        self.retry_after = retry_after
