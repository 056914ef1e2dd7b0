"""What Django's admin discovers: the console's ModelAdmins, a folder for each app they belong to."""

from django.contrib import admin

from ciam_admin.console.core.admin import register

register(admin.site)
