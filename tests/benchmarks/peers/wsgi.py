import sys

from django.core.wsgi import get_wsgi_application

# Here for the tests, not for any of the projects; the REST framework loads what it finds.
sys.modules.update(dict.fromkeys(("pygments", "requests")))

application = get_wsgi_application()
