from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.exceptions import ConflictError, InvalidError


class PhoneRefused(InvalidError):
    code = "phone.refused"
    message = _("Enter a mobile number with its country code, like +44 7700 900123.")
    field = "phone"


class PhoneCountryRefused(PhoneRefused):
    code = "phone.country"
    message = _("We cannot send text messages to this country. Use another number.")


class PhoneTaken(ConflictError):
    """Only after the number has been proven: until then nobody learns of it."""

    code = "phone.taken"
    message = _("This number belongs to another account. Remove it there first, or use another one.")
    field = "phone"


class PhoneYours(ConflictError):
    code = "phone.yours"
    message = _("This number is in your account already.")
    field = "phone"


class PhoneKept(ConflictError):
    code = "phone.last_way_in"
    message = _("This number is the only way into your account. Add an email address first.")


class PhoneUnproven(ConflictError):
    code = "phone.unverified"
    message = _("Confirm this number first.")


class TooManyPhones(ConflictError):
    code = "phone.too_many"
    message = _("You have as many numbers as an account can hold. Remove one first.")
    field = "phone"
