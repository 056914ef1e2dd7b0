"""Why ``ciam_core.federation`` refuses. Codes never change.

InvalidError
├── ProviderDenied        provider.denied: the person said no there
├── ProviderRejected      provider.rejected: what came back proves nothing; the trail knows why
└── SignInExpired         provider.expired: not started in this browser, too long ago, or used already
ProviderUnavailable       provider.unavailable (503): no answer, or one that makes no sense
NotFoundError
└── ProviderUnknown       provider.unknown: not, or no longer, one of ours
ConflictError
├── AddressUnconfirmed    identity.address_unconfirmed: nobody we believe says that the address is theirs
├── IdentityTaken         identity.taken: linked to another account
├── LastWayIn             identity.last_way_in
├── NothingPending        identity.none_pending
└── OwnershipUnproven     identity.ownership_unproven: the address has an account; sign in to it once
"""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import CiamError, ConflictError, InvalidError, NotFoundError


class ProviderDenied(InvalidError):
    code = "provider.denied"
    message = _("You did not allow it there, so nothing has changed. Try again, or sign in another way.")


class ProviderRejected(InvalidError):
    code = "provider.rejected"
    message = _("What came back does not prove who you are. Try again, or sign in another way.")


class SignInExpired(InvalidError):
    code = "provider.expired"
    message = _("This took too long, or was started in another browser. Start again.")


class ProviderUnavailable(CiamError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "provider.unavailable"
    message = _("We get no answer from there at the moment. Try again in a few minutes, or sign in another way.")


class ProviderUnknown(NotFoundError):
    code = "provider.unknown"
    message = _("This way to sign in is not offered here. Use another one.")


class AddressUnconfirmed(ConflictError):
    code = "identity.address_unconfirmed"
    message = _("Confirm an email address first.")


class OwnershipUnproven(ConflictError):
    """Told only to somebody of whom a trusted provider says that the address is theirs."""

    code = "identity.ownership_unproven"
    message = _("There is an account with this address already. Sign in to it once, then link it.")


class IdentityTaken(ConflictError):
    code = "identity.taken"
    message = _("That account is linked to another one here. Unlink it there first.")


class LastWayIn(ConflictError):
    code = "identity.last_way_in"
    message = _("This is the only way into your account. Set a password or confirm an address first.")


class NothingPending(ConflictError):
    code = "identity.none_pending"
    message = _("There is nothing to link. Start again with the account you want to link.")


__all__ = [
    "AddressUnconfirmed",
    "IdentityTaken",
    "LastWayIn",
    "NothingPending",
    "OwnershipUnproven",
    "ProviderDenied",
    "ProviderRejected",
    "ProviderUnavailable",
    "ProviderUnknown",
    "SignInExpired",
]
