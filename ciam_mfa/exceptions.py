"""Why ``ciam_mfa`` refuses. Codes never change.

InvalidError
├── AnswerRejected            mfa.answer_rejected: wrong, or used already
│   ├── PasskeyRefused        mfa.passkey_refused: not signed for this, or not by that passkey
│   └── PasskeyUnknown        mfa.passkey_unknown: nobody's here
├── EnrolmentExpired          mfa.enrolment_expired: nothing waits to be confirmed, or not any more
└── PasswordRejected          mfa.password_rejected: at a host that has Django's own password
ForbiddenError
├── AuthenticatorDisabled     mfa.authenticator_disabled
├── ChallengeRequired         mfa.challenge_required: a second factor is missing to this sign-in
├── SameChannel               mfa.same_channel: the first factor came the same way
├── FactorNeeded              mfa.factor_needed: what is asked for takes a second factor, and there is none
└── StepUpRequired            step_up_required: to be shown again, as surely as ``level``, within ``max_age`` seconds
NotFoundError
└── AuthenticatorUnknown      mfa.authenticator_unknown: not there, or not this person's
ConflictError
├── LastFactor                mfa.last_factor: a rule demands one of this person
├── NothingToBackUp           mfa.nothing_to_back_up
├── PasskeyTaken              mfa.passkey_taken: this one is enrolled already
├── TextsOff                  mfa.texts_off: this host texts nobody
└── TooManyAuthenticators     mfa.too_many_authenticators
"""

from datetime import timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.exceptions import ConflictError, ForbiddenError, InvalidError, NotFoundError


class AnswerRejected(InvalidError):
    """It never tells a wrong code from one that was used: who replays one learns nothing."""

    code = "mfa.answer_rejected"
    message = _("That code is not right, or was used already. Enter the newest one.")
    field: str | None = "code"


class PasskeyRefused(AnswerRejected):
    """It never tells which check failed; the log does (``ciam_mfa.passkeys``)."""

    code = "mfa.passkey_refused"
    message = _("This passkey could not be accepted. Try again, or use another way.")
    field = None


class PasskeyUnknown(AnswerRejected):
    """The browser may forget it (``signalUnknownCredential``)."""

    code = "mfa.passkey_unknown"
    message = _("This passkey belongs to no account here any more. Use another way, and remove it from your device.")
    field = None


class EnrolmentExpired(InvalidError):
    code = "mfa.enrolment_expired"
    message = _("This took too long. Start again.")


class PasswordRejected(InvalidError):
    code = "mfa.password_rejected"
    message = _("That password is not right.")
    field = "password"


class AuthenticatorDisabled(ForbiddenError):
    code = "mfa.authenticator_disabled"
    message = _("This was turned off after too many wrong codes. Use another way.")


class ChallengeRequired(ForbiddenError):
    """Raised out of Django's ``login()``: whoever called it has signed nobody in."""

    code = "mfa.challenge_required"
    message = _("One more step: confirm that it is you.")

    @property
    def way_on(self) -> str:
        return reverse("ciam_challenge")


class FactorNeeded(ForbiddenError):
    code = "mfa.factor_needed"
    message = _("This takes a second factor. Add one first.")

    @property
    def way_on(self) -> str:
        return reverse("ciam_factors")


class SameChannel(ForbiddenError):
    code = "mfa.same_channel"
    message = _("You have shown this already: you signed in with a text message. Use another way.")


class StepUpRequired(ForbiddenError):
    """``back``: where a person goes on afterwards."""

    code = "step_up_required"
    message = _("Confirm that it is you, then try again.")

    def __init__(self, level: Level, max_age: timedelta, *, back: str = "") -> None:
        super().__init__(level=f"aal{level.value}", max_age=int(max_age.total_seconds()))
        self._back = back

    @property
    def way_on(self) -> str:
        return f"{reverse('ciam_step_up')}?{urlencode({'next': self._back})}"


class AuthenticatorUnknown(NotFoundError):
    code = "mfa.authenticator_unknown"


class LastFactor(ConflictError):
    code = "mfa.last_factor"
    message = _("Your account must have a second factor. Add another one first, then remove this one.")


class NothingToBackUp(ConflictError):
    code = "mfa.nothing_to_back_up"
    message = _("Recovery codes stand in for another factor. Add that one first.")


class PasskeyTaken(ConflictError):
    code = "mfa.passkey_taken"
    message = _("This passkey is in use already.")


class TextsOff(ConflictError):
    code = "mfa.texts_off"
    message = _("We cannot send text messages at the moment. Use another way.")


class TooManyAuthenticators(ConflictError):
    code = "mfa.too_many_authenticators"
    message = _("You have as many of these as you can have. Remove one first.")


__all__ = [
    "AnswerRejected",
    "AuthenticatorDisabled",
    "AuthenticatorUnknown",
    "ChallengeRequired",
    "EnrolmentExpired",
    "FactorNeeded",
    "LastFactor",
    "NothingToBackUp",
    "PasskeyRefused",
    "PasskeyTaken",
    "PasskeyUnknown",
    "PasswordRejected",
    "SameChannel",
    "StepUpRequired",
    "TextsOff",
    "TooManyAuthenticators",
]
