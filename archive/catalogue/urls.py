from django.urls import path

from archive.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("catalogue/", views.ItemList.as_view(), name="items"),
    path("catalogue/<slug:code>/", views.ItemDetail.as_view(), name="item"),
]
