"""Keeping filters."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.filters.models import SavedFilter
from profiles.accounts.models import Account
from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common.exceptions import ActionRefused
from profiles.common.identity import mask_in_text

LIMIT = 30  # filters of one account for one list


@transaction.atomic
def save_filter(
    *, list_name: str, name: str, query: dict[str, str], shared: bool = False, is_default: bool = False, by: Account
) -> SavedFilter:
    """Keep conditions under a name; the own filter of that name is replaced. The caller has looked at names and values."""
    name = _clean(name)
    own = SavedFilter.objects.owned_by(by, list_name).kept().select_for_update()
    saved = own.filter(name=name).first()
    if not query:
        raise ActionRefused(_("There is no condition to save. Filter the list first."))
    if saved is None:
        if len(own) >= LIMIT:
            raise ActionRefused(
                _("You keep %(limit)s filters for this list already. Delete one first.") % {"limit": LIMIT}
            )
        saved = SavedFilter(account=by, list_name=list_name, name=name)
    if is_default:
        own.filter(is_default=True).update(is_default=False)
    saved.organisation_id = by.organisation_id
    saved.query, saved.is_default, saved.shared = query, is_default, shared and by.organisation_id is not None
    saved.save()
    record(
        by=by,
        verb=Verb.FILTER_SAVED,
        obj=saved,
        list=list_name,
        filters=",".join(sorted(query)),
        shared=saved.shared,
        default=is_default,
    )
    return saved


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str, by: Account) -> SavedFilter:
    saved = _own(saved, by)
    saved.name = _clean(name)
    others = SavedFilter.objects.owned_by(by, saved.list_name).kept().exclude(pk=saved.pk)
    if others.filter(name=saved.name).exists():
        raise ActionRefused(_("You have another filter of this name. Choose a different one."))
    saved.save(update_fields=["name"])
    record(by=by, verb=Verb.FILTER_CHANGED, obj=saved, what="name")
    return saved


@transaction.atomic
def make_default(*, saved: SavedFilter, on: bool, by: Account) -> SavedFilter:
    """The list opens with this filter, or (`on` false) with none."""
    saved = _own(saved, by)
    SavedFilter.objects.owned_by(by, saved.list_name).filter(is_default=True).update(is_default=False)
    saved.is_default = on
    saved.save(update_fields=["is_default"])
    record(by=by, verb=Verb.FILTER_CHANGED, obj=saved, what="default", on=on)
    return saved


@transaction.atomic
def delete_filter(*, saved: SavedFilter, by: Account) -> SavedFilter:
    saved = _own(saved, by)
    saved.deleted_at, saved.is_default = timezone.now(), False
    saved.save(update_fields=["deleted_at", "is_default"])
    record(by=by, verb=Verb.FILTER_DELETED, obj=saved)
    return saved


@transaction.atomic
def restore_filter(*, saved: SavedFilter, by: Account) -> SavedFilter:
    """Undo a deletion."""
    saved = SavedFilter.objects.select_for_update(of=("self",)).get(pk=saved.pk, account=by)
    if SavedFilter.objects.owned_by(by, saved.list_name).kept().filter(name=saved.name).exists():
        raise ActionRefused(_("You have another filter of this name by now. Rename that one first."))
    saved.deleted_at = None
    saved.save(update_fields=["deleted_at"])
    record(by=by, verb=Verb.FILTER_CHANGED, obj=saved, what="restored")
    return saved


def _own(saved: SavedFilter, by: Account) -> SavedFilter:
    found = SavedFilter.objects.kept().select_for_update(of=("self",)).filter(pk=saved.pk, account=by).first()
    if found is None:
        raise ActionRefused(_("This filter belongs to somebody else. Save it under a name of your own."))
    return found


def _clean(name: str) -> str:
    name = " ".join(mask_in_text(name).split())[:60]
    if not name:
        raise ActionRefused(_("Give the filter a name."))
    return name
