"""Writing the declared profile."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ciam_core.accounts.attributes import Attribute, Moment, Who
from ciam_core.accounts.flows.states import require_not_erased
from ciam_core.accounts.models import AbstractCustomer, ProfileValue
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.accounts.profile.queries import seal_context, search_index
from ciam_core.events import ProfileChanged
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.secrets import seal_for
from ciam_core.settings import conf


@flow
def edit_profile(user: AbstractCustomer, values: dict[str, Any], *, editor: Who, origin: Origin) -> None:
    """Set the named attributes; None or an empty text forgets one, unless sign-up requires it.

    Raises ``ProfileRefused``, or ``AccountUnavailable`` once the person is erased.
    """
    require_not_erased(user)
    write_profile(user, clean_profile(values, editor=editor))
    emit(ProfileChanged(subject_id=str(user.pk), attributes=tuple(sorted(values)), origin=origin))


def clean_profile(values: dict[str, Any], *, editor: Who, moment: Moment | None = None) -> dict[str, Any]:
    """``values`` checked against the schema and ready to store.

    At sign-up, what is required then must be there; afterwards it can be changed, and not be forgotten.
    """
    problems: dict[str, list[dict[str, Any]]] = {}
    cleaned: dict[str, Any] = {}
    schema = conf().attributes
    for name, value in values.items():
        attribute = schema.get(name)
        if attribute is None or editor not in attribute.write:
            problems[name] = [{"code": "unknown", "message": _("You cannot set this here.")}]
            continue
        try:
            cleaned[name] = attribute.clean(value)
        except ValidationError as error:
            problems[name] = [{"code": "invalid", "message": message} for message in error.messages]
    for name in _lacking(schema, cleaned, moment):
        problems.setdefault(name, [{"code": "required", "message": _("This is needed.")}])
    if problems:
        raise ProfileRefused(problems)
    return cleaned


def _lacking(schema: dict[str, Attribute], cleaned: dict[str, Any], moment: Moment | None) -> list[str]:
    """What must be given now, and what was given at sign-up and would be forgotten."""
    now = {name for name, own in schema.items() if moment and own.required == moment}
    kept = {name for name in cleaned if schema[name].required == "sign_up"}
    return [name for name in schema if name in now | kept and cleaned.get(name) is None]


def write_profile(user: AbstractCustomer, cleaned: dict[str, Any]) -> None:
    """Inside a flow: store what ``clean_profile`` let through, one statement for all of it."""
    schema = conf().attributes
    gone = [name for name, value in cleaned.items() if value is None]
    if gone:
        ProfileValue.objects.filter(user_id=user.pk, attribute__in=gone).delete()
    rows = [_row(user, schema[name], value) for name, value in cleaned.items() if value is not None]
    if rows:
        ProfileValue.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["user", "attribute"],
            update_fields=["value", "sealed", "index", "changed_at"],
        )


def _row(user: AbstractCustomer, attribute: Attribute, value: Any) -> ProfileValue:
    row = ProfileValue(user_id=user.pk, attribute=attribute.name)
    if attribute.encrypted:
        row.sealed = seal_for(str(user.pk), json.dumps(value).encode(), context=seal_context(attribute))
    else:
        row.value = value
    row.index = search_index(attribute, value) if attribute.searchable else None
    return row
