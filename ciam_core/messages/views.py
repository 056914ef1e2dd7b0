"""The pages of the developer inbox. They do not exist unless ``DEBUG`` is on."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from ciam_core.kernel.required_actions import while_pending
from ciam_core.messages.inbox import KeptMessage, kept_message, kept_messages

View = Callable[..., HttpResponse]

SANDBOX = "allow-top-navigation-by-user-activation"
POLICY = f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox {SANDBOX}"


def _in_development(view: View) -> View:
    @wraps(view)
    def show(request: HttpRequest, **captured: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, **captured)

    return while_pending(require_safe(show))


@_in_development
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "ciam_core/messages/inbox.html", {"kept": kept_messages()})


@_in_development
def inbox_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    context = {"kept": _find(message_id), "sandbox": SANDBOX}
    return render(request, "ciam_core/messages/inbox_message.html", context)


@_in_development
@xframe_options_sameorigin
def inbox_html(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The HTML of one message, for the frame on its page: no script, nothing fetched; its links leave the frame."""
    head, found, rest = _find(message_id).html.partition("<head>")
    body = f'{head}{found}<base target="_top">{rest}'
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})


def _find(message_id: UUID) -> KeptMessage:
    try:
        return kept_message(message_id)
    except FileNotFoundError:
        raise Http404 from None
