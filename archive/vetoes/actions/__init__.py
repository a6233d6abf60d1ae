"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.checks import answer_list, ask_about_list, check_person, read_list
from archive.vetoes.actions.contests import contest, review_contest
from archive.vetoes.actions.decisions import decide, download_slip, issue_slip
from archive.vetoes.actions.erasing import erase_list, erase_lists
from archive.vetoes.actions.hearings import (
    note_statements_read,
    print_proposal,
    propose,
    serve_proposal,
    state,
    waive,
)
from archive.vetoes.actions.proofs import (
    ask_again,
    certify,
    download_certificate,
    download_proof,
    end_certificate,
    prove_check,
)
from archive.vetoes.actions.results import expire_results, make_result, request_result, take_result
from archive.vetoes.actions.rules import adopt_rule, cut_rule, end_rule, load_rules

__all__ = [
    "adopt_rule",
    "answer_list",
    "ask_about_list",
    "ask_again",
    "certify",
    "check_person",
    "contest",
    "cut_rule",
    "decide",
    "download_certificate",
    "download_proof",
    "download_slip",
    "end_certificate",
    "end_rule",
    "erase_list",
    "erase_lists",
    "expire_results",
    "issue_slip",
    "load_rules",
    "make_result",
    "note_statements_read",
    "print_proposal",
    "propose",
    "prove_check",
    "read_list",
    "request_result",
    "review_contest",
    "serve_proposal",
    "state",
    "take_result",
    "waive",
]
