"""Authenticators as JSON."""

from typing import Any

from rest_framework import serializers

from ciam_mfa.factors.naming import LONGEST_NAME


class AuthenticatorSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(source="key", help_text="What the challenge, step-up and these addresses call it.")
    factor = serializers.CharField(source="factor.name", help_text="Its kind, such as ``totp``.")
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    disabled_at = serializers.DateTimeField(allow_null=True, help_text="Turned off after too many wrong answers.")
    left = serializers.IntegerField(allow_null=True, help_text="How often it can still be used, where that ends.")
    demanded = serializers.BooleanField(help_text="Whether it makes its owner be asked for a second factor.")


class NameSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True)


class OfferSerializer(serializers.Serializer[Any]):
    """An authenticator somebody may answer with."""

    id = serializers.CharField(source="key")
    factor = serializers.CharField(source="factor.name")
    name = serializers.CharField(source="enrolled.name")
    locked_until = serializers.DateTimeField(allow_null=True, help_text="Before that no answer is taken.")
    left = serializers.IntegerField(source="enrolled.left", allow_null=True)
