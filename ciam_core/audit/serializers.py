"""What the REST API shows of a person's activity."""

from typing import Any

from rest_framework import serializers


class HappeningSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    event = serializers.CharField(help_text="Its stable name.")
    title = serializers.CharField(help_text="In words, in the reader's language.")
    occurred_at = serializers.DateTimeField()
    refused = serializers.BooleanField(help_text="Whether it is something that did not succeed.")
    by_staff = serializers.BooleanField(help_text="Whether our staff did it.")
    device = serializers.CharField(allow_blank=True, help_text="In words; empty where it cannot be told.")
    address = serializers.CharField(allow_blank=True, help_text="IP address; empty where it cannot be told.")


class ActivitySerializer(serializers.Serializer[Any]):
    """A page of it, newest first."""

    results = HappeningSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="What came before; null at the end.")
