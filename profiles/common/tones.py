"""How a state looks: tone, symbol. Never colour alone: icon and word stand with it."""

from __future__ import annotations

TONES: dict[str, tuple[str, str]] = {
    # outcomes of checks
    "clear": ("good", "circle-check"),
    "note": ("good", "message-circle"),
    "review": ("warn", "eye-search"),
    "condition": ("warn", "adjustments"),
    "veto": ("veto", "ban"),
    "in_dispute": ("warn", "message-report"),
    "not_found": ("quiet", "user-question"),
    "name_mismatch": ("warn", "user-exclamation"),
    "unauthorised": ("quiet", "lock"),
    "unreadable": ("warn", "alert-triangle"),
    "confirmed": ("veto", "gavel"),
    "lifted": ("good", "circle-check"),
    # continuous checks and recalls
    "watching": ("calm", "eye"),
    "stands": ("veto", "gavel"),
    "nothing_decided": ("quiet", "minus"),
    "upheld": ("calm", "gavel"),
    "retracted": ("good", "arrow-back-up"),
    # entries
    "drafted": ("quiet", "pencil"),
    "notified": ("calm", "mail"),
    "in_hearing": ("warn", "message-circle"),
    "approved": ("calm", "check"),
    "withdrawn": ("quiet", "arrow-back-up"),
    "in_force": ("calm", "file-certificate"),
    "declined": ("quiet", "file-x"),
    # rows and files
    "new": ("good", "user-plus"),
    "known": ("good", "user-check"),
    "readable": ("good", "check"),
    "refused": ("veto", "circle-x"),
    "skipped": ("quiet", "minus"),
    "received": ("calm", "clock"),
    "reading": ("calm", "loader"),
    "columns": ("warn", "table"),
    "ready": ("warn", "hand-stop"),
    "held": ("quiet", "player-pause"),
    "reversed": ("quiet", "arrow-back-up"),
    "admitting": ("calm", "loader"),
    "done": ("good", "circle-check"),
    "cancelled": ("quiet", "x"),
    "failed": ("veto", "alert-triangle"),
    # approvals of many
    "proposed": ("warn", "hand-stop"),
    "running": ("calm", "loader"),
    "stays": ("quiet", "player-pause"),
    # documents
    "requested": ("calm", "loader"),
    "valid": ("good", "rosette-discount-check"),
    "expired": ("warn", "calendar-off"),
    "ended": ("quiet", "lock"),
    "seen": ("quiet", "check"),
    "replaced": ("warn", "refresh-alert"),
    "altered": ("veto", "shield-x"),
    "unknown": ("veto", "help-circle"),
    # reports of a list
    "packing": ("calm", "package"),
    "making": ("calm", "loader"),
    "made": ("good", "file-certificate"),
    "none": ("quiet", "file-off"),
    # severities, polarities, rules
    "minor": ("quiet", "point"),
    "general": ("warn", "circle-dot"),
    "serious": ("veto", "alert-octagon"),
    "positive": ("good", "award"),
    "adverse": ("warn", "file-alert"),
    "BLOCK": ("veto", "ban"),
    "COND": ("warn", "adjustments"),
    "REVIEW": ("warn", "eye-search"),
    "NOTE": ("quiet", "message-circle"),
    "working": ("calm", "loader"),
    "open": ("quiet", "clock"),
    "in_order": ("good", "circle-check"),
    "questioned": ("warn", "message-circle"),
    "on": ("good", "toggle-right"),
    "off": ("quiet", "toggle-left"),
    # duties of source bodies, changes of law
    "reported": ("good", "circle-check"),
    "late": ("warn", "clock-exclamation"),
    "zero": ("calm", "file-check"),
    "silent": ("veto", "volume-off"),
    "signed": ("good", "signature"),
    "due": ("calm", "calendar-due"),
    "dropped": ("quiet", "x"),
    "ends": ("veto", "circle-off"),
    "carried": ("calm", "scissors"),
    # keys; what an applicant waits for
    "revoked": ("quiet", "ban"),
    "checked": ("calm", "user-check"),
    "ready_to_approve": ("good", "circle-check"),
    "to_decide": ("warn", "gavel"),
    "unclear": ("warn", "user-question"),
    "stale": ("quiet", "clock-exclamation"),
    # people, accounts, authorisations
    "live": ("good", "circle-check"),
    "used": ("quiet", "check"),
    "active": ("good", "circle-check"),
    "left": ("quiet", "logout"),
    "retired": ("quiet", "ban"),
    # proposals about names, numbers and archives
    "carried_out": ("good", "circle-check"),
    "undone": ("quiet", "arrow-back-up"),
    # deliveries
    "waiting": ("calm", "clock"),
    "clean": ("good", "shield-check"),
    "infected": ("veto", "bug"),
    "not_configured": ("quiet", "shield-off"),
    # pledges
    "not_due": ("calm", "hourglass"),
    "full": ("good", "circle-check"),
    "part": ("warn", "circle-half"),
    "broken": ("veto", "circle-x"),
}


def tone_of(value: str) -> tuple[str, str]:
    """(tone, symbol) of a state's value; unknown values are shown plainly."""
    return TONES.get(str(value), ("quiet", "point"))
