"""What a new password must be: long enough, not one that everybody guesses first. Nothing about its composition."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from ciam_core.kernel.conf import conf as kernel_conf
from ciam_core.kernel.typing import User
from ciam_core.passwords.common import is_common
from ciam_core.passwords.exceptions import PasswordCommon, PasswordContextual, PasswordRefused, PasswordTooShort
from ciam_core.passwords.text import canonical
from ciam_core.settings import conf

__all__ = ["CiamPasswordValidator", "require_acceptable"]

SHORTEST_WORD = 3


def require_acceptable(password: str, *, about: Iterable[str] = ()) -> None:
    """Raise a ``PasswordRefused`` that says why, or return. Asks no network: see ``breached.is_breached`` for that.

    ``about``: what is known of the person (address, name). Length counts code points (NIST 800-63B-4 §3.1.1.2).
    """
    composed = canonical(password)
    if len(composed) < conf().PASSWORD_MIN_LENGTH:
        raise PasswordTooShort(min_length=conf().PASSWORD_MIN_LENGTH)
    if _says_nothing_but(_words([*about, kernel_conf().product_name, *conf().PASSWORD_CONTEXT_WORDS]), composed):
        raise PasswordContextual()
    if is_common(composed):
        raise PasswordCommon()


class CiamPasswordValidator:
    """The same rule for Django's own forms and commands: put it alone into ``AUTH_PASSWORD_VALIDATORS``."""

    def validate(self, password: str, user: User | None = None) -> None:
        try:
            require_acceptable(password, about=_about(user) if user is not None else ())
        except PasswordRefused as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal

    def get_help_text(self) -> str:
        return str(PasswordTooShort(min_length=conf().PASSWORD_MIN_LENGTH))


def _about(user: User) -> list[str]:
    names = {"email", "username", user.get_email_field_name(), "first_name", "last_name"}
    return [str(getattr(user, name, None) or "") for name in names]


def _words(texts: Iterable[str]) -> set[str]:
    """Each text as one word, and the words in it: "alice@shop.example" → aliceshopexample, alice, shop, example."""
    parts = (part for text in texts for part in (text, *re.split(r"[\W_]+", text)))
    return {word for word in map(_plain, parts) if len(word) >= SHORTEST_WORD}


def _says_nothing_but(words: set[str], password: str) -> bool:
    """Whether the whole password is made of ``words`` and numbers, whatever its case, spaces and punctuation."""
    rest = _plain(password)
    if not any(word in rest for word in words):
        return False
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return not re.sub(r"[\s\d]", "", rest)


def _plain(text: str) -> str:
    """Case folded and without punctuation, spaces and compatibility variants ("ＡＢＣ" → "abc")."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
