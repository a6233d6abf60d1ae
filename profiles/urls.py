"""Addresses of the profiles' slices."""

from django.urls import include, path

urlpatterns = [
    path("", include("profiles.accounts.urls")),
    path("", include("profiles.audit.urls")),
    path("", include("profiles.organisations.urls")),
    path("", include("profiles.people.urls")),
]
