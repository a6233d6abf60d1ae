"""The hub: Django finds the slices' models here. Imports only."""

from profiles.accounts.models import Account, Activation, RoleGrant
from profiles.audit.models import AuditEvent, Checkpoint, TrailLeaf, TrailPending
from profiles.organisations.models import Competence, Organisation
from profiles.people.models import IdentityDocument, Membership, Person

__all__ = [
    "Account",
    "Activation",
    "AuditEvent",
    "Checkpoint",
    "Competence",
    "IdentityDocument",
    "Membership",
    "Organisation",
    "Person",
    "RoleGrant",
    "TrailLeaf",
    "TrailPending",
]
