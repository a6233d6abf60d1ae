from django.urls import path

from archive.reports import views

app_name = "reports"
urlpatterns = [
    path("my/reports/", views.MyReports.as_view(), name="mine"),
    path("my/reports/<slug:number>/", views.ReportDetail.as_view(), name="report"),
    path("my/reports/<slug:number>/pdf/", views.ReportPdf.as_view(), name="pdf"),
    path("my/reports/<slug:number>/end/", views.ReportEnd.as_view(), name="end"),
    path("verify/", views.Verify.as_view(), name="verify"),
    path("verify/<slug:code>/", views.Verified.as_view(), name="verified"),
]
