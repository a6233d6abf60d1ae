from django.urls import path

from archive.access import views

app_name = "access"
urlpatterns = [
    path("register/", views.Register.as_view(), name="register"),
    path("register/samples/", views.Samples.as_view(), name="samples"),
    path("register/samples/new/", views.DrawSample.as_view(), name="draw_sample"),
    path("register/samples/<slug:code>/", views.SampleDetail.as_view(), name="sample"),
    path("register/samples/<slug:code>/<int:position>/", views.JudgeLine.as_view(), name="judge_line"),
    path("my/queries/", views.MyQueries.as_view(), name="my_queries"),
    path("my/authorisations/", views.MyAuthorisations.as_view(), name="my_authorisations"),
    path("my/authorisations/new/", views.Authorise.as_view(), name="authorise"),
    path("my/authorisations/<slug:code>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
