"""The door to files: what a file is (`sniff`), what it holds (`survey`), the rows of its table (`read_table`)."""

from archive.intake.reading.sniffing import sniff
from archive.intake.reading.survey import SeenColumn, SeenSheet, Survey, survey
from archive.intake.reading.tables import Layout, Table, read_table
from archive.intake.workbooks import ROW_LIMIT

__all__ = ["ROW_LIMIT", "Layout", "SeenColumn", "SeenSheet", "Survey", "Table", "read_table", "sniff", "survey"]
