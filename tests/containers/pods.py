"""A pod as a container: what a kubelet makes of its spec, for an engine. Pure, but for the folders of its configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.kubernetes.kustomize import Object
from tests.kubernetes.rendered import Pod

Values = Mapping[str, Mapping[str, str]]
"""What Secrets or ConfigMaps hold, by name and key."""
_UNITS = {"": 1, "m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


class NoSuchKey(Exception):
    """A pod refers to a key that isn't there, so it wouldn't be started; the text says which."""


@dataclass
class Container:
    """How one is started, in the words of the engine's API."""

    name: str
    image: str
    ports: dict[str, int]
    environment: dict[str, str]
    probes: dict[str, Object]
    arguments: list[str]
    memory: dict[str, str]
    """What it may write to, by path, with the options of the memory that it is here."""
    files: dict[str, Path]
    """Folders of configuration, by the path at which it finds them."""
    options: dict[str, Any]


def quantity(text: str) -> float:
    """`250m` is 0.25, `64Mi` the bytes. Raises ValueError for a unit unknown here."""
    match = re.fullmatch(r"([\d.]+)(m|Ki|Mi|Gi|)", str(text))
    if not match:
        raise ValueError(f"no quantity known here: {text}")
    return float(match[1]) * _UNITS[match[2]]


def container(pod: Pod, secrets: Values, configs: Values, folder: Path) -> Container:
    """The pod's one container. Raises NoSuchKey."""
    (spec,) = pod.containers
    memory, files = _mounts(pod, spec, configs, folder)
    return Container(
        name=pod.name,
        image=spec["image"],
        ports={port["name"]: port["containerPort"] for port in spec.get("ports", [])},
        environment=environment(pod.name, spec, secrets, configs),
        probes={kind: spec[kind] for kind in ("startupProbe", "livenessProbe", "readinessProbe") if kind in spec},
        arguments=spec.get("args", []),
        memory=memory,
        files=files,
        options={
            **({"entrypoint": spec["command"]} if "command" in spec else {}),
            **_rights({**pod.spec.get("securityContext", {}), **spec["securityContext"]}),
            **_limits(spec["resources"]["limits"]),
            **_tries(pod),
        },
    )


def environment(name: str, spec: Object, secrets: Values, configs: Values) -> dict[str, str]:
    """Its variables, from where they come. Raises NoSuchKey."""
    found: dict[str, str] = {}
    for one in spec.get("env", []):
        source = one.get("valueFrom", {})
        if ref := source.get("secretKeyRef") or source.get("configMapKeyRef"):
            held = (secrets if "secretKeyRef" in source else configs).get(ref["name"], {})
            if ref["key"] not in held:
                raise NoSuchKey(f"{name}: couldn't find key {ref['key']} in {ref['name']}")
            found[one["name"]] = held[ref["key"]]
        elif "fieldRef" in source:
            found[one["name"]] = {"metadata.name": f"{name}-0"}[source["fieldRef"]["fieldPath"]]
        else:
            found[one["name"]] = re.sub(r"\$\((\w+)\)", lambda match: found.get(match[1], match[0]), one.get("value", ""))
    return found


def _rights(context: Object) -> dict[str, Any]:
    return {
        "user": f"{context['runAsUser']}:{context['runAsGroup']}",
        "read_only": context.get("readOnlyRootFilesystem", False),
        "cap_drop": context.get("capabilities", {}).get("drop", []),
        "cap_add": context.get("capabilities", {}).get("add", []),
        "security_opt": [] if context.get("allowPrivilegeEscalation", True) else ["no-new-privileges"],
    }


def _limits(limits: Object) -> dict[str, Any]:
    memory = int(quantity(limits["memory"]))
    return {"nano_cpus": int(quantity(limits["cpu"]) * 1e9), "mem_limit": memory, "memswap_limit": memory}


def _mounts(pod: Pod, spec: Object, configs: Values, folder: Path) -> tuple[dict[str, str], dict[str, Path]]:
    """What a pod may write to is memory here, of the pod's group; a ConfigMap is a folder of files."""
    volumes = {volume["name"]: volume for volume in pod.spec.get("volumes", [])}
    owner = pod.spec["securityContext"].get("fsGroup", 0)
    memory, files = {}, {}
    for mount in spec.get("volumeMounts", []):
        volume = volumes.get(mount["name"], {})
        if name := volume.get("configMap", {}).get("name"):
            files[mount["mountPath"]] = _written(configs[name], folder / pod.name / mount["name"])
        else:  # an emptyDir, or a claim
            memory[mount["mountPath"]] = f"uid={owner},gid={owner},mode=0770"
    return memory, files


def _tries(pod: Pod) -> dict[str, Any]:
    """A job is run again until it ends well."""
    return {"restart_policy": {"Name": "on-failure", "MaximumRetryCount": pod.owner["spec"]["backoffLimit"]}} if pod.kind == "Job" else {}


def _written(values: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    for name, text in values.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
