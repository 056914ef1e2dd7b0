"""What people call their authenticators."""

from ciam_mfa.factors.factor import Factor

LONGEST_NAME = 64


def tidy_name(name: str, factor: Factor) -> str:
    """``name`` in one line without marks that cannot be seen, at most 64 characters; else what the factor is called."""
    seen = "".join(mark if mark.isprintable() else " " for mark in name)
    return " ".join(seen.split())[:LONGEST_NAME] or str(factor.title)[:LONGEST_NAME]
