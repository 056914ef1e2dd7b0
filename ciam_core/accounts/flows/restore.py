"""Putting the addresses of an account back to what they were."""

from allauth.account.models import EmailAddress

from ciam_core.accounts.exceptions import AddressTaken
from ciam_core.accounts.flows.verify import make_row_primary, verify_row
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.queries import addresses_of, owner_of
from ciam_core.kernel.origin import Origin


def restore_addresses(user: AbstractCustomer, *, primary: str, held: list[str], origin: Origin) -> None:
    """Inside a flow that has locked who claims ``primary``: the addresses in ``held`` are back.

    Only ``primary`` is proven: a thief may have proven one of their own.
    """
    addresses_of(user).exclude(email__in=held).delete()
    gone = {*held} - {row.email for row in addresses_of(user)}
    free = [email for email in sorted(gone) if owner_of(email) is None]
    EmailAddress.objects.bulk_create([EmailAddress(user_id=user.pk, email=email) for email in free])
    addresses_of(user).exclude(email=primary).update(verified=False)
    row = addresses_of(user).filter(email=primary).first()
    if row is None:
        raise AddressTaken()
    verify_row(user, row, origin=origin)
    make_row_primary(user, row)
