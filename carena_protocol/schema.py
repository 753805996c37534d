"""JSON Schema and AsyncAPI documents, made from the message types so that they can't say anything else.

``python -m carena_protocol.schema docs/protocol`` writes them; a test fails when the committed files differ.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from carena_protocol.messages import CLIENT_TYPES, SERVER_TYPES
from carena_protocol.peer import Control, Signal
from carena_protocol.version import PROTOCOL_VERSION, SUBPROTOCOL

_DEFINITIONS: Final = "#/$defs/{name}"
_COMPONENTS: Final = "#/components/schemas/{name}"


def json_schema() -> dict[str, Any]:
    """Return one JSON Schema 2020-12 document with a definition for every message type."""
    _, definitions = msgspec.json.schema_components(_all_types(), ref_template=_DEFINITIONS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Carena signaling, {SUBPROTOCOL}",
        "oneOf": [
            {"$ref": _DEFINITIONS.format(name=t.__name__)} for t in (*CLIENT_TYPES.values(), *SERVER_TYPES.values())
        ],
        "$defs": definitions,
    }


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 description of the websocket."""
    _, schemas = msgspec.json.schema_components(_all_types(), ref_template=_COMPONENTS)
    messages = {
        t.__name__: {
            "name": t.__struct_config__.tag,
            "summary": _summary(t),
            "payload": {"$ref": _COMPONENTS.format(name=t.__name__)},
        }
        for t in (*CLIENT_TYPES.values(), *SERVER_TYPES.values())
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Carena signaling",
            "version": str(PROTOCOL_VERSION),
            "description": "JSON text frames over wss, one websocket per session. Tokens never stand in the URL: "
            "the first message carries a single-use ticket.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "signaling": {
                "address": "/ws",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "fromClient": _operation("receive", CLIENT_TYPES.values()),
            "toClient": _operation("send", SERVER_TYPES.values()),
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def write(folder: Path) -> list[Path]:
    """Write both documents into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = {"carena.schema.json": json_schema(), "carena.asyncapi.json": asyncapi()}
    for name, document in documents.items():
        (folder / name).write_text(render(document), "utf-8")
    return [folder / name for name in documents]


def render(document: dict[str, Any]) -> str:
    """Return the document as it stands in the repository."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _all_types() -> list[type[msgspec.Struct]]:
    return [*CLIENT_TYPES.values(), *SERVER_TYPES.values(), *Signal.__subclasses__(), *Control.__subclasses__()]


def _operation(action: str, types: Any) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/signaling"},
        "messages": [{"$ref": f"#/channels/signaling/messages/{t.__name__}"} for t in types],
    }


def _summary(message: type) -> str:
    return (message.__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
