"""Reading the trail."""

from __future__ import annotations

from typing import Any, Self

from profiles.common.permissions import Permission
from profiles.common.querysets import VisibleQuerySet


class AuditEventQuerySet(VisibleQuerySet):
    view_permission = Permission.VIEW_TRAIL

    def about_object(self, object_type: str, object_id: Any) -> Self:
        return self.filter(object_type=object_type, object_id=str(object_id))

    def about_person(self, person_id: int) -> Self:
        return self.filter(person_id=person_id)

    def by_account(self, account_id: int) -> Self:
        return self.filter(actor_id=account_id)
