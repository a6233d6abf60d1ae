"""Asking for reports, making them, what their owners do with them; reports for bodies, one by one and for lists."""

from archive.reports.actions.asking import Wish, request_report
from archive.reports.actions.bodies import read_by_body, request_for_body
from archive.reports.actions.issuing import add_waiting_stamps, issue
from archive.reports.actions.owning import download, end, end_link, make_link, read_by_link, set_validity

__all__ = [
    "Wish",
    "add_waiting_stamps",
    "download",
    "end",
    "end_link",
    "issue",
    "make_link",
    "read_by_body",
    "read_by_link",
    "request_for_body",
    "request_report",
    "set_validity",
]
