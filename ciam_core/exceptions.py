"""Why ``ciam_core`` refuses, beside the kernel's own (``ciam_core.kernel.exceptions``). Codes never change.

InvalidError
├── AddressRefused          address.refused: not an address
│   ├── AddressTooLong      address.too_long
│   └── AddressLookalike    address.lookalike: letters of several scripts, invisible or compatibility characters
├── ReasonUnknown           account.reason_unknown: of a suspension or its end
├── PhoneRefused            phone.refused: no mobile number
│   └── PhoneCountryRefused phone.country: not a country texts go to
├── SignInRefused           sign_in.refused: alike for a wrong password and an unknown address
├── PasswordWrong           password.wrong: the present password of somebody signed in
├── PasswordRefused         password.refused: a new password
│   ├── PasswordTooShort    password.too_short: ``min_length``
│   ├── PasswordTooLong     password.too_long: ``max_length``
│   ├── PasswordContextual  password.contextual: the person's own address or name, or the product's
│   ├── PasswordCommon      password.common: among the worst
│   └── PasswordBreached    password.breached: found in a published breach
└── ProfileRefused          profile.refused: by attribute
ForbiddenError
├── AccountUnavailable      account.unavailable: told only to its owner
├── RecentSignInNeeded      recent_sign_in_required
└── SignUpClosed            sign_up.closed
ConflictError
├── AddressKept             address.primary
├── AddressTaken            address.taken: proven by another account
├── AddressUnproven         address.unverified
├── AddressYours            address.yours
├── StateChanged            account.state_changed: this is no way out of the present state
├── PhoneKept               phone.last_way_in
├── PhoneTaken              phone.taken: proven by another account
├── PhoneUnproven           phone.unverified
├── PhoneYours              phone.yours
├── TooManyPhones           phone.too_many
└── TooManyAddresses        address.too_many
ThrottledError
├── PasswordClosed          password.closed: too many wrong ones in a row; come in by mail
└── HashingBusy             password.busy: every hashing slot of this process is taken
"""

from ciam_core.accounts.exceptions import (
    AccountUnavailable,
    AddressKept,
    AddressTaken,
    AddressUnproven,
    AddressYours,
    PasswordWrong,
    ReasonUnknown,
    RecentSignInNeeded,
    SignInRefused,
    SignUpClosed,
    StateChanged,
    TooManyAddresses,
)
from ciam_core.accounts.normalising import AddressLookalike, AddressRefused, AddressTooLong
from ciam_core.accounts.phones.exceptions import (
    PhoneCountryRefused,
    PhoneKept,
    PhoneRefused,
    PhoneTaken,
    PhoneUnproven,
    PhoneYours,
    TooManyPhones,
)
from ciam_core.accounts.profile.exceptions import ProfileRefused
from ciam_core.passwords.exceptions import (
    HashingBusy,
    PasswordBreached,
    PasswordCommon,
    PasswordContextual,
    PasswordRefused,
    PasswordTooLong,
    PasswordTooShort,
)
from ciam_core.throttling.exceptions import PasswordClosed

__all__ = [
    "AccountUnavailable",
    "AddressKept",
    "AddressLookalike",
    "AddressRefused",
    "AddressTaken",
    "AddressTooLong",
    "AddressUnproven",
    "AddressYours",
    "HashingBusy",
    "PasswordBreached",
    "PasswordClosed",
    "PasswordCommon",
    "PasswordContextual",
    "PasswordRefused",
    "PasswordTooLong",
    "PasswordTooShort",
    "PasswordWrong",
    "PhoneCountryRefused",
    "PhoneKept",
    "PhoneRefused",
    "PhoneTaken",
    "PhoneUnproven",
    "PhoneYours",
    "ProfileRefused",
    "ReasonUnknown",
    "RecentSignInNeeded",
    "SignInRefused",
    "SignUpClosed",
    "StateChanged",
    "TooManyAddresses",
    "TooManyPhones",
]
