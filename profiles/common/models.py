"""Bases of models whose rows are never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models


class AppendOnly(models.Model):
    """Rows are written once. The database refuses UPDATE, DELETE (trigger) and TRUNCATE; the application has no such right."""

    class Meta:
        abstract = True
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def append_only_tables() -> list[str]:
    """Tables whose rows the application may add and read, nothing else: ours and the row history."""
    from django.apps import apps

    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly) or getattr(model, "pgh_tracked_model", None) is not None
    ]
    return sorted(tables)
