from django.urls import path

from archive.desk import views

app_name = "desk"
urlpatterns = [
    path("desk/", views.Desk.as_view(), name="home"),
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    path("calendar/<int:year>/", views.Calendar.as_view(), name="calendar_year"),
    path("gallery/", views.Gallery.as_view(), name="gallery"),
]
