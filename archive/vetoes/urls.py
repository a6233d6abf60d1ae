from django.urls import path

from archive.vetoes.views import answers, applicants, checks, gate, rules

app_name = "vetoes"
urlpatterns = [
    path("check/", checks.CheckList.as_view(), name="checks"),
    path("check/person/", checks.CheckPerson.as_view(), name="check_person"),
    path("check/list/", checks.CheckUpload.as_view(), name="check_list"),
    path("check/answers/<slug:code>/", answers.AnswerDetail.as_view(), name="answer"),
    path("check/answers/<slug:code>/decide/", answers.AnswerDecide.as_view(), name="decide"),
    path("check/answers/<slug:code>/reveal/", answers.AnswerReveal.as_view(), name="answer_reveal"),
    path("check/answers/<slug:code>/slip/", answers.SlipPdf.as_view(), name="slip"),
    path("check/<slug:code>/", checks.CheckDetail.as_view(), name="check"),
    path("check/<slug:code>/confirm/", checks.CheckConfirm.as_view(), name="confirm"),
    path("check/<slug:code>/cancel/", checks.CheckCancel.as_view(), name="cancel"),
    path("programmes/", gate.ProgrammeList.as_view(), name="programmes"),
    path("programmes/new/", gate.ProgrammeNew.as_view(), name="programme_new"),
    path("programmes/applicants/<slug:code>/", applicants.ApplicantDetail.as_view(), name="applicant"),
    path("programmes/applicants/<slug:code>/decide/", applicants.ApplicantDecide.as_view(), name="applicant_decide"),
    path("programmes/applicants/<slug:code>/check/", applicants.ApplicantCheck.as_view(), name="applicant_check"),
    path("programmes/<slug:code>/", gate.ProgrammeDetail.as_view(), name="programme"),
    path("programmes/<slug:code>/add/", gate.ApplicantAdd.as_view(), name="applicant_add"),
    path("programmes/<slug:code>/upload/", gate.ApplicantUpload.as_view(), name="applicant_upload"),
    path("programmes/<slug:code>/take-over/", gate.TakeOver.as_view(), name="take_over"),
    path("programmes/<slug:code>/recheck/", gate.Recheck.as_view(), name="recheck"),
    path("programmes/<slug:code>/approve/", gate.ApproveReady.as_view(), name="approve_ready"),
    path("programmes/<slug:code>/print/", gate.ProgrammePrint.as_view(), name="programme_print"),
    path("my/slips/<slug:number>/", answers.MySlip.as_view(), name="my_slip"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule"),
    path("rules/<slug:code>/adopt/", rules.RuleAdopt.as_view(), name="adopt"),
]
