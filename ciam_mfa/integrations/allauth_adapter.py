"""Telling ``allauth.mfa``, installed as an empty shell, what people have: ``CIAM_MFA["ALLAUTH_CLIENTS"]``."""

from collections.abc import Collection
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter

from ciam_mfa.factors.queries import authenticators_of, demands_second_factor
from ciam_mfa.integrations.allauth import told_as


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Named in ``MFA_ADAPTER``. allauth's own table stays empty."""

    def is_mfa_enabled(self, user: Any, types: Collection[str] | None = None) -> bool:
        if not user.is_authenticated:
            return False
        own = authenticators_of(user)
        if types is None:
            return demands_second_factor(own)
        return any(one.is_usable and told_as(one.key) in types for one in own)
