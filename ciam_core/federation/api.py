"""REST: the accounts elsewhere that sign in to this one."""

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ciam_core.building.api import GuardedView, person
from ciam_core.federation import examples
from ciam_core.federation.errands import stop_waiting, waiting
from ciam_core.federation.flows import link_identity, unlink_identity
from ciam_core.federation.queries import identities_of
from ciam_core.federation.serializers import LinkedAccountSerializer
from ciam_core.kernel.api import documented


class LinkedAccounts(GuardedView):
    @documented(**examples.LIST_LINKED)
    def get(self, request: Request) -> Response:
        return Response(LinkedAccountSerializer(identities_of(request.user), many=True).data)

    @documented(**examples.LINK_PENDING)
    def post(self, request: Request) -> Response:
        identity, _ = waiting(request._request)
        row = link_identity(person(request), identity, origin=self.origin)
        stop_waiting(request._request)
        return Response(LinkedAccountSerializer(row).data, status=status.HTTP_201_CREATED)


class LinkedAccount(GuardedView):
    @documented(**examples.UNLINK)
    def delete(self, request: Request, identity_id: int) -> Response:
        unlink_identity(person(request), identity_id, origin=self.origin)
        return Response(status=status.HTTP_204_NO_CONTENT)
