"""What the shop holds about a person, and what their erasure does to it."""

from ciam_core.kernel.personal_data import Erase, declare


def declare_tables() -> None:
    declare("shop.Voucher", subject="user_id", on_erase=Erase.DELETE, fields=["percent"])
    declare("shop.PayoutAddress", subject="user_id", on_erase=Erase.DELETE, fields=["holder", "iban", "changed_at"])
    declare("shop.NewsletterSubscription", subject="user_id", on_erase=Erase.DELETE, fields=["rhythm", "since"])
    # What was sold stays in the books; to whom, and where it was sent, does not.
    declare(
        "shop.Order",
        subject="user_id",
        on_erase=Erase.ANONYMISE,
        fields=["name", "delivery_address"],
        replacements={"name": "", "delivery_address": ""},
    )
