from django.urls import path

from archive.notices import views

app_name = "notices"
urlpatterns = [
    path("my/notices/", views.MyNotices.as_view(), name="mine"),
    path("my/notices/<slug:number>/", views.MyNotice.as_view(), name="notice"),
]
