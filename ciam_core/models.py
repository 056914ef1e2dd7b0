"""The tables of ``ciam_core``."""

from ciam_core.accounts.models import AbstractCustomer, CustomerManager, Erasure, ProfileValue, User
from ciam_core.accounts.phones.models import Phone
from ciam_core.audit.models import AuditCheckpoint, AuditEvent, AuditSequence, AuditSink
from ciam_core.sessions.models import Device, Session

__all__ = [
    "AbstractCustomer",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditSequence",
    "AuditSink",
    "CustomerManager",
    "Device",
    "Erasure",
    "Phone",
    "ProfileValue",
    "Session",
    "User",
]
