"""The trail. No foreign key leads in or out: rows outlive their person. Guards refuse to change the first three."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One event, written in the transaction of the change it reports. On PostgreSQL one partition a month."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="The event's own, UUIDv7: partitions go by it.")
    name = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64, null=True)
    actor_id = models.CharField(max_length=64, null=True)
    channel = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    sealed = models.TextField(help_text="Details, address, agent, session and language, under the person's key.")
    transaction = models.BigIntegerField(
        null=True, editable=False, help_text="PostgreSQL's, by which the sequencer finds what committed late."
    )

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["subject_id", "id"], name="ciam_audit_subject"),
            models.Index(fields=["actor_id", "id"], name="ciam_audit_actor", condition=Q(actor_id__isnull=False)),
            models.Index(fields=["transaction", "id"], name="ciam_audit_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class AuditSequence(models.Model):
    """The place of an event in the trail: 1, 2, 3, without a gap. Given by the sequencer, soon after the commit."""

    number = models.PositiveBigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    leaf = models.CharField(max_length=64, help_text="RFC 9162 leaf hash of the event's row, in hex.")
    horizon = models.BigIntegerField(default=0, help_text="Every event of an earlier transaction has its number.")

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("audit number")
        verbose_name_plural = _("audit numbers")

    def __str__(self) -> str:
        return f"{self.number}: {self.event_id}"


class AuditCheckpoint(models.Model):
    """What the trail was at one moment, signed. Each names the one before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    size = models.PositiveBigIntegerField(help_text="How many events it stands for.")
    root = models.CharField(max_length=64, help_text="RFC 9162 root hash of their leaves, in hex.")
    previous = models.CharField(max_length=64, blank=True, help_text="Digest of the checkpoint before.")
    made_at = models.DateTimeField()
    origin = models.CharField(max_length=255)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    peaks = models.TextField(help_text="Hashes of the full subtrees, the largest first: from here the tree grows on.")

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("audit checkpoint")
        verbose_name_plural = _("audit checkpoints")

    def __str__(self) -> str:
        return f"{self.number}: {self.size} events"


class AuditSink(models.Model):
    """How far one sink has been told."""

    name = models.CharField(max_length=80, primary_key=True)
    told = models.PositiveBigIntegerField(default=0, help_text="Number of the last checkpoint it took.")
    told_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, help_text="One tells it at a time; after a failure, nobody for now.")

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("audit sink")
        verbose_name_plural = _("audit sinks")

    def __str__(self) -> str:
        return f"{self.name}: {self.told}"
