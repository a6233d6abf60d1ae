from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from profiles.accounts import factors, views

staff = (
    [
        path("staff/", views.StaffList.as_view(), name="list"),
        path("staff/new/", views.StaffNew.as_view(), name="new"),
        path("staff/roles/", views.RoleMatrix.as_view(), name="roles"),
        path("staff/account/<str:username>/", views.StaffDetail.as_view(), name="detail"),
        path("staff/account/<str:username>/leave/", views.StaffLeave.as_view(), name="leave"),
        path("staff/account/<str:username>/grant/", views.StaffGrant.as_view(), name="grant"),
        path("staff/account/<str:username>/revoke/<slug:role>/", views.StaffRevoke.as_view(), name="revoke"),
    ],
    "staff",
)
urlpatterns = [
    path("", include(staff)),
    path("activate/", views.Activate.as_view(), name="activate"),
    # allauth, only what is used: nobody signs up, addresses are not managed by it
    path("accounts/login/", allauth_views.login, name="account_login"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/signup/", allauth_views.signup, name="account_signup"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", allauth_views.password_change, name="account_change_password"),
    path("accounts/password/set/", allauth_views.password_set, name="account_set_password"),
    path("accounts/password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/2fa/authenticate/", factors.Authenticate.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/totp/activate/", factors.ActivateTOTP.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
