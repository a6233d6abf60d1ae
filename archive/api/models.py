"""Keys by which other systems of a body ask, and the requests that must not be carried out twice."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.api.queries import KeyQuerySet
from profiles.common import codes

KEPT_FOR = dt.timedelta(hours=24)  # idempotency keys


class ApiKey(models.Model):
    """机构密钥: lets a system of a body ask in the name of a responsible examiner. Two halves, `code.secret`; a hash is kept.

    What the account may do bounds the key, and its scopes bound it further. Never more than `per_minute` requests a minute.
    """

    class Reach(models.TextChoices):
        CHECK = "check", _("check one person")
        LIST = "list", _("check lists, and read their answers")

    code = models.CharField(_("key"), max_length=16, unique=True, default=codes.key_code, editable=False)
    secret_hash = models.BinaryField(max_length=32, editable=False)
    name = models.CharField(_("system"), max_length=80)
    organisation = models.ForeignKey("profiles.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    reach = ArrayField(models.CharField(max_length=10, choices=Reach.choices), verbose_name=_("reach"))
    per_minute = models.PositiveIntegerField(_("requests a minute"), default=600)
    valid_until = models.DateField(_("until"))
    made_by = models.ForeignKey("profiles.Account", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    revoked_by = models.ForeignKey(
        "profiles.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    # The meter of the present minute: how many requests the web processes have drawn for themselves.
    minute = models.DateTimeField(null=True, editable=False)
    drawn = models.PositiveIntegerField(default=0, editable=False)

    objects = KeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation key")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="key_revocation_paired",
            ),
            models.CheckConstraint(condition=Q(reach__len__gte=1), name="key_reaches_something"),
            models.CheckConstraint(condition=Q(per_minute__gte=1, per_minute__lte=60_000), name="key_per_minute"),
        ]

    def __str__(self) -> str:
        return self.code

    def state_on(self, day: dt.date) -> str:
        """`live`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if day <= self.valid_until else "expired"

    @property
    def is_over(self) -> bool:
        return self.valid_until < timezone.localdate()

    @property
    def reach_labels(self) -> list[object]:
        return [self.Reach(value).label for value in self.reach]


class IdempotentRequest(models.Model):
    """A request that was carried out: who sends it again within a day gets the same answer, and nothing happens twice.

    Neither the request nor the answer is kept, only a keyed digest of the one and the code of what the other shows.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=80, help_text="the header Idempotency-Key")
    digest = models.BinaryField(max_length=32)
    object_code = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("request that is not carried out twice")
        constraints = [models.UniqueConstraint(fields=["key", "token"], name="request_once")]
        indexes = [models.Index(fields=["at"], name="request_age")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.at:%Y-%m-%d %H:%M}"
