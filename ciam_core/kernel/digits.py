"""Digits as people type them: of any script, with spaces and dashes in between."""

import unicodedata

_LONGEST = 64
# Spaces, dashes and invisible marks that mails, keyboards and the clipboard put between digits.
_BETWEEN = {"Zs", "Zl", "Zp", "Pd", "Cf"}


def ascii_digits(typed: str) -> str:
    """``typed`` as ASCII digits, whatever script it was typed in; empty where it is no number."""
    if len(typed) > _LONGEST:
        return ""
    digits = [unicodedata.decimal(sign, -1) for sign in typed if not _is_between(sign)]
    return "" if -1 in digits else "".join(map(str, digits))


def _is_between(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in _BETWEEN
