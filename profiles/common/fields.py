"""Model fields whose values are ciphertext in the database. They cannot be searched; that is what blind indexes are for."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from profiles.common import ciphers

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # json.dumps would make one for each value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """A text; Python sees the plain text. `context` is bound to the ciphertext and must never change."""

    def __init__(self, *args: Any, context: str, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "context": self.context}

    def seal(self, value: Any) -> bytes:
        return str(value).encode()

    def unseal(self, data: bytes) -> Any:
        return data.decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.unseal(ciphers.decrypt(value, context=self.context))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = None if value is None else ciphers.encrypt(self.seal(value), context=self.context)
        return super().get_db_prep_value(sealed, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("Encrypted values are not serialised.")


class EncryptedJSONField(EncryptedTextField):
    """A JSON value; Python sees the value."""

    def seal(self, value: Any) -> bytes:
        return _json(value).encode()

    def unseal(self, data: bytes) -> Any:
        return json.loads(data)
