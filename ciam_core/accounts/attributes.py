"""The typed profile schema: what one attribute may be. No models here, so that settings can read it."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal["text", "integer", "boolean", "date", "choice", "url"]
Who = Literal["customer", "staff"]
Moment = Literal["never", "sign_up", "asked"]


_SENT_AS: dict[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int, float, str)}
"""What JSON may hold for an attribute; a text for all others."""


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One declared attribute of a person's profile.

    ``read`` and ``write`` name who may (``customer``, ``staff``); ``required`` when it must be there: never, at
    ``sign_up``, or when the product asks (``require_attributes``); ``personal`` puts it into the person's export;
    ``encrypted`` seals it under the person's own key; ``searchable`` lets staff find people by its exact value.
    """

    name: str
    label: str | Promise
    type: Kind = "text"
    help: str | Promise = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()
    max_length: int = 200
    autocomplete: str = ""
    read: tuple[Who, ...] = ("customer", "staff")
    write: tuple[Who, ...] = ("customer", "staff")
    required: Moment = "never"
    personal: bool = True
    encrypted: bool = False
    searchable: bool = False

    @classmethod
    def of(cls, name: str, declaration: dict[str, Any]) -> "Attribute":
        """Read one entry of ``CIAM_CORE["PROFILE"]``."""
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in declaration.items()
        }
        return cls(name=name, **given)

    def field(self, *, required: bool | None = None) -> forms.Field:
        """The form field that reads a value of this attribute from a person, and checks it from JSON."""
        common = {"label": self.label, "help_text": self.help, "required": self.required == "sign_up"}
        if required is not None:
            common["required"] = required
        field = self._field(common)
        if self.autocomplete:
            field.widget.attrs["autocomplete"] = self.autocomplete
        return field

    def _field(self, common: dict[str, Any]) -> forms.Field:
        if self.type == "choice":
            # First comes nothing, unless the host names it itself, so that no browser chooses in the person's place.
            nothing = [] if "" in dict(self.choices) else [("", "—")]
            return forms.ChoiceField(choices=[*nothing, *self.choices], **common)
        if self.type == "boolean" and common["required"]:
            # A box that must be ticked takes no No.
            answers = [("", "—"), ("True", _("Yes")), ("False", _("No"))]
            return forms.TypedChoiceField(choices=answers, coerce=lambda answer: answer == "True", **common)
        if self.type == "boolean":
            return forms.BooleanField(**common)
        if self.type == "integer":
            return forms.IntegerField(min_value=-(2**53), max_value=2**53, **common)
        if self.type == "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        if self.type == "url":
            return forms.URLField(max_length=self.max_length, assume_scheme="https", **common)
        return forms.CharField(max_length=self.max_length, **common)

    def to_json(self, value: Any) -> Any:
        """A cleaned value as it is stored: dates as ISO 8601, nothing as None."""
        return value.isoformat() if isinstance(value, date) else None if value == "" else value

    def to_python(self, stored: Any) -> Any:
        return date.fromisoformat(stored) if self.type == "date" and stored else stored

    def clean(self, value: Any) -> Any:
        """``value`` as it came in JSON, checked and ready to store (``ValidationError``)."""
        if value is not None and type(value) not in _SENT_AS.get(self.type, (str,)):
            raise ValidationError(_("Enter a valid value."), code="invalid")
        return self.to_json(self.field(required=False).clean(value))


TAKEN = frozenset(("email", "password", "code", "key", "next", "csrfmiddlewaretoken", "non_field_errors", "__all__"))
"""Names that forms and JSON bodies use beside the attributes."""
LONGEST_NAME = 60

_TEXT = ((str, Promise), "a text")
_FLAG = ((bool,), "True or False")
_SOME_OF = ((list, tuple), "a list of 'customer' and 'staff'")
_VALUES: dict[str, tuple[tuple[type, ...], str]] = {
    "label": _TEXT,
    "help": _TEXT,
    "type": ((str,), "a text"),
    "required": ((str,), "a text"),
    "autocomplete": ((str,), "a text"),
    "choices": ((list, tuple), "a list of pairs of value and label"),
    "max_length": ((int,), "a whole number"),
    "read": _SOME_OF,
    "write": _SOME_OF,
    "personal": _FLAG,
    "encrypted": _FLAG,
    "searchable": _FLAG,
}


def problems_in(schema: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a declared profile, one sentence each."""
    for name, declaration in schema.items():
        problems = [*_misnamed(name), *_misspelt(name, declaration)]
        problems = problems or list(_mistyped(name, declaration))
        yield from problems or _contradictions(name, declaration)


def _misnamed(name: Any) -> Iterator[str]:
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii():
        yield f"PROFILE[{name!r}]: a name is an identifier of ASCII letters, digits and underscores."
    elif len(name) > LONGEST_NAME:
        yield f"PROFILE[{name!r}]: a name has at most {LONGEST_NAME} characters."
    elif name in TAKEN:
        yield f"PROFILE[{name!r}]: forms and JSON use this name for something else."


def _misspelt(name: Any, declaration: Any) -> Iterator[str]:
    if not isinstance(declaration, dict):
        yield f"PROFILE[{name!r}] must be a dict."
        return
    for key in declaration.keys() - _VALUES.keys():
        near = difflib.get_close_matches(str(key), _VALUES, n=1)
        yield f"PROFILE[{name!r}] has no {key!r}." + (f" Did you mean {near[0]!r}?" if near else "")
    if "label" not in declaration and declaration.keys() <= _VALUES.keys():
        yield f"PROFILE[{name!r}] lacks 'label'."


def _mistyped(name: str, declaration: dict[str, Any]) -> Iterator[str]:
    for key, value in declaration.items():
        kinds, words = _VALUES[key]
        if not _is_one_of(value, kinds):
            yield f"PROFILE[{name!r}]: {key!r} must be {words}, not {type(value).__name__}."
        elif key == "choices" and not all(_is_choice(choice) for choice in value):
            yield f"PROFILE[{name!r}]: 'choices' must be {words}, all of them texts."


def _is_one_of(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _is_choice(choice: Any) -> bool:
    return (
        isinstance(choice, list | tuple)
        and len(choice) == 2
        and isinstance(choice[0], str)
        and isinstance(choice[1], str | Promise)
    )


def _contradictions(name: str, declaration: dict[str, Any]) -> Iterator[str]:
    attribute = Attribute.of(name, declaration)
    if attribute.type not in get_args(Kind):
        yield f"PROFILE[{name!r}]: 'type' is one of {', '.join(get_args(Kind))}."
    if attribute.required not in get_args(Moment):
        yield f"PROFILE[{name!r}]: 'required' is one of {', '.join(get_args(Moment))}."
    if attribute.max_length < 1:
        yield f"PROFILE[{name!r}]: 'max_length' is at least 1."
    if (attribute.type == "choice") != bool(attribute.choices):
        yield f"PROFILE[{name!r}]: 'choices' go with the type 'choice', and only with it."
    strangers = [str(who) for who in (*attribute.read, *attribute.write) if who not in get_args(Who)]
    if strangers:
        yield f"PROFILE[{name!r}]: 'read' and 'write' take customer and staff, not {', '.join(strangers)}."
    if attribute.required != "never" and "customer" not in attribute.write:
        yield f"PROFILE[{name!r}] is required of customers, but they may not write it."
    if attribute.encrypted and not attribute.personal:
        yield f"PROFILE[{name!r}] is encrypted for a person, so it is personal."
