"""REST: showing again who one is, after ``step_up_required``."""

from typing import Any

from django.views.decorators.debug import sensitive_variables
from rest_framework import exceptions as drf
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.kernel.api import CiamAPIView, documented
from ciam_core.kernel.assurance import level_of
from ciam_core.kernel.documenting import example, problems
from ciam_core.kernel.http import session_of
from ciam_mfa.challenge.answering import begin_answer, give_answer
from ciam_mfa.exceptions import AuthenticatorUnknown
from ciam_mfa.factors.api import person
from ciam_mfa.factors.channels import first_factors
from ciam_mfa.factors.examples import READING
from ciam_mfa.factors.queries import factor_of, offers_to
from ciam_mfa.factors.serializers import OfferSerializer
from ciam_mfa.step_up.views import step_up_done


class StandingSerializer(serializers.Serializer[Any]):
    level = serializers.CharField(help_text="``aal1``, ``aal2`` or ``aal3``: what this session has reached.")
    authenticators = OfferSerializer(many=True, help_text="What can be answered with, the strongest first.")


ANSWER = {"type": "object", "additionalProperties": True}
SHOWN = {"id": "totp-12", "factor": "totp", "name": "Phone", "locked_until": None, "left": None}
STANDING = {"level": "aal2", "authenticators": [SHOWN]}
READ: dict[str, Any] = {
    "operation_id": "step_up_read",
    "tags": ["second factors"],
    "summary": "How surely you are known, and what you can show",
    "responses": {200: StandingSerializer, **problems(*READING)},
    "examples": [example(STANDING)],
}
GIVE: dict[str, Any] = {
    "operation_id": "step_up_answer",
    "tags": ["second factors"],
    "summary": "Show it",
    "description": 'With `"begin": true` instead of an answer: what it takes to answer, under `prompt`.',
    "request": {"application/json": ANSWER},
    "responses": {
        200: StandingSerializer,
        **problems(
            *READING,
            "invalid",
            "malformed",
            "too_large",
            "mfa.answer_rejected",
            "mfa.authenticator_disabled",
            "mfa.authenticator_unknown",
            "mfa.same_channel",
            "mfa.texts_off",
            "too_many_attempts",
        ),
    },
    "examples": [example({"authenticator": "totp-12", "code": "482913"}, asked=True), example(STANDING)],
}


class StepUp(CiamAPIView):
    while_pending = True

    @documented(**READ)
    def get(self, request: Request) -> Response:
        return self.standing(request)

    @documented(**GIVE)
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        given = dict(request.data) if isinstance(request.data, dict) else {}
        key, begin = given.pop("authenticator", ""), given.pop("begin", False)
        factor = factor_of(key) if isinstance(key, str) else None
        if factor is None:
            raise AuthenticatorUnknown(field="authenticator")
        if begin is True:
            return Response({"prompt": begin_answer(request._request, person(request), key)})
        form = factor.answer_form(data=given)
        if not form.is_valid():
            raise drf.ValidationError({name: [str(problem) for problem in told] for name, told in form.errors.items()})
        give_answer(request._request, person(request), key, form.cleaned_data)
        step_up_done(request._request)
        return self.standing(request)

    def standing(self, request: Request) -> Response:
        whom = person(request)
        reached, known_by = level_of(session_of(request._request), str(whom.pk)), first_factors(request._request, whom)
        shown = {"level": f"aal{reached.value}", "authenticators": offers_to(whom, shown=known_by)}
        return Response(StandingSerializer(shown).data)
