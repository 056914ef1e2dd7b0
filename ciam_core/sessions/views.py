"""Devices: where somebody is signed in, and ending it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ciam_core.accounts.views.base import InsideFormPage, InsidePage, RecentSignInRequired
from ciam_core.kernel.exceptions import NotFoundError
from ciam_core.sessions.flows import end_other_sessions, end_session, forget_device, name_device
from ciam_core.sessions.forms import DeviceNameForm
from ciam_core.sessions.overview import in_words, shown_devices
from ciam_core.sessions.queries import devices_of


class Devices(InsidePage):
    template_name = "ciam_core/sessions/devices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = shown_devices(self.person, current=self.origin.session)
        others = any(not session.is_current for device in shown for session in device.sessions)
        return super().get_context_data(devices=shown, signed_in_elsewhere=others, **kwargs)


class NameDevice(InsideFormPage):
    template_name = "ciam_core/sessions/name_device.html"
    form_class = DeviceNameForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.device = devices_of(request.user).filter(pk=kwargs["device_id"]).first()
        if request.user.is_authenticated and self.device is None:
            raise NotFoundError()
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.device.name if self.device else ""}

    def act(self, form: DeviceNameForm) -> HttpResponse:
        name_device(self.person, self.kwargs["device_id"], name=form.cleaned_data["name"], origin=self.origin)
        messages.success(self.request, _("Saved."))
        return redirect("ciam_devices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(device=in_words(self.device.agent if self.device else ""), **kwargs)


class DeviceAction(RecentSignInRequired, InsidePage):
    """One button: posted, done, told."""

    http_method_names = ["post"]
    back = "ciam_devices"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.success(request, self.act())
        return redirect("ciam_devices")

    def act(self) -> str:
        raise NotImplementedError  # pragma: no cover  # every button has its own


class EndSession(DeviceAction):
    def act(self) -> str:
        end_session(self.person, self.kwargs["session_id"], origin=self.origin)
        return _("That session is ended.")


class EndOtherSessions(DeviceAction):
    def act(self) -> str:
        end_other_sessions(self.person, keep=self.origin.session, origin=self.origin)
        return _("Everybody else is signed out.")


class ForgetDevice(DeviceAction):
    def act(self) -> str:
        forget_device(self.person, self.kwargs["device_id"], origin=self.origin)
        return _("The device is forgotten. The next sign-in on it is told to you as a new one.")
