"""What the REST API reads and shows of a person."""

from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from rest_framework import serializers

from ciam_core.accounts.attributes import Attribute


class StrictSerializer(serializers.Serializer[Any]):
    """A name nobody declared is an error, not silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (strangers := data.keys() - self.fields.keys()):
            problem = serializers.ErrorDetail(_("This is not known here."), code="unknown")
            raise serializers.ValidationError({str(name): [problem] for name in sorted(map(str, strangers))})
        return super().to_internal_value(data)


class AccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["active"], help_text="Every other state is signed out.")
    deletion_grace = serializers.DurationField(help_text="How long a deletion can be undone: days, hours, minutes.")


class DeletionSerializer(serializers.Serializer[Any]):
    due_at = serializers.DateTimeField(help_text="When the account is erased, unless that is undone.")


class AddressSerializer(serializers.ModelSerializer[EmailAddress]):
    class Meta:
        model = EmailAddress
        fields = ["id", "email", "verified", "primary"]


class EmailSerializer(StrictSerializer):
    email = serializers.CharField(max_length=320)


class CodeSerializer(StrictSerializer):
    code = serializers.CharField(max_length=64, help_text="As it was mailed; spaces do not matter.")


class PendingSerializer(serializers.Serializer[Any]):
    """What was mailed: a code and a link, to be confirmed in this session."""

    sent_to = serializers.CharField(help_text="Masked.")
    expires_at = serializers.DateTimeField()


class AttributeSerializer(serializers.Serializer[Attribute]):
    """One declared attribute: enough to build a form."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the base's option
    type = serializers.ChoiceField(choices=["text", "integer", "boolean", "date", "choice", "url"])
    help = serializers.CharField(allow_blank=True)
    required = serializers.ChoiceField(choices=["never", "sign_up", "asked"])  # type: ignore[assignment]  # likewise
    writable = serializers.SerializerMethodField(help_text="Whether the person may change it.")
    choices = serializers.SerializerMethodField()
    max_length = serializers.IntegerField()

    def get_writable(self, attribute: Attribute) -> bool:
        return "customer" in attribute.write

    def get_choices(self, attribute: Attribute) -> list[dict[str, str]]:
        return [{"value": value, "label": str(label)} for value, label in attribute.choices]
