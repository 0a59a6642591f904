"""What kustomize makes of deploy/kubernetes, as plain objects."""

import os
import subprocess
import sys
import tempfile
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]
"""One Kubernetes object."""

KUBERNETES = Path(__file__).resolve().parent
OVERLAYS = tuple(sorted(file.parent.name for file in KUBERNETES.glob("overlays/*/kustomization.yaml")))
COMPONENTS = tuple(sorted(file.parent.name for file in KUBERNETES.glob("components/*/kustomization.yaml")))


def components_of(overlay: str) -> tuple[str, ...]:
    """The components that an overlay takes."""
    kustomization = yaml.safe_load((KUBERNETES / "overlays" / overlay / "kustomization.yaml").read_text(encoding="utf-8"))
    return tuple(Path(component).name for component in kustomization.get("components", []))


def says(component: str) -> str:
    """What a component is for: the comment with which its kustomization.yaml begins."""
    lines = (KUBERNETES / "components" / component / "kustomization.yaml").read_text(encoding="utf-8").splitlines()
    return " ".join(line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("# "), lines))


@cache
def overlay(name: str) -> list[Object]:
    """The objects of an overlay."""
    return _kustomize(KUBERNETES / "overlays" / name)


@cache
def base_with(*components: str) -> list[Object]:
    """The objects of the base with these components."""
    with tempfile.TemporaryDirectory() as folder:
        named = {
            "resources": [os.path.relpath(KUBERNETES / "base", os.path.realpath(folder))],
            "components": [os.path.relpath(KUBERNETES / "components" / name, os.path.realpath(folder)) for name in components],
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(named))
        return _kustomize(Path(folder))


def _kustomize(folder: Path) -> list[Object]:
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run(  # noqa: S603 — our own manifests
        [kubectl, "kustomize", folder], capture_output=True, text=True, check=False, timeout=60
    )
    # Kustomize warns of what it will do otherwise one day, and goes on.
    if done.returncode or done.stderr:
        raise RuntimeError(f"{folder}: {done.stderr}")
    return parsed(done.stdout)


def parsed(text: str) -> list[Object]:
    """The objects of a file."""
    return [thing for thing in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if thing]
