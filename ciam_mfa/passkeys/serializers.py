"""Enrolling a passkey, as JSON."""

from typing import Any

from rest_framework import serializers

from ciam_mfa.factors.naming import LONGEST_NAME


class BegunSerializer(serializers.Serializer[Any]):
    creation_options = serializers.DictField(help_text="For ``PublicKeyCredential.parseCreationOptionsFromJSON()``.")


class NewPasskeySerializer(serializers.Serializer[Any]):
    credential = serializers.DictField(help_text="What ``PublicKeyCredential.toJSON()`` gives.")
    name = serializers.CharField(
        max_length=LONGEST_NAME, required=False, allow_blank=True, default="", help_text="Empty: what it is kept in."
    )
