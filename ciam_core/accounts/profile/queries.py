"""Reading the declared profile."""

import json
import unicodedata
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from ciam_core.accounts.attributes import Attribute, Who
from ciam_core.accounts.models import ProfileValue
from ciam_core.kernel.required_actions import ActionRequired, actions
from ciam_core.kernel.secrets import keyed_digest, keyed_digests, unseal_for
from ciam_core.kernel.typing import User
from ciam_core.settings import conf


def readable(reader: Who) -> dict[str, Attribute]:
    """The attributes ``reader`` may see, in the order they are declared."""
    return {name: own for name, own in conf().attributes.items() if reader in own.read}


def profile_of(user: Any, *, reader: Who) -> dict[str, Any]:
    """What is known about ``user``, by attribute name; None where nothing is. One statement (two if any is sealed)."""
    schema = readable(reader)
    stored = {row.attribute: row for row in ProfileValue.objects.filter(user_id=user.pk)} if schema else {}
    return {name: value_of(own, stored.get(name)) for name, own in schema.items()}


def value_of(attribute: Attribute, row: ProfileValue | None) -> Any:
    if row is None:
        return None
    if row.sealed:
        opened = unseal_for(str(row.user_id), row.sealed, context=seal_context(attribute))
        return attribute.to_python(json.loads(opened))
    return attribute.to_python(row.value)


def exported_profile(subject_id: str) -> list[dict[str, Any]]:
    """The personal attributes of a person as they are handed out, opened where they are sealed (GDPR Art. 15, 20)."""
    schema = conf().attributes
    rows = ProfileValue.objects.filter(
        user_id=subject_id, attribute__in=[own.name for own in schema.values() if own.personal]
    )
    return [
        {"attribute": row.attribute, "value": schema[row.attribute].to_json(value_of(schema[row.attribute], row))}
        for row in rows
    ]


def missing_attributes(user: Any, names: tuple[str, ...]) -> list[str]:
    """Which of ``names`` the person has not given yet."""
    given = set(ProfileValue.objects.filter(user_id=user.pk, attribute__in=names).values_list("attribute", flat=True))
    return [name for name in names if name not in given]


def require_attributes(user: Any, *names: str) -> None:
    """Ask for ``names`` now: raises ``ActionRequired`` until the person has given them all.

    Call it in a view at the moment the product needs them: a page sends the person to a short form and back.
    """
    schema = conf().attributes
    unanswerable = {name for name in names if name not in schema or "customer" not in schema[name].write}
    if unanswerable:
        raise KeyError(f"CIAM_CORE['PROFILE'] declares no {', '.join(sorted(unanswerable))} that customers may write.")
    missing = missing_attributes(user, names)
    if missing:
        raise ActionRequired(actions["complete_profile"], attributes=missing)


def people_with(attribute: str, value: Any) -> QuerySet[Any]:
    """Everybody whose searchable ``attribute`` is ``value``, upper and lower case alike. One indexed look-up."""
    own = conf().attributes[attribute]
    if not own.searchable:
        raise KeyError(f"CIAM_CORE['PROFILE'][{attribute!r}] is not searchable.")
    digests = keyed_digests(_spelling(own.to_json(value)), context=_index_context(own))
    held = ProfileValue.objects.filter(attribute=attribute, index__in=digests)
    return get_user_model()._default_manager.filter(pk__in=held.values("user_id"))


def search_index(attribute: Attribute, value: Any) -> str:
    return keyed_digest(_spelling(value), context=_index_context(attribute))


def _spelling(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).casefold().strip()


def _index_context(attribute: Attribute) -> str:
    return f"ciam_core.ProfileValue.index:{attribute.name}"


def seal_context(attribute: Attribute) -> str:
    return f"ciam_core.ProfileValue.sealed:{attribute.name}"


class CompleteProfile:
    """Open only at the moment a page asks (``require_attributes``), never by itself."""

    name = "complete_profile"
    url_name = "ciam_complete_profile"

    def is_open(self, user: User) -> bool:
        return False
