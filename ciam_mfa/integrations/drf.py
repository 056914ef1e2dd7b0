"""Django REST framework: what an endpoint of yours asks of whoever calls it."""

from datetime import timedelta

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.exceptions import CiamError
from ciam_core.kernel.problems import Refused
from ciam_mfa.step_up.requiring import require_level


class LevelPermission(BasePermission):
    level: Level | None
    max_age: timedelta | None

    def has_permission(self, request: Request, view: APIView) -> bool:
        try:
            require_level(request._request, level=self.level, max_age=self.max_age)
        except CiamError as refusal:
            raise Refused(refusal) from None
        return True


def RequiresLevel(  # noqa: N802  # a permission class, made to measure
    level: Level | None = Level.AAL2, *, max_age: timedelta | None = None
) -> type[BasePermission]:
    """``permission_classes = [IsAuthenticated, RequiresLevel(Level.AAL2, max_age=timedelta(minutes=5))]``.

    Refuses with 403 ``step_up_required``, which names level and age, whatever answers a host's refusals.
    """
    return type("RequiresLevel", (LevelPermission,), {"level": level, "max_age": max_age})


__all__ = ["RequiresLevel"]
