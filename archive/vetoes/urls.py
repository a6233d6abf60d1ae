from django.urls import path

from archive.vetoes.views import answers, checks, contests, hearings, mine, proofs, results, rules

app_name = "vetoes"
urlpatterns = [
    path("check/", checks.CheckList.as_view(), name="checks"),
    path("check/person/", checks.CheckPerson.as_view(), name="check_person"),
    path("check/list/", checks.CheckUpload.as_view(), name="check_list"),
    path("check/answers/<slug:code>/", answers.AnswerDetail.as_view(), name="answer"),
    path("check/answers/<slug:code>/decide/", answers.AnswerDecide.as_view(), name="decide"),
    path("check/answers/<slug:code>/reveal/", answers.AnswerReveal.as_view(), name="answer_reveal"),
    path("check/answers/<slug:code>/slip/", answers.SlipPdf.as_view(), name="slip"),
    path("check/answers/<slug:code>/letter/", hearings.ProposalLetter.as_view(), name="proposal_letter"),
    path("check/answers/<slug:code>/served/", hearings.ProposalServed.as_view(), name="proposal_served"),
    path("check/answers/<slug:code>/read/", hearings.StatementsRead.as_view(), name="statements_read"),
    path("check/answers/<slug:code>/review/", contests.ContestReview.as_view(), name="review"),
    path("check/contests/", contests.ContestList.as_view(), name="contests"),
    path("check/<slug:code>/", checks.CheckDetail.as_view(), name="check"),
    path("check/<slug:code>/result/", results.CheckResult.as_view(), name="result"),
    path("check/<slug:code>/proof/", proofs.ProveCheck.as_view(), name="proof"),
    path("check/<slug:code>/confirm/", checks.CheckConfirm.as_view(), name="confirm"),
    path("check/<slug:code>/cancel/", checks.CheckCancel.as_view(), name="cancel"),
    path("my/decisions/<slug:number>/", mine.MyDecision.as_view(), name="my_decision"),
    path("my/decisions/<slug:number>/waive/", mine.MyWaiver.as_view(), name="my_waiver"),
    path("my/decisions/<slug:number>/contest/", mine.MyContest.as_view(), name="my_contest"),
    path("my/slips/<slug:number>/", answers.MySlip.as_view(), name="my_slip"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule"),
    path("rules/<slug:code>/adopt/", rules.RuleAdopt.as_view(), name="adopt"),
]
