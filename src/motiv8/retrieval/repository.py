"""Passages with their vectors, searched by words and by meaning: the one file that knows LanceDB.

One table for each embedding model, since vectors of two models cannot be compared; a row of the table `current` names
the one that searches read. A write goes to all of them, so that a switch loses nothing (docs/adr/032-*.md).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import lancedb
import pyarrow as pa
from lancedb.index import FTS, Bitmap, BTree, IvfSq, LabelList
from lancedb.query import MatchQuery

from motiv8.retrieval.conflicts import until_no_conflict
from motiv8.retrieval.filters import checked, matching, of_document, of_namespace, one_of
from motiv8.retrieval.highlights import words
from motiv8.retrieval.models import IndexState
from motiv8.retrieval.passage_rows import (
    FOUND,
    POINTER_SCHEMA,
    SCHEMA,
    pointer,
    rows_of,
    searchable,
    with_vectors,
)
from motiv8.retrieval.ranking import best_hits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    import numpy.typing as npt
    from lancedb.table import LanceTable

    from motiv8.reading.passages import Passage
    from motiv8.retrieval.models import Hit, IndexedDocument, Model

LONGEST_QUERY = 1_000
"""Characters of a query that count."""
CANDIDATES = 50
"""Passages that each of the two rankings names."""
SAFE_AGE = timedelta(hours=1)
"""A version younger than this may still be read: no query runs longer than a function may."""
VECTOR_INDEX_FROM = 5_000
"""Passages from which on an index of vectors is quicker than looking at each."""
PARTITIONS_SEARCHED = 40
"""Of that index's, for each query: enough that it misses next to nothing."""
KEPT_AFTER_SWITCH = timedelta(days=7)
"""How long the former model's table stays for a release that is rolled back."""

_PREFIX = "passages-"
_POINTER = "current"


def storage_options(region: str, endpoint_url: str = "") -> dict[str, str]:
    """How LanceDB reaches S3: with the process's own credentials, at AWS or at an endpoint of one's own."""
    options = {"region": region}
    if endpoint_url:
        # The embedded AWS has no host name for each bucket.
        options |= {"endpoint": endpoint_url, "virtual_hosted_style_request": "false"}
        options |= {"allow_http": "true"} if endpoint_url.startswith("http://") else {}
    return options


class PassageIndex:
    """The index at a place: `s3://bucket/prefix`, or a folder. Threads may share one; it is made once a process."""

    def __init__(self, uri: str, model: Model, options: dict[str, str] | None = None) -> None:
        """Nothing is read or written yet. `options` are those of `storage_options`."""
        self._model = model
        self._own = f"{_PREFIX}{model.name}-{model.version}"
        self._database = lancedb.connect(uri, storage_options=options, read_consistency_interval=timedelta(0))
        self._open: dict[str, LanceTable] = {}
        self._side_by_side = ThreadPoolExecutor(2, thread_name_prefix="search")

    def replace_document(
        self, document: IndexedDocument, passages: Sequence[Passage], vectors: npt.NDArray[np.float32]
    ) -> None:
        """Have the index hold exactly these passages of the document; all of them at once, or none.

        Nothing is written when it does already. Raises IndexBusy, and ValueError for names that are none.
        """
        if len(passages) != len(vectors):
            raise ValueError("a vector for each passage")
        rows = rows_of(document, passages)
        condition = of_document(document.document_id)
        for name in self._tables(create=True):
            self._replace(name, condition, with_vectors(rows, vectors if name == self._own else None))

    def change_document(self, document: IndexedDocument) -> None:
        """Have the document's passages carry another title, address or other tags; what they are near to stays.

        Raises as `replace_document`.
        """
        condition = of_document(document.document_id)
        for name in (document.namespace, *document.tags):
            checked(name)

        def change(table: LanceTable) -> None:
            rows = table.search().where(condition).to_arrow().select(SCHEMA.names).to_pylist()
            said = {"title": document.title, "url": document.url, "tags": list(document.tags)}
            changed = [row | said | {"words": searchable(document.title, row["heading"], row["text"])} for row in rows]
            if changed != rows:
                # What was replaced in between says it already.
                merge = table.merge_insert("id").when_matched_update_all(where="target.digest = source.digest")
                merge.execute(pa.Table.from_pylist(changed, schema=SCHEMA), on_bad_vectors="null")

        for name in self._tables():
            self._write(name, change)

    def remove_document(self, document_id: str) -> None:
        """Have the index hold nothing of the document. Raises as `replace_document`."""
        self._delete(of_document(document_id))

    def remove_namespace(self, namespace: str) -> None:
        """Have the index hold nothing of the namespace. Raises as `replace_document`."""
        self._delete(of_namespace(namespace))

    def search(
        self,
        query: str,
        vector: npt.NDArray[np.float32] | None,
        namespaces: Iterable[str],
        tags: Iterable[str] = (),
        limit: int = 10,
    ) -> list[Hit]:
        """The passages of these namespaces, in documents that bear all the tags, that answer best; each text once.

        The query is data, whatever it says. Without a vector, or while the model's own passages are not ready, words
        alone count. Empty where there is nothing. Raises ValueError for names that are none.
        """
        where = matching(namespaces, tags)
        table = self._current() if where and limit > 0 else None
        if table is None:
            return []
        text = query[:LONGEST_QUERY]
        by_meaning = vector is not None and table.name == self._own
        meaning = self._side_by_side.submit(_by_meaning, table, vector, where) if by_meaning else None
        by_words = _by_words(table, text, where)
        return best_hits(text, by_words, meaning.result() if meaning else None, vector, limit)

    def count(self, namespaces: Iterable[str] | None = None) -> int:
        """How many passages there are, in these namespaces or in all."""
        where = None if namespaces is None else matching(namespaces, ())
        table = self._current() if where != "" else None
        return 0 if table is None else table.count_rows(where)

    def compact(self) -> None:
        """Bring the indexes up to date, join small files, and remove versions that nobody reads any more."""
        for name in self._tables():
            table = self._table(name)
            rows = table.count_rows()
            if rows >= VECTOR_INDEX_FROM and not any("vector" in index.columns for index in table.list_indices()):
                self._write(name, lambda table: table.create_index("vector", config=IvfSq(distance_type="dot")))
            self._write(name, lambda table: table.optimize(cleanup_older_than=SAFE_AGE))
        self._drop_former()

    def reindex(self, at_most: int = 500) -> int:
        """Embed passages that this process's model has no vectors of, and have searches read them once all have one.

        Stops after so many, and says how many are left; 0 when there is nothing (more) to do. Raises IndexBusy.
        """
        pointed = self._pointed()
        if pointed is None:
            return 0
        source, own = self._table(pointed), self._table(self._own, create=True)
        # In this order: what is here alone then was deleted there meanwhile.
        here = _ids(own, None)
        done = _ids(own, "vector IS NOT NULL")
        there = _ids(source, None)
        gone, missing = sorted(here - there), sorted(there - done)
        if gone:
            self._write(self._own, lambda table: table.delete(one_of(gone)))
        todo = missing[:at_most]
        if todo:
            rows = source.search().where(one_of(todo)).limit(len(todo)).to_arrow().select(SCHEMA.names)
            vectors = self._model.embed(rows["words"].to_pylist())
            rows = with_vectors(rows.drop_columns(["vector"]), vectors)
            self._write(
                self._own,
                lambda table: (
                    table.merge_insert("id")
                    .when_matched_update_all(where="target.digest = source.digest")
                    .when_not_matched_insert_all()
                    .execute(rows)
                ),
            )
        elif pointed != self._own:
            self._point_to(self._own)
        return len(missing) - len(todo)

    def state(self) -> IndexState:
        """How the index is."""
        names, table = self._tables(), self._current()
        model = f"{self._model.name} {self._model.version}"
        if table is None:
            return IndexState(model, None, tuple(names), 0, 0, 0, 0, 0, None, None)
        versions = [version["timestamp"].astimezone(UTC) for version in table.list_versions()]
        statistics = table.index_stats("words_idx")
        ids = table.search().select(["document_id"]).to_arrow()["document_id"]
        return IndexState(
            model=model,
            current=table.name,
            tables=tuple(names),
            passages=table.count_rows(),
            documents=len(ids.unique()),
            without_vector=table.count_rows("vector IS NULL"),
            waiting=statistics.num_unindexed_rows if statistics else 0,
            versions=len(versions),
            oldest_version=min(versions),
            changed_at=max(versions),
        )

    def _replace(self, name: str, condition: str, rows: pa.Table) -> None:
        def replace(table: LanceTable) -> None:
            digests = table.search().where(condition).select(["digest"]).to_arrow()["digest"].to_pylist()
            if digests == rows["digest"].to_pylist():
                return
            if not len(rows):
                table.delete(condition)
                return
            (
                table.merge_insert("id")
                .when_matched_update_all()
                .when_not_matched_insert_all()
                .when_not_matched_by_source_delete(condition)
                .execute(rows, on_bad_vectors="null")
            )

        self._write(name, replace)

    def _delete(self, condition: str) -> None:
        for name in self._tables():
            self._write(name, lambda table: table.delete(condition))

    def _write(self, name: str, change: Callable[[LanceTable], Any]) -> None:
        """Make a change that is one commit; where another writer's came in between, again on what that left."""
        until_no_conflict(lambda: change(self._table(name, create=True)))

    def _tables(self, *, create: bool = False) -> list[str]:
        """The tables of passages that are there; with `create` the own one is among them, and searches know it."""
        listed = (name for name in self._database.list_tables().tables if name.startswith(_PREFIX))
        names = {name for name in listed if self._opened(name) is not None}
        if create and self._own not in names:
            self._table(self._own, create=True)
            names.add(self._own)
        if create and self._pointed() is None:
            self._point_to(self._own)
        return sorted(names)

    def _table(self, name: str, *, create: bool = False) -> LanceTable:
        table = self._opened(name)
        if table is None and create:
            table = self._open[name] = until_no_conflict(lambda: self._created(name))
        return table

    def _opened(self, name: str) -> LanceTable | None:
        """The table; None while it is not there, or another process is making it."""
        if name not in self._open:
            try:
                self._open[name] = self._database.open_table(name)
            except ValueError as error:
                if "not found" not in str(error):
                    raise
        return self._open.get(name)

    def _created(self, name: str) -> LanceTable:
        table = self._database.create_table(name, schema=SCHEMA, exist_ok=True)
        have = {column for index in table.list_indices() for column in index.columns}
        wanted = {"words": FTS(), "document_id": BTree(), "namespace": Bitmap(), "tags": LabelList()}
        for column, config in wanted.items():
            if column not in have:
                table.create_index(column, config=config, replace=False)
        return table

    def _current(self) -> LanceTable | None:
        name = self._pointed()
        return None if name is None else self._opened(name)

    def _pointed(self) -> str | None:
        table = self._opened(_POINTER)
        rows = [] if table is None else table.search().to_list()
        return rows[0]["table"] if rows else None

    def _point_to(self, name: str) -> None:
        row = pointer(name)

        def point() -> None:
            table = self._database.create_table(_POINTER, schema=POINTER_SCHEMA, exist_ok=True)
            table.merge_insert("name").when_matched_update_all().when_not_matched_insert_all().execute(row)

        until_no_conflict(point)

    def _drop_former(self) -> None:
        pointed = self._pointed()
        if pointed is None:
            return
        since = self._open[_POINTER].search().to_list()[0]["since"]
        if datetime.now(UTC) - since < KEPT_AFTER_SWITCH:
            return
        for name in set(self._tables()) - {pointed, self._own}:
            self._database.drop_table(name)
            self._open.pop(name, None)


def _by_words(table: LanceTable, query: str, where: str) -> pa.Table:
    # Of stop words alone nothing is left, and the index would be asked for nothing.
    asked = MatchQuery(" ".join(words(query)) or query, "words")
    search = table.search(asked, query_type="fts").where(where, prefilter=True).limit(CANDIDATES)
    return search.select([*FOUND, "_score"]).to_arrow().drop_columns(["_score"])


def _by_meaning(table: LanceTable, vector: npt.NDArray[np.float32] | None, where: str) -> pa.Table:
    search = table.search(vector, vector_column_name="vector").distance_type("dot").where(where, prefilter=True)
    search = search.nprobes(PARTITIONS_SEARCHED).refine_factor(2).limit(CANDIDATES)
    return search.select([*FOUND, "_distance"]).to_arrow().drop_columns(["_distance"])


def _ids(table: LanceTable, where: str | None) -> set[str]:
    search = table.search().select(["id"])
    return set((search.where(where) if where else search).to_arrow()["id"].to_pylist())
