from django.urls import path

from archive.evidence import views

app_name = "evidence"
urlpatterns = [path("evidence/<slug:code>/", views.OpenEvidence.as_view(), name="file")]
