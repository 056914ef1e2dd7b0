"""Stages between the first proof of who is there and the session."""

from ciam_core.accounts.stages import further_proofs

__all__ = ["further_proofs"]
