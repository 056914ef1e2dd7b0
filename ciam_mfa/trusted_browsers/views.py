"""Where a person is spared the second factor, and ending it. Whoever looks may end: it only makes us ask more."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ciam_core.kernel.pages import Page, SignedIn
from ciam_mfa.trusted_browsers.flows import end_trusted_browser, end_trusted_browsers
from ciam_mfa.trusted_browsers.queries import trust_offered_to
from ciam_mfa.trusted_browsers.showing import shown_browsers


class TrustedBrowsers(SignedIn, Page):
    template_name = "ciam_mfa/trusted_browsers/trusted_browsers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        browsers = shown_browsers(self.request, self.person)
        offered = trust_offered_to(self.person)
        return super().get_context_data(browsers=browsers, trust_days=offered.days if offered else 0, **kwargs)


class EndTrust(SignedIn, Page):
    """One button: posted, done, told."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.success(request, self.act())
        return redirect("ciam_trusted_browsers")

    def act(self) -> str:
        raise NotImplementedError  # pragma: no cover  # every button has its own


class EndTrustedBrowser(EndTrust):
    def act(self) -> str:
        end_trusted_browser(self.person, self.kwargs["browser_id"], origin=self.origin)
        return _("You are asked there again.")


class EndTrustedBrowsers(EndTrust):
    def act(self) -> str:
        end_trusted_browsers(self.person, origin=self.origin)
        return _("You are asked everywhere again.")
