"""Fonts of documents: what stands between characters is in each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import uharfbuzz as hb

from archive.common import fonts


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: f"{face.family}-{face.weight}")
def test_a_space_behind_a_rare_character_is_no_box(face: fonts.Face) -> None:
    found = face.find()
    assert found is not None, "Noto CJK is among the system packages that the Makefile installs"
    path, index = found
    rare = fonts.parts(face)[1]
    assert ord("怡") in rare
    font = hb.Font(hb.Face(hb.Blob(fonts.cut(Path(path).read_bytes(), index, {ord("怡")}))))
    for character in (*fonts.SPACES, ord("怡")):
        assert font.get_nominal_glyph(character), hex(character)
