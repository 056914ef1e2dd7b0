"""What all bundled pages share: refusals beside the field, where to go on, and who may see them."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from ciam_core.kernel.exceptions import CiamError, ThrottledError
from ciam_core.kernel.forms import CiamForm
from ciam_core.kernel.http import origin_of, safe_redirect
from ciam_core.kernel.origin import Origin
from ciam_core.kernel.typing import User

if TYPE_CHECKING:
    CiamFormView = FormView[CiamForm]
else:
    CiamFormView = FormView


class Page(TemplateView):
    """``next`` is where a page leads to afterwards, if that is on this site."""

    request: HttpRequest

    @method_decorator(sensitive_post_parameters())
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    @property
    def origin(self) -> Origin:
        return origin_of(self.request)

    @property
    def next_url(self) -> str:
        given = self.request.POST.get("next") or self.request.GET.get("next")
        return safe_redirect(self.request, given, "")

    @property
    def onward(self) -> str:
        """``next`` as the query of a link to another page on the way."""
        return f"?{urlencode({'next': self.next_url})}" if self.next_url else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"next": self.next_url, "onward": self.onward, **kwargs})


class FormPage(Page, CiamFormView):
    """A page with one form. ``act`` runs the flow; what it refuses is shown beside the field, nothing typed is lost."""

    form_class: type[CiamForm] = CiamForm

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError  # pragma: no cover  # every page has its own

    def form_valid(self, form: CiamForm) -> HttpResponse:
        try:
            return self.act(form)
        except CiamError as refusal:
            form.refuse(refusal)
            return self._refused(form, refusal)

    def form_invalid(self, form: CiamForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _refused(self, form: CiamForm, refusal: CiamError) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        if isinstance(refusal, ThrottledError):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


class SignedIn(LoginRequiredMixin):
    """For people who are signed in: ``person`` is whom the request speaks for."""

    request: HttpRequest

    @property
    def person(self) -> User:
        return self.request.user  # type: ignore[return-value]  # never anonymous here
