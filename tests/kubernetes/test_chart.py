"""The chart is what `make chart` writes, renders what kustomize renders, object by object, and refuses what it doesn't know."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deploy.helm import chart, values
from deploy.helm.__main__ import BY_HAND, CHART
from deploy.kubernetes import kustomize
from deploy.kubernetes.kustomize import COMPONENTS, OVERLAYS, Object, base_with, parsed

pytestmark = pytest.mark.thorough
MUST = {
    "WEB_URL": f"https://{chart.HOST}",
    "NATS_URL": "tls://nats.example",
    "MAIL_FROM": "her@example.org",
    "SMTP_HOST": "mail.example.org",
}
"""Settings that nobody but the operator can know."""
WHOLE = [tuple(name for name in COMPONENTS if name not in other) for other in (("nats", "postgres"), ("nats-cluster", "cloudnative-pg"))]
"""As many components at once as go together: there is one broker and one PostgreSQL."""


@pytest.fixture(scope="module")
def helm() -> Iterator[Any]:
    """The chart as Helm loads it."""
    from helm_python import Chart  # noqa: PLC0415 — of the extra `deploy`

    with Chart.load(CHART) as loaded:
        yield loaded


def render(helm: Any, given: Object, namespace: str = "madrina") -> dict[str, str]:
    """The manifests that Helm makes of the chart with these values, by template."""
    rendered: dict[str, str] = helm.render(given, name="community", namespace=namespace)
    return {name: text for name, text in rendered.items() if name.endswith(".yaml")}


def objects(helm: Any, given: Object, namespace: str = "madrina") -> dict[str, Object]:
    """The objects among them."""
    return chart.by_name(thing for text in render(helm, given, namespace).values() for thing in parsed(text))


def given_for(overlay: str) -> Object:
    """The values that make the chart the same as an overlay."""
    loaded: Object = yaml.safe_load((CHART / "ci" / f"{overlay}-values.yaml").read_text(encoding="utf-8"))
    return loaded


def differences(left: dict[str, Object], right: dict[str, Object]) -> list[str]:
    """The objects that one side alone has, or that aren't the same on both."""
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def test_the_chart_is_what_is_written_from_the_manifests() -> None:
    there = {path.relative_to(CHART).as_posix(): path.read_text(encoding="utf-8") for path in CHART.rglob("*") if path.is_file()}
    written = chart.files()
    assert there.keys() == written.keys() | BY_HAND
    assert [name for name, text in written.items() if there[name] != text] == [], "run `make chart`"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_chart_is_the_same_as_each_overlay(helm: Any, overlay: str) -> None:
    rendered = kustomize.overlay(overlay)
    (namespace,) = [thing["metadata"]["name"] for thing in rendered if thing["kind"] == "Namespace"]
    assert differences(objects(helm, given_for(overlay), namespace), chart.by_name(rendered)) == []


def with_components(names: tuple[str, ...]) -> Object:
    """The values of an installation with these components and no more than it must be told."""
    known = chart.by_name(base_with(*names))["ConfigMap/madrina-config"]["data"]
    config = {name: value for name, value in MUST.items() if not known[name]}
    return {"config": config, "components": {values.camel(name): True for name in names}}


@pytest.mark.parametrize("components", [(), *((name,) for name in COMPONENTS), *WHOLE], ids=" ".join)
def test_the_chart_is_the_same_as_the_base_with_components(helm: Any, components: tuple[str, ...]) -> None:
    given, expected = with_components(components), copy.deepcopy(chart.by_name(base_with(*components)))
    expected["ConfigMap/madrina-config"]["data"].update(given["config"])
    assert differences(objects(helm, given), expected) == []


def test_one_value_that_is_another_makes_a_difference_that_is_found(helm: Any) -> None:
    given = {**given_for("small"), "processes": {"web": {"replicas": 3}}}
    assert differences(objects(helm, given), chart.by_name(kustomize.overlay("small"))) == ["Deployment/madrina-web"]


def another(key: tuple[str, ...], default: Any) -> Any:
    """A value that isn't the default."""
    match key:
        case (*_, "replicas" | "minReplicas" | "maxReplicas" | "STREAM_REPLICAS"):
            return 4
        case (*_, "resources"):
            return {"limits": {"memory": "3Gi"}}
        case ("config", name) if may_be := values.settings()[name].get("enum"):
            return next(choice for choice in may_be if choice != default)
        case ("image", "digest"):
            return f"sha256:{'0' * 64}"
        case ("jobs", "suffix"):
            return "-again"
        case (*_, "storage" | "walStorage"):
            return "3Gi"
    return default + 1 if isinstance(default, int) else "another"


def test_every_value_changes_something(helm: Any) -> None:
    bases = [(given, render(helm, given)) for given in map(with_components, WHOLE)]
    idle = []
    for key, default in chart.defaults().items():
        if key[0] != "components":
            changed = (render(helm, _with(given, key, another(key, default))) != before for given, before in bases)
            idle += [] if any(changed) else [key]
    assert idle == []


def _with(given: Object, key: tuple[str, ...], value: Any) -> Object:
    copied = copy.deepcopy(given)
    inner = copied
    for name in key[:-1]:
        inner = inner.setdefault(name, {})
    inner[key[-1]] = value
    return copied


@pytest.mark.parametrize("components", WHOLE, ids=" ".join)
def test_a_release_stays_in_its_namespace(helm: Any, components: tuple[str, ...]) -> None:
    found = objects(helm, with_components(components), "another")
    assert {thing["metadata"]["namespace"] for thing in found.values()} == {"another"}
    assert '"namespace": "madrina"' not in json.dumps(found)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_helm_lint_has_nothing_to_say(overlay: str) -> None:
    from helm_python import lint  # noqa: PLC0415 — of the extra `deploy`

    report = lint(CHART, given_for(overlay), strict=True, kube_version="v1.31.0")
    said = [message for message in report["messages"] if "icon is recommended" not in message["error"]]
    assert (said, report["errors"]) == ([], [])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"replica": 2}, "additional properties 'replica' not allowed"),
        ({"image": {"name": "madrina"}}, "at '/image': additional properties 'name' not allowed"),
        ({"components": {"HA": True}}, "at '/components': additional properties 'HA' not allowed"),
        ({"config": {"SMTP_PASSWORD": "x"}}, "at '/config': additional properties 'SMTP_PASSWORD' not allowed"),
        ({"processes": {"web": {"replica": 2}}}, "at '/processes/web': additional properties 'replica' not allowed"),
        ({"processes": {"web": {"resources": {"limit": {}}}}}, "at '/processes/web/resources': additional properties 'limit' not allowed"),
        ({"processes": {"web": {"replicas": -1}}}, "at '/processes/web/replicas': minimum"),
        ({"processes": {"web": {"resources": {"limits": {"memory": "much"}}}}}, "at '/processes/web/resources/limits/memory'"),
        ({"config": {"SMTP_TLS": "ssl"}}, "at '/config/SMTP_TLS': value must be one of"),
        ({"config": {"SMTP_PORT": "587"}}, "at '/config/SMTP_PORT': got string, want integer"),
        ({"config": {"WEB_URL": ""}}, "at '/config/WEB_URL': minLength"),
        ({"config": {"NATS_URL": None}}, "NATS_URL"),
        ({"image": {"digest": "sha256:12"}}, "at '/image/digest'"),
        ({"secrets": {"web": "Not A Name"}}, "at '/secrets/web'"),
    ],
)
def test_the_schema_refuses_what_it_does_not_know(helm: Any, given: Object, says: str) -> None:
    from helm_python import HelmError  # noqa: PLC0415 — of the extra `deploy`

    whole = {**given, "config": {**MUST, **given.get("config", {})}}
    with pytest.raises(HelmError, match=re.escape(says)):
        render(helm, whole)


def test_what_must_be_set_is_listed_at_once(helm: Any) -> None:
    from helm_python import HelmError  # noqa: PLC0415 — of the extra `deploy`

    with pytest.raises(HelmError) as refused:
        render(helm, {})
    assert [name for name in MUST if name not in str(refused.value)] == []


def test_every_part_of_the_schema_is_closed() -> None:
    def open_parts(part: Any) -> Iterator[Any]:
        if isinstance(part, dict):
            if part.get("type") == "object" and part.get("additionalProperties") is not False:
                yield part
            for inner in part.values():
                yield from open_parts(inner)

    assert list(open_parts(json.loads(chart.files()["values.schema.json"]))) == []


def test_every_value_that_the_page_names_is_there() -> None:
    page = (kustomize.KUBERNETES.parents[1] / "docs" / "install-kubernetes.md").read_text(encoding="utf-8")
    known = {".".join(key) for key in chart.defaults()}
    named = set(re.findall(rf"`((?:{'|'.join({key.partition('.')[0] for key in known})})\.[\w.…]+)`", page.partition("## With Helm")[2]))
    assert len(named) >= 10
    assert {name for name in named if not any(key.startswith(name.rstrip("….")) for key in known)} == set()
