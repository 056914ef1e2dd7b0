from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StaffPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "staff permission",
                "verbose_name_plural": "staff permissions",
                "permissions": [
                    ("view_personal_data", "Can see personal data in clear, with a reason"),
                    ("suspend_person", "Can suspend and reinstate people"),
                    ("end_sessions", "Can sign people out"),
                    ("forget_devices", "Can forget devices of people"),
                    ("start_recovery", "Can send people the mail that recovers their account"),
                    ("send_verification", "Can send people the mail that confirms an address"),
                    ("reset_factors", "Can take away the second factors of people who lost them"),
                    ("export_trail", "Can export the audit trail"),
                ],
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
