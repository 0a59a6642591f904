"""What differs between the base and its components becomes conditions of a template, and nothing else does."""

from typing import Any

import pytest

from deploy.helm.merging import merge
from deploy.helm.templating import document

BASE = {"a": 1, "b": {"c": "x"}, "l": [{"name": "p", "v": 1}, "q"]}


def text(base: Any, variants: dict[str, Any], **said: str) -> str:
    """The template, where the values `said` has stand at the top."""
    return "\n".join(document(merge(base, variants), lambda path, _: said.get(path[-1])))


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        pytest.param({"ha": BASE}, "a: 1\nb:\n  c: x\nl:\n  - name: p\n    v: 1\n  - q", id="nothing-differs"),
        pytest.param(
            {"ha": {**BASE, "a": 2}},
            "{{- if .Values.components.ha }}\na: 2\n{{- else }}\na: 1\n{{- end }}\nb:\n  c: x\nl:\n  - name: p\n    v: 1\n  - q",
            id="a-value",
        ),
        pytest.param(
            {"ha": {**BASE, "b": {"c": "x", "d": []}}},
            "a: 1\nb:\n  c: x\n  {{- if .Values.components.ha }}\n  d: []\n  {{- end }}\nl:\n  - name: p\n    v: 1\n  - q",
            id="a-value-more",
        ),
        pytest.param(
            {"ha": {key: BASE[key] for key in ("a", "b")}},
            "a: 1\nb:\n  c: x\n{{- if .Values.components.ha }}\n{{- else }}\nl:\n  - name: p\n    v: 1\n  - q\n{{- end }}",
            id="a-value-less",
        ),
        pytest.param(
            {"ha": {**BASE, "l": [{"name": "p", "v": 2}, "new", "q"]}},
            "a: 1\nb:\n  c: x\nl:\n  - name: p\n    {{- if .Values.components.ha }}\n    v: 2\n    {{- else }}\n    v: 1\n    {{- end }}\n"
            "  {{- if .Values.components.ha }}\n  - new\n  {{- end }}\n  - q",
            id="items-by-name-and-in-order",
        ),
        pytest.param(
            {"ha": {**BASE, "a": 2}, "hpa": {**BASE, "a": 3}, "nats": {**BASE, "a": 2}},
            "{{- if .Values.components.hpa }}\na: 3\n{{- else if or .Values.components.ha .Values.components.nats }}\na: 2\n"
            "{{- else }}\na: 1\n{{- end }}\nb:\n  c: x\nl:\n  - name: p\n    v: 1\n  - q",
            id="a-later-component-first-and-those-alike-together",
        ),
    ],
)
def test_conditions_stand_where_components_differ(variants: dict[str, Any], expected: str) -> None:
    assert text(BASE, variants) == expected


def test_a_value_that_components_set_is_theirs_until_the_operator_sets_it() -> None:
    assert text({"replicas": 1}, {"ha": {"replicas": 2}}, replicas=".Values.replicas | int64") == (
        "{{- if ne nil .Values.replicas }}\nreplicas: {{ .Values.replicas | int64 }}\n"
        "{{- else if .Values.components.ha }}\nreplicas: 2\n{{- else }}\nreplicas: 1\n{{- end }}"
    )


def test_what_two_components_bring_stands_once_with_what_differs_inside() -> None:
    both = {"one": {"server": {"size": 1, "kept": 0}}, "three": {"server": {"size": 3, "kept": 0}}}
    assert text({}, both) == (
        "{{- if or .Values.components.one .Values.components.three }}\nserver:\n"
        "  {{- if .Values.components.three }}\n  size: 3\n  {{- else }}\n  size: 1\n  {{- end }}\n  kept: 0\n{{- end }}"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.1.0", '"0.1.0"'),
        ("1e3", '"1e3"'),
        ("yes", '"yes"'),
        ("-m", '"-m"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ("{{ x }}", '"{{ "{{" }} x }}"'),
        ("two\nlines\n", "|\n  two\n  lines"),
        ("  two\nlines\n", '"  two\\nlines\\n"'),
        ("services.web", "services.web"),
        (True, "true"),
        (None, "null"),
        ({}, "{}"),
    ],
)
def test_what_yaml_or_helm_would_take_for_something_else_is_quoted(value: Any, expected: str) -> None:
    assert text({"k": value}, {}) == f"k: {expected}"
