from django.db import models

from ciam_core.models import AbstractCustomer


class Member(AbstractCustomer):
    """A host's own person: ours, and what this host keeps beside it."""

    card_number = models.CharField(max_length=20, blank=True)

    class Meta(AbstractCustomer.Meta):
        app_label = "own_user"
