from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = _("Profiles")

    def ready(self) -> None:
        from profiles.accounts import trail
        from profiles.audit import exports
        from profiles.common import checks

        # "This field is required." says what is wrong; this also says what to do. For all forms, those of libraries too.
        Field.default_error_messages["required"] = _("Fill this in.")
        trail.connect()
        exports.connect()
        checks.register_all()
