"""Settings: one dict per app, one frozen dataclass as its schema.

A field is a setting, its annotation the type, its default the default. ``conf = Conf("CIAM_X", XSettings)``
reads ``settings.CIAM_X`` when called, never at import: ``conf().NAME``.
"""

import dataclasses
import difflib
import types
import typing
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from ciam_core.kernel.registry import Registry

T = TypeVar("T")


class Conf(Generic[T]):
    """The settings dict ``name``, read through the dataclass ``schema``; ``label`` is the app's, for the check ids.

    A schema may define ``contradictions()``, yielding one sentence for each combination of values that cannot work.
    """

    def __init__(self, name: str, schema: type[T], *, label: str) -> None:
        self.name = name
        self.schema = schema
        self.label = label
        self._read: T | None = None
        schemas.add(name, self)
        setting_changed.connect(self._forget, weak=False)

    def __call__(self) -> T:
        if self._read is None:
            try:
                self._read = self.schema(**self._given())
            except TypeError as error:
                raise ImproperlyConfigured(f"{self.name}: {error}") from error
        return self._read

    def check(self) -> list[CheckMessage]:
        """Every unknown (E001), missing (E002), mistyped (E003) and contradictory (E004) key, as check errors."""
        if not isinstance(self._given(), dict):
            return [Error(f"{self.name} must be a dict.", id=f"{self.label}.E003")]
        problems = [*self._unknown(), *self._missing(), *self._mistyped()]
        return problems or list(self._contradictory())

    def _given(self) -> dict[str, Any]:
        given: dict[str, Any] = getattr(settings, self.name, {})
        return given

    def _forget(self, *, setting: str, **_: Any) -> None:
        if setting == self.name:
            self._read = None

    def _fields(self) -> dict[str, dataclasses.Field[Any]]:
        return {field.name: field for field in dataclasses.fields(self.schema)}  # type: ignore[arg-type]  # T is a dataclass

    def _unknown(self) -> Iterator[CheckMessage]:
        for key in self._given().keys() - self._fields().keys():
            near = difflib.get_close_matches(str(key), self._fields(), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(self._fields()))}."
            yield Error(f"{self.name} has no setting {key!r}.", hint=hint, id=f"{self.label}.E001")

    def _missing(self) -> Iterator[CheckMessage]:
        for name, field in self._fields().items():
            optional = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
            if not optional and name not in self._given():
                yield Error(f"{self.name} lacks {name!r}, which has no default.", id=f"{self.label}.E002")

    def _mistyped(self) -> Iterator[CheckMessage]:
        hints = typing.get_type_hints(self.schema)
        for name, value in self._given().items():
            if name in hints and not _fits(value, hints[name]):
                wanted = _words(hints[name])
                given = type(value).__name__  # never the value: it may be a key
                yield Error(f"{self.name}[{name!r}] must be {wanted}, not {given}.", id=f"{self.label}.E003")

    def _contradictory(self) -> Iterator[CheckMessage]:
        for sentence in getattr(self(), "contradictions", list)():
            yield Error(f"{self.name}: {sentence}", id=f"{self.label}.E004")


schemas: Registry[Conf[Any]] = Registry("settings dict")


def _fits(value: Any, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    if hint is Any:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    kind = origin or hint
    if kind is not bool and isinstance(value, bool):
        return kind is object
    return isinstance(value, kind)


def _words(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint).replace("datetime.", "")
