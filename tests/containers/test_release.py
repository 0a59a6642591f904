"""The workflow that releases: what it may do, that nothing in it can be moved, and that what it names is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
NEEDS = {"contents": "write", "packages": "write", "id-token": "write", "attestations": "write"}
MADE = {"build/madrina.cdx.json", "build/pushed"}


def wrong(text: str) -> list[str]:
    """Each rule that the workflow breaks, in words."""
    workflow: dict[Any, Any] = yaml.safe_load(text)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    found = [] if workflow["permissions"] == {} else ["it may do more than its jobs ask for"]
    found += [f"{name} may do other things than it needs" for name, job in workflow["jobs"].items() if job["permissions"] != NEEDS]
    found += [] if workflow[True] == {"push": {"tags": ["v*"]}} else ["it runs otherwise than on a tag"]
    # YAML drops comments, and the version beside a commit is one.
    found += [
        f"{used} can be moved" for used in re.findall(r"uses: (.+)", text) if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}  # v[\d.]+", used)
    ]
    found += [f"a step puts {hole} into its script" for step in steps for hole in re.findall(r"\$\{\{.*?\}\}", step.get("run", ""))]
    named = {name.rstrip(".") for name in re.findall(r"\b(?:deploy|docs|build|pyproject)[\w./-]+", text)}
    found += [f"{name} isn't there" for name in named - MADE if not (ROOT / name).exists() and not name.startswith("build/madrina-")]
    targets = set(re.findall(r"make ([a-z-]+)", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return (
        found
        + [f"make {target} isn't there" for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)]
        + _attested(steps)
    )


def _attested(steps: list[dict[str, Any]]) -> list[str]:
    """What isn't signed or attested by its digest."""
    given = [step["with"] for step in steps if step.get("uses", "").startswith("actions/attest@")]
    by_digest = {(one["subject-name"], "sbom-path" in one) for one in given if "steps." in str(one.get("subject-digest"))}
    wanted = {("${{ env.IMAGE }}", False), ("${{ env.IMAGE }}", True), ("${{ env.CHARTS }}/madrina", False)}
    signed = " ".join(step.get("run", "") for step in steps)
    return [f"{name} isn't attested" for name, _ in wanted - by_digest] + [
        f"{what} isn't signed by its digest"
        for what in ("$IMAGE@$IMAGE_DIGEST", "$CHARTS/madrina@$CHART_DIGEST")
        if f'"{what}"' not in signed
    ]


def test_it_keeps_to_its_rules() -> None:
    assert wrong(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("permissions: {}", "permissions: write-all", "it may do more than its jobs ask for"),
        ("packages: write", "actions: write", "release may do other things than it needs"),
        ('tags: ["v*"]', 'branches: ["main"]', "it runs otherwise than on a tag"),
        ("checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2", "checkout@v4", "actions/checkout@v4 can be moved"),
        ('test "v$version"', 'test "v${{ github.ref }}"', "a step puts ${{ github.ref }} into its script"),
        ("helm package deploy/helm/madrina", "helm package deploy/chart", "deploy/chart isn't there"),
        ("make image", "make picture", "make picture isn't there"),
        ("          sbom-path: build/madrina.cdx.json\n", "", "${{ env.IMAGE }} isn't attested"),
        ('"$IMAGE@$IMAGE_DIGEST" "$CHARTS', '"$IMAGE:latest" "$CHARTS', "$IMAGE@$IMAGE_DIGEST isn't signed by its digest"),
    ],
)
def test_each_rule_bites(old: str, new: str, said: str) -> None:
    assert old in TEXT
    assert said in wrong(TEXT.replace(old, new))


def test_what_the_page_says_of_it_is_what_it_does() -> None:
    page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    assert ".github/workflows/release.yml@refs/tags/v" in page
    assert "ghcr.io/OWNER/charts/madrina" in page
    assert "madrina.cdx.json" in page
