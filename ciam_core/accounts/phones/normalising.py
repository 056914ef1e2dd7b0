"""One spelling for one phone number (E.164), and a clear no to numbers that cost money or cannot receive a text."""

import unicodedata
from typing import Any

from ciam_core.accounts.phones.exceptions import PhoneCountryRefused, PhoneRefused
from ciam_core.settings import conf

LONGEST = 40
"""Characters of a number as it is typed; E.164 itself has at most 15 digits."""

_BETWEEN_DIGITS = {"Zs", "Pd", "Cf"}
_SIGNS = frozenset("()./")
_PLUS = frozenset("+＋")


def normalise_number(text: str) -> str:
    """``text`` as ``+491701234567``, whatever script its digits are in. Without ``+`` it is of ``PHONE_REGION``.

    Premium, shared-cost, service and fixed-line numbers are refused as short and impossible ones are
    (``PhoneRefused``), numbers outside ``PHONE_COUNTRIES`` by ``PhoneCountryRefused``.
    """
    import phonenumbers  # 20 MB of memory: only where a number is typed

    try:
        number = phonenumbers.parse(_plain(text), conf().PHONE_REGION or None)
    except phonenumbers.NumberParseException as error:
        raise PhoneRefused() from error
    if number.extension or not phonenumbers.is_valid_number(number) or not _takes_texts(number):
        raise PhoneRefused()
    allowed = conf().PHONE_COUNTRIES
    if allowed and phonenumbers.region_code_for_number(number) not in allowed:
        raise PhoneCountryRefused()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(number: str) -> str:
    """ISO 3166 code of an E.164 number; ``001`` for a number of no country."""
    import phonenumbers

    return str(phonenumbers.region_code_for_number(phonenumbers.parse(number)) or "001")


def mask_number(number: str) -> str:
    """``+491701234567`` as ``+49 ••••• 67``, in one piece: enough for its owner, too little for anyone else to dial."""
    import phonenumbers

    return f"+{phonenumbers.parse(number).country_code}\u00a0•••••\u00a0{number[-2:]}"


def _takes_texts(number: Any) -> bool:
    import phonenumbers

    kind = phonenumbers.PhoneNumberType
    # In the plan of North America one cannot tell a mobile from a fixed line.
    return phonenumbers.number_type(number) in (kind.MOBILE, kind.FIXED_LINE_OR_MOBILE)


def _plain(text: str) -> str:
    """ASCII digits with at most one ``+`` before them. A letter that stands for a digit (1-800-FLOWERS) is no digit."""
    if len(text) > LONGEST:
        raise PhoneRefused()
    shown = [sign for sign in text.strip() if unicodedata.category(sign) not in _BETWEEN_DIGITS and sign not in _SIGNS]
    plus = "+" if shown and shown[0] in _PLUS else ""
    digits = [unicodedata.decimal(sign, -1) for sign in shown[len(plus) :]]
    if not digits or -1 in digits:
        raise PhoneRefused()
    return plus + "".join(map(str, digits))
