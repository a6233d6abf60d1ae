from django.urls import path

from profiles.organisations import views

app_name = "organisations"
urlpatterns = [
    path("organisations/", views.OrganisationList.as_view(), name="list"),
    path("organisations/new/", views.OrganisationEdit.as_view(), name="new"),
    path("sign-in-rules/", views.SignInRulesList.as_view(), name="sign_in_rules"),
    path("sign-in-rules/<slug:code>/", views.SignInRules.as_view(), name="sign_in_rule"),
    path("organisations/<slug:code>/", views.OrganisationDetail.as_view(), name="detail"),
    path("organisations/<slug:code>/change/", views.OrganisationEdit.as_view(), name="change"),
    path("organisations/<slug:code>/competences/new/", views.CompetenceCreate.as_view(), name="competence"),
]
