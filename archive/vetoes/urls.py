from django.urls import path

from archive.vetoes import views

app_name = "vetoes"
urlpatterns = [
    path("check/", views.CheckList.as_view(), name="checks"),
    path("check/person/", views.CheckPerson.as_view(), name="check_person"),
    path("check/list/", views.CheckUpload.as_view(), name="check_list"),
    path("check/answers/<slug:code>/", views.AnswerDetail.as_view(), name="answer"),
    path("check/answers/<slug:code>/decide/", views.AnswerDecide.as_view(), name="decide"),
    path("check/answers/<slug:code>/reveal/", views.AnswerReveal.as_view(), name="answer_reveal"),
    path("check/answers/<slug:code>/slip/", views.SlipPdf.as_view(), name="slip"),
    path("check/<slug:code>/", views.CheckDetail.as_view(), name="check"),
    path("check/<slug:code>/confirm/", views.CheckConfirm.as_view(), name="confirm"),
    path("check/<slug:code>/cancel/", views.CheckCancel.as_view(), name="cancel"),
    path("my/slips/<slug:number>/", views.MySlip.as_view(), name="my_slip"),
    path("rules/", views.RuleList.as_view(), name="rules"),
    path("rules/<slug:code>/", views.RuleDetail.as_view(), name="rule"),
    path("rules/<slug:code>/adopt/", views.RuleAdopt.as_view(), name="adopt"),
]
