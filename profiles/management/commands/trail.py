"""`manage.py trail verify|export|key|checkpoint`: prove, hand out and anchor the trail."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.audit import actions, export
from profiles.audit.models import Checkpoint
from profiles.audit.verify_trail import Altered, Verifier, verify_rows
from profiles.common.permissions import System


class Command(BaseCommand):
    help = "Verifies, exports or anchors the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        verify = tasks.add_parser("verify", help="prove that the trail was not altered")
        verify.add_argument("--against", type=Path, help="a checkpoint that was kept outside (JSON)")
        verify.add_argument("--no-seal", action="store_true", help="do not seal waiting events first")
        write = tasks.add_parser("export", help="write the trail as lines of JSON for verify_trail.py")
        write.add_argument("file", type=Path)
        tasks.add_parser("key", help="print the public key, PEM")
        tasks.add_parser("checkpoint", help="print the newest signed root, to be kept outside")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["task"])(options)

    def verify(self, options: dict[str, Any]) -> None:
        if not options["no_seal"]:
            while actions.seal(by=System("verify")) is not None:
                continue
        against = json.loads(options["against"].read_text()) if options["against"] else None
        verifier = Verifier(actions.public_key(), against)
        try:
            waiting = verify_rows(export.rows(), verifier)
            strays = export.strays()
            if strays:
                raise Altered(f"{strays} events are under no leaf and do not wait for one.")
        except Altered as error:
            self.stdout.write(self.style.ERROR(f"ALTERED: {error}"))
            sys.exit(1)
        self.stdout.write(
            self.style.SUCCESS(
                f"WHOLE: {verifier.tree.size} events under {verifier.checkpoints} signed checkpoints;"
                f" {waiting} wait for their seal."
            )
        )

    def export(self, options: dict[str, Any]) -> None:
        with options["file"].open("w", encoding="utf-8") as file:
            for line in export.lines():
                file.write(line + "\n")
        self.stdout.write(f"Written to {options['file']}.")

    def key(self, options: dict[str, Any]) -> None:
        self.stdout.write(
            actions.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), ending=""
        )

    def checkpoint(self, options: dict[str, Any]) -> None:
        newest = Checkpoint.objects.first()
        if newest is None:
            raise CommandError("Nothing has been sealed yet.")
        self.stdout.write(json.dumps(export.checkpoint_row(newest)))
