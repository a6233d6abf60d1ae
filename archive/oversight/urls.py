from django.urls import path

from archive.oversight.views import bodies, changes, recalls, statements

app_name = "oversight"
urlpatterns = [
    path("statements/", statements.StatementList.as_view(), name="statements"),
    path("statements/<int:year>/", statements.StatementPage.as_view(), name="statement"),
    path("statements/signed/<slug:number>/", statements.Signed.as_view(), name="signed"),
    path("oversight/bodies/", bodies.WhoReports.as_view(), name="bodies"),
    path("oversight/remind/", bodies.Remind.as_view(), name="remind"),
    path("oversight/recalls/", recalls.RecallsByBody.as_view(), name="recalls"),
    path("law-changes/", changes.ChangeList.as_view(), name="changes"),
    path("law-changes/new/", changes.Propose.as_view(), name="propose"),
    path("law-changes/<slug:code>/", changes.ChangeDetail.as_view(), name="change"),
    path("law-changes/<slug:code>/approve/", changes.Approve.as_view(), name="approve"),
    path("law-changes/<slug:code>/drop/", changes.Drop.as_view(), name="drop"),
    path("law-changes/<slug:code>/resume/", changes.Resume.as_view(), name="resume"),
]
