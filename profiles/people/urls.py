from django.urls import path

from profiles.people import views

app_name = "people"
urlpatterns = [
    path("people/", views.MemberList.as_view(), name="members"),
    path("people/enrol/", views.Enrol.as_view(), name="enrol"),
    path("people/<slug:person>/<slug:group>/leave/", views.Leave.as_view(), name="leave"),
]
