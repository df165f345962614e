"""Of HTML nothing is kept but the text of its main part."""

from __future__ import annotations

import pytest

from motiv8.catalogue.document_failures import Reason
from motiv8.reading.document import Document, Unreadable
from motiv8.reading.parser import parse


def _read(markup: str | bytes, media_type: str = "text/html") -> Document:
    return parse(markup if isinstance(markup, bytes) else markup.encode(), media_type)


def _blocks(markup: str | bytes) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for page in _read(markup).pages for block in page.blocks]


def test_a_page_gives_its_headings_paragraphs_items_and_tables_in_order() -> None:
    markup = """<!doctype html><html lang="en-GB"><head><title>Site - Running</title></head><body>
    <h1>Running <em>well</em></h1><p>Easy<br>first, <a href="/x">then</a> fast.</p>
    <ul><li>warm up<ul><li>slowly</li></ul></li><li><p>run</p></li></ul>
    <table><caption>Plan</caption><tr><th>Week<th>Run</tr><tr><td>1<td>5&nbsp;km</tr></table>
    loose text <div>and <b>a division</b></div></body></html>"""
    assert _blocks(markup) == [
        ("heading", "Running well", 1),
        ("paragraph", "Easy first, then fast.", 0),
        ("list", "warm up", 1),
        ("list", "slowly", 2),
        ("list", "run", 1),
        ("paragraph", "Plan", 0),
        ("table", "Week | Run\n1 | 5 km", 0),
        ("paragraph", "loose text", 0),
        ("paragraph", "and a division", 0),
    ]
    document = _read(markup)
    assert (document.title, document.language) == ("Running well", "en-GB")


def test_scripts_styles_and_forms_are_no_text() -> None:
    markup = """<p>kept</p><script>document.write("evil")</script><style>p{}</style><noscript>off</noscript>
    <template>t</template><svg><text>drawn</text></svg><iframe srcdoc="x">i</iframe><form>mail <input value="v"></form>
    <p hidden>hidden</p><!-- remark --><p onclick="evil()">also kept</p><img src=x onerror=evil() alt="a picture">"""
    assert [text for _, text, _ in _blocks(markup)] == ["kept", "also kept", "a picture"]


def test_what_stands_around_the_main_part_is_left_out() -> None:
    markup = """<nav>Home About</nav><header>Site</header><div class="cookie-banner">We use cookies</div>
    <main><article><h1>A</h1><p>The article says this much at least.</p><div class="social share">Share</div>
    </article></main>
    <aside>More</aside><footer>Imprint</footer>"""
    assert [text for _, text, _ in _blocks(markup)] == ["A", "The article says this much at least."]


def test_a_page_without_a_main_part_is_read_whole_but_for_its_navigation() -> None:
    markup = """<nav>Home</nav><div id=content><p>One paragraph of text.</p></div>
    <div class="footer-cookies">We use cookies</div>"""
    assert [text for _, text, _ in _blocks(markup)] == ["One paragraph of text."]


def test_a_main_part_that_is_only_a_teaser_does_not_hide_the_rest() -> None:
    markup = f"<main>Hi</main><div><p>{'Much more is said out here. ' * 10}</p></div>"
    assert len(_blocks(markup)) == 2


def test_a_table_that_lays_out_a_page_is_no_table() -> None:
    markup = "<table><tr><td><h1>A</h1><p>One.</p><p>Two.</p></td></tr></table>"
    assert _blocks(markup) == [("heading", "A", 1), ("paragraph", "One.", 0), ("paragraph", "Two.", 0)]


@pytest.mark.parametrize(
    "markup",
    [
        '<meta charset="windows-1252"><p>Größe'.encode("cp1252"),
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>Größe'.encode("latin-1"),
        "<p>Größe".encode("utf-16"),
        b"<p>Gr&ouml;&szlig;e",
    ],
)
def test_its_charset_is_its_own_or_utf8(markup: bytes) -> None:
    assert _blocks(markup) == [("paragraph", "Größe", 0)]


def test_a_language_that_is_none_and_a_title_without_end_are_not_kept() -> None:
    document = _read(f"<html lang='&lt;b&gt;'><title>{'t' * 1000}</title><p>x")
    assert document.language is None
    assert document.title == "t" * 300


def test_depth_without_end_is_unreadable() -> None:
    with pytest.raises(Unreadable) as unreadable:
        _read("<div>" * 10_000 + "x")
    assert unreadable.value.reason == Reason.UNREADABLE


def test_a_page_of_scripts_alone_has_no_text() -> None:
    with pytest.raises(Unreadable) as unreadable:
        _read("<script>let a = 1</script>")
    assert unreadable.value.reason == Reason.NO_TEXT
