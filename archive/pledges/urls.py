from django.urls import path

from archive.pledges import views

app_name = "pledges"
urlpatterns = [
    path("my/pledges/", views.MyPledges.as_view(), name="mine"),
    path("my/pledges/sign/<slug:code>/", views.Sign.as_view(), name="sign"),
    path("my/pledges/<slug:number>/", views.Signed.as_view(), name="signed"),
    path("my/pledges/<slug:number>/pdf/", views.PledgePdf.as_view(), name="pdf"),
]
