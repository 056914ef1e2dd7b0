"""The 100 000 worst passwords of at least 8 characters, offline (ASVS 6.2.4). Origin and licence: see NOTICE here.

``common_passwords.bin`` is a sorted array of digests: the first 8 bytes of the SHA-256 of each password in lower case.
"""

import hashlib
import mmap
from bisect import bisect_left
from functools import cache
from pathlib import Path

from ciam_core.passwords.text import octets

DIGEST_BYTES = 8
SHORTEST_LISTED = 8
FILE = Path(__file__).with_name("common_passwords.bin")


def is_common(password: str) -> bool:
    """Whether the whole of ``password``, upper and lower case alike, is listed, or is a repetition of something
    listed or shorter than 8 characters ("passwordpassword", "123123123123123").
    """
    folded = password.casefold()
    unit = _repeated_unit(folded)
    return _is_listed(folded) or (unit != folded and (len(unit) < SHORTEST_LISTED or _is_listed(unit)))


def _repeated_unit(text: str) -> str:
    """The shortest beginning that, repeated at least twice, spells ``text``, its last round perhaps cut short."""
    for length in range(1, len(text) // 2 + 1):
        if text[length:] == text[:-length]:
            return text[:length]
    return text


def _is_listed(folded: str) -> bool:
    digests = _digests()
    wanted = hashlib.sha256(octets(folded)).digest()[:DIGEST_BYTES]
    place = bisect_left(range(len(digests) // DIGEST_BYTES), wanted, key=lambda index: _at(digests, index))
    return _at(digests, place) == wanted


def _at(digests: mmap.mmap, index: int) -> bytes:
    return digests[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES]


@cache
def _digests() -> mmap.mmap:
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
