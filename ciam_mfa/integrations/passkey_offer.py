"""A passkey is offered to whoever signs in with a password and has none: a page on the way to where they were going."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ciam_core.building.pages import detours, home_of
from ciam_core.kernel.assurance import shown_in
from ciam_core.kernel.http import origin_of, session_of
from ciam_core.kernel.pages import FormPage, SignedIn
from ciam_core.kernel.required_actions import ActionRequired, require_none_open
from ciam_core.kernel.routes import url_modules
from ciam_core.kernel.typing import User
from ciam_mfa.passkeys.forms import PasskeyForm
from ciam_mfa.passkeys.models import Passkey
from ciam_mfa.passkeys.offering import decline_passkeys, offer_passkey
from ciam_mfa.passkeys.queries import passkeys_of
from ciam_mfa.passkeys.views import AddPasskey
from ciam_mfa.settings import conf
from ciam_mfa.step_up.requiring import step_up

ABLE = "passkeys"
"""What the sign-in page's script adds to the form where the browser can make one."""
ABLE_KEY = "ciam_mfa_able"


def register() -> None:
    detours.add("ciam_mfa", offered)
    url_modules.add("ciam_mfa.passkey_offer", "ciam_mfa.integrations.passkey_offer")


def remember_able(request: HttpRequest) -> None:
    """The second factor is another request than the password, which brought the browser's word."""
    if request.POST.get(ABLE):
        session_of(request)[ABLE_KEY] = True


def offered(request: HttpRequest, user: User) -> str:
    """The detour: not for a browser that cannot, nor after anything but a password, nor while something is open."""
    able = session_of(request).pop(ABLE_KEY, False) or request.POST.get(ABLE)
    if not able or not _came_by_password(request, user) or _has_something_to_do(request):
        return ""
    return reverse("ciam_offer_passkey") if offer_passkey(user, origin=origin_of(request)) else ""


def _came_by_password(request: HttpRequest, user: User) -> bool:
    """Who has just used a recovery code has lost something, and other worries."""
    methods = {own.method for own in shown_in(session_of(request), str(user.pk))}
    return "password" in methods and "recovery_codes" not in methods


def _has_something_to_do(request: HttpRequest) -> bool:
    try:
        require_none_open(request)
    except ActionRequired:
        return True
    return False


class OnTheWay(SignedIn, FormPage):
    @property
    def goal(self) -> str:
        return self.next_url or home_of(self.person)


class OfferPasskey(OnTheWay, AddPasskey):
    """As ``AddPasskey``. Before anybody presses a button, the script lets the browser make one by itself."""

    template_name = "ciam_mfa/passkeys/offer.html"
    form_class = PasskeyForm

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if passkeys_of(self.person.pk).exists():
            return redirect(self.goal)
        return super().get(request, *args, **kwargs)

    def go_on(self, made: Passkey) -> HttpResponse:
        if made.is_demanded:
            return super().go_on(made)
        messages.success(self.request, _("Your browser has made a passkey for you. It signs you in next time."))
        return redirect(self.goal)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(goal=self.goal, automatic=conf().AUTOMATIC_PASSKEYS, **kwargs)


class DeclinePasskeys(OnTheWay):
    """The person is not to be asked again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        decline_passkeys(self.person, origin=self.origin)
        return redirect(self.goal)


PAGES = [
    path("login/passkey/offer/", never_cache(step_up(None)(OfferPasskey.as_view())), name="ciam_offer_passkey"),
    path("login/passkey/decline/", never_cache(DeclinePasskeys.as_view()), name="ciam_decline_passkeys"),
]
urlpatterns = [path("accounts/", include(PAGES))]
