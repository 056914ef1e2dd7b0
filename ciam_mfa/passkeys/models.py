"""A person's passkeys, and the name under which authenticators know the person."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ciam_mfa.factors.models import Authenticator

HANDLE_BYTES = 64  # WebAuthn §14.6.1: 64 random bytes, and nothing about the person


def new_handle() -> str:
    return secrets.token_urlsafe(HANDLE_BYTES)


def digest_of(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


class UserHandle(models.Model):
    """What passkeys call a person: random, so that it tells nothing, and never the primary key."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    handle = models.CharField(max_length=86, unique=True, default=new_handle, editable=False)

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("passkey user handle")
        verbose_name_plural = _("passkey user handles")

    def __str__(self) -> str:
        return str(self.pk)


class PasskeyOffer(models.Model):
    """When a person may be offered a passkey again."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    again_at = models.DateTimeField(null=True, help_text="Not before; empty: never.")

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("passkey offer")
        verbose_name_plural = _("passkey offers")

    def __str__(self) -> str:
        return str(self.pk)


class Passkey(Authenticator):
    """A public key credential (WebAuthn §4, credential record). Found by the digest: an id has up to 1023 bytes."""

    credential_id = models.BinaryField(editable=False)
    credential_digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256, in hex.")
    public_key = models.BinaryField(editable=False, help_text="COSE_Key.")
    sign_count = models.BigIntegerField(default=0, editable=False, help_text="Of the last assertion; 0: not counted.")
    aaguid = models.UUIDField(editable=False, help_text="The make of the authenticator; zero where it does not say.")
    transports = models.JSONField(default=list, editable=False)
    discoverable = models.BooleanField(null=True, editable=False, help_text="As the browser said; a hint.")
    uv_initialized = models.BooleanField(editable=False, help_text="Whether it has ever verified its user.")
    backup_eligible = models.BooleanField(editable=False, help_text="Whether it can be copied to other devices.")
    backup_state = models.BooleanField(editable=False, help_text="Whether it is backed up now.")
    is_demanded = models.BooleanField(
        default=True, editable=False, help_text="Whether it is asked for; one the browser made by itself is not."
    )

    class Meta:
        app_label = "ciam_mfa"
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
