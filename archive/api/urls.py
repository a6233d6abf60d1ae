from django.urls import include, path

from archive.api import views
from archive.api.endpoints import api

keys = (
    [
        path("keys/", views.KeyList.as_view(), name="keys"),
        path("keys/new/", views.KeyNew.as_view(), name="new"),
        path("keys/<slug:code>/", views.KeyDetail.as_view(), name="key"),
        path("keys/<slug:code>/revoke/", views.KeyRevoke.as_view(), name="revoke"),
        path("api/", views.Description.as_view(), name="description"),
    ],
    "keys",
)
urlpatterns = [
    path("api/v1/", api.urls),  # asked most often, so it comes first
    path("", include(keys)),
]
