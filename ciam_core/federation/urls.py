"""The pages, and allauth's paths for browser and app clients."""

from allauth.headless.constants import Client
from django.urls import include, path

from ciam_core.building.headless import paths_for
from ciam_core.building.pages import page
from ciam_core.federation import headless
from ciam_core.federation.views import first_time, linked, there_and_back

PAGES = [
    page("social/continue/", first_time.Continue, "ciam_federation_continue"),
    page("social/finish/", first_time.Finish, "ciam_federation_finish"),
    page("social/<slug:provider_id>/", there_and_back.Start, "ciam_federation_start"),
    page("social/<slug:provider_id>/callback/", there_and_back.Callback, "ciam_federation_callback"),
    page("linked/", linked.LinkedAccounts, "ciam_linked_accounts"),
    page("linked/<slug:provider_id>/link/", linked.StartLinking, "ciam_link_account"),
    page("linked/<int:identity_id>/unlink/", linked.Unlink, "ciam_unlink_account"),
]

urlpatterns = [
    path("accounts/", include(PAGES)),
    path("_allauth/browser/v1/", include(paths_for(Client.BROWSER, headless.BROWSER))),
    path("_allauth/app/v1/", include(paths_for(Client.APP, headless.APP))),
]
