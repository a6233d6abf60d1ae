"""All addresses. Wagtail's pages come last, below everything that is named here."""

from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as editor_urls
from wagtail.documents import urls as document_urls

from config import views

urlpatterns = [
    path("healthz", views.health, name="healthz"),
    path("language/", set_language, name="set_language"),
    path("preferences/large-type/", views.large_type, name="large_type"),
    path("", include("profiles.urls")),
    path("", include("archive.urls")),
    path("editor/", include(editor_urls)),
    path("documents/", include(document_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
