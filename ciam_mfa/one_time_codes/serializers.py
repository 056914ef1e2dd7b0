"""Enrolling a number, as JSON."""

from typing import Any

from rest_framework import serializers

from ciam_mfa.factors.naming import LONGEST_NAME
from ciam_mfa.one_time_codes.forms import LONGEST_NUMBER


class NewNumberSerializer(serializers.Serializer[Any]):
    phone = serializers.CharField(max_length=LONGEST_NUMBER)


class TextedSerializer(serializers.Serializer[Any]):
    sent_to = serializers.CharField(help_text="Masked.")
    minutes = serializers.IntegerField(help_text="How long the code is good for.")
    resend_in = serializers.IntegerField(help_text="Seconds until another may be asked for.")


class TextedCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True, default="")
