"""What Django's admin, where a host uses it, must not offer past the flows."""

from django.contrib import admin

from ciam_core.accounts.admin import close_side_doors

close_side_doors(admin.site)
