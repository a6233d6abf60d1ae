"""Where the shipped pledge texts are."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "data" / "templates.toml"
