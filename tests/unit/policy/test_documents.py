"""What is made from the table is in the repository as the table makes it, and is what its readers expect."""

import json
import plistlib
import xml.etree.ElementTree as ET

import jsonschema
import pytest

from carena_desktop.policy.kinds import Kind
from carena_desktop.policy.resolve import Level, Source, resolve
from carena_desktop.policy.table import POLICIES
from installers import policy_documents

NS = "{http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions}"


def test_the_documents_are_up_to_date() -> None:
    """A change of the table without ``python -m installers.policy_documents`` fails here."""
    for path, text in policy_documents.documents().items():
        assert path.read_text("utf-8") == text, path.name


def test_group_policy_knows_every_policy() -> None:
    """Each policy stands in the definitions twice, and every word that they refer to is in the language file."""
    definitions = ET.fromstring(policy_documents.admx())  # noqa: S314 - our own text
    names = [element.get("name") for element in definitions.iter(f"{NS}policy")]
    assert sorted(map(str, names)) == sorted(
        name for policy in POLICIES for name in (policy.name, f"{policy.name}_Recommended")
    )
    words = ET.fromstring(policy_documents.adml())  # noqa: S314 - our own text
    known = {element.get("id") for element in words.iter(f"{NS}string")}
    shown = {element.get("id") for element in words.iter(f"{NS}presentation")}
    for element in definitions.iter():
        for value in element.attrib.values():
            if value.startswith("$(string."):
                assert value[9:-1] in known
            if value.startswith("$(presentation."):
                assert value[15:-1] in shown


def test_the_profile_is_a_property_list_of_values_that_are_read() -> None:
    """The example profile parses, and each of its values is one that the loader takes without a finding."""
    (payload,) = plistlib.loads(policy_documents.mobileconfig().encode())["PayloadContent"]
    values = {key: value for key, value in payload.items() if not key.startswith("Payload")}
    assert set(values) == {policy.name for policy in POLICIES}
    assert resolve([Source(Level.MACHINE_MANDATORY, "profile", values)]).findings == ()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_the_schema_takes_the_example_and_no_nonsense(policy: object) -> None:
    """Each policy's example is valid; an object in its place is not."""
    assert isinstance(policy, type(POLICIES[0]))
    schema = json.loads(policy_documents.json_schema())
    jsonschema.validate({policy.name: json.loads(policy.example)}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({policy.name: {}}, schema)


def test_policies_of_safety_say_what_is_strict() -> None:
    """A policy of safety names its strictest value; a choice of safety has it last."""
    for policy in POLICIES:
        if policy.safety:
            assert policy.strictest is not None
            assert policy.kind is not Kind.CHOICE or policy.choices[-1] == policy.strictest
