"""All addresses. Wagtail's pages come last, below everything that is named here."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as editor_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from config import views

# Wagtail's editor writes scripts and styles into its pages and shows previews in a frame. It shows no data of persons.
EDITOR_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

urlpatterns = [
    path("healthz", views.health, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("preferences/large-type/", views.large_type, name="large_type"),
    path("", include("archive.urls")),
    path("", include("profiles.urls")),
    path("editor/", include(decorate_urlpatterns(editor_urls.urlpatterns, csp_replace(EDITOR_POLICY)))),
    path("", include(wagtail_urls)),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
