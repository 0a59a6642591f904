"""What the chart says of settings is what the settings classes say; told here without kustomize, since classes change more often."""

import json

from deploy.helm.__main__ import CHART
from deploy.helm.values import settings


def test_the_chart_knows_each_setting_as_its_class_has_it() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    kept = schema["properties"]["config"]["properties"]
    # Null is left to components, which the class doesn't know of.
    known = {
        name: {**leaf, "type": [leaf["type"], "null"]} if "null" in kept[name]["type"] else leaf
        for name, leaf in settings().items()
        if name in kept
    }
    assert len(kept) > 20
    assert kept == known, "run `make chart`"
