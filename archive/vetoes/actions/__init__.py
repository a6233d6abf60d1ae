"""Rules, checks and decisions. Each action writes its register line and trail event in its own transaction."""

from archive.vetoes.actions.adoption import (
    approve_adoption,
    decline_adoption,
    end_adoption,
    propose_adoption,
    read_document,
)
from archive.vetoes.actions.carried import (
    as_file,
    carry_list,
    order_list,
    recheck_stale,
)
from archive.vetoes.actions.checks import (
    answer_list,
    ask_about_list,
    check_person,
    read_list,
)
from archive.vetoes.actions.contests import contest, review_contest
from archive.vetoes.actions.decisions import (
    decide,
    download_slip,
    issue_slip,
)
from archive.vetoes.actions.drafts import (
    approve_rule,
    change_draft,
    draft_rule,
    drop_draft,
    propose_rule,
    return_draft,
)
from archive.vetoes.actions.erasing import erase_list, erase_lists
from archive.vetoes.actions.gate import (
    add_applicant,
    check_applicant,
    open_programme,
    take_answers,
)
from archive.vetoes.actions.gate_deciding import (
    approve_applicant,
    approve_ready,
    refuse_applicant,
    standing_of,
)
from archive.vetoes.actions.hearings import (
    extend_proposals,
    hand_over_slip,
    note_statements_read,
    print_letter,
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
from archive.vetoes.actions.recall import (
    conclude_recall,
    follow_recalls,
    recheck,
)
from archive.vetoes.actions.rehearsing import ask_for_rehearsal, run_rehearsal
from archive.vetoes.actions.results import (
    expire_results,
    make_result,
    request_result,
    take_result,
)
from archive.vetoes.actions.rules import (
    cut_rule,
    end_rule,
    load_rules,
)
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
    "add_applicant",
    "answer_list",
    "approve_adoption",
    "approve_applicant",
    "approve_ready",
    "approve_rule",
    "as_file",
    "ask_about_list",
    "ask_again",
    "ask_for_rehearsal",
    "carry_list",
    "certify",
    "change_draft",
    "check_applicant",
    "check_person",
    "close_lapsed",
    "conclude_recall",
    "contest",
    "cut_rule",
    "decide",
    "decline_adoption",
    "download_certificate",
    "download_proof",
    "download_slip",
    "draft_rule",
    "drop_draft",
    "end_adoption",
    "end_certificate",
    "end_rule",
    "enrol_watches",
    "erase_list",
    "erase_lists",
    "expire_results",
    "extend_proposals",
    "follow_recalls",
    "follow_watches",
    "hand_over_slip",
    "issue_slip",
    "load_rules",
    "mail_alerts",
    "make_result",
    "note_alert",
    "note_statements_read",
    "open_programme",
    "order_list",
    "print_letter",
    "propose",
    "propose_adoption",
    "propose_rule",
    "prove_check",
    "read_document",
    "read_list",
    "recheck",
    "recheck_stale",
    "refuse_applicant",
    "renew_watches",
    "request_result",
    "return_draft",
    "review_contest",
    "run_rehearsal",
    "serve_proposal",
    "standing_of",
    "state",
    "stop_watch",
    "take_answers",
    "take_result",
    "waive",
    "watch_answer",
    "watch_list",
]
