"""The person: identifier, state, and the profile the host declared."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciam_core.accounts.normalising import AddressRefused, normalise_address
from ciam_core.kernel.ids import uuid7


def validated(address: str) -> str:
    """``normalise_address`` for Django's forms and commands, which know ``ValidationError`` only."""
    try:
        return normalise_address(address)
    except AddressRefused as refusal:
        raise ValidationError(str(refusal), refusal.code) from refusal


class CustomerManager(BaseUserManager["AbstractCustomer"]):
    """Makes people for scripts and ``createsuperuser``. Customers come through the flow ``register``."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "AbstractCustomer":
        """A person whose address counts as proven: whoever calls this vouches for it."""
        from allauth.account.models import EmailAddress

        address = normalise_address(email) if email else None
        user = self.model(email=address, **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            if address:
                EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "AbstractCustomer":
        """Raises ``ValidationError`` for what is no address: ``createsuperuser`` tells that, and nothing else."""
        return self.create_user(validated(email), password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "AbstractCustomer":
        try:
            return self.get(email=normalise_address(username or ""))
        except AddressRefused as refusal:
            raise self.model.DoesNotExist() from refusal


class AbstractCustomer(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Subclass it for a user model of your own.

    ``email`` repeats the primary ``EmailAddress`` of allauth, which is the truth; it is empty for accounts that have
    only a phone number.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        DEACTIVATED = "deactivated", _("Deactivated")
        DELETION_SCHEDULED = "deletion_scheduled", _("Deletion scheduled")
        ERASED = "erased", _("Erased")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email address"), unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ACTIVE)
    # Translators: of a person who works for the product.
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May sign in to the admin."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    password_checked_at = models.DateTimeField(_("password checked"), null=True, editable=False)
    password_breached_at = models.DateTimeField(_("password known from a breach"), null=True, editable=False)

    last_login = None
    by_proven_contact = False
    """Whether the address or number they were found by is known to be proven. False where nobody has looked."""
    on_device = ""
    """The digest of the device they were found by (``sessions.queries.owner_known_at``)."""

    objects: ClassVar[CustomerManager] = CustomerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        abstract = True
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_email_is_lower", condition=Q(email__isnull=True) | Q(email=Lower("email"))
            )
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # derived: one state, not two that can disagree
        return self.state == self.State.ACTIVE

    @property
    def can_come_back(self) -> bool:
        """The person left by a choice of their own, and may take it back."""
        return self.state in (self.State.DEACTIVATED, self.State.DELETION_SCHEDULED)

    def __str__(self) -> str:
        return str(self.pk)

    def clean(self) -> None:
        try:
            self.email = validated(self.email) if self.email else None
        except ValidationError as error:
            raise ValidationError({"email": error}) from error


class User(AbstractCustomer):
    """The person, unless the host brings a model of its own (``AUTH_USER_MODEL``)."""

    class Meta(AbstractCustomer.Meta):
        app_label = "ciam_core"
        swappable = "AUTH_USER_MODEL"


class ProfileValue(models.Model):
    """What one person gave for one declared attribute. ``sealed`` instead of ``value`` where it is encrypted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    attribute = models.CharField(_("attribute"), max_length=60)
    value = models.JSONField(_("value"), null=True)
    sealed = models.TextField(blank=True)
    index = models.CharField(max_length=64, null=True, help_text="Blind index of a searchable value.")
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("profile value")
        verbose_name_plural = _("profile values")
        constraints = [
            models.UniqueConstraint(fields=["user", "attribute"], name="ciam_profile_once"),
            models.CheckConstraint(name="ciam_profile_sealed_or_plain", condition=Q(value__isnull=True) | Q(sealed="")),
        ]
        indexes = [models.Index(fields=["attribute", "index"], name="ciam_profile_search")]

    def __str__(self) -> str:
        return f"{self.attribute} of {self.user_id}"


class Erasure(models.Model):
    """An account that asked to be erased, and what became of it. Outlives its person: no foreign key, no name.

    ``steps``: declared table → ``{"act", "rows", "basis"}``, added up over every run, however often one was killed.
    """

    subject_id = models.CharField(max_length=64, primary_key=True)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When the grace period ends.")
    language = models.CharField(max_length=16, blank=True, help_text="Of the goodbye; empty once that is written.")
    started_at = models.DateTimeField(null=True, help_text="From here on nothing opens the account or brings it back.")
    finished_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=dict)

    class Meta:
        app_label = "ciam_core"
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["due_at"], name="ciam_erasure_open", condition=Q(finished_at__isnull=True))]

    def __str__(self) -> str:
        return self.subject_id
