"""The doors of whichever project it is, and one page of a product that wants to know who asks."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_required
def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


urlpatterns = [path("whoami/", whoami), path("admin/", admin.site.urls)]
if "ciam_core" in settings.INSTALLED_APPS:
    urlpatterns += [path("", include("ciam_core.urls"))]
elif "allauth" in settings.INSTALLED_APPS:
    urlpatterns += [path("accounts/", include("allauth.urls")), path("_allauth/", include("allauth.headless.urls"))]
else:
    urlpatterns += [path("accounts/login/", LoginView.as_view(template_name="admin/login.html"))]
