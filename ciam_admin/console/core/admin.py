"""The ModelAdmins of what ``ciam_core`` holds."""

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model

from ciam_admin.console.core.people import PeopleAdmin
from ciam_admin.console.core.trail import TrailAdmin
from ciam_core.models import AbstractCustomer, AuditEvent


def register(site: AdminSite) -> None:
    """Add the console to ``site``. A model the host has registered itself stays the host's."""
    people = get_user_model()
    for model, model_admin in ((people, PeopleAdmin), (AuditEvent, TrailAdmin)):
        if model is people and not issubclass(people, AbstractCustomer):
            continue
        if not site.is_registered(model):
            site.register(model, model_admin)
