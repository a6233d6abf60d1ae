"""Working days as a line of numbers, so that SQL can count them between two columns by one subtraction."""

from __future__ import annotations

# One row a day from %(line_first)s to %(line_last)s. `upto`: working days until and with that day; `before`: without it.
# The same rule as `Calendar.is_working`: Monday to Friday, with the exceptions of the table.
DAYLINE = """
    SELECT counted.day, counted.upto, counted.upto - counted.worked AS before
    FROM (
        SELECT known.day, known.worked, sum(known.worked) OVER (ORDER BY known.day) AS upto
        FROM (
            SELECT series.day::date AS day,
                   COALESCE(exception.working, extract(isodow FROM series.day) < 6)::int AS worked
            FROM generate_series(%(line_first)s::date, %(line_last)s::date, interval '1 day') AS series(day)
            LEFT JOIN archive_calendarday AS exception ON exception.date = series.day::date
        ) AS known
    ) AS counted
"""
