"""The Celery app of the tests: it reads the settings, in which tasks run at once."""

from celery import Celery

app = Celery("tests")
app.config_from_object("django.conf:settings", namespace="CELERY")
