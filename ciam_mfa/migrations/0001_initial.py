import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import ciam_core.kernel.ids
import ciam_core.kernel.secrets
import ciam_mfa.passkeys.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorDemand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "demand of a second factor",
                "verbose_name_plural": "demands of a second factor",
            },
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=64)),
                ("actor_id", models.CharField(blank=True, help_text="Who of the staff asked for it.", max_length=64)),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("due_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reset of second factors",
                "verbose_name_plural": "resets of second factors",
            },
        ),
        migrations.CreateModel(
            name="HeldRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciam_core.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.TextField(help_text="Address and fields, sealed.")),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "held request",
                "verbose_name_plural": "held requests",
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "confirmed",
                    models.BooleanField(default=False, editable=False, help_text="Whether it was ever answered with."),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("disabled_at", models.DateTimeField(editable=False, null=True, verbose_name="turned off")),
                ("credential_id", models.BinaryField()),
                (
                    "credential_digest",
                    models.CharField(editable=False, help_text="SHA-256, in hex.", max_length=64, unique=True),
                ),
                ("public_key", models.BinaryField(help_text="COSE_Key.")),
                (
                    "sign_count",
                    models.BigIntegerField(
                        default=0, editable=False, help_text="Of the last assertion; 0: not counted."
                    ),
                ),
                (
                    "aaguid",
                    models.UUIDField(
                        editable=False, help_text="The make of the authenticator; zero where it does not say."
                    ),
                ),
                ("transports", models.JSONField(default=list, editable=False)),
                (
                    "discoverable",
                    models.BooleanField(editable=False, help_text="As the browser said; a hint.", null=True),
                ),
                (
                    "uv_initialized",
                    models.BooleanField(editable=False, help_text="Whether it has ever verified its user."),
                ),
                (
                    "backup_eligible",
                    models.BooleanField(editable=False, help_text="Whether it can be copied to other devices."),
                ),
                ("backup_state", models.BooleanField(editable=False, help_text="Whether it is backed up now.")),
                (
                    "is_demanded",
                    models.BooleanField(
                        default=True,
                        editable=False,
                        help_text="Whether it is asked for; one the browser made by itself is not.",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "passkey",
                "verbose_name_plural": "passkeys",
            },
        ),
        migrations.CreateModel(
            name="PasskeyOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("again_at", models.DateTimeField(help_text="Not before; empty: never.", null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "passkey offer",
                "verbose_name_plural": "passkey offers",
            },
        ),
        migrations.CreateModel(
            name="UserHandle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handle",
                    models.CharField(
                        default=ciam_mfa.passkeys.models.new_handle, editable=False, max_length=86, unique=True
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "passkey user handle",
                "verbose_name_plural": "passkey user handles",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCodeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "confirmed",
                    models.BooleanField(default=False, editable=False, help_text="Whether it was ever answered with."),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("disabled_at", models.DateTimeField(editable=False, null=True, verbose_name="turned off")),
                ("pepper", ciam_core.kernel.secrets.SealedField(editable=False, help_text="32 random bytes, in hex.")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery codes",
                "verbose_name_plural": "recovery codes",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="ciam_mfa.recoverycodeset"
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery code",
                "verbose_name_plural": "recovery codes",
            },
        ),
        migrations.CreateModel(
            name="TextedNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "confirmed",
                    models.BooleanField(default=False, editable=False, help_text="Whether it was ever answered with."),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("disabled_at", models.DateTimeField(editable=False, null=True, verbose_name="turned off")),
                ("number", ciam_core.kernel.secrets.SealedField(editable=False, help_text="E.164.")),
                (
                    "hint",
                    models.CharField(
                        editable=False, help_text="What may be shown of it.", max_length=20, verbose_name="number"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "number for codes",
                "verbose_name_plural": "numbers for codes",
            },
        ),
        migrations.CreateModel(
            name="TotpAuthenticator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "confirmed",
                    models.BooleanField(default=False, editable=False, help_text="Whether it was ever answered with."),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("disabled_at", models.DateTimeField(editable=False, null=True, verbose_name="turned off")),
                (
                    "secret",
                    ciam_core.kernel.secrets.SealedField(editable=False, help_text="Shared with the app, in base32."),
                ),
                (
                    "last_step",
                    models.BigIntegerField(default=-1, editable=False, help_text="Of the last code that was accepted."),
                ),
                (
                    "drift",
                    models.SmallIntegerField(
                        default=0, editable=False, help_text="Steps by which the app's clock is ahead."
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "authenticator app",
                "verbose_name_plural": "authenticator apps",
            },
        ),
        migrations.CreateModel(
            name="TrustedBrowser",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ciam_core.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.CharField(default="browser", max_length=16)),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of the token its cookie or app holds.", max_length=64),
                ),
                (
                    "bound",
                    models.CharField(
                        help_text="Digest of what changes with the password, which ends it.", max_length=64
                    ),
                ),
                ("agent", models.CharField(blank=True, help_text="User-Agent it was trusted with.", max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "trusted browser",
                "verbose_name_plural": "trusted browsers",
                "constraints": [models.UniqueConstraint(fields=("digest", "user"), name="ciam_trusted_browser_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="recoverycodeset",
            constraint=models.UniqueConstraint(fields=("user",), name="ciam_recovery_codes_one_set"),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("set", "digest"), name="ciam_recovery_code_once"),
        ),
    ]
