"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.carried import as_file, carry_list, order_list, recheck_stale
from archive.vetoes.actions.checks import answer_list, ask_about_list, check_person, read_list
from archive.vetoes.actions.decisions import decide, download_slip, issue_slip
from archive.vetoes.actions.gate import add_applicant, check_applicant, open_programme, take_answers
from archive.vetoes.actions.gate_deciding import approve_applicant, approve_ready, refuse_applicant, standing_of
from archive.vetoes.actions.rules import adopt_rule, cut_rule, end_rule, load_rules

__all__ = [
    "add_applicant",
    "adopt_rule",
    "answer_list",
    "approve_applicant",
    "approve_ready",
    "as_file",
    "ask_about_list",
    "carry_list",
    "check_applicant",
    "check_person",
    "cut_rule",
    "decide",
    "download_slip",
    "end_rule",
    "issue_slip",
    "load_rules",
    "open_programme",
    "order_list",
    "read_list",
    "recheck_stale",
    "refuse_applicant",
    "standing_of",
    "take_answers",
]
