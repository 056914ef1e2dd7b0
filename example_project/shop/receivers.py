"""What the shop does when something happened to an account. The event has committed; a failure here is only logged."""

from typing import Any

from django.contrib.auth import get_user_model
from django.dispatch import receiver

from ciam_core.events import AddressVerified, ProfileChanged
from ciam_core.kernel.events import event_committed
from ciam_core.queries import profile_of
from example_project.shop.models import NewsletterSubscription, Voucher


@receiver(event_committed, sender=AddressVerified)
def welcome(event: AddressVerified, **_: Any) -> None:
    """A voucher for whoever proves an address, once."""
    Voucher.objects.get_or_create(user_id=str(event.subject_id))


@receiver(event_committed, sender=ProfileChanged)
def keep_newsletter_in_step(event: ProfileChanged, **_: Any) -> None:
    if "newsletter" not in event.attributes:
        return
    person: Any = get_user_model()._default_manager.get(pk=str(event.subject_id))
    rhythm = profile_of(person, reader="staff")["newsletter"]
    if rhythm:
        NewsletterSubscription.objects.update_or_create(user=person, defaults={"rhythm": rhythm})
    else:
        NewsletterSubscription.objects.filter(user=person).delete()
