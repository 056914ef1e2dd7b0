"""One message in words: subject, text and HTML of a template, in the language of whoever it is for."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import timezone, translation

from ciam_core.kernel.agents import device_in_words
from ciam_core.kernel.conf import conf
from ciam_core.kernel.origin import Origin

# What may not stand in a value: control characters, line and paragraph separators, bidirectional overrides.
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Rendered:
    """``subject`` is one line without control characters; ``text`` and ``html`` say the same."""

    subject: str
    text: str
    html: str


def render_message(template: str, context: dict[str, Any], origin: Origin) -> Rendered:
    """``ciam_core/messages/<template>_*`` with ``context`` and what every message tells, in ``origin.language``.

    Values are escaped in HTML and stand as they are in text, whatever the template says.
    """
    with translation.override(language_of(origin.language)):
        values = {**_common(origin), **_hours(context), **context}
        shown = {name: _shown(name, value) for name, value in values.items()}
        return Rendered(
            subject=one_line(render(f"{template}_subject.txt", shown, escape=False)),
            text=_tidy(render(f"{template}_message.txt", shown, escape=False)),
            html=_tidy(render(f"{template}_message.html", shown, escape=True)),
        )


def _common(origin: Origin) -> dict[str, Any]:
    return {
        "product_name": conf().product_name,
        "public_url": conf().PUBLIC_URL,
        "support_url": conf().SUPPORT_URL,
        "asked_at": timezone.now(),
        "asked_from": device_in_words(origin.agent),
        "asked_address": origin.address or "",
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }


def _hours(context: dict[str, Any]) -> dict[str, int]:
    """A lifetime of whole hours, from two on, is said in hours."""
    hours, rest = divmod(context.get("minutes", 0), 60)
    return {"hours": hours} if hours > 1 and not rest else {}


def language_of(wanted: str) -> str:
    """``wanted``, if the project speaks it, else the project's own."""
    try:
        return translation.get_supported_language_variant(wanted)
    except LookupError:
        return settings.LANGUAGE_CODE


def _shown(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return _in_groups(value) if name == "code" else one_line(value)


def _in_groups(code: str) -> str:
    """``482913`` as ``482 913``: easier to carry over by eye. Spaces do not count when it is checked."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def one_line(value: str) -> str:
    """``value`` without what could break a line or turn its direction."""
    return " ".join(UNSHOWABLE.sub(" ", value).split())


def render(name: str, values: dict[str, Any], *, escape: bool) -> str:
    found = Engine.get_default().get_template(f"ciam_core/messages/{name}")
    return found.render(Context(values, autoescape=escape))


def _tidy(body: str) -> str:
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
