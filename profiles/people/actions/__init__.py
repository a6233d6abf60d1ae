"""What happens to persons. Each action writes its trail event in its own transaction."""

from profiles.people.actions.archives import (
    NewPerson,
    add_memberships,
    end_membership,
    enrol,
    open_archives,
    open_many,
    reveal_identity,
)
from profiles.people.actions.changes import (
    carry_out_change,
    decline_change,
    propose_correction,
    propose_name,
    propose_number,
)
from profiles.people.actions.merging import carry_out_merge, decline_merge, propose_merge, undo_merge

__all__ = [
    "NewPerson",
    "add_memberships",
    "carry_out_change",
    "carry_out_merge",
    "decline_change",
    "decline_merge",
    "end_membership",
    "enrol",
    "open_archives",
    "open_many",
    "propose_correction",
    "propose_merge",
    "propose_name",
    "propose_number",
    "reveal_identity",
    "undo_merge",
]
