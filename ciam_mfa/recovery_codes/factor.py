"""Recovery codes as a factor: what stands in for a lost one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.events import emit
from ciam_core.kernel.notices import tell
from ciam_core.kernel.origin import Origin
from ciam_mfa.events import RecoveryCodeSpent
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.factors.factor import Factor, Finding
from ciam_mfa.factors.models import Authenticator
from ciam_mfa.recovery_codes.codes import LENGTH, digest_of, normalise
from ciam_mfa.recovery_codes.forms import RecoveryCodeForm
from ciam_mfa.recovery_codes.models import RecoveryCode, RecoveryCodeSet


@dataclass(frozen=True)
class RightCode(Finding):
    code_id: int


class RecoveryCodes(Factor):
    name = "recovery_codes"
    title = _("Recovery codes")
    pitch = _("Ten codes on paper, each good for once: for the day you lose what you use otherwise.")
    amr = ("otp",)
    rank = 90
    is_backup = True
    model = RecoveryCodeSet
    answer_form = RecoveryCodeForm
    answer_template = "ciam_mfa/recovery_codes/answer.html"
    add_url = "ciam_recovery_codes"
    pages = (
        "ciam_recovery_codes",
        "ciam_keep_recovery_codes",
        "ciam_new_recovery_codes",
        "ciam_download_recovery_codes",
    )

    def may_add(self, held: Sequence[Any]) -> bool:
        return not held

    def manage_url(self, key: str) -> str:
        return reverse("ciam_recovery_codes")

    def left(self) -> Any:
        return Count("codes", filter=Q(codes__used_at=None))

    def evaluate(
        self, authenticator: Authenticator, answer: Mapping[str, Any], *, state: Mapping[str, Any]
    ) -> RightCode:
        own = cast("RecoveryCodeSet", authenticator)
        typed = str(answer.get("code", ""))
        found = self._unused(own, digest_of(typed, own.pepper)).first() if len(normalise(typed)) == LENGTH else None
        if found is None:
            raise AnswerRejected()
        return RightCode(amr=self.amr, level=self.level, code_id=found.pk)

    def spend(self, authenticator: Authenticator, finding: RightCode, *, origin: Origin) -> None:
        """Of two that use one code at once, the database lets one through (MF14)."""
        now, user = timezone.now(), authenticator.user
        usable = RecoveryCodeSet.objects.filter(pk=authenticator.pk, disabled_at=None)
        unused = RecoveryCode.objects.filter(pk=finding.code_id, used_at=None)
        if not usable.update(last_used_at=now) or not unused.update(used_at=now):
            raise AnswerRejected()
        left = RecoveryCode.objects.filter(set_id=authenticator.pk, used_at=None).count()
        emit(RecoveryCodeSpent(subject_id=str(user.pk), left=left, origin=origin))
        tell(user, "recovery_code_used", origin=origin, left=left)

    def _unused(self, own: RecoveryCodeSet, digest: str) -> Any:
        return RecoveryCode.objects.filter(set=own, digest=digest, used_at=None)


recovery_codes = RecoveryCodes()
