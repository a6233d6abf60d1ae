from django.urls import path

from archive.reports.views import (
    bodies,
    bundles,
    certificates,
    mine,
    public,
    readers,
)

app_name = "reports"
urlpatterns = [
    path("my/reports/", mine.MyReports.as_view(), name="mine"),
    path("my/reports/<slug:number>/", mine.ReportDetail.as_view(), name="report"),
    path("my/reports/<slug:number>/pdf/", mine.ReportPdf.as_view(), name="pdf"),
    path("my/reports/<slug:number>/end/", mine.ReportEnd.as_view(), name="end"),
    path("my/reports/<slug:number>/validity/", mine.ReportValidity.as_view(), name="validity"),
    path("my/reports/<slug:number>/renew/", mine.ReportRenew.as_view(), name="renew"),
    path("my/reports/<slug:number>/links/", mine.LinkMake.as_view(), name="link"),
    path("my/reports/<slug:number>/links/<slug:code>/end/", mine.LinkEnd.as_view(), name="end_link"),
    path("my/certificates/", certificates.MyCertificates.as_view(), name="certificates"),
    path("my/certificates/<slug:number>/", certificates.MyCertificate.as_view(), name="certificate"),
    path("my/certificates/<slug:number>/pdf/", certificates.MyCertificatePdf.as_view(), name="certificate_pdf"),
    path("my/certificates/<slug:number>/end/", certificates.MyCertificateEnd.as_view(), name="certificate_end"),
    path("changed/", readers.ChangedSince.as_view(), name="changed"),
    path("changed/seen/", readers.ChangedSeen.as_view(), name="changed_seen"),
    path("check/answers/<slug:code>/reports/", bodies.BodyReports.as_view(), name="for_body"),
    path("check/reports/<slug:number>/pdf/", bodies.BodyReportPdf.as_view(), name="for_body_pdf"),
    path("check/<slug:code>/reports/", bundles.BundleAsk.as_view(), name="bundles"),
    path("check/bundles/<slug:code>/", bundles.BundleDetail.as_view(), name="bundle"),
    path("check/bundles/<slug:code>/file/", bundles.BundleFile.as_view(), name="bundle_file"),
    path("check/bundles/<slug:code>/cancel/", bundles.BundleCancel.as_view(), name="bundle_cancel"),
    path("check/bundles/<slug:code>/resume/", bundles.BundleResume.as_view(), name="bundle_resume"),
    path("check/bundles/<slug:code>/pack/", bundles.BundlePack.as_view(), name="bundle_pack"),
    path("verify/", public.Verify.as_view(), name="verify"),
    path("verify/file/", public.VerifyFile.as_view(), name="verify_file"),
    path("verify/key/", public.PublicKey.as_view(), name="key"),
    path("verify/<slug:code>/file/", public.LinkedFile.as_view(), name="linked_file"),
    path("verify/<slug:code>/", public.VerifyCode.as_view(), name="verified"),
]
