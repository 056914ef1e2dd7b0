"""What recovery codes look like, and what is kept of them."""

import hashlib
import hmac
import secrets
import unicodedata

COUNT = 10
LENGTH = 16  # of 32 characters: 80 bits (NIST SP 800-63B-4 §4.2.1.1 asks for 64)
GROUP = 4
LONGEST = 64
PEPPER_BYTES = 32

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none is taken for another
_LOOKALIKES = str.maketrans("oil", "011")


def new_code() -> str:
    """``7kmq-2xvd-9a4t-c0hr``."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def new_pepper() -> str:
    return secrets.token_hex(PEPPER_BYTES)


def digest_of(code: str, pepper: str) -> str:
    """HMAC-SHA256 in hex: without the pepper, which is sealed, a copy of the table cannot even be guessed at."""
    return hmac.new(bytes.fromhex(pepper), normalise(code).encode(), hashlib.sha256).hexdigest()


def normalise(typed: str) -> str:
    """Capitals, spaces, dashes, full-width letters and what is easily mistaken do not matter."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).lower().translate(_LOOKALIKES)
    return "".join(sign for sign in plain if sign.isalnum())
