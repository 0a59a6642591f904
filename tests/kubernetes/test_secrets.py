"""One command makes every Secret that an overlay's pods read, each key of it, and none that nobody reads."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from deploy import secrets
from deploy.kubernetes.kustomize import OVERLAYS, Object, components_of
from deploy.kubernetes.secrets import objects as made_for
from tests.kubernetes.rendered import render

BY_OTHERS = {"madrina-tls", "madrina-postgres-ca"}
"""Made by cert-manager, and by CloudNativePG."""


def made(*, cloudnative_pg: bool) -> list[Object]:
    """What the command makes."""
    return made_for(secrets.make("test"), "a password", cloudnative_pg=cloudnative_pg)


def keys(objects: list[Object]) -> set[tuple[str, str]]:
    """Every key, with the name of the Secret or ConfigMap that has it."""
    return {(found["metadata"]["name"], key) for found in objects for key in found.get("stringData") or found["data"]}


def read(node: Any) -> Iterator[tuple[str, str]]:
    """Every key of a Secret that a manifest names, and of the public keys."""
    if isinstance(node, list):
        for item in node:
            yield from read(item)
    if isinstance(node, dict):
        for name, inner in node.items():
            if name in ("secretKeyRef", "configMapKeyRef"):
                yield inner["name"], inner["key"]
            elif name in ("passwordSecret", "secret") and "name" in inner:
                yield from ((inner["name"], key) for key in ("username", "password"))
            else:
                yield from read(inner)


@pytest.mark.thorough
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_key_that_an_overlay_reads_is_made_and_no_other(overlay: str) -> None:
    objects = render(overlay)
    there = keys([found for found in objects if found["kind"] == "ConfigMap"])
    wanted = {(name, key) for name, key in read(objects) if name not in BY_OTHERS} - there
    # A broker alone has no routes; the password waits for a cluster.
    found = keys(made(cloudnative_pg="cloudnative-pg" in components_of(overlay)))
    assert found - wanted <= {("madrina-nats", "ROUTES_PASSWORD")}
    assert wanted - found == set()


def test_a_migration_connects_as_the_owner_and_nobody_else_does() -> None:
    urls = {
        found["metadata"]["name"]: found["stringData"].get("DATABASE_URL") for found in made(cloudnative_pg=True) if "stringData" in found
    }
    assert {name for name, url in urls.items() if url and "_owner:" in url} == {name for name in urls if name.endswith("-migrate")}
    assert urls["madrina-members"].endswith("@madrina-postgres-rw:5432/members?sslmode=verify-full&sslrootcert=/etc/postgres/ca.crt")


@pytest.mark.thorough
def test_the_command_prints_a_list_with_new_secrets_each_time() -> None:
    def printed() -> Any:
        command = [sys.executable, "-m", "deploy.kubernetes.secrets"]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)

    first, second = printed(), printed()
    assert first["kind"] == "List"
    values = {(found["metadata"]["name"], key): text for found in first["items"] for key, text in found.get("stringData", {}).items()}
    again = {(found["metadata"]["name"], key): text for found in second["items"] for key, text in found.get("stringData", {}).items()}
    assert {place for place in values if values[place] == again[place]} == {("madrina-notify", "SMTP_PASSWORD")}
