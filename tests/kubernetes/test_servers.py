"""The servers that overlays bring know the roles, databases and users of the table, and the demo's mailbox what it reads."""

import pytest

from deploy.containers import EVERYWHERE, VERSION
from deploy.kubernetes.kustomize import Object
from deploy.local.environment import MAILBOX
from deploy.processes import DATABASE_ROLES, DATABASES
from shared.postgres.rights import owner_of
from tests.kubernetes.rendered import named, render, render_with

pytestmark = pytest.mark.thorough


def env(objects: list[Object], kind: str, name: str) -> dict[str, Object]:
    """The environment of the one container of a server, by name."""
    (container,) = named(objects, kind, name)["spec"]["template"]["spec"]["containers"]
    return {entry.pop("name"): entry for entry in container["env"]}


def test_postgresql_gets_the_password_of_every_role() -> None:
    names = {"POSTGRES_PASSWORD", *(f"{role.upper()}_PASSWORD" for role in DATABASE_ROLES)}
    wanted = {name: {"valueFrom": {"secretKeyRef": {"name": "madrina-postgres", "key": name}}} for name in names}
    assert env(render_with("postgres"), "StatefulSet", "madrina-postgres") == wanted


def test_cloudnative_pg_makes_every_role_and_database() -> None:
    objects = render_with("cloudnative-pg")
    cluster = named(objects, "Cluster", "madrina-postgres")["spec"]
    first = cluster["bootstrap"]["initdb"]
    roles = {role["name"]: role["passwordSecret"]["name"] for role in cluster["managed"]["roles"]} | {
        first["owner"]: first["secret"]["name"]
    }
    assert roles == {role: f"madrina-postgres-{role.replace('_', '-')}" for role in DATABASE_ROLES}
    made = {found["spec"]["name"]: found["spec"]["owner"] for found in objects if found["kind"] == "Database"}
    assert made | {first["database"]: first["owner"]} == {database: owner_of(database) for database in DATABASES}


def test_whoever_has_a_database_knows_the_authority_of_cloudnative_pg() -> None:
    objects = render_with("cloudnative-pg")
    for found in objects:
        if found["kind"] in ("Deployment", "Job"):
            spec = found["spec"]["template"]["spec"]
            knows = any(volume.get("secret", {}).get("secretName") == "madrina-postgres-ca" for volume in spec.get("volumes", []))
            reads = any(entry["name"] == "DATABASE_URL" for entry in spec["containers"][0]["env"])
            assert knows == reads, found["metadata"]["name"]
            # The authority's own key is in the same Secret.
            assert not knows or spec["volumes"][0]["secret"]["items"] == [{"key": "ca.crt", "path": "ca.crt"}]


def test_the_mailbox_is_given_what_it_reads_and_is_where_letters_go() -> None:
    objects = render("demo")
    given = {name: entry["value"] for name, entry in env(objects, "Deployment", "madrina-mailbox").items()}
    assert set(given) == {name.upper() for name in MAILBOX.settings.model_fields}
    assert (given["PORT"], given["HOST"]) == (str(MAILBOX.port), EVERYWHERE)
    data = named(objects, "ConfigMap", "madrina-config")["data"]
    assert (data["SMTP_HOST"], data["SMTP_PORT"]) == ("madrina-mailbox", given["SMTP_PORT"])
    (container,) = named(objects, "Deployment", "madrina-mailbox")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == f"madrina-mailbox:{VERSION}"
    assert container["command"] == ["python", *MAILBOX.arguments()]
