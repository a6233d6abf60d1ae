from django.urls import path

from archive.records.views import approval, batches, entries, lists, mine

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
    path("entries/", lists.EntryList.as_view(), name="entries"),
    path("entries/approve/", approval.Approve.as_view(), name="approve"),
    path("entries/service/", lists.ServeChosen.as_view(), name="serve_chosen"),
    path("entries/approvals/", approval.ApprovalList.as_view(), name="approvals"),
    path("entries/approvals/<slug:code>/", approval.ApprovalDetail.as_view(), name="approval"),
    path("entries/approvals/<slug:code>/confirm/", approval.ApprovalConfirm.as_view(), name="approval_confirm"),
    path("entries/approvals/<slug:code>/cancel/", approval.ApprovalCancel.as_view(), name="approval_cancel"),
    path("entries/<slug:number>/", entries.EntryDetail.as_view(), name="entry"),
    path("entries/<slug:number>/letter/", entries.EntryLetter.as_view(), name="entry_letter"),
    path("entries/<slug:number>/service/", entries.EntryService.as_view(), name="entry_service"),
    path("entries/<slug:number>/read/", entries.EntryReadAnswers.as_view(), name="entry_read"),
    path("entries/<slug:number>/decline/", entries.EntryDecline.as_view(), name="entry_decline"),
    path("entries/<slug:number>/reveal/", entries.EntryReveal.as_view(), name="entry_reveal"),
    path("my/", mine.MyArchive.as_view(), name="my_archive"),
    path("my/entries/<slug:number>/", mine.MyEntry.as_view(), name="my_entry"),
]
