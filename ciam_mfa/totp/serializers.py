"""Enrolling an authenticator app, as JSON."""

from typing import Any

from rest_framework import serializers

from ciam_mfa.factors.naming import LONGEST_NAME


class StartedSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="In base32, to be typed.")
    uri = serializers.CharField(help_text="``otpauth://…``, to be opened or shown as a QR code.")


class FirstCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True, default="")
