"""Signing in and out, the password, the language, the role one works in. No sign-up, no reset by mail."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from django.urls import path

from foundation.accounts import views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("code/", factor_views.authenticate, name="mfa_authenticate"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("password/", views.change_password, name="account_change_password"),
    path("language/", views.switch_language, name="set_language"),
    path("role/", views.choose_role, name="choose_role"),
]
