"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.checks import answer_list, ask_about_list, check_person, read_list
from archive.vetoes.actions.decisions import decide, download_slip, issue_slip
from archive.vetoes.actions.recall import conclude_recall, follow_recalls, recheck
from archive.vetoes.actions.rules import adopt_rule, cut_rule, end_rule, load_rules
from archive.vetoes.actions.watch import (
    close_lapsed,
    enrol_watches,
    note_alert,
    renew_watches,
    stop_watch,
    watch_answer,
    watch_list,
)
from archive.vetoes.actions.watch_alerts import follow_watches, mail_alerts

__all__ = [
    "adopt_rule",
    "answer_list",
    "ask_about_list",
    "check_person",
    "close_lapsed",
    "conclude_recall",
    "cut_rule",
    "decide",
    "download_slip",
    "end_rule",
    "enrol_watches",
    "follow_recalls",
    "follow_watches",
    "issue_slip",
    "load_rules",
    "mail_alerts",
    "note_alert",
    "read_list",
    "recheck",
    "renew_watches",
    "stop_watch",
    "watch_answer",
    "watch_list",
]
