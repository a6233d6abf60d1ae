from django.urls import path

from archive.records.views import batches, changes, entries, mine, revocations, why

app_name = "records"
urlpatterns = [
    path("record/", batches.BatchList.as_view(), name="batches"),
    path("record/upload/", batches.Upload.as_view(), name="upload"),
    path("record/template/", batches.Template.as_view(), name="template"),
    path("record/<slug:code>/", batches.BatchDetail.as_view(), name="batch"),
    path("record/<slug:code>/confirm/", batches.BatchConfirm.as_view(), name="confirm"),
    path("record/<slug:code>/cancel/", batches.BatchCancel.as_view(), name="cancel"),
    path("record/<slug:code>/refused/", batches.BatchRefusedRows.as_view(), name="refused_rows"),
    path("record/<slug:code>/notices/", batches.BatchNotices.as_view(), name="letters"),
    path("record/<slug:code>/service/", batches.BatchService.as_view(), name="service"),
    path("entries/", entries.EntryList.as_view(), name="entries"),
    path("entries/approve/", entries.Approve.as_view(), name="approve"),
    path("entries/<slug:number>/", entries.EntryDetail.as_view(), name="entry"),
    path("entries/<slug:number>/letter/", entries.EntryLetter.as_view(), name="entry_letter"),
    path("entries/<slug:number>/service/", entries.EntryService.as_view(), name="entry_service"),
    path("entries/<slug:number>/read/", entries.EntryReadAnswers.as_view(), name="entry_read"),
    path("entries/<slug:number>/decline/", entries.EntryDecline.as_view(), name="entry_decline"),
    path("entries/<slug:number>/reveal/", entries.EntryReveal.as_view(), name="entry_reveal"),
    path("entries/<slug:number>/withdraw/", entries.EntryWithdraw.as_view(), name="entry_withdraw"),
    path("entries/<slug:number>/change/<slug:kind>/", changes.Change.as_view(), name="change"),
    path("entries/<slug:number>/<int:position>/why/<slug:clock>/", why.WhyDate.as_view(), name="why"),
    path("revocations/", revocations.RevocationList.as_view(), name="revocations"),
    path("revocations/new/", revocations.RevocationNew.as_view(), name="revocation_new"),
    path("revocations/<slug:code>/", revocations.RevocationDetail.as_view(), name="revocation"),
    path("revocations/<slug:code>/confirm/", revocations.RevocationConfirm.as_view(), name="revocation_confirm"),
    path("revocations/<slug:code>/drop/", revocations.RevocationDrop.as_view(), name="revocation_drop"),
    path("revocations/<slug:code>/why/", why.WhyDeadline.as_view(), name="revocation_why"),
    path("my/", mine.MyArchive.as_view(), name="my_archive"),
    path("my/entries/<slug:number>/", mine.MyEntry.as_view(), name="my_entry"),
    path("my/records/<slug:number>/statement/", mine.MyStatement.as_view(), name="my_statement"),
    path("my/records/<slug:number>/opt-out/", mine.MyOptOut.as_view(), name="my_opt_out"),
]
