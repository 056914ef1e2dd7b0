"""REST under ``/api/ciam/v1/``."""

from django.urls import path

from ciam_core.accounts import api
from ciam_core.accounts.phones import api as phones
from ciam_core.audit.api import Activity
from ciam_core.sessions import api as sessions

urlpatterns = [
    path("account/", api.Account.as_view(), name="ciam_api_account"),
    path("account/deactivation/", api.Deactivation.as_view(), name="ciam_api_deactivation"),
    path("account/deletion/", api.Deletion.as_view(), name="ciam_api_deletion"),
    path("activity/", Activity.as_view(), name="ciam_api_activity"),
    path("profile/", api.Profile.as_view(), name="ciam_api_profile"),
    path("profile/schema/", api.ProfileSchema.as_view(), name="ciam_api_profile_schema"),
    path("addresses/", api.Addresses.as_view(), name="ciam_api_addresses"),
    path("addresses/change/", api.AddressChange.as_view(), name="ciam_api_address_change"),
    path("addresses/confirm/", api.AddressConfirmation.as_view(), name="ciam_api_address_confirmation"),
    path("addresses/<int:address_id>/", api.Address.as_view(), name="ciam_api_address"),
    path("addresses/<int:address_id>/primary/", api.PrimaryAddress.as_view(), name="ciam_api_primary_address"),
    path("addresses/<int:address_id>/verification/", api.AddressVerification.as_view(), name="ciam_api_verification"),
    path("phones/", phones.Phones.as_view(), name="ciam_api_phones"),
    path("phones/confirm/", phones.PhoneConfirmation.as_view(), name="ciam_api_phone_confirmation"),
    path("phones/<int:phone_id>/", phones.PhoneNumber.as_view(), name="ciam_api_phone"),
    path("phones/<int:phone_id>/primary/", phones.PrimaryPhone.as_view(), name="ciam_api_primary_phone"),
    path("phones/<int:phone_id>/verification/", phones.PhoneVerification.as_view(), name="ciam_api_phone_verification"),
    path("devices/", sessions.Devices.as_view(), name="ciam_api_devices"),
    path("devices/<uuid:device_id>/", sessions.Device.as_view(), name="ciam_api_device"),
    path("sessions/", sessions.Sessions.as_view(), name="ciam_api_sessions"),
    path("sessions/others/", sessions.OtherSessions.as_view(), name="ciam_api_other_sessions"),
    path("sessions/<uuid:session_id>/", sessions.Session.as_view(), name="ciam_api_session"),
]
