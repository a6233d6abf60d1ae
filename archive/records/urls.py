from django.urls import path

from archive.records.views import batch_files, batches, columns, decisions, entries, mine

app_name = "records"
urlpatterns = [
    path("record/", batches.BatchList.as_view(), name="batches"),
    path("record/upload/", batches.Upload.as_view(), name="upload"),
    path("record/template/<slug:kind>/", batches.Template.as_view(), name="template"),
    path("record/<slug:code>/", batches.BatchDetail.as_view(), name="batch"),
    path("record/<slug:code>/columns/", columns.BatchColumns.as_view(), name="columns"),
    path("record/<slug:code>/columns/<int:pk>/forget/", columns.ColumnForget.as_view(), name="forget_column"),
    path("record/<slug:code>/confirm/", decisions.BatchConfirm.as_view(), name="confirm"),
    path("record/<slug:code>/hold/", decisions.BatchHold.as_view(), name="hold"),
    path("record/<slug:code>/cancel/", decisions.BatchCancel.as_view(), name="cancel"),
    path("record/<slug:code>/retry/", decisions.BatchRetry.as_view(), name="retry"),
    path("record/<slug:code>/reverse/", decisions.BatchReverse.as_view(), name="reverse"),
    path("record/<slug:code>/source/", batch_files.BatchSource.as_view(), name="source"),
    path("record/<slug:code>/fix/", batch_files.BatchFix.as_view(), name="fix"),
    path("record/<slug:code>/fix/file/", batch_files.BatchFixFile.as_view(), name="fix_file"),
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
    path("my/", mine.MyArchive.as_view(), name="my_archive"),
    path("my/entries/<slug:number>/", mine.MyEntry.as_view(), name="my_entry"),
]
