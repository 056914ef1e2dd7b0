import sys

from django.core.wsgi import get_wsgi_application

# Here for the tests, not for any of the projects; DRF and Celery load what they find.
sys.modules.update(dict.fromkeys(("greenlet", "pygments", "requests")))

application = get_wsgi_application()
