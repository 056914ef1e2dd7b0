"""The pages of sessions and devices."""

from ciam_core.accounts.urls import page
from ciam_core.sessions import views

urlpatterns = [
    page("devices/", views.Devices, "ciam_devices"),
    page("devices/end-others/", views.EndOtherSessions, "ciam_end_other_sessions"),
    page("devices/<uuid:device_id>/name/", views.NameDevice, "ciam_name_device"),
    page("devices/<uuid:device_id>/forget/", views.ForgetDevice, "ciam_forget_device"),
    page("devices/sessions/<uuid:session_id>/end/", views.EndSession, "ciam_end_session"),
]
