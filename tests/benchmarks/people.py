"""The people in the databases: their addresses, the same in every project, and the password all of them have."""

import re

PASSWORD = "a quiet morning by the sea"
PREFIX = "clara.costa"
"""How the addresses of some begin: of about one in a thousand."""
BUSY, STAFF = 0, 1
"""Person 0 has been here often, person 1 works for the product."""

_FIRST = re.findall(
    r"\w+",
    """anna ben clara daniel emma felix greta hannah ivan julia karl lena marco nina oskar paula quentin rosa simon
    tilda uwe vera willi xenia yusuf zoe aisha bjorn chiara dmitri elif fatima george hiro ingrid jamal katya noah""",
)
_LAST = re.findall(
    r"\w+",
    """adler bauer costa dubois eriksson fischer garcia horvat ivanov jansen kowalski lopez mueller novak okafor petrov
    quiroga rossi schmidt tanaka urban vogel weber xu yilmaz zimmermann""",
)
_AT = ["mail.example", "post.example", "web.example", "inbox.example", "firm.example"]


def address_of(number: int) -> str:
    """The address of person ``number``: ``clara.costa-17@web.example``."""
    first, rest = _FIRST[number % len(_FIRST)], number // len(_FIRST)
    return f"{first}.{_LAST[rest % len(_LAST)]}-{number}@{_AT[number % len(_AT)]}"


def network_of(number: int) -> str:
    """An IP address of their own for each of the first 16 million."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
