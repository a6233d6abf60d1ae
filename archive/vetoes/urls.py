from django.urls import path

from archive.vetoes.views import answers, checks, recalls, rules, watch, watch_alerts, watch_mine, watch_orders

app_name = "vetoes"
urlpatterns = [
    path("check/", checks.CheckList.as_view(), name="checks"),
    path("check/person/", checks.CheckPerson.as_view(), name="check_person"),
    path("check/list/", checks.CheckUpload.as_view(), name="check_list"),
    path("check/answers/<slug:code>/", answers.AnswerDetail.as_view(), name="answer"),
    path("check/answers/<slug:code>/decide/", answers.AnswerDecide.as_view(), name="decide"),
    path("check/answers/<slug:code>/reveal/", answers.AnswerReveal.as_view(), name="answer_reveal"),
    path("check/answers/<slug:code>/slip/", answers.SlipPdf.as_view(), name="slip"),
    path("check/answers/<slug:code>/watch/", watch_orders.WatchAnswer.as_view(), name="watch_answer"),
    path("check/<slug:code>/", checks.CheckDetail.as_view(), name="check"),
    path("check/<slug:code>/confirm/", checks.CheckConfirm.as_view(), name="confirm"),
    path("check/<slug:code>/cancel/", checks.CheckCancel.as_view(), name="cancel"),
    path("check/<slug:code>/watch/", watch_orders.WatchList.as_view(), name="watch_list"),
    path("watch/", watch.Watches.as_view(), name="watches"),
    path("watch/renew/", watch.Renew.as_view(), name="watch_renew"),
    path("watch/orders/<slug:code>/", watch_orders.OrderDetail.as_view(), name="watch_order"),
    path("watch/alerts/", watch_alerts.Alerts.as_view(), name="watch_alerts"),
    path("watch/alerts/<slug:code>/", watch_alerts.AlertDetail.as_view(), name="watch_alert"),
    path("watch/alerts/<slug:code>/note/", watch_alerts.AlertNote.as_view(), name="watch_alert_note"),
    path("watch/<slug:code>/", watch.WatchDetail.as_view(), name="watch"),
    path("watch/<slug:code>/stop/", watch.Stop.as_view(), name="watch_stop"),
    path("my/watches/", watch_mine.MyWatches.as_view(), name="my_watches"),
    path("recalls/", recalls.Recalls.as_view(), name="recalls"),
    path("recalls/<slug:code>/", recalls.RecallDetail.as_view(), name="recall"),
    path("recalls/<slug:code>/check/", recalls.RecallCheck.as_view(), name="recall_check"),
    path("recalls/<slug:code>/conclude/", recalls.RecallConclude.as_view(), name="recall_conclude"),
    path("my/slips/<slug:number>/", answers.MySlip.as_view(), name="my_slip"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/<slug:code>/", rules.RuleDetail.as_view(), name="rule"),
    path("rules/<slug:code>/adopt/", rules.RuleAdopt.as_view(), name="adopt"),
]
