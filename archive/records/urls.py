from django.urls import path

from archive.records.views import batches, entries, mine, people

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
    path("identity/", people.Worklist.as_view(), name="identity"),
    path("identity/namesakes/", people.Namesakes.as_view(), name="namesakes"),
    path("identity/join/", people.Join.as_view(), name="join"),
    path("identity/joined/<slug:code>/", people.JoiningDetail.as_view(), name="joining"),
    path("identity/joined/<slug:code>/confirm/", people.JoiningConfirm.as_view(), name="joining_confirm"),
    path("identity/joined/<slug:code>/decline/", people.JoiningDecline.as_view(), name="joining_decline"),
    path("identity/joined/<slug:code>/undo/", people.JoiningUndo.as_view(), name="joining_undo"),
    path("identity/<slug:code>/", people.ChangeDetail.as_view(), name="identity_change"),
    path("identity/<slug:code>/confirm/", people.ChangeConfirm.as_view(), name="identity_confirm"),
    path("identity/<slug:code>/decline/", people.ChangeDecline.as_view(), name="identity_decline"),
    path("my/", mine.MyArchive.as_view(), name="my_archive"),
    path("my/entries/<slug:number>/", mine.MyEntry.as_view(), name="my_entry"),
]
