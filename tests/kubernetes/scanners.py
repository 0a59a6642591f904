"""What trivy and hadolint find in manifests and in the Dockerfile, and which of it is suppressed."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from deploy.kubernetes.kustomize import Object
from tests.kubernetes.schemas import name_of

TOOLS = Path(__file__).parents[2] / ".venv" / "bin"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a scanner would have otherwise."""

    check: str
    where: str
    """`<overlay>/<Kind>/<name>`, or Dockerfile."""
    message: str


@dataclass(frozen=True)
class Suppression:
    """One check that is not followed, and why."""

    check: str
    where: str
    """A pattern of Finding.where, as a shell has them."""
    why: str

    def covers(self, finding: Finding) -> bool:
        """Whether it is this finding that isn't followed."""
        return finding.check == self.check and fnmatchcase(finding.where, self.where)


def trivy(rendered: Mapping[str, Iterable[Object]], dockerfile: str, folder: Path) -> list[Finding]:
    """What trivy finds in objects, by the name of their overlay, and in a Dockerfile; `folder` is an empty one for its input."""
    for overlay, objects in rendered.items():
        for thing in objects:
            path = folder / overlay / name_of(thing) / "object.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(thing), encoding="utf-8")
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    offline = ["--skip-check-update", "--skip-version-check", "--disable-telemetry", "--quiet", "--ignorefile", ""]
    command = [str(TOOLS / "trivy"), "config", *offline, "--format", "json", str(folder)]
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=100).stdout)
    return sorted(
        Finding(found["ID"], result["Target"].removesuffix("/object.yaml"), found["Message"])
        for result in report.get("Results", [])
        for found in result.get("Misconfigurations", [])
    )


def hadolint(dockerfile: str) -> list[Finding]:
    """What hadolint finds in a Dockerfile."""
    command = [str(TOOLS / "hadolint"), "--no-fail", "--format", "json", "-"]
    done = subprocess.run(command, input=dockerfile, capture_output=True, text=True, check=True, timeout=30)
    return sorted(Finding(found["code"], "Dockerfile", f"line {found['line']}: {found['message']}") for found in json.loads(done.stdout))


def followed(findings: Iterable[Finding], accepted: Iterable[Suppression]) -> list[str]:
    """What is left to mend: findings that nothing suppresses, and suppressions that nothing needs."""
    findings, accepted = list(findings), list(accepted)
    open_ = [f"{found.check} {found.where}: {found.message}" for found in findings if not any(one.covers(found) for one in accepted)]
    idle = [f"{one.check} {one.where}: nothing needs this suppression" for one in accepted if not any(map(one.covers, findings))]
    return open_ + idle
