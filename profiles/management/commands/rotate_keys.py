"""`manage.py rotate_keys`: write all ciphertext anew with the first key of CIPHER_KEYS. May be stopped and started again."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction
from psycopg import sql

from profiles.audit.actions import record
from profiles.audit.verbs import Verb
from profiles.common import ciphers
from profiles.common.fields import EncryptedTextField
from profiles.common.models import AppendOnly
from profiles.common.permissions import System
from profiles.common.storage import private_storage

STEP = 500


class Command(BaseCommand):
    help = "Re-encrypts columns and private files that were written with an older key or suite."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if issubclass(model, AppendOnly) or getattr(model, "pgh_tracked_model", None) is not None:
                continue  # history keeps its keys; they stay in the ring
            for field in model._meta.get_fields():
                if isinstance(field, EncryptedTextField):
                    self._column(model, field)
                elif isinstance(field, models.FileField) and field.storage == private_storage():
                    self._files(model, field)

    def _column(self, model: type[models.Model], field: EncryptedTextField) -> None:
        table, column = sql.Identifier(model._meta.db_table), sql.Identifier(str(field.column))
        read = sql.SQL(
            "SELECT id, {column} FROM {table} WHERE id > %s AND {column} IS NOT NULL ORDER BY id LIMIT %s"
        ).format(table=table, column=column)
        write = sql.SQL("UPDATE {table} SET {column} = %s WHERE id = %s AND {column} = %s").format(
            table=table, column=column
        )
        last, changed = 0, 0
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(read, [last, STEP])
                rows = cursor.fetchall()
                if not rows:
                    break
                last = rows[-1][0]
                for pk, value in rows:
                    if not ciphers.is_current(value):
                        plain = ciphers.decrypt(value, context=field.context)
                        cursor.execute(write, [ciphers.encrypt(plain, context=field.context), pk, value])
                        changed += 1
        self._say(f"{model._meta.db_table}.{field.column}", changed)

    def _files(self, model: type[models.Model], field: models.FileField) -> None:
        storage = private_storage()
        changed = 0
        for name in model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator():
            if not storage.is_current(name):
                storage.seal_anew(name)
                changed += 1
        self._say(f"{model._meta.db_table}.{field.name} (files)", changed)

    def _say(self, place: str, changed: int) -> None:
        with transaction.atomic():
            record(by=System("rotate_keys"), verb=Verb.KEYS_ROTATED, place=place, changed=changed)
        self.stdout.write(f"{place}: {changed} values written anew")
