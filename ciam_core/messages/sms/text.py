"""The words of a text message with a code: one paid part where it can be, the code first, never a link."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation

from ciam_core.kernel.conf import conf
from ciam_core.kernel.origin import Origin
from ciam_core.messages.rendering import language_of, one_line, render

# 3GPP TS 23.038 §6.2.1: the alphabet of a text of 160 characters, and what takes two places in it.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("^{}\\[~]|€\f")
_GSM_PLACES, _UCS2_PLACES = 160, 70
_SHORTEST_NAME = 3


def code_text(template: str, code: str, origin: Origin) -> str:
    """``ciam_core/messages/<template>_sms.txt`` and the line that ties the code to this site.

    That last line lets a browser fill the code in here and nowhere else (WICG, origin-bound one-time codes). A long
    product name is cut for it; without room even so, it is left out.
    """
    host = urlsplit(conf().PUBLIC_URL).hostname or ""
    bound = f"\n\n@{host} #{code}"
    with translation.override(language_of(origin.language)):
        for ending in (bound, ""):
            for name in _shorter_and_shorter(one_line(conf().product_name)):
                text = _words(template, {"code": code, "product_name": name}) + ending
                if fits_one_part(text):
                    return text
        return _words(template, {"code": code, "product_name": name})


def notice_text(template: str, origin: Origin) -> str:
    """``ciam_core/messages/<template>_sms.txt``: something to know, and no code."""
    with translation.override(language_of(origin.language)):
        names = _shorter_and_shorter(one_line(conf().product_name))
        texts = [_words(template, {"product_name": name}) for name in names]
        return next(filter(fits_one_part, texts), texts[0])


def fits_one_part(text: str) -> bool:
    """Whether ``text`` is paid for once: 160 places in the GSM alphabet, 70 in any other."""
    signs = set(text)
    if signs <= _GSM | _GSM_TWO:
        return sum(2 if sign in _GSM_TWO else 1 for sign in text) <= _GSM_PLACES
    return len(text.encode("utf-16-be")) // 2 <= _UCS2_PLACES


def _shorter_and_shorter(name: str) -> list[str]:
    cut = [name[:length].rstrip() + "." for length in range(len(name) - 2, _SHORTEST_NAME - 1, -1)]
    return [name, *cut]


def _words(template: str, values: dict[str, Any]) -> str:
    return re.sub(r"\s+", " ", render(f"{template}_sms.txt", values, escape=False)).strip()
