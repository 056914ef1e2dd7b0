"""The tables of ``ciam_core``."""

from ciam_core.accounts.models import AbstractCustomer, CustomerManager, Erasure, ProfileValue, User
from ciam_core.accounts.phones.models import Phone
from ciam_core.audit.models import AuditCheckpoint, AuditEvent, AuditSequence, AuditSink

__all__ = [
    "AbstractCustomer",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditSequence",
    "AuditSink",
    "CustomerManager",
    "Erasure",
    "Phone",
    "ProfileValue",
    "User",
]
