"""The built web app without a stack: its files from the disk, the API's answers made up, the time always the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route

from motiv8.accounts import consent
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.locales import Language
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.catalogue.translation import preferred, translated
from motiv8.catalogue.weekdays import WEEK
from motiv8_tooling.operations.web import TYPES, WEB

# A secure one, which sign-in needs, that nobody is asked about.
ORIGIN = "https://app.example"
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
EMAIL = "ann@example.com"
LOCALES = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}

Pictures = Mapping[str, Callable[[str], bytes]]


@dataclass
class Answers:
    """What the API says, for one person; a test changes what it wants to see."""

    locale: str = "en-GB"
    has_face: bool = True
    streak: int = 12
    line: str = "Make your future self jealous."
    days_with_picture: tuple[int, ...] = (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 22, 24)
    # The first of them are still being made.
    pending: int = 0
    # What is being made is ready at the next look.
    made: bool = False
    # How far the sheet of a week with pictures is.
    sheet: str = "ready"
    own_lines: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    # Bytes of an image by its name: `picture-0` is today's, `face` the cut-out.
    image: Callable[[str], bytes] = lambda _name: (WEB / "people" / "bold.webp").read_bytes()
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, query: Mapping[str, list[str]]) -> tuple[int, Any]:
        """Status and body of what is asked."""
        self.asked.append(f"{method} {path}")
        for pattern, give in self._routes().items():
            if re.fullmatch(pattern, f"{method} {path}"):
                return 200, give(query)
        return 404, {
            "status": 404,
            "title": "Not found",
            "detail": f"Nothing answers {method} {path}.",
            "type": "urn:x",
        }

    def _routes(self) -> dict[str, Callable[[Mapping[str, list[str]]], Any]]:
        tokens = {"access_token": "access", "id_token": "id", "refresh_token": "refresh", "expires_in": 3600}
        return {
            "POST /v1/auth/token": lambda _: tokens,
            "GET /v1/auth/providers": lambda _: {"providers": []},
            "GET /v1/auth/mfa": lambda _: {"enabled": False},
            "(GET|PATCH) /v1/me": lambda _: self._profile(),
            "GET /v1/me/consent": lambda _: self._consent(),
            "GET /v1/modes": lambda _: _choices(preferred(self.locale)),
            "GET /v1/selfies/current": lambda _: self._selfie(),
            "GET /v1/portraits": lambda query: {"portraits": self._portraits(query), "next_cursor": None},
            "POST /v1/portraits": lambda _: self._portrait(0) | {"portrait_id": "new", "status": "queued"},
            "GET /v1/portraits/week": lambda query: self._week(query),
            "GET /v1/portraits/.+": lambda _: self._portrait(0) | {"status": "ready" if self.made else "making"},
            "GET /v1/namespaces": lambda _: {"namespaces": []},
            "GET /v1/conversations": lambda _: {"conversations": self._conversations(), "next_cursor": None},
            "GET /v1/conversations/.+/messages": lambda _: {"messages": self.messages[::-1], "next_cursor": None},
        }

    def _profile(self) -> dict[str, Any]:
        due = (NOW + timedelta(days=3)).replace(hour=5, minute=0)
        return {
            "user_id": "1",
            "email": EMAIL,
            "created_at": "2026-10-01T08:00:00Z",
            "time_zone": "Europe/Berlin",
            "delivery_hour": 6,
            "workout_days": list(WEEK[:5]),
            "mode": "sunrise",
            "tone": "motivate",
            "theme": "dark",
            "format": "portrait",
            "mail_enabled": True,
            "mail_off_reason": None,
            "locale": self.locale,
            "own_lines": self.own_lines,
            "streak": self.streak,
            "biometric_consent": self.has_face,
            "consent_at": "2026-10-01T08:00:00Z" if self.has_face else None,
            "next_delivery_at": due.isoformat().replace("+00:00", "Z") if self.has_face else None,
        }

    def _consent(self) -> dict[str, Any]:
        text = consent.current(preferred(self.locale))
        shown = {name: getattr(text, name) for name in ("version", "language", "title", "points", "agreement")}
        return {"status": "given" if self.has_face else "none", "text": shown, "history": []}

    def _selfie(self) -> dict[str, Any]:
        return {
            "selfie_id": "1",
            "status": "ready",
            "reason": None,
            "message": None,
            "updated_at": "2026-10-01T08:00:00Z",
            "face_in_use": self.has_face,
            "preview_url": f"{ORIGIN}/image/face",
        }

    def _portraits(self, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        first, last = query.get("from", ["2000-01-01"])[0], query.get("to", ["2100-01-01"])[0]
        found = [self._portrait(ago) for ago in self.days_with_picture]
        for each in found[: self.pending]:
            each["status"] = "making"
        return [each for each in found if first <= each["date"] <= last]

    def _week(self, query: Mapping[str, list[str]]) -> dict[str, Any]:
        monday = date.fromisoformat(f"{query['week'][0]}-1")
        days = {"from": [monday.isoformat()], "to": [(monday + timedelta(days=6)).isoformat()]}
        portraits = self._portraits(days)[::-1]
        status = self.sheet if portraits else "none"
        return {
            "week": query["week"][0],
            "first": days["from"][0],
            "last": days["to"][0],
            "streak": self.streak,
            "portraits": portraits,
            "sheet_status": status,
            "sheet_url": f"{ORIGIN}/image/sheet" if status == "ready" else None,
            "film_url": f"{ORIGIN}/image/film" if status == "ready" else None,
        }

    def _portrait(self, ago: int) -> dict[str, Any]:
        day: date = NOW.date() - timedelta(days=ago)
        address = f"{ORIGIN}/image/picture-{ago}"
        return {
            "portrait_id": f"p{ago}",
            "date": day.isoformat(),
            "trigger": "daily",
            "status": "ready",
            "reason": None,
            "message": None,
            "mode": "sunrise",
            "tone": "motivate",
            "theme": "dark",
            "format": "portrait",
            "line": self.line,
            "alt_text": "You, in front of a sunrise over a lake. The line says: Make your future self jealous.",
            "image_url": address,
            "thumbnail_url": f"{address}?small",
            "mail_status": "sent",
            "created_at": f"{day}T05:00:00Z",
            "ready_at": f"{day}T05:00:02Z",
        }

    def _conversations(self) -> list[dict[str, Any]]:
        if not self.messages:
            return []
        titles = ("How fast should I run as a beginner?", "Rest between sets", "Sleep before a race")
        return [
            {
                "conversation_id": str(index + 1),
                "title": title,
                "namespace": None,
                "created_at": "2026-11-20T09:00:00Z",
                "updated_at": (NOW - timedelta(days=index, hours=1)).isoformat(),
            }
            for index, title in enumerate(titles)
        ]


def _choices(language: Language) -> dict[str, Any]:
    groups: dict[str, Mapping[str, Any]] = {
        "modes": MODES,
        "tones": TONES,
        "themes": THEMES,
        "formats": FORMATS,
        "layouts": LAYOUTS,
    }
    return {
        name: [
            {
                "name": key,
                "title": translated(each.title, language),
                "description": translated(getattr(each, "description", ""), language),
            }
            for key, each in entries.items()
        ]
        for name, entries in groups.items()
    }


def open_app(
    browser: Browser,
    answers: Answers,
    at: str = "",
    *,
    signed_in: bool = True,
    before: str = "",
    real_time: bool = False,
    **options: Any,
) -> Page:
    """A page of the app in a window of its own, with a script that runs `before` it; close its context at the end."""
    settings: dict[str, Any] = {
        "service_workers": "block",
        "timezone_id": "Europe/Berlin",
        "locale": answers.locale,
        "reduced_motion": "reduce",
    }
    context: BrowserContext = browser.new_context(**(settings | options))
    context.route(f"{ORIGIN}/**", lambda route: _serve(route, answers))
    if signed_in:
        kept = json.dumps(json.dumps({"refresh": "refresh", "email": EMAIL}))
        context.add_init_script(f"localStorage.setItem('motiv8.session', {kept})")
    if before:
        context.add_init_script(before)
    page = context.new_page()
    if not real_time:
        page.clock.set_fixed_time(NOW)
    page.goto(f"{ORIGIN}/{at}")
    return page


def _serve(route: Route, answers: Answers) -> None:
    address = urlsplit(route.request.url)
    if address.path.startswith("/v1/"):
        status, body = answers.answer(route.request.method, address.path, parse_qs(address.query))
        route.fulfill(status=status, json=body)
    elif address.path.startswith("/image/"):
        route.fulfill(body=answers.image(address.path.removeprefix("/image/")), content_type="image/webp")
    else:
        file = WEB / (address.path.lstrip("/") or "index.html")
        if file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            route.fulfill(status=404, body="")
