"""Hashers as a host may plug them in."""

from typing import ClassVar

from django.contrib.auth.hashers import BasePasswordHasher

from ciam_core.passwords.hashers import Argon2idHasher


class CountingHasher(Argon2idHasher):
    """The real one; ``calls`` tells how often it was asked to check a password."""

    calls: ClassVar[int] = 0

    def verify(self, password: str, encoded: str) -> bool:
        type(self).calls += 1
        return super().verify(password, encoded)


class RaisingHasher(BasePasswordHasher):
    """One whose library is missing."""

    algorithm = "raising"

    def verify(self, password: str, encoded: str) -> bool:
        raise RuntimeError(encoded)
