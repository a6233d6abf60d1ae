"""What every page's shell shows: the ways that an account has, how much waits, the reader's type size."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from archive.notices.models import Notice
from profiles.accounts.permissions import Role

# Role → (label, URL name). In the order in which they stand.
WAYS: dict[Role | None, list[tuple[Any, str]]] = {
    None: [
        (_("Catalogue"), "catalogue:items"),
        (_("Veto rules"), "vetoes:rules"),
        (_("Verify a document"), "reports:verify"),
    ],
    Role.CLERK: [
        (_("Files"), "records:batches"),
        (_("Entries"), "records:entries"),
        (_("Objections"), "records:disputes"),
        (_("Revoked decisions"), "records:revocations"),
        (_("People"), "people:members"),
        (_("Yearly statement"), "oversight:statements"),
    ],
    Role.APPROVER: [
        (_("Entries"), "records:entries"),
        (_("Objections"), "records:disputes"),
        (_("Revoked decisions"), "records:revocations"),
        (_("Names and numbers"), "records:identity"),
        (_("Yearly statement"), "oversight:statements"),
    ],
    Role.EXAMINER: [
        (_("Checks"), "vetoes:checks"),
        (_("Continuous checks"), "vetoes:watches"),
        (_("Review programmes"), "vetoes:programmes"),
        (_("Recalled answers"), "vetoes:recalls"),
    ],
    Role.CREDIT_OFFICER: [
        (_("Catalogue"), "catalogue:items"),
        (_("Veto rules"), "vetoes:rules"),
        (_("Changes of law"), "oversight:changes"),
        (_("Who reports"), "oversight:bodies"),
        (_("Recalls"), "oversight:recalls"),
        (_("Names and numbers"), "records:identity"),
    ],
    Role.AUDITOR: [
        (_("Trail"), "audit:trail"),
        (_("Query register"), "access:register"),
        (_("Recalls"), "oversight:recalls"),
    ],
    Role.SYSTEM_ADMIN: [
        (_("Bodies"), "organisations:list"),
        (_("Accounts"), "staff:list"),
        (_("Organisation keys"), "keys:keys"),
    ],
    Role.SECURITY_ADMIN: [
        (_("Accounts"), "staff:list"),
        (_("Roles"), "staff:roles"),
        (_("Sign-in rules"), "organisations:sign_in_rules"),
    ],
    Role.EDITOR: [(_("Pages"), "wagtailadmin_home")],
    Role.PERSON: [
        (_("My archive"), "records:my_archive"),
        (_("Notices"), "notices:mine"),
        (_("Who looked"), "access:my_queries"),
        (_("Authorisations"), "access:my_authorisations"),
        (_("Pledges"), "pledges:mine"),
        (_("Reports"), "reports:mine"),
    ],
}


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        **(_demo_accounts() if settings.DEMO and request.path == "/accounts/login/" else {}),
        "demo": settings.DEMO,
        "large_type": request.COOKIES.get("large_type") == "1",
        "ways": SimpleLazyObject(lambda: _ways(request)),
    }


def _ways(request: HttpRequest) -> list[dict[str, Any]]:
    account = getattr(request, "user", None)
    if account is None or not account.is_authenticated:
        wanted = WAYS[None]
    else:
        wanted = [(_("Desk"), "desk:home")] if account.person_id is None else []
        for role in Role:
            if role in account.roles:
                wanted += [way for way in WAYS[role] if way not in wanted]
    unread = 0
    if account is not None and account.is_authenticated and account.person_id is not None:
        unread = Notice.objects.visible_to(account).unread().count()
    ways = [(label, name, reverse(name)) for label, name in wanted]
    here = max((url for _label, _name, url in ways if request.path.startswith(url)), key=len, default="")
    if here == reverse("records:my_archive") != request.path:
        here = ""  # every page of a person lies below it
    return [
        {"label": label, "url": url, "current": url == here, "count": unread if name == "notices:mine" else 0}
        for label, name, url in ways
    ]


def _demo_accounts() -> dict[str, Any]:
    """For the sign-in page of a demo world."""
    from archive import demo

    accounts = [(role.label, username) for role, username, _name, _code in demo.ACCOUNTS]
    return {"demo_accounts": [*accounts, (Role.PERSON.label, demo.PERSON[0])], "demo_password": demo.PASSWORD}
