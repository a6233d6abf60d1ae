"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.checks import answer_list, ask_about_list, check_person, read_list
from archive.vetoes.actions.decisions import decide, download_slip, issue_slip
from archive.vetoes.actions.rules import adopt_rule, cut_rule, end_rule, load_rules

__all__ = [
    "adopt_rule",
    "answer_list",
    "ask_about_list",
    "check_person",
    "cut_rule",
    "decide",
    "download_slip",
    "end_rule",
    "issue_slip",
    "load_rules",
    "read_list",
]
