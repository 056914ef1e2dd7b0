from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "example_project.shop"
    label = "shop"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from example_project.shop import (
            personal_data,
            receivers,  # noqa: F401  # connects them
        )

        personal_data.declare_tables()
