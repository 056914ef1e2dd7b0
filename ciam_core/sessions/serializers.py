"""What the REST API reads and shows of sessions and devices."""

from typing import Any

from rest_framework import serializers

from ciam_core.accounts.naming import place_of
from ciam_core.accounts.serializers import StrictSerializer
from ciam_core.sessions.models import Device, Session
from ciam_core.sessions.overview import in_words, label_of


class SessionSerializer(serializers.Serializer[Session]):
    """``device`` is an id of ``/devices/``, null where the device is not remembered."""

    id = serializers.UUIDField()
    device = serializers.UUIDField(source="device_id", allow_null=True)
    channel = serializers.ChoiceField(choices=["browser", "app", "admin"])
    agent = serializers.SerializerMethodField(help_text="In words, in the reader's language.")
    place = serializers.SerializerMethodField(help_text="In words, or the IP address.")
    methods = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    current = serializers.SerializerMethodField(help_text="Whether this request speaks in it.")

    def get_agent(self, session: Session) -> str:
        return in_words(session.agent)

    def get_place(self, session: Session) -> str:
        return place_of(session.address)

    def get_methods(self, session: Session) -> list[str]:
        return session.methods.split()

    def get_current(self, session: Session) -> bool:
        return bool(session.key_digest == self.context.get("current"))


class SessionPageSerializer(serializers.Serializer[Any]):
    """A page of them, newest first."""

    results = SessionSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="Older ones; null at the end.")


class DeviceSerializer(serializers.Serializer[Device]):
    id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)
    label = serializers.SerializerMethodField(help_text="The name, else what it is in words.")  # type: ignore[assignment]  # a field, not the base's option
    first_used_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    current = serializers.SerializerMethodField(help_text="Whether this request comes from it.")

    def get_label(self, device: Device) -> str:
        return label_of(device)

    def get_current(self, device: Device) -> bool:
        return bool(device.digest == self.context.get("current"))


class DevicePageSerializer(serializers.Serializer[Any]):
    """A page of them, newest first."""

    results = DeviceSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="Older ones; null at the end.")


class DeviceNameSerializer(StrictSerializer):
    name: Any = serializers.CharField(max_length=60, allow_blank=True, help_text="Empty: called by what it is.")
