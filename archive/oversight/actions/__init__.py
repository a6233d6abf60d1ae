"""Statements, reminders, and changes of law. Each action writes its trail event in its own transaction."""

from archive.oversight.actions.law import approve, drop, propose, resume
from archive.oversight.actions.statements import remind, sign
from archive.oversight.actions.work import carry_out

__all__ = ["approve", "carry_out", "drop", "propose", "remind", "resume", "sign"]
