"""An example of whatever a schema describes: what it says by name if that is known here, else the plainest thing that fits."""

from collections.abc import Mapping
from typing import Any

WORDS = "We met at the open day of the harbour museum, where she showed me how the archive is kept. I would like to hear more of it."
BY_NAME: Mapping[str, Any] = {
    "name": "Ana Ruiz",
    "headline": "Designs bridges",
    "organisation": "Puentes",
    "place": "Sevilla",
    "email": "ana@example.org",
    "address": "ana@example.org",
    "language": "en",
    "languages": ["es", "en"],
    "time_zone": "Europe/Madrid",
    "code": "12345678",
    "ip": "192.0.2.7",
    "passed_on": "ana@example.net",
    "recommender": "lucia@example.org",
    **dict.fromkeys(("token", "invitation", "session", "browser"), "kq3VfX0bT1mYw8uZc5RjNgAe7LhPs2Dx"),
    **dict.fromkeys(("tag", "photo", "logo"), "9b1f1f0a6f6b2f11"),
    "picture": "UklGRg==",
    **dict.fromkeys(("credential", "options"), '{"challenge":"kq3VfX0bT1mYw8uZc5RjNg"}'),
    "device": "Firefox, Android",
    "label": "My phone",
    "by": "Ana Ruiz",
    "gone": ["Ana Ruiz"],
    "group": "Women in Engineering",
    **dict.fromkeys(("sender", "community_name", "sender_name"), "Puentes"),
    **dict.fromkeys(("before", "after"), "Puentes"),
    "what": "name",
    "field": "why_now",
    "number": "6b2f1124",
    "half_year": "2026-1",
    "sought": "bridges Sevilla",
    "pronunciation": "AH-na roo-EES",
}
"""By the name of a field; used if it fits."""
BY_FORMAT: Mapping[str, Any] = {
    "uuid": "5f0c7b0e-8a52-4a3e-9b1f-1f0a6f6b2f11",
    "date-time": "2026-03-02T09:30:00Z",
    "date": "2026-03-02",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
    "ipvanyaddress": "192.0.2.7",
    "binary": "…",
    "base64": "UklGRg==",
    "email": "ana@example.org",
    "uri": "https://madrina.example/m/5f0c7b0e-8a52-4a3e-9b1f-1f0a6f6b2f11",
}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "") -> Any:
    """An example; `schemas` are the components that it refers to, `name` is the field's."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            some = [one for one in schema[several] if one.get("type") != "null"]
            return example_of({**{key: schema[key] for key in ("minLength", "maxLength") if key in schema}, **some[0]}, schemas, name)
    if "allOf" in schema:
        return example_of(schema["allOf"][0], schemas, name)
    return _of_type(schema, schemas, name)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str) -> Any:
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {field: example_of(of, schemas, field) for field, of in schema["properties"].items()}
        case "object":
            key = example_of(schema.get("propertyNames", {"type": "string", "format": "uuid"}), schemas)
            of = schema.get("additionalProperties", True)
            return {key: example_of({"type": "string"} if of is True else of, schemas)}
        case "array" if "prefixItems" in schema:
            return [example_of(of, schemas, name) for of in schema["prefixItems"]]
        case "array":
            return BY_NAME[name] if isinstance(BY_NAME.get(name), list) else [example_of(schema["items"], schemas, name)]
        case "integer" | "number":
            return max(int(schema.get("minimum", 1)), 1)
        case "boolean":
            return True
        case "null":
            return None
    return _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    if "format" in schema:
        return str(BY_FORMAT[schema["format"]])
    known = BY_NAME.get(name)
    if isinstance(known, str):
        return known
    return WORDS[: schema.get("maxLength", 60)] if schema.get("minLength", 0) < len(WORDS) else WORDS * 2
