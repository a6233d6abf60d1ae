"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.adoption import (
    approve_adoption,
    decline_adoption,
    end_adoption,
    propose_adoption,
    read_document,
)
from archive.vetoes.actions.checks import answer_list, ask_about_list, check_person, read_list
from archive.vetoes.actions.decisions import decide, download_slip, issue_slip
from archive.vetoes.actions.drafts import (
    approve_rule,
    change_draft,
    draft_rule,
    drop_draft,
    propose_rule,
    return_draft,
)
from archive.vetoes.actions.recall import conclude_recall, follow_recalls, recheck
from archive.vetoes.actions.rehearsing import ask_for_rehearsal, run_rehearsal
from archive.vetoes.actions.rules import cut_rule, end_rule, load_rules
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
    "answer_list",
    "approve_adoption",
    "approve_rule",
    "ask_about_list",
    "ask_for_rehearsal",
    "change_draft",
    "check_person",
    "close_lapsed",
    "conclude_recall",
    "cut_rule",
    "decide",
    "decline_adoption",
    "download_slip",
    "draft_rule",
    "drop_draft",
    "end_adoption",
    "end_rule",
    "enrol_watches",
    "follow_recalls",
    "follow_watches",
    "issue_slip",
    "load_rules",
    "mail_alerts",
    "note_alert",
    "propose_adoption",
    "propose_rule",
    "read_document",
    "read_list",
    "recheck",
    "renew_watches",
    "return_draft",
    "run_rehearsal",
    "stop_watch",
    "watch_answer",
    "watch_list",
]
