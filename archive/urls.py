"""Addresses of the archive's slices."""

from django.urls import include, path

urlpatterns = [
    path("", include("archive.api.urls")),
    path("", include("archive.desk.urls")),
    path("", include("archive.catalogue.urls")),
    path("", include("archive.notices.urls")),
    path("", include("archive.evidence.urls")),
    path("", include("archive.access.urls")),
    path("", include("archive.pledges.urls")),
    path("", include("archive.reports.urls")),
    path("", include("archive.vetoes.urls")),
    path("", include("archive.records.urls")),
    path("", include("archive.oversight.urls")),
]
