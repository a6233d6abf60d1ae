"""Reports, what they hold, who was told; reports of whole lists."""

from archive.reports.models.bundles import BundleLine, ReportBundle
from archive.reports.models.looks import LookCount
from archive.reports.models.reports import ReaderNotice, Report, ReportEntry, ReportLink, VerificationUse

__all__ = [
    "BundleLine",
    "LookCount",
    "ReaderNotice",
    "Report",
    "ReportBundle",
    "ReportEntry",
    "ReportLink",
    "VerificationUse",
]
