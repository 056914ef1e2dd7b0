"""Authenticator apps as a factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.digits import ascii_digits
from ciam_core.kernel.origin import Origin
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.factors.factor import Factor, Finding
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.totp.codes import DIGITS, drift_of, step_of
from ciam_mfa.totp.forms import TotpForm
from ciam_mfa.totp.models import TotpAuthenticator


@dataclass(frozen=True)
class RightCode(Finding):
    step: int


class Totp(Factor):
    name = "totp"
    title = _("Authenticator app")
    pitch = _("Shows a new code every half minute, on your phone or computer. Works without a network.")
    amr = ("otp",)
    rank = 30
    model = TotpAuthenticator
    answer_form = TotpForm
    answer_template = "ciam_mfa/totp/answer.html"
    add_url = "ciam_add_totp"
    pages = ("ciam_add_totp", "ciam_confirm_totp")

    def evaluate(
        self, authenticator: Authenticator, answer: Mapping[str, Any], *, state: Mapping[str, Any]
    ) -> RightCode:
        own = cast("TotpAuthenticator", authenticator)
        code = ascii_digits(str(answer.get("code", "")))
        step = step_of(code, own.secret, drift=own.drift) if len(code) == DIGITS else None
        if step is None:
            raise AnswerRejected()
        return RightCode(amr=self.amr, level=self.level, step=step)

    def spend(self, authenticator: Authenticator, finding: RightCode, *, origin: Origin) -> None:
        """No code is taken twice, nor one from before the last (RFC 6238 §5.2): the row decides, not a cache (MF1)."""
        fresh = TotpAuthenticator.objects.filter(pk=authenticator.pk, disabled_at=None, last_step__lt=finding.step)
        noted = {"last_step": finding.step, "drift": drift_of(finding.step), "last_used_at": timezone.now()}
        if not fresh.update(**noted):
            raise AnswerRejected()


totp = Totp()
