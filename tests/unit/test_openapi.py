"""docs/openapi.json is what clients are generated from: it must say what the routes do."""

from motiv8.api import openapi
from motiv8.api.features import PUBLIC, is_public
from motiv8.api.system import DOCUMENT

_METHODS = {"get", "post", "put", "patch", "delete"}


def test_the_committed_document_is_what_the_routes_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == openapi.text(), "run `make openapi`"


def test_the_document_is_openapi_3_1() -> None:
    assert openapi.build()["openapi"] == "3.1.0"


def test_every_operation_has_an_id_of_its_own_a_summary_and_a_description() -> None:
    operations = [each for methods in openapi.build()["paths"].values() for each in methods.values()]
    ids = [each["operationId"] for each in operations]
    assert len(set(ids)) == len(ids) == 46
    assert all(each["summary"] and each["description"] for each in operations)


def test_every_operation_but_the_public_ones_asks_for_a_token() -> None:
    for path, methods in openapi.build()["paths"].items():
        assert set(methods) <= _METHODS
        for operation in methods.values():
            assert ("security" in operation) == ("401" in operation["responses"] and not is_public(path))
            assert ("security" in operation) != (path in PUBLIC)


def test_every_error_is_a_problem() -> None:
    document = openapi.build()
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    schema = answer["content"]["application/problem+json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}


def test_every_reference_leads_somewhere() -> None:
    document = openapi.build()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    text = openapi.text()
    used = {part.partition('"')[0] for part in text.split('"$ref": "')[1:]}
    assert used <= known


def test_unknown_fields_are_refused_by_the_schema_too() -> None:
    schemas = openapi.build()["components"]["schemas"]
    assert all(
        schemas[name]["additionalProperties"] is False for name in ("Registration", "ProfileChange", "UploadRequest")
    )
