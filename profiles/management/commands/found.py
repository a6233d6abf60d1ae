"""`manage.py found`: enter the office that runs an empty installation, with its first two administrators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.accounts.founding import found
from profiles.common.exceptions import ActionRefused


class Command(BaseCommand):
    help = "Enters the office that runs this installation and prints its two administrators' passwords, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--body", required=True, help="name of the office")
        parser.add_argument("--code", required=True, help="its unified social credit code")
        parser.add_argument("--system-admin", required=True, help="name of the person who keeps bodies and accounts")
        parser.add_argument("--security-admin", required=True, help="name of the other person, who grants roles")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            passwords = found(
                body=options["body"],
                code=options["code"],
                system_admin=options["system_admin"],
                security_admin=options["security_admin"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except ActionRefused as error:
            raise CommandError(str(error)) from None
        for username, password in passwords.items():
            self.stdout.write(f"{username}  {password}")
        self.stdout.write("Hand each to its person; at the first sign-in each sets up a second factor.")
