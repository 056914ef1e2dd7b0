"""REST under ``/api/ciam/v1/``: the view that asks for a recent sign-in, and what the OpenAPI document says."""

from ciam_core.accounts.api import GuardedView, person
from ciam_core.kernel.documenting import SIGNED_IN, describe, example, problems

__all__ = ["SIGNED_IN", "GuardedView", "describe", "example", "person", "problems"]
