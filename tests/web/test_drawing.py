"""Marks on pages: drawn as the rule says, in the colours that letters have too."""

from uuid import UUID

from services.web.assets import FOLDER
from services.web.drawing import mark
from shared.marks import GLAZES

EXAMPLE = UUID("7d444840-9dc0-11d1-b245-5ffdce74fad2")


def test_the_example_is_drawn_for_ever_as_it_is() -> None:
    discs = "M40 0A16 16 0 0 1 24 16L24 0zM40 48A16 16 0 0 0 24 32L24 48z"
    assert str(mark(EXAMPLE, "big")).startswith(
        f'<svg class="mark m1 big" viewBox="0 0 48 48" aria-hidden="true" focusable="false"><path class="d" d="{discs}"/><path d="M16 24'
    )


def test_the_stylesheet_has_the_colours_of_every_glaze() -> None:
    styles = (FOLDER / "madrina.css").read_text()
    for number, glaze in enumerate(GLAZES):
        assert f".m{number} {{ --g: {glaze.ground}; --l: {glaze.line}; --d: {glaze.disc}; }}" in styles
