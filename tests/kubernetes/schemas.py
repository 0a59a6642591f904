"""Objects held against the schemas of Kubernetes and of what is installed beside it, unknown fields refused."""

import functools
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deploy.kubernetes.kustomize import Object

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
"""Of Kubernetes: those that its project keeps, and what clouds offer longer."""
CUSTOM = ("gateway.networking.k8s.io", "postgresql.cnpg.io")
"""The groups for which a package of package.json has the schemas; no other kind may do without one of Kubernetes' own."""
PACKAGES = Path(__file__).parents[2] / ".venv" / "kubernetes"
CHECK = (Path(__file__).parent / "custom.mjs").read_text(encoding="utf-8")
NO_PACKAGES = "NO SCHEMA OF GATEWAY API AND CLOUDNATIVEPG: no Node, or `sh deploy/local/node_packages.sh kubernetes` could not install them"


def name_of(thing: Object) -> str:
    """As messages and suppressions call an object: `Deployment/madrina-web`."""
    return f"{thing['kind']}/{thing['metadata']['name']}"


def is_custom(thing: Object) -> bool:
    """Whether its schema comes with a package."""
    return thing["apiVersion"].partition("/")[0] in CUSTOM


def problems(objects: Iterable[Object], versions: Iterable[str] = VERSIONS) -> list[str]:
    """What is wrong with the objects in any of the versions, a line each; an object that has no schema is wrong."""
    once = {json.dumps(thing, sort_keys=True): thing for thing in objects}.values()
    own = [thing for thing in once if not is_custom(thing)]
    found = [line for version in versions for thing in own if (line := _problem(thing, version))]
    return found + _custom([thing for thing in once if is_custom(thing)])


@functools.cache
def _library() -> Any:
    """kubernetes-validate, which is there only if the extra `deploy` is, and which would read 2 MB of schemas anew for each object."""
    import kubernetes_validate  # noqa: PLC0415 — as said

    kubernetes_validate.utils.schema_contents = functools.cache(kubernetes_validate.utils.schema_contents)
    return kubernetes_validate


def _problem(thing: Object, version: str) -> str | None:
    kubernetes_validate = _library()
    try:
        kubernetes_validate.validate(thing, version, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return f"{version}: {name_of(thing)}: there is no schema for {thing['apiVersion']} {thing['kind']}"
    except kubernetes_validate.ValidationError as wrong:
        return f"{version}: {name_of(thing)}: {'.'.join(map(str, wrong.path))}: {wrong.message}"
    return None


def _custom(objects: list[Object]) -> list[str]:
    if not objects:
        return []
    node = shutil.which("node")
    assert node and (PACKAGES / "node_modules").is_dir(), NO_PACKAGES
    command = [node, "--input-type=module", "--eval", CHECK]
    done = subprocess.run(command, cwd=PACKAGES, input=json.dumps(objects), capture_output=True, text=True, check=True, timeout=60)
    return [f"{name_of(thing)}: {line}" for thing, lines in zip(objects, json.loads(done.stdout), strict=True) for line in lines]
