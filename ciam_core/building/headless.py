"""allauth's wire protocol for browser and app clients."""

from ciam_core.accounts.headless.base import (
    Answer,
    AuthView,
    SignedInAuthView,
    StrictInput,
    conflict,
    done,
    refused,
)
from ciam_core.accounts.headless.sign_up import SignUpInput
from ciam_core.accounts.headless.urls import paths_for

__all__ = [
    "Answer",
    "AuthView",
    "SignUpInput",
    "SignedInAuthView",
    "StrictInput",
    "conflict",
    "done",
    "paths_for",
    "refused",
]
