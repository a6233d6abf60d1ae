from django.urls import path

from profiles.audit import views

app_name = "audit"
urlpatterns = [
    path("trail/", views.Trail.as_view(), name="trail"),
    path("trail/verify/", views.Verify.as_view(), name="verify"),
    path("trail/export/", views.TrailExport.as_view(), name="export"),
    path("trail/checkpoint/", views.NewestCheckpoint.as_view(), name="checkpoint"),
    path("trail/verifier/", views.Verifier.as_view(), name="verifier"),
    path("trail/key/", views.PublicKey.as_view(), name="key"),
]
