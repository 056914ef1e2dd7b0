"""The page of the trail that its owner sees."""

from django.urls import path
from django.views.decorators.cache import never_cache

from ciam_core.audit.views import Activity

urlpatterns = [path("activity/", never_cache(Activity.as_view()), name="ciam_activity")]
