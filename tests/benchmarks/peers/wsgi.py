import sys

from django.core.wsgi import get_wsgi_application

# Here for the tests, not for any of the projects; DRF and Celery load what they find.
for name in ("greenlet", "pygments", "requests"):
    sys.modules[name] = None  # type: ignore[assignment]  # as if it could not be imported

application = get_wsgi_application()
