"""Checks for examiners, slips for persons, rules for everybody."""
