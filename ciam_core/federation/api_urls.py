"""REST under ``/api/ciam/v1/``."""

from django.urls import path

from ciam_core.federation import api

urlpatterns = [
    path("linked-accounts/", api.LinkedAccounts.as_view(), name="ciam_api_linked_accounts"),
    path("linked-accounts/<int:identity_id>/", api.LinkedAccount.as_view(), name="ciam_api_linked_account"),
]
