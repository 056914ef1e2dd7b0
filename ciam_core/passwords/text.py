"""What is hashed of a password: its characters as typed, in one spelling. Never trimmed, folded or truncated."""

import unicodedata

from ciam_core.passwords.exceptions import PasswordTooLong
from ciam_core.settings import conf

_CODE_POINTS_PER_COMPOSED = 4


def canonical(password: str) -> str:
    """``password`` in NFC (NIST 800-63B-4 §3.1.1.2, RFC 8265 §4.2.2), so that every keyboard spells "é" alike.

    Raises ``PasswordTooLong`` over ``PASSWORD_MAX_LENGTH`` code points, quickly however long it is: ``normalize``
    takes quadratic time on long runs of combining marks.
    """
    limit = conf().PASSWORD_MAX_LENGTH
    if len(password) > limit * _CODE_POINTS_PER_COMPOSED:
        raise PasswordTooLong(max_length=limit)
    composed = unicodedata.normalize("NFC", password)
    if len(composed) > limit:
        raise PasswordTooLong(max_length=limit)
    return composed


def is_too_long(password: str) -> bool:
    try:
        canonical(password)
    except PasswordTooLong:
        return True
    return False


def spellings(password: str) -> list[str]:
    """The canonical spelling, then the one typed where that differs: hashes of other software know only the latter."""
    return list(dict.fromkeys([canonical(password), password]))


def octets(text: str) -> bytes:
    """UTF-8. A lone surrogate, which JSON can carry, is encoded too rather than raising."""
    return text.encode("utf-8", "surrogatepass")
