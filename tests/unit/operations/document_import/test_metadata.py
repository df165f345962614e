"""What a metadata file may say, and the one line for each thing that it may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motiv8_tooling.operations.document_import import metadata
from motiv8_tooling.operations.document_import.metadata import BadMetadata, Entry

FULL = {
    "title": "A plan for beginners",
    "author": "A coach",
    "url": "https://example.com/plan",
    "published": "2026-11",
    "language": "en",
    "tags": ["beginners", "running"],
}


def _read(tmp_path: Path, content: str | bytes, name: str = "metadata.csv") -> list[Entry]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return metadata.read(path)


def _mistakes(tmp_path: Path, content: str | bytes, name: str = "metadata.csv") -> list[str]:
    with pytest.raises(BadMetadata) as raised:
        _read(tmp_path, content, name)
    assert all("\n" not in each for each in raised.value.mistakes)
    return raised.value.mistakes


CSV = (
    "file,title,author,url,published,language,tags\n"
    'plan.pdf,A plan for beginners,A coach,https://example.com/plan,2026-11,en,"running, beginners"\n'
)


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    [of_csv] = _read(tmp_path, CSV)
    [of_list] = _read(tmp_path, json.dumps([{"file": "plan.pdf"} | FULL]), "metadata.json")
    [of_object] = _read(tmp_path, json.dumps({"plan.pdf": FULL}), "metadata.json")
    assert of_csv.description == of_list.description == of_object.description == FULL
    assert {each.file for each in (of_csv, of_list, of_object)} == {"plan.pdf"}


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace(",", ";").replace("running; ", "running, ").encode(),
        CSV.replace(",", "\t").encode("utf-16"),
        CSV.replace("file,title", "File , TITLE").encode(),
        b"\n" + CSV.encode() + b"\n,,,,,,\n",
    ],
    ids=["bom", "utf-16", "crlf", "semicolons", "tabs", "case", "empty-lines"],
)
def test_spreadsheets_write_csv_in_many_ways(tmp_path: Path, data: bytes) -> None:
    [entry] = _read(tmp_path, data)
    assert (entry.file, entry.description) == ("plan.pdf", FULL)


def test_an_empty_cell_removes_what_only_the_metadata_can_say(tmp_path: Path) -> None:
    [entry] = _read(tmp_path, "file,title,author,url,published,language,tags\nplan.pdf,,,,,,\n")
    assert entry.description == {"author": None, "url": None, "published": None, "tags": []}
    [entry] = _read(tmp_path, '[{"file": "plan.pdf", "author": null, "title": null}]', "m.json")
    assert entry.description == {"author": None}


def test_a_column_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    [entry] = _read(tmp_path, "file,title\nplan.pdf,A plan\n")
    assert entry.description == {"title": "A plan"}


def test_names_of_files_are_taken_as_people_write_them(tmp_path: Path) -> None:
    entries = _read(tmp_path, "file\n./plans/a.pdf\nplans\\b.pdf\nU\u0308bungen.pdf\n")
    assert [each.file for each in entries] == ["plans/a.pdf", "plans/b.pdf", "\u00dcbungen.pdf"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("file,titel\na.pdf,A\n", "metadata.csv: unknown column 'titel'; there are file, title, author"),
        ("title\nA\n", "metadata.csv: the column `file` is missing"),
        ("file,file\na.pdf,b.pdf\n", "metadata.csv: a column is there twice"),
        ("", "metadata.csv: the file is empty"),
        ("file,title\na.pdf,A\nb.pdf,B\na.pdf,C\n", "metadata.csv, line 4: a.pdf stands in line 2 already"),
        ("file,published\na.pdf,20.11.2026\n", "line 2 (a.pdf): published: a year, a month or a day: 2026,"),
        ("file,published\na.pdf,2026-02-31\n", "line 2 (a.pdf): published: there is no day 2026-02-31"),
        ("file,url\na.pdf,javascript:alert(1)\n", "line 2 (a.pdf): url: an address that begins with https://"),
        ("file,language\na.pdf,English\n", "line 2 (a.pdf): language: a language tag such as `en`"),
        ("file,tags\na.pdf,Läufe\n", "line 2 (a.pdf): tags: lower-case letters, digits and hyphens"),
        ("file,title\na.pdf,one,two\n", "metadata.csv, line 2: more cells than columns"),
        ("file,title\n,A\n", "metadata.csv, line 2: the name of the file is missing"),
        ('file,title\na.pdf,"A\n', "not valid CSV"),
        ("file,title\na.pdf,Äpfel\n".encode("cp1252"), "metadata.csv, line 2: this is not UTF-8; save the file as"),
    ],
)
def test_each_mistake_in_csv_is_one_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    [mistake] = _mistakes(tmp_path, content)
    assert said in mistake


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"file": "a.pdf",}]', "metadata.json, line 1: not valid JSON"),
        ('"a.pdf"', "metadata.json: a list of entries is expected"),
        ('{"file": "a.pdf", "title": "A"}', "metadata.json: an object must be of the form"),
        ('{"a.pdf": {}, "a.pdf": {}}', "metadata.json, entry 2: a.pdf stands in entry 1 already"),
        ('[{"file": "a.pdf", "title": "A", "title": "B"}]', "metadata.json, entry 1: a field is there twice"),
        ('[{"file": "a.pdf", "pages": 3}]', "metadata.json, entry 1: unknown field 'pages'"),
        ('[{"file": "a.pdf", "title": 3}]', "metadata.json, entry 1 (a.pdf): title:"),
        ('[{"file": "a.pdf", "tags": ["a", 1]}]', "metadata.json, entry 1 (a.pdf): tags:"),
        ('[{"file": "a.pdf", "title": "\\ud800"}]', "metadata.json, entry 1 (a.pdf): title:"),
        ('["a.pdf"]', "metadata.json, entry 1: an object is expected"),
        ("[" * 100_000, "metadata.json: not valid JSON"),
    ],
)
def test_each_mistake_in_json_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    [mistake] = _mistakes(tmp_path, content, "metadata.json")
    assert said in mistake


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = _mistakes(tmp_path, "file,published\na.pdf,soon\nb.pdf,2026\nc.pdf,late\n")
    assert [each.partition(" (")[0] for each in found] == ["metadata.csv, line 2", "metadata.csv, line 4"]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert _mistakes(tmp_path, "x", "metadata.xlsx") == ["metadata.xlsx: the metadata must be a .csv or .json file"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(metadata.COLUMNS) | st.text(), inner),
    # With more, Hypothesis throws two files of five away, too large for it.
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary() | st.text().map(str.encode) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_entries_or_mistakes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    _is_entries_or_mistakes(tmp_path_factory.getbasetemp(), data)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(metadata.COLUMNS), ANYTHING)))
def test_garbage_in_known_fields_is_entries_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    _is_entries_or_mistakes(tmp_path_factory.getbasetemp(), json.dumps(rows).encode())


def _is_entries_or_mistakes(folder: Path, data: bytes) -> None:
    for name in ("garbage.csv", "garbage.json"):
        path = folder / name
        path.write_bytes(data)
        entries: list[Entry] = []
        mistakes = [""]
        try:
            entries = metadata.read(path)
        except BadMetadata as error:
            mistakes = error.mistakes
        assert mistakes
        assert all("\n" not in each for each in mistakes)
        assert all(set(each.description) <= set(metadata.FIELDS) for each in entries)
