from django.urls import path

from archive.access import views

app_name = "access"
urlpatterns = [
    path("register/", views.Register.as_view(), name="register"),
    path("my/queries/", views.MyQueries.as_view(), name="my_queries"),
    path("my/authorisations/", views.MyAuthorisations.as_view(), name="my_authorisations"),
    path("my/authorisations/new/", views.Authorise.as_view(), name="authorise"),
    path("my/authorisations/<slug:code>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
