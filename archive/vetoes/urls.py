from django.urls import path

from archive.vetoes.views import answers, checks, drafts, rules

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
    path("my/slips/<slug:number>/", answers.MySlip.as_view(), name="my_slip"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/drafts/", drafts.DraftList.as_view(), name="drafts"),
    path("rules/drafts/new/", drafts.DraftNew.as_view(), name="draft_new"),
    path("rules/drafts/<slug:code>/", drafts.DraftDetail.as_view(), name="draft"),
    path("rules/drafts/<slug:code>/edit/", drafts.DraftEdit.as_view(), name="draft_edit"),
    path("rules/drafts/<slug:code>/rehearse/", drafts.DraftRehearse.as_view(), name="draft_rehearse"),
    path("rules/drafts/<slug:code>/propose/", drafts.DraftPropose.as_view(), name="draft_propose"),
    path("rules/drafts/<slug:code>/approve/", drafts.DraftApprove.as_view(), name="draft_approve"),
    path("rules/drafts/<slug:code>/return/", drafts.DraftReturn.as_view(), name="draft_return"),
    path("rules/drafts/<slug:code>/drop/", drafts.DraftDrop.as_view(), name="draft_drop"),
    path("rules/adoptions/", rules.AdoptionList.as_view(), name="adoptions"),
    path("rules/adoptions/<slug:code>/", rules.AdoptionDetail.as_view(), name="adoption"),
    path("rules/adoptions/<slug:code>/document/", rules.AdoptionDocument.as_view(), name="adoption_document"),
    path("rules/adoptions/<slug:code>/approve/", rules.AdoptionApprove.as_view(), name="adoption_approve"),
    path("rules/adoptions/<slug:code>/decline/", rules.AdoptionDecline.as_view(), name="adoption_decline"),
    path("rules/adoptions/<slug:code>/end/", rules.AdoptionEnd.as_view(), name="adoption_end"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule"),
    path("rules/<slug:code>/<int:version>/", rules.RuleDetail.as_view(), name="rule_version"),
    path("rules/<slug:code>/adopt/", rules.RuleAdopt.as_view(), name="adopt"),
]
