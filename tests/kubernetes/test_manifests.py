"""Every overlay and every component renders, fits the schemas, and leaves the scanners nothing that isn't explained."""

import json
from pathlib import Path

import pytest
import yaml

from deploy.kubernetes.kustomize import COMPONENTS, OVERLAYS, Object
from tests.kubernetes import scanners, schemas
from tests.kubernetes.rendered import render, render_with
from tests.kubernetes.scanners import Suppression

pytestmark = pytest.mark.thorough
DOCKERFILE = (Path(__file__).parents[2] / "Dockerfile").read_text(encoding="utf-8")
SUPPRESSIONS = [Suppression(**one) for one in yaml.safe_load((Path(__file__).parent / "suppressions.yaml").read_text(encoding="utf-8"))]


def rendered() -> dict[str, list[Object]]:
    """All that can be rendered, by overlay or component; what several have alike stands once."""
    things = {**{name: render(name) for name in OVERLAYS}, **{f"with-{name}": render_with(name) for name in COMPONENTS}}
    first: dict[str, str] = {}
    for name, objects in things.items():
        for thing in objects:
            first.setdefault(json.dumps(thing, sort_keys=True), name)
    return {name: [json.loads(text) for text, where in first.items() if where == name] for name in things}


def test_everything_fits_the_schemas() -> None:
    assert schemas.problems(thing for objects in rendered().values() for thing in objects) == []


def test_scanners_find_nothing_that_is_not_explained(tmp_path: Path) -> None:
    found = [*scanners.trivy(rendered(), DOCKERFILE, tmp_path), *scanners.hadolint(DOCKERFILE)]
    assert scanners.followed(found, SUPPRESSIONS) == []


def test_suppressions_are_few_and_explained() -> None:
    assert len(SUPPRESSIONS) <= 10
    assert all(len(one.why) > 40 for one in SUPPRESSIONS)
