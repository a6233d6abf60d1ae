"""Asking for reports, making them, what their owners do with them; reports for bodies, one by one and for lists."""

from archive.reports.actions.asking import Wish, request_report
from archive.reports.actions.bodies import read_by_body, request_for_body
from archive.reports.actions.bundles import (
    LIMIT,
    ask_for_bundle,
    cancel_bundle,
    make_reports,
    resume_bundle,
    stop_bundle,
)
from archive.reports.actions.issuing import add_waiting_stamps, issue
from archive.reports.actions.owning import download, end, end_link, make_link, read_by_link, set_validity
from archive.reports.actions.packing import KEPT, discard_bundles, pack_anew, pack_bundle, take_bundle

__all__ = [
    "KEPT",
    "LIMIT",
    "Wish",
    "add_waiting_stamps",
    "ask_for_bundle",
    "cancel_bundle",
    "discard_bundles",
    "download",
    "end",
    "end_link",
    "issue",
    "make_link",
    "make_reports",
    "pack_anew",
    "pack_bundle",
    "read_by_body",
    "read_by_link",
    "request_for_body",
    "request_report",
    "resume_bundle",
    "set_validity",
    "stop_bundle",
    "take_bundle",
]
