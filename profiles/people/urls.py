from django.urls import path

from profiles.people.views import members, persons

app_name = "people"
urlpatterns = [
    path("people/", members.MemberList.as_view(), name="members"),
    path("people/enrol/", members.Enrol.as_view(), name="enrol"),
    path("people/<slug:person>/", persons.PersonDetail.as_view(), name="person"),
    path("people/<slug:person>/name/", persons.ProposeName.as_view(), name="propose_name"),
    path("people/<slug:person>/number/", persons.ProposeNumber.as_view(), name="propose_number"),
    path("people/<slug:person>/correct/", persons.ProposeCorrection.as_view(), name="propose_correction"),
    path("people/<slug:person>/<slug:group>/leave/", members.Leave.as_view(), name="leave"),
]
