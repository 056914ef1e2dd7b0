"""The ModelAdmins of what ``ciam_core`` holds."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model

from ciam_admin.console.core.people import PeopleAdmin
from ciam_admin.console.core.trail import TrailAdmin
from ciam_core.models import AuditEvent


def register(site: AdminSite) -> None:
    """Add the console to ``site``. A model the host has registered itself stays the host's."""
    kinds: dict[Any, Any] = {get_user_model(): PeopleAdmin, AuditEvent: TrailAdmin}
    for model, model_admin in kinds.items():
        if not site.is_registered(model):
            site.register(model, model_admin)
