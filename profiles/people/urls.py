from django.urls import path

from profiles.people.views import members, persons

app_name = "people"
urlpatterns = [
    path("people/", members.MemberList.as_view(), name="members"),
    path("people/enrol/", members.Enrol.as_view(), name="enrol"),
    path("people/<slug:code>/", persons.PersonDetail.as_view(), name="person"),
    path("people/<slug:code>/name/", persons.ProposeName.as_view(), name="propose_name"),
    path("people/<slug:code>/number/", persons.ProposeNumber.as_view(), name="propose_number"),
    path("people/<slug:code>/correct/", persons.ProposeCorrection.as_view(), name="propose_correction"),
    path("people/<slug:person>/<slug:group>/leave/", members.Leave.as_view(), name="leave"),
]
