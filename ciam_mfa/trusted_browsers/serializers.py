"""Trusted browsers and apps as JSON."""

from typing import Any

from rest_framework import serializers


class TrustedDeviceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    channel = serializers.ChoiceField(choices=["browser", "app"])
    label = serializers.CharField(help_text="What it is in words, in the reader's language.")  # type: ignore[assignment]  # a field, not the base's option
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="When it last spared the challenge.")
    expires_at = serializers.DateTimeField()
    current = serializers.BooleanField(help_text="Whether this request comes from it.")
