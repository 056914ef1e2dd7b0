"""What the REST API reads and shows of a phone number."""

from rest_framework import serializers

from ciam_core.accounts.phones.models import Phone
from ciam_core.accounts.phones.normalising import LONGEST
from ciam_core.accounts.serializers import StrictSerializer


class PhoneSerializer(serializers.ModelSerializer[Phone]):
    verified = serializers.SerializerMethodField()

    class Meta:
        model = Phone
        fields = ["id", "hint", "verified", "primary"]

    def get_verified(self, row: Phone) -> bool:
        return row.verified_at is not None


class NumberSerializer(StrictSerializer):
    phone = serializers.CharField(max_length=LONGEST, help_text="With its country code, or of ``PHONE_REGION``.")
