"""Pages beside the account's own: what they extend, and how they end in a session."""

from ciam_core.accounts.adapter import detours, home_of
from ciam_core.accounts.entering import enter
from ciam_core.accounts.forms import AccountForm, ProfileForm, email_field
from ciam_core.accounts.reauthentication import signed_in_recently
from ciam_core.accounts.signing_up import sign_up
from ciam_core.accounts.urls import page
from ciam_core.accounts.views.base import FormPage, InsideFormPage, InsidePage, OutsidePage, Page, RecentSignInRequired

__all__ = [
    "AccountForm",
    "FormPage",
    "InsideFormPage",
    "InsidePage",
    "OutsidePage",
    "Page",
    "ProfileForm",
    "RecentSignInRequired",
    "detours",
    "email_field",
    "enter",
    "home_of",
    "page",
    "sign_up",
    "signed_in_recently",
]
