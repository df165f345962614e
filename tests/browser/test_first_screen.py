"""What somebody who is signed out sees first: what motiv8 makes, a way in, and the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motiv8_tooling.operations.web import WEB

Open = Callable[..., Any]
_LOADED = "[...document.images].map(image => image.decode().then(() => image.naturalWidth))"
_SHIFTED = """new Promise(said => new PerformanceObserver(list =>
    said(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))
).observe({ type: "layout-shift", buffered: true }) || setTimeout(said, 500, 0))"""


def test_the_posters_load_and_the_button_leads_to_sign_up(visit: Open) -> None:
    window = visit()
    window.heading("Sign in")
    assert window.page.evaluate(f"Promise.all({_LOADED})") == [640, 320, 320, 320, 320]
    window.button("Get started").click()
    window.heading("Create an account")
    window.page.wait_for_function("document.activeElement.textContent === 'Create an account'")
    window.page.get_by_label("Password").fill("A long enough 1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen(visit: Open, scheme: str) -> None:
    window = visit(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    for width, height in ((360, 740), (768, 1024), (1440, 900), (1920, 1080)):
        window.page.set_viewport_size({"width": width, "height": height})
        window.page.reload()
        window.heading("Sign in")
        window.page.wait_for_load_state("networkidle")
        assert window.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        start = window.button("Get started").bounding_box()
        assert start["y"] + start["height"] <= height, "the button is on the first screen"
        assert window.page.evaluate(_SHIFTED) < 0.01, width
        assert window.serious_findings() == [], width


def test_a_desktop_shows_the_form_beside_the_posters(visit: Open) -> None:
    window = visit(viewport={"width": 1440, "height": 900})
    posters = window.page.get_by_role("list", name="Posters made with motiv8").bounding_box()
    form = window.page.get_by_label("Email").bounding_box()
    assert posters["width"] > 600
    assert posters["x"] + posters["width"] < form["x"]
    assert posters["y"] < form["y"] < posters["y"] + posters["height"]


def test_the_posters_weigh_little() -> None:
    sizes = [file.stat().st_size for file in (WEB / "people").glob("*.webp")]
    assert len(sizes) == 5
    assert sum(sizes) < 120_000
