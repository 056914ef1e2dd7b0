"""Putting the addresses of an account back to what they were."""

from allauth.account.models import EmailAddress
from django.utils import timezone

from ciam_core.accounts import purposes
from ciam_core.accounts.exceptions import AddressTaken
from ciam_core.accounts.flows.states import bring_back
from ciam_core.accounts.flows.verify import lock, make_row_primary, require_owner, verify_row
from ciam_core.accounts.models import AbstractCustomer
from ciam_core.accounts.passwords import void_password
from ciam_core.accounts.phones.flows import remove_recent_phones
from ciam_core.accounts.queries import addresses_of, owner_of
from ciam_core.events import AddressChangeUndone
from ciam_core.kernel.events import emit
from ciam_core.kernel.flow import flow
from ciam_core.kernel.models import Proof
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.proofs import spend, void_newer
from ciam_core.kernel.revocation import end_all_access
from ciam_core.settings import conf


@flow
def undo_address_change(proof: Proof, *, origin: Origin) -> AbstractCustomer:
    """Spend an undo link: the addresses are what they were, phone numbers added within
    ``UNDO_LIFETIME`` are gone, all access ends, the password is void.

    Whoever changed the address may know the password, so the way back in is recovery through the restored address.
    """
    user = require_owner(proof)
    lock(user, claimed=proof.address)  # before any proof: locking the account voids all of them, in one order
    user = require_owner(proof)
    spend(proof, several=True)
    bring_back(user, reason="locked_down", origin=origin)
    restore_addresses(user, primary=proof.address, held=proof.data["held"], origin=origin)
    remove_recent_phones(user, since=timezone.now() - conf().UNDO_LIFETIME, origin=origin)
    void_password(user, origin=origin)
    end_all_access(user, reason="address_change_undone")
    # Newer ones went to addresses of whoever changed this one; older ones, to their victim, stay good.
    void_newer(proof, purposes.undo_address_change(), purposes.wasnt_me())
    emit(AddressChangeUndone(subject_id=str(user.pk), origin=origin))
    return user


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
