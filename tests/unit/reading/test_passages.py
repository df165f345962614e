"""A document is split into passages of about 200 words that end with a sentence and know where they stand."""

# Full stops of other scripts are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiv8.reading.document import Block, Document, Page
from motiv8.reading.fingerprint import fingerprint, near
from motiv8.reading.passages import Passage, sentences, split

_WORDS = [
    "run",
    "rest",
    "lift",
    "press",
    "row",
    "climb",
    "swim",
    "walk",
    "stretch",
    "breathe",
    "count",
    "hold",
    "push",
    "pull",
    "turn",
    "reach",
]


def _sentence(number: int, words: int = 10) -> str:
    chosen = (_WORDS[(number * 7 + index * index) % len(_WORDS)] for index in range(words))
    return f"{' '.join(chosen)} {number}.".capitalize()


def _text(count: int, start: int = 0) -> str:
    return " ".join(_sentence(number) for number in range(start, start + count))


def _split(*blocks: Block, number: int | None = None, **options: int) -> tuple[Passage, ...]:
    return split(Document((Page(number, blocks),)), **options)


def test_a_short_document_is_one_passage() -> None:
    (passage,) = _split(Block("paragraph", "Run easy."), Block("paragraph", "Then rest."))
    assert (passage.position, passage.text, passage.heading) == (0, "Run easy.\n\nThen rest.", "")
    assert (passage.page_from, passage.page_to) == (None, None)


def test_passages_have_about_200_words_each_and_end_with_a_sentence() -> None:
    passages = _split(Block("paragraph", _text(100)))
    assert [passage.position for passage in passages] == list(range(len(passages)))
    assert all(150 <= len(passage.text.split()) <= 250 for passage in passages)
    assert all(passage.text.endswith(".") for passage in passages)
    assert " ".join(passage.text for passage in passages) == _text(100)


def test_a_section_a_little_longer_than_a_passage_is_not_cut_into_one_and_a_rest() -> None:
    sizes = [len(passage.text.split()) for passage in _split(Block("paragraph", _text(26)))]
    assert len(sizes) == 2
    assert min(sizes) > 100


def test_a_passage_carries_the_path_of_headings_above_it_and_mixes_no_sections() -> None:
    passages = _split(
        Block("paragraph", "Before."),
        Block("heading", "Strength", 1),
        Block("heading", "Legs", 2),
        Block("paragraph", "Squat."),
        Block("heading", "Arms", 2),
        Block("paragraph", "Press."),
        Block("heading", "Endurance", 1),
        Block("paragraph", "Run."),
    )
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("", "Before."),
        ("Strength > Legs", "Squat."),
        ("Strength > Arms", "Press."),
        ("Endurance", "Run."),
    ]


def test_a_heading_with_nothing_below_it_is_a_passage() -> None:
    passages = _split(Block("heading", "Talk", 1), Block("heading", "Sleep well", 2), Block("heading", "Eat well", 2))
    assert [(passage.heading, passage.text) for passage in passages] == [("Talk", "Sleep well"), ("Talk", "Eat well")]


def test_a_passage_knows_its_pages() -> None:
    document = Document(
        (Page(4, (Block("paragraph", _text(10)),)), Page(5, (Block("paragraph", _text(5, 10)),)), Page(6, ()))
    )
    (passage,) = split(document)
    assert (passage.page_from, passage.page_to) == (4, 5)


def test_a_table_keeps_its_rows_and_every_part_of_it_names_the_columns() -> None:
    rows = [f"Week {number} | {number * 5} km | {_sentence(number)}" for number in range(60)]
    passages = _split(Block("table", "\n".join(["Week | Distance | Note", *rows])))
    assert len(passages) > 2
    assert all(passage.text.startswith("Week | Distance | Note\nWeek ") for passage in passages)
    assert [line for passage in passages for line in passage.text.split("\n")[1:]] == rows


def test_items_of_a_list_stand_on_lines_of_their_own() -> None:
    (passage,) = _split(Block("paragraph", "Do:"), Block("list", "squat", 1), Block("list", "press", 1))
    assert passage.text == "Do:\nsquat\npress"


def test_an_overlap_repeats_whole_sentences_of_the_passage_before() -> None:
    passages = _split(Block("paragraph", _text(60)), overlap=25)
    for before, after in pairwise(passages):
        repeated = sentences(after.text)[0].strip()
        assert repeated in before.text
        assert len(after.text.split()) <= 250
    assert passages[-1].text.endswith(_sentence(59))


def test_an_overlap_does_not_reach_into_the_section_before() -> None:
    passages = _split(
        Block("heading", "A", 1), Block("paragraph", "One."), Block("heading", "B", 1), Block("paragraph", "Two."),
        overlap=50,
    )  # fmt: skip
    assert [passage.text for passage in passages] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Run. Rest! Why? “So.” Then…", ["Run.", "Rest!", "Why?", "“So.”", "Then…"]),
        ("Dr. Miller runs 3.5 km, e.g. on Mondays. J. Smith rests.",
         ["Dr. Miller runs 3.5 km, e.g. on Mondays.", "J. Smith rests."]),
        ("走れ。休め！なぜ？「はい。」", ["走れ。", "休め！", "なぜ？", "「はい。」"]),
        ("هل تركض؟ نعم. استرح۔ غدا", ["هل تركض؟", "نعم.", "استرح۔", "غدا"]),
        ("दौड़ो। आराम करो।", ["दौड़ो।", "आराम करो।"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_as_their_script_ends_them(text: str, expected: list[str]) -> None:
    assert [sentence.strip() for sentence in sentences(text)] == expected


def test_text_in_a_script_without_spaces_is_split_by_its_characters() -> None:
    passages = _split(Block("paragraph", "".join(f"第{chr(0x4E00 + number)}日は走って休む。" for number in range(200))))
    assert all(200 <= len(passage.text) <= 520 for passage in passages)
    assert all(passage.text.endswith("。") for passage in passages)


def test_a_sentence_longer_than_a_passage_is_cut_at_commas_and_between_words() -> None:
    for text in (", ".join(f"part {number} of it" for number in range(300)), " ".join(f"w{n}" for n in range(2000))):
        passages = _split(Block("paragraph", text))
        assert all(len(passage.text.split()) <= 250 for passage in passages)
        assert " ".join(passage.text for passage in passages) == text


def test_a_word_without_end_is_cut_too() -> None:
    passages = _split(Block("paragraph", "x" * 100_000 + "y"))
    assert all(len(passage.text) < 20_000 for passage in passages)


def test_a_passage_that_repeats_another_but_for_case_and_spacing_is_dropped() -> None:
    passages = _split(
        Block("heading", "A", 1), Block("paragraph", _text(15)),
        Block("heading", "B", 1), Block("paragraph", _text(15).upper().replace(",", "")),
        Block("heading", "C", 1), Block("paragraph", "Something else."),
    )  # fmt: skip
    assert [(passage.position, passage.heading) for passage in passages] == [(0, "A"), (1, "C")]


def test_weeks_of_a_plan_that_differ_by_their_numbers_are_both_kept() -> None:
    plan = "Run easy for {} km and then rest well, since the next day asks for more than this one did."
    passages = _split(
        Block("heading", "A", 1), Block("paragraph", plan.format(5)),
        Block("heading", "B", 1), Block("paragraph", plan.format(8)),
    )  # fmt: skip
    assert len(passages) == 2


def test_a_fingerprint_stays_the_same_from_run_to_run_and_has_64_bits() -> None:
    assert fingerprint("Run easy, then rest.") == fingerprint("run easy then REST") == 15404341127090124604
    assert not near(fingerprint("Run easy, then rest."), fingerprint("Lift heavy and sleep long."))
    assert all(0 <= fingerprint(text) < 2**64 for text in ("", "x", _text(30)))


def test_a_text_with_a_word_changed_is_near_and_another_is_not() -> None:
    text = _text(30)
    assert near(fingerprint(text), fingerprint(text.replace("lift", "raise", 1)))
    assert not near(fingerprint(text), fingerprint(_text(30, 31)))


def test_an_overlap_that_is_as_long_as_a_passage_leaves_room_for_what_is_new() -> None:
    # Two characters count as a word: these fill a passage of two words and its margin to the last half.
    blocks = [Block("list", text) for text in ("走", "走", "a", "走歩跳", "走")]
    passages = _split(*blocks, words=2, overlap=6)
    assert [passage.text for passage in passages] == ["走\n走\na", "a\n走歩跳", "走"]


_BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(["heading", "paragraph", "list", "table"]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
        st.integers(0, 6),
    ),
    max_size=8,
)


@given(_BLOCKS, st.integers(1, 60), st.integers(0, 60))
def test_any_blocks_can_be_split(blocks: list[Block], words: int, overlap: int) -> None:
    passages = _split(*blocks, words=words, overlap=overlap)
    assert [passage.position for passage in passages] == list(range(len(passages)))
