from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class EncodingCounter(MD5PasswordHasher):
    """``encoded`` tells how many passwords it has hashed."""

    encoded: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).encoded += 1
        return super().encode(password.encode("utf-8", "surrogatepass").hex(), salt)
