"""The index of passages in a folder: what is written is found, by names that are names, and nothing is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from motiv8.reading.fingerprint import fingerprint
from motiv8.reading.passages import Passage
from motiv8.retrieval.embedding import DIMENSIONS
from motiv8.retrieval.models import Hit, IndexedDocument
from motiv8.retrieval.passage_rows import searchable
from motiv8.retrieval.repository import PassageIndex


class WordModel:
    """In place of the real one: texts that share words are near to each other."""

    def __init__(self, version: str = "1") -> None:
        self.name, self.version = "words", version

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = np.full((len(texts), DIMENSIONS), 1e-6, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.casefold().split():
                row[int(hashlib.sha256((self.version + word).encode()).hexdigest(), 16) % DIMENSIONS] += 1
        lengths: npt.NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths


MODEL = WordModel()
RUNNING = "Run slowly for an hour. Long runs build endurance."
SLEEP = "Sleep eight hours, so that muscles grow."
FOOD = "Eat oats and eggs in the morning."


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    return PassageIndex(str(tmp_path / "index"), MODEL)


def write(
    index: PassageIndex,
    document_id: str,
    *texts: str,
    namespace: str = "general",
    tags: tuple[str, ...] = (),
    model: WordModel = MODEL,
    heading: str = "",
    title: str = "A guide",
) -> None:
    passages = [
        Passage(number, text, heading, number + 1, number + 1, fingerprint(text)) for number, text in enumerate(texts)
    ]
    vectors = model.embed([searchable(title, each.heading, each.text) for each in passages])
    index.replace_document(IndexedDocument(document_id, namespace, title, None, tags), passages, vectors)


def ask(index: PassageIndex, query: str, *tags: str, namespace: str = "general", model: WordModel = MODEL) -> list[Hit]:
    return index.search(query, model.embed([query])[0], [namespace], tags)


def test_a_hit_says_where_it_stands(index: PassageIndex) -> None:
    passage = Passage(0, RUNNING, "Week 3 > Long runs", 4, 5, fingerprint(RUNNING))
    vectors = MODEL.embed([RUNNING])
    document = IndexedDocument("01A", "general", "The guide", "https://example.org/a?b='c'", ("plan",))
    index.replace_document(document, [passage], vectors)
    (hit,) = ask(index, "running for endurance")
    assert (hit.passage_id, hit.document_id, hit.namespace, hit.position) == ("01A:00000", "01A", "general", 0)
    assert (hit.title, hit.url, hit.heading) == ("The guide", "https://example.org/a?b='c'", "Week 3 > Long runs")
    assert (hit.text, hit.page_from, hit.page_to) == (RUNNING, 4, 5)
    assert [hit.text[start:end] for start, end in hit.highlights] == ["Run", "runs", "endurance"]


def test_the_words_of_a_heading_are_found(index: PassageIndex) -> None:
    write(index, "01A", SLEEP, heading="Recovery")
    write(index, "01B", FOOD)
    assert ask(index, "recovery")[0].document_id == "01A"


def test_the_words_of_a_title_are_found_and_a_new_one_at_once(index: PassageIndex) -> None:
    write(index, "01A", SLEEP, title="Recovery")
    write(index, "01B", FOOD)
    assert ask(index, "recovery")[0].document_id == "01A"
    index.change_document(IndexedDocument("01A", "general", "Regeneration"))
    assert [hit.title for hit in index.search("regeneration", None, ["general"])] == ["Regeneration"]


def test_a_title_is_searched_once() -> None:
    assert searchable("The Guide", "the guide > Food", FOOD) == f"the guide > Food\n{FOOD}"
    assert searchable("The Guide", "", FOOD) == f"The Guide\n{FOOD}"
    assert searchable("", "", FOOD) == FOOD


def test_an_index_that_is_not_there_answers_nothing(index: PassageIndex) -> None:
    assert ask(index, "running") == []
    assert index.count() == 0
    index.remove_document("01A")
    index.remove_namespace("general")
    index.compact()
    assert index.state().current is None


def test_an_emptied_index_answers_nothing(index: PassageIndex) -> None:
    write(index, "01A", RUNNING)
    index.remove_document("01A")
    assert ask(index, "running") == []
    index.compact()
    assert ask(index, "running") == []


def test_a_document_is_replaced_whole(index: PassageIndex) -> None:
    write(index, "01A", RUNNING, SLEEP, FOOD)
    write(index, "01B", SLEEP + " Always.")
    write(index, "01A", FOOD)
    assert index.count() == 2
    assert [hit.text for hit in ask(index, "run slowly") if hit.document_id == "01A"] == [FOOD]


def test_a_replay_changes_nothing(index: PassageIndex) -> None:
    write(index, "01A", RUNNING, SLEEP)
    before = index.state()
    write(index, "01A", RUNNING, SLEEP)
    assert index.state() == before


def test_a_document_without_passages_is_none(index: PassageIndex) -> None:
    write(index, "01A", RUNNING)
    write(index, "01A")
    assert index.count() == 0


def test_a_namespace_is_removed_and_others_stay(index: PassageIndex) -> None:
    write(index, "01A", RUNNING)
    write(index, "01B", RUNNING, namespace="team")
    index.remove_namespace("general")
    assert [hit.document_id for hit in index.search("run", None, ["general", "team"])] == ["01B"]
    assert (index.count(["general"]), index.count(["team"]), index.count([])) == (0, 1, 0)


def test_a_search_keeps_to_the_namespaces_and_tags_that_it_names(index: PassageIndex) -> None:
    write(index, "01A", RUNNING, tags=("plan", "beginner"))
    write(index, "01B", RUNNING + " Again.", tags=("plan",))
    write(index, "01C", RUNNING + " Always.", namespace="secret", tags=("plan",))
    assert {hit.document_id for hit in ask(index, "run")} == {"01A", "01B"}
    assert {hit.document_id for hit in ask(index, "run", "plan", "beginner")} == {"01A"}
    assert index.search("run", MODEL.embed(["run"])[0], []) == []


def test_a_change_of_title_and_tags_needs_no_new_vectors(index: PassageIndex) -> None:
    write(index, "01A", RUNNING, tags=("plan",))
    index.change_document(IndexedDocument("01A", "general", "It's new", "https://example.org", ("easy",)))
    assert ask(index, "run", "plan") == []
    (hit,) = ask(index, "run", "easy")
    assert (hit.title, hit.url) == ("It's new", "https://example.org")
    index.change_document(IndexedDocument("01A", "general", "None", None))
    assert (ask(index, "run", "easy"), ask(index, "run")[0].url) == ([], None)


def test_near_duplicates_are_one_hit_and_survive_each_other(index: PassageIndex) -> None:
    write(index, "01A", RUNNING)
    write(index, "01B", RUNNING.upper())
    (hit,) = ask(index, "long runs")
    index.remove_document(hit.document_id)
    (other,) = ask(index, "long runs")
    assert other.document_id != hit.document_id


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "the of and", "\"running\" AND (NOT 'sleep' OR x:y)~2^3 +a -b *", "running " * 1_250, "x" * 10_000,
        "تمارين الجري للمبتدئين", "🏃🏽‍♀️🔥", "'; DROP TABLE passages; --", "\x00\x07", "%_\\",
        "跑步训练", "a" * 60 + " " + "?" * 300,
    ],
)  # fmt: skip
def test_a_query_is_data(index: PassageIndex, query: str) -> None:
    write(index, "01A", RUNNING)
    assert [hit.document_id for hit in ask(index, query)] == ["01A"]
    assert {hit.document_id for hit in index.search(query, None, ["general"])} <= {"01A"}


def test_other_languages_are_found_by_their_words(index: PassageIndex) -> None:
    write(index, "01A", "يجب أن تجري ببطء لمدة ساعة", "Langsam laufen, eine Stunde", SLEEP, FOOD)
    assert index.search("ببطء", None, ["general"])[0].position == 0
    assert index.search("LANGSAM", None, ["general"])[0].position == 1


@pytest.mark.parametrize("name", ["", "a'b", "x') OR ('1'='1", "a\\", "ns;--", "é", "a b", "a" * 64, "-a", "a\n"])
def test_a_name_that_is_none_is_refused(index: PassageIndex, name: str) -> None:
    write(index, "01A", RUNNING)
    for attack in (
        lambda: ask(index, "run", namespace=name),
        lambda: ask(index, "run", name),
        lambda: index.remove_namespace(name),
        lambda: index.remove_document(name),
        lambda: index.count([name]),
        lambda: write(index, "01B", SLEEP, namespace=name),
        lambda: write(index, name, SLEEP),
        lambda: write(index, "01B", SLEEP, tags=(name,)),
        lambda: index.change_document(IndexedDocument("01A", "general", "x", None, (name,))),
    ):
        with pytest.raises(ValueError, match="a name of letters"):
            attack()
    assert index.count() == 1


def test_eight_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "index")

    def work(writer: int) -> None:
        mine = PassageIndex(place, MODEL)
        for number in range(4):
            write(mine, f"W{writer}D{number}", f"{RUNNING} {writer} {number}", SLEEP)
        mine.remove_document(f"W{writer}D0")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    index = PassageIndex(place, MODEL)
    assert (index.state().documents, index.count()) == (8 * 3, 8 * 3 * 2)


def test_a_reader_goes_on_while_the_index_is_compacted_and_written(index: PassageIndex, tmp_path: Path) -> None:
    write(index, "01A", RUNNING)
    other = PassageIndex(str(tmp_path / "index"), MODEL)
    for number in range(5):
        write(other, f"02{number}", f"{SLEEP} {number}")
        other.compact()
        assert ask(index, "run slowly")[0].document_id == "01A"
    assert index.state().waiting == 0


def test_a_write_that_fails_half_way_leaves_the_former_passages(
    index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(index, "01A", RUNNING, SLEEP)

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr("lancedb.merge.LanceMergeInsertBuilder.execute", killed)
    with pytest.raises(Killed):
        write(index, "01A", FOOD)
    monkeypatch.undo()
    again = PassageIndex(str(tmp_path / "index"), MODEL)
    assert {hit.text for hit in ask(again, "run")} == {RUNNING, SLEEP}
    write(again, "01A", FOOD)
    assert [hit.text for hit in ask(again, "run")] == [FOOD]


def test_a_new_model_is_indexed_beside_the_old_one_and_takes_over(index: PassageIndex, tmp_path: Path) -> None:
    newer = WordModel("2")
    for number in range(5):
        write(index, f"01{number}", f"{RUNNING} {number}", SLEEP)
    after = PassageIndex(str(tmp_path / "index"), newer)
    assert {hit.text for hit in ask(after, "sleep eight", model=newer)} == {SLEEP}, (
        "by words, until the vectors are there"
    )
    assert after.reindex(at_most=4) == 6
    # Both releases write while the switch is under way.
    index.remove_document("010")
    write(index, "015", FOOD)
    write(after, "016", FOOD + " Daily.", model=newer)
    while after.reindex(at_most=4):
        pass
    after.reindex()
    state = after.state()
    assert state.current is not None
    assert state.current.endswith("-2")
    assert (state.documents, state.without_vector, len(state.tables)) == (6, 0, 2)
    # The former release goes on, by words.
    assert ask(index, "oats")[0].document_id in {"015", "016"}
    write(index, "017", SLEEP + " Really.")
    assert after.state().without_vector == 1
    assert after.reindex() == 0
    assert after.state().without_vector == 0


def test_the_former_models_table_goes_after_a_week(
    index: PassageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(index, "01A", RUNNING)
    after = PassageIndex(str(tmp_path / "index"), WordModel("2"))
    after.reindex()
    after.reindex()
    after.compact()
    assert len(after.state().tables) == 2
    monkeypatch.setattr("motiv8.retrieval.repository.KEPT_AFTER_SWITCH", timedelta(0))
    after.compact()
    assert len(after.state().tables) == 1
