"""The documents in docs/protocol describe the types in the code."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from carena_protocol import schema

ROOT = Path(__file__).parents[3]
VECTORS: list[dict[str, Any]] = [
    vector
    for name in ("client", "server")
    for vector in json.loads((Path(schema.__file__).parent / "vectors" / f"{name}.json").read_text("utf-8"))
]


@pytest.mark.parametrize(
    ("name", "document"), [("carena.schema.json", schema.json_schema), ("carena.asyncapi.json", schema.asyncapi)]
)
def test_committed_document_is_the_generated_one(name: str, document: Any) -> None:
    """A changed type without regenerated documentation fails."""
    committed = (ROOT / "docs" / "protocol" / name).read_text("utf-8")
    assert committed == schema.render(document()), "run: python -m carena_protocol.schema docs/protocol"


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["ok"]], ids=lambda v: v["name"])
def test_schema_accepts_the_valid_vectors(vector: dict[str, Any]) -> None:
    """What the code accepts, the published schema accepts."""
    jsonschema.Draft202012Validator(schema.json_schema()).validate(vector["message"])


@pytest.mark.parametrize(
    "frame",
    [
        {"v": 1, "type": "ping", "id": "a b"},
        {"v": 1, "type": "visit.admit", "id": "a", "visit": "v1", "version": 0},
        {"v": 2, "type": "ping", "id": "a"},
    ],
)
def test_schema_refuses_what_the_code_refuses(frame: dict[str, Any]) -> None:
    """The published schema is not looser than the code on ids, versions and ranges."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema.json_schema()).validate(frame)


def test_asyncapi_references_resolve() -> None:
    """Every reference inside the AsyncAPI document has its target."""
    document = schema.asyncapi()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                target: Any = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
