"""The DynamoDB tables of the library: documents, and the namespaces that they lie in."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute, VersionAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from motiv8.aws.attributes import MomentAttribute
from motiv8.aws.tables import Table


class ListedIndex(GlobalSecondaryIndex[Any]):
    """A namespace's documents in the order in which they came."""

    class Meta:
        """Index settings."""

        index_name = "listed"
        projection = AllProjection()

    namespace = UnicodeAttribute(hash_key=True)
    listed_at = UnicodeAttribute(range_key=True)


class ImporterIndex(GlobalSecondaryIndex[Any]):
    """The documents that somebody brought in."""

    class Meta:
        """Index settings."""

        index_name = "importer"
        projection = KeysOnlyProjection()

    created_by = UnicodeAttribute(hash_key=True)


class DocumentRow(Table):
    """A document: what it is, who brought it in, how far its processing is and what came of it."""

    setting = "documents_table"

    class Meta:
        """Table settings."""

        table_name = ""

    document_id = UnicodeAttribute(hash_key=True)
    namespace = UnicodeAttribute()
    # `2026-11-20T06:00:00Z#doc-…`: when it came, and what tells apart those that came in the same second.
    listed_at = UnicodeAttribute()
    created_at = MomentAttribute()
    updated_at = MomentAttribute()
    # The importer, until their account is deleted.
    created_by = UnicodeAttribute(null=True)

    file_name = UnicodeAttribute()
    content_type = UnicodeAttribute()
    size = NumberAttribute()
    sha256 = UnicodeAttribute()

    title = UnicodeAttribute(null=True)
    author = UnicodeAttribute(null=True)
    url = UnicodeAttribute(null=True)
    published = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)

    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    # The execution that works on it, and when it last said so.
    run = UnicodeAttribute(null=True)
    run_at = MomentAttribute(null=True)

    pages = NumberAttribute(null=True)
    passages = NumberAttribute(null=True)
    characters = NumberAttribute(null=True)

    listed = ListedIndex()
    importer = ImporterIndex()
    version = VersionAttribute()


class NamespaceRow(Table):
    """A namespace: who may read it, and how much of it can be searched."""

    setting = "namespaces_table"

    class Meta:
        """Table settings."""

        table_name = ""

    namespace = UnicodeAttribute(hash_key=True)
    title = UnicodeAttribute(null=True)
    access = UnicodeAttribute(default="everybody")
    documents = NumberAttribute(default=0)
    passages = NumberAttribute(default=0)
