"""The hub: Django finds the slices' models here. Imports only."""

from profiles.accounts.models import Account, Activation, RoleGrant
from profiles.audit.models import AuditEvent, Checkpoint, TrailLeaf, TrailPending
from profiles.organisations.models import Competence, Organisation
from profiles.people.models import FormerName, IdentityChange, IdentityDocument, Membership, Person, PersonMerge

__all__ = [
    "Account",
    "Activation",
    "AuditEvent",
    "Checkpoint",
    "Competence",
    "FormerName",
    "IdentityChange",
    "IdentityDocument",
    "Membership",
    "Organisation",
    "Person",
    "PersonMerge",
    "RoleGrant",
    "TrailLeaf",
    "TrailPending",
]
