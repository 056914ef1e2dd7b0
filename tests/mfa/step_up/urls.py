"""A host's own acts, each behind a step-up."""

from datetime import timedelta

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from ciam_core.kernel.api import CiamAPIView, SignedInAuthentication
from ciam_core.kernel.assurance import Level
from ciam_mfa.integrations.admin import StepUpAdmin
from ciam_mfa.integrations.drf import RequiresLevel
from ciam_mfa.step_up.requiring import step_up
from example_project.shop.models import Product
from tests.urls import urlpatterns as of_the_project

FIVE = timedelta(minutes=5)


@step_up(Level.AAL2, max_age=FIVE)
def payout(request):
    if request.method == "POST":
        return HttpResponse(f"paid to {request.POST.getlist('iban')}")
    return HttpResponse("the form")


@method_decorator(step_up(None, max_age=FIVE), name="dispatch")
class Address(View):
    def get(self, request):
        return HttpResponse("the form")

    def post(self, request):
        return HttpResponse(f"moved to {request.POST['street']}")


class Refund(CiamAPIView):
    permission_classes = [IsAuthenticated, RequiresLevel(Level.AAL2, max_age=FIVE)]

    def post(self, request):
        return Response({"refunded": True})


class HostsOwn(APIView):
    """With whatever answers a host's refusals."""

    authentication_classes = [SignedInAuthentication]
    permission_classes = [RequiresLevel(Level.AAL2, max_age=FIVE)]

    def get(self, request):
        return Response({})


class Things(StepUpAdmin):
    actions = ("retire",)

    @step_up(Level.AAL2, max_age=FIVE)
    def retire(self, request, queryset):
        queryset.update(maker="nobody")


site = AdminSite(name="shop_admin")
site.register(Product, Things)

urlpatterns = [
    *of_the_project,
    path("shop-admin/", site.urls),
    path("payout/", payout, name="payout"),
    path("address/", Address.as_view(), name="address"),
    path("api/refund/", Refund.as_view(), name="refund"),
    path("api/own/", HostsOwn.as_view(), name="own"),
]
