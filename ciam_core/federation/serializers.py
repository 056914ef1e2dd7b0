"""What the REST API shows of a linked account."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from rest_framework import serializers

from ciam_core.federation.queries import provider_name


class LinkedAccountSerializer(serializers.Serializer[SocialAccount]):
    """One account elsewhere that signs in to this one."""

    id = serializers.IntegerField(source="pk")
    provider = serializers.CharField()
    name = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField(help_text="Masked; empty where the provider told none.")
    linked_at = serializers.DateTimeField(source="date_joined")
    last_used_at = serializers.DateTimeField(source="last_login")

    def get_name(self, row: SocialAccount) -> str:
        return provider_name(row.provider)

    def get_address(self, row: Any) -> str:
        return str(row.extra_data.get("address", ""))
