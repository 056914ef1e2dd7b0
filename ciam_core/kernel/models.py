"""The kernel's four small tables. None has a foreign key: they outlive, or precede, the people they speak of."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.kernel.ids import uuid7


class PersonKey(models.Model):
    """The data key of one person, wrapped. Destroying the row makes everything sealed under it unreadable."""

    subject_id = models.CharField(max_length=64, primary_key=True)
    wrapped_key = models.TextField()
    epoch = models.CharField(max_length=32, db_index=True, help_text="Which wrapping key opens it.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        app_label = "ciam_kernel"
        verbose_name = _("person key")
        verbose_name_plural = _("person keys")

    def __str__(self) -> str:
        return self.subject_id


class Attempt(models.Model):
    """How often something was tried within its window; counted before it is evaluated."""

    key = models.CharField(max_length=64, primary_key=True, help_text="Digest of what is counted.")
    count = models.PositiveIntegerField()
    limit = models.PositiveIntegerField(help_text="Of the budget it was last counted against.")
    free = models.PositiveIntegerField(null=True, help_text="After how many tries waits grow; empty: they do not.")
    expires_at = models.DateTimeField(db_index=True)
    opens_at = models.BigIntegerField(default=0, help_text="Unix milliseconds; until then a try is refused.")

    class Meta:
        app_label = "ciam_kernel"
        verbose_name = _("counted attempt")
        verbose_name_plural = _("counted attempts")

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.count}"


class Proof(models.Model):
    """A link, a code or both, sent to prove something once. Spent by a conditional ``UPDATE`` of ``used_at``.

    One without a subject was written for an address that belongs to nobody: it looks the same and opens nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64, null=True)
    address = models.CharField(max_length=320, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True)
    code_digest = models.CharField(max_length=64, blank=True)
    binding = models.CharField(max_length=64, blank=True, help_text="Digest of the browser or session it works in.")
    data = models.JSONField(default=dict, help_text="Ids and choices the flow needs later; no secrets.")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ciam_kernel"
        verbose_name = _("link or code")
        verbose_name_plural = _("links and codes")
        indexes = [models.Index(fields=["subject_id", "purpose"], name="ciam_proof_subject")]
        constraints = [
            models.CheckConstraint(
                name="ciam_proof_has_link_or_code", condition=Q(token_digest__isnull=False) | ~Q(code_digest="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Outbox(models.Model):
    """Something that must leave the house once its transaction commits. Celery carries only the id; the row decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64, null=True, db_index=True)
    sealed = models.TextField(blank=True, help_text="What to deliver, sealed; erased once it is sent or given up.")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    enqueued_at = models.DateTimeField(null=True, help_text="When the sweep last sent it off, until a worker takes it.")
    give_up_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ciam_kernel"
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(
                fields=["due_at"], name="ciam_outbox_due", condition=Q(sent_at__isnull=True, failed_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="ciam_outbox_erased_when_done",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True) | Q(sealed=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
