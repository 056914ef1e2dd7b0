"""One spelling for one e-mail address, and a clear no to spellings made to deceive."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import InvalidError

MAX_LENGTH = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets

_TWO_MEANINGS = frozenset("ßς")
"""Letters of a domain that IDNA 2003, which Python speaks, reads as others: ``faß.de`` would become ``fass.de``.

IDNA 2008 (RFC 5894 §7.2) holds them apart, and so does the mail. Its other two, ZWJ and ZWNJ, deceive anyway. The
A-label (``xn--fa-hia.de``) is accepted.
"""

_ONE_SCRIPT = {"CJK": "EAST", "HIRAGANA": "EAST", "KATAKANA": "EAST", "HANGUL": "EAST", "BOPOMOFO": "EAST"}


class AddressRefused(InvalidError):
    """``reason``: ``malformed``, ``too_long`` or ``lookalike``."""

    code = "address.refused"
    message = _("Enter an email address, like name@example.com.")
    field = "email"


class AddressTooLong(AddressRefused):
    code = "address.too_long"
    message = _("This address is too long. Enter one of at most 254 characters.")


class AddressLookalike(AddressRefused):
    code = "address.lookalike"
    message = _("This address contains characters that look like others. Type it with plain letters.")


def normalise_address(text: str) -> str:
    """``text`` as it is stored and compared: NFC, lower case, the domain as A-labels (RFC 5890).

    Raises ``AddressRefused``.
    """
    address = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())
    if len(address) > MAX_LENGTH:
        raise AddressTooLong()
    if _deceives(address):
        raise AddressLookalike()
    local, _at, domain = address.rpartition("@")
    if not _TWO_MEANINGS.isdisjoint(domain):
        raise AddressRefused()
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
        validate_email(address if local.isascii() else f"x@{address.rpartition('@')[2]}")
    except (UnicodeError, ValidationError) as error:
        raise AddressRefused() from error
    if len(address) > MAX_LENGTH:  # the domain has grown
        raise AddressTooLong()
    if not local.isascii() and not all(mark.isalnum() or mark in "!#$%&'*+-/=?^_`{|}~." for mark in local):
        raise AddressRefused()  # RFC 6531 §3.3 widens atext by non-ASCII letters; nothing else
    return address


def _deceives(address: str) -> bool:
    """Compatibility forms (a full-width ＠), characters nobody sees, or one word in letters of several scripts."""
    if unicodedata.normalize("NFKC", address) != address:
        return True
    if any(unicodedata.category(mark) in ("Cf", "Cc", "Zs", "Zl", "Zp", "Co", "Cs") for mark in address):
        return True
    words = address.replace("@", ".").split(".")
    return any(len({_script(mark) for mark in word if mark.isalpha()}) > 1 for word in words)


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "UNKNOWN").split()[0]
    return _ONE_SCRIPT.get(first, first)
