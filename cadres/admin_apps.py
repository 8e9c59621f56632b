"""Apart from the site itself: applications are named before models can be read."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """`django.contrib.admin` with our site."""

    default_site = "cadres.admin_site.PortalAdminSite"
