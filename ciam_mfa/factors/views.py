"""All of a person's second factors on one page; naming and removing one, whatever kind it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ciam_core.kernel.pages import FormPage, Page, SignedIn
from ciam_core.kernel.typing import User
from ciam_mfa.enforcement.queries import must_have_factor
from ciam_mfa.exceptions import AuthenticatorUnknown
from ciam_mfa.factors.demand import demanded_by, is_met_by
from ciam_mfa.factors.factor import Factor, factors
from ciam_mfa.factors.flows import remove_authenticator, rename_authenticator
from ciam_mfa.factors.forms import NameForm
from ciam_mfa.factors.queries import Enrolled, authenticators_of, demands_second_factor
from ciam_mfa.factors.returning import remember_way_back, way_back
from ciam_mfa.factors.rows import needed_by


class Factors(SignedIn, Page):
    """Also where somebody is led who must have a factor: what they were about to do is remembered until they can."""

    template_name = "ciam_mfa/factors/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrolled = authenticators_of(self.person)
        has_any = demands_second_factor(enrolled)
        sections = [_section(factor, enrolled, self.person) for factor in sorted(factors, key=lambda own: own.rank)]
        shown = [own for own in sections if _is_shown(own, has_any=has_any)]
        unsafe = has_any and not any(own.factor.is_backup and own.is_usable for own in enrolled)
        due_at = demanded_by(self.person, enrolled)
        if due_at and self.next_url:
            remember_way_back(self.request, self.next_url)
        told = {"sections": shown, "has_any": has_any, "without_backup": unsafe}
        demand = needed_by(due_at) if due_at else ""
        onward = "" if has_any else way_back(self.request)
        return super().get_context_data(**told, demand=demand, way_back=onward, **kwargs)


def _section(factor: Factor, enrolled: list[Enrolled], user: User) -> dict[str, Any]:
    own = [one for one in enrolled if one.factor is factor]
    shown = {"factor": factor, "authenticators": own, "told": factor.told(user)}
    return {**shown, "add_url": reverse(factor.add_url), "may_add": factor.may_add(own)}


def _is_shown(section: dict[str, Any], *, has_any: bool) -> bool:
    if section["factor"].is_backup:
        return has_any
    return bool(section["authenticators"]) or bool(section["may_add"])


class AuthenticatorPage(SignedIn, FormPage):
    """About the one that ``key`` names in the address; 404 for another person's."""

    enrolled: Enrolled

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        mine = (own for own in authenticators_of(self.person) if own.key == kwargs["key"])
        found = next(mine, None)
        if found is None:
            raise AuthenticatorUnknown()
        self.enrolled = found
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(own=self.enrolled, **kwargs)


class Authenticator(AuthenticatorPage):
    template_name = "ciam_mfa/factors/authenticator.html"
    form_class = NameForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.enrolled.name}

    def act(self, form: NameForm) -> HttpResponse:
        name = form.cleaned_data["name"]
        rename_authenticator(self.person, self.enrolled.key, name=name, origin=self.origin)
        messages.success(self.request, _("The name is changed."))
        return redirect("ciam_factors")


class Remove(AuthenticatorPage):
    """Says what is lost before it is."""

    template_name = "ciam_mfa/factors/remove.html"

    def act(self, form: Any) -> HttpResponse:
        remove_authenticator(self.person, self.enrolled.key, origin=self.origin)
        messages.success(self.request, _("“%(name)s” is removed.") % {"name": self.enrolled.name})
        return redirect("ciam_factors")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [own for own in authenticators_of(self.person) if own.key != self.enrolled.key]
        is_last = demands_second_factor([self.enrolled]) and not demands_second_factor(others)
        counts = is_met_by([self.enrolled]) and not is_met_by(others)
        is_demanded = counts and must_have_factor(self.person)
        return super().get_context_data(is_last=is_last, is_demanded=is_demanded, **kwargs)
