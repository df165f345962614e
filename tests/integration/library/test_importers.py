"""What becomes of an importer's name: in their export, and after their account is deleted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

from motiv8.aws import keys, storage
from motiv8.library import repository
from motiv8.pipeline.delete_account import erase_account
from motiv8.pipeline.export_account import export_account
from motiv8.settings import settings

Make = Callable[..., Any]


def test_an_export_lists_what_its_owner_brought_in(make_user: Make, make_document: Make) -> None:
    make_user("importer-1")
    mine = make_document(created_by="importer-1", tags={"back"})
    make_document(b"another's")
    assert export_account("importer-1", "e-1") == {"outcome": "ready"}
    body = storage.get(settings().media_bucket, keys.export("importer-1", "e-1.zip"))
    assert body is not None
    with ZipFile(io.BytesIO(body)) as archive:
        [document] = json.loads(archive.read("documents.json"))
    assert (document["document_id"], document["tags"]) == (mine.document_id, ["back"])


def test_documents_stay_without_the_name_of_whoever_left(make_user: Make, make_document: Make) -> None:
    make_user("importer-1")
    mine, others = make_document(created_by="importer-1"), make_document(b"another's")
    for _ in range(2):
        erase_account("importer-1")
    rows = repository.several([mine.document_id, others.document_id])
    assert rows[mine.document_id].created_by is None
    assert rows[mine.document_id].status == "ready"
    assert rows[others.document_id].created_by == "somebody"
