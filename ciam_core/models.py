"""The tables of ``ciam_core``."""

from ciam_core.accounts.models import AbstractCustomer, CustomerManager, ProfileValue, User

__all__ = ["AbstractCustomer", "CustomerManager", "ProfileValue", "User"]
