"""Garbage in one document's row costs no other document anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from motiv8.aws.library_tables import DocumentRow, NamespaceRow
from motiv8.library import repository
from motiv8.pipeline.maintain_library import tidy_documents
from motiv8.settings import settings
from stand_in.garbage import GARBAGE, keys, spoil, store, stored

Send = Callable[..., Any]
Make = Callable[..., Any]
# What an index is sorted by is text there, or the row is not in the index.
INDEXED = {"namespace", "listed_at", "created_by"}


@pytest.mark.parametrize("attribute", sorted(set(DocumentRow.get_attributes()) - {"document_id"}))
def test_the_others_are_listed_found_and_looked_after(
    send: Send, make_document: Make, noon: datetime, attribute: str
) -> None:
    good = make_document(b"good", status="ready").document_id
    values = keys("S") if attribute in INDEXED else GARBAGE
    table = settings().documents_table
    without = make_document(b"bad").document_id
    row = stored(table, {"document_id": {"S": without}})
    store(table, (row | {"document_id": {"S": f"bad-{n}"}, attribute: value} for n, value in enumerate(values)))
    spoil(table, {"document_id": {"S": without}}, attribute, None)
    bad = [without, *(f"bad-{number}" for number in range(len(values)))]
    listed = send("GET", "/v1/documents", query={"limit": "100"})
    assert listed.status == 200
    assert good in [each["document_id"] for each in listed.json["documents"]]
    assert good in repository.several([good, *bad])
    assert tidy_documents(None, noon + timedelta(days=2), "run")["after"] is None


@pytest.mark.parametrize("attribute", sorted(set(NamespaceRow.get_attributes()) - {"namespace"}))
def test_the_other_namespaces_are_listed(as_importer: Send, make_document: Make, attribute: str) -> None:
    make_document(b"good", "good")
    row = {"access": {"S": "everybody"}}
    store(
        settings().namespaces_table,
        (row | {"namespace": {"S": f"bad-{number}"}, attribute: value} for number, value in enumerate(GARBAGE)),
    )
    listed = as_importer("GET", "/v1/namespaces")
    assert listed.status == 200
    assert "good" in [each["namespace"] for each in listed.json["namespaces"]]
