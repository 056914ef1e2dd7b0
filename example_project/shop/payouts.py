"""Where a maker's money goes. Whoever changes it has just shown who they are: it is what a thief would change first."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ciam_core.models import User
from example_project.shop.models import PayoutAddress

SURE_FOR = timedelta(minutes=5)
"""How recently a second factor must have been shown."""


def set_payout_address(user: User, *, holder: str, iban: str) -> PayoutAddress:
    return PayoutAddress.objects.update_or_create(user=user, defaults={"holder": holder, "iban": iban})[0]


def tidy_iban(typed: str) -> str:
    """``typed`` as it is kept. Raises ``ValidationError``."""
    iban = "".join(typed.split()).upper()
    if not is_iban(iban):
        raise ValidationError(_("This is not a complete IBAN. Check it for a mistyped or missing character."))
    return iban


def is_iban(iban: str) -> bool:
    """ISO 13616-1:2020 §6.1: the country, two check digits and the account, which leave 1 modulo 97."""
    if not (15 <= len(iban) <= 34 and iban.isascii() and iban.isalnum() and iban[:2].isalpha() and iban[2:4].isdigit()):
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1
