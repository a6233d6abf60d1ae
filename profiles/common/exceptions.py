"""Refusals that a person is told about in one sentence."""

from __future__ import annotations

from django.utils.functional import Promise


class ActionRefused(Exception):
    """The act is not allowed in this state. `message` is for the screen: what is wrong and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message
