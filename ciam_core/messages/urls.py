"""The developer inbox, for a project in development: ``path("inbox/", include("ciam_core.messages.urls"))``."""

from django.urls import path

from ciam_core.messages import views

urlpatterns = [
    path("", views.inbox, name="ciam_inbox"),
    path("<uuid:message_id>/", views.inbox_message, name="ciam_inbox_message"),
    path("<uuid:message_id>/html/", views.inbox_html, name="ciam_inbox_html"),
]
