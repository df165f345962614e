"""What the coach can do for somebody, and the MCP server for their programs: the one set of our own tools.

Each does what the API would let the same person do, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError, model_validator

from motiv8.accounts import service as accounts
from motiv8.accounts.models import ProfileChange
from motiv8.accounts.schedule import local_date, next_delivery
from motiv8.answering.turn import ToolFailed
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.catalogue.tones import ToneName
from motiv8.catalogue.weekdays import WEEK
from motiv8.clock import rfc3339
from motiv8.coach.summaries import picture_summary, settings_summary
from motiv8.errors import Invalid, NotFound, Problem, Unauthorized
from motiv8.library import service as library
from motiv8.library.models import LONGEST_QUERY, SearchQuery
from motiv8.library.readers import Reader
from motiv8.portraits import repository as portraits_repository
from motiv8.portraits import service as portraits
from motiv8.portraits.models import MESSAGES
from motiv8.schema import PartialBody, RequestBody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.catalogue.locales import Language
    from motiv8.portraits.picture import Picture

_MOST_MISTAKES = 5
_SETTINGS = ("mode", "tone", "theme", "format", "locale", "mail_enabled")


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom a tool runs. `operation_id` is a lower-case ULID: the same one does the same thing once.

    `namespace` is the one that the conversation is about, None for all that the person may read. They are
    asked in `language`.
    """

    user_id: str
    groups: frozenset[str]
    namespace: str | None
    now: datetime
    operation_id: str
    correlation_id: str
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; where it `changes` something, the person says yes to its summary first.

    `run` takes arguments of the type `arguments` and raises Problem where the API would answer with one.
    """

    name: str
    title: str
    description: str
    arguments: type[RequestBody]
    changes: bool
    run: Callable[[ToolContext, Any], dict[str, Any]]
    says: Callable[[Any, Language], str] | None = None

    def summary(self, arguments: RequestBody, language: Language) -> str:
        """What exactly it will do, for the person who is asked; of one that changes nothing, what it is called."""
        return self.says(arguments, language) if self.says else self.title

    def read(self, arguments: dict[str, Any]) -> RequestBody:
        """The arguments, checked. Raises ToolFailed."""
        try:
            return self.arguments.model_validate(arguments)
        except ValidationError as error:
            wrong = (
                f"{'.'.join(map(str, mistake['loc'])) or 'arguments'}: {mistake['msg']}" for mistake in error.errors()
            )
            raise ToolFailed("; ".join(islice(wrong, _MOST_MISTAKES))) from None

    def use(self, context: ToolContext, given: RequestBody) -> dict[str, Any]:
        """Do it. Raises ToolFailed with what the API would answer."""
        try:
            return self.run(context, given)
        except Invalid as problem:
            raise ToolFailed(
                "; ".join(f"{mistake.field}: {mistake.message}" for mistake in problem.errors)
            ) from problem
        except Problem as problem:
            raise ToolFailed(problem.detail) from problem

    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        return self.arguments.model_json_schema()


class NoArguments(RequestBody):
    """Nothing to say."""


class LibraryQuery(RequestBody):
    """What to look for."""

    query: Annotated[SearchQuery, Field(max_length=LONGEST_QUERY, description="A question, or words")]
    limit: Annotated[int, Field(ge=1, le=10)] = 5


class PictureCount(RequestBody):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=20)] = 5


class SettingsChange(ProfileChange):
    """What to change; what is left out stays as it is."""

    @model_validator(mode="after")
    def _something(self) -> SettingsChange:
        if not self.model_fields_set:
            raise ValueError("at least one setting")
        return self


class PictureOptions(PartialBody):
    """What the picture is to be; what is left out comes from the settings."""

    mode: ModeName | None = None
    tone: ToneName | None = None
    theme: ThemeName | None = None
    format: FormatName | None = None


def _search_library(context: ToolContext, given: LibraryQuery) -> dict[str, Any]:
    namespaces = library.chosen(Reader(context.groups), context.namespace)
    found = library.search(namespaces, given.query, None, given.limit)
    return {
        "passages": [
            {
                "passage_id": hit.passage_id,
                "text": hit.text,
                "heading": hit.heading,
                "page": hit.page_from,
                "title": document.shown_title,
                "url": document.description.url,
            }
            for hit, document in found
        ]
    }


def person_settings(person: Person, now: datetime) -> dict[str, Any]:
    """What somebody has set, with the day and hour at their place: no email, no photo."""
    schedule = person.schedule
    return {name: getattr(person.preferences, name) for name in _SETTINGS} | {
        "time_zone": schedule.time_zone,
        "delivery_hour": schedule.delivery_hour,
        "workout_days": [day for day in WEEK if day in schedule.workout_days],
        "today": local_date(schedule.time_zone, now).isoformat(),
        "has_photo": person.photo.has_face,
        "next_picture_at": rfc3339(next_delivery(schedule, now)) if person.photo.has_face else None,
    }


def _get_settings(context: ToolContext, _: NoArguments) -> dict[str, Any]:
    return person_settings(accounts.person(context.user_id, context.now), context.now)


def _change_settings(context: ToolContext, given: SettingsChange) -> dict[str, Any]:
    person = accounts.change_preferences(context.user_id, _changes(given), context.now)
    if person is None:
        raise Unauthorized
    return person_settings(person, context.now)


def _changes(given: SettingsChange) -> dict[str, Any]:
    return {name: value for name, value in given.model_dump().items() if value is not None}


def _get_todays_picture(context: ToolContext, _: NoArguments) -> dict[str, Any]:
    person = accounts.person(context.user_id, context.now)
    try:
        return {"picture": described(portraits.today(person, context.now))}
    except NotFound:
        return {"picture": None}


def _list_pictures(context: ToolContext, given: PictureCount) -> dict[str, Any]:
    found = portraits_repository.between(context.user_id, None, None, None, given.limit)
    return {"pictures": [described(picture) for picture in found]}


def _request_picture(context: ToolContext, given: PictureOptions) -> dict[str, Any]:
    person = accounts.person(context.user_id, context.now)
    # A repetition may come when the day has changed at the person's place.
    for day in (context.now, context.now - timedelta(days=1)):
        asked = f"{local_date(person.schedule.time_zone, day).isoformat()}-{context.operation_id}"
        before = portraits_repository.get(context.user_id, asked)
        if before is not None:
            return {"picture": described(before)}
    options = portraits.PortraitOptions(given.mode, given.tone, given.theme, given.format)
    picture, left = portraits.ask(
        context.user_id, options, context.groups, context.now, context.operation_id, context.correlation_id
    )
    return {"picture": described(picture), "left_today": left.remaining}


def described(picture: Picture) -> dict[str, Any]:
    """A picture in words; no address of a file, which would open for whoever has it."""
    return {
        "portrait_id": picture.portrait_id,
        "date": picture.date,
        "status": picture.status,
        "message": MESSAGES[picture.reason] if picture.reason else None,
        "mode": picture.mode,
        "tone": picture.tone,
        "line": picture.line,
        "alt_text": picture.alt_text,
    }


_ALL = (
    Tool(
        "search_library",
        "Search the library",
        "Finds passages of the team's library about training, recovery and sleep.",
        LibraryQuery,
        changes=False,
        run=_search_library,
    ),
    Tool(
        "get_settings",
        "Read your settings",
        "The person's settings: mode, tone, theme, format, workout days, hour and time zone of the daily picture.",
        NoArguments,
        changes=False,
        run=_get_settings,
    ),
    Tool(
        "change_settings",
        "Change your settings",
        "Changes the person's settings. The person is asked first; give exactly what they want, nothing else.",
        SettingsChange,
        changes=True,
        run=_change_settings,
        says=lambda given, language: settings_summary(_changes(given), language),
    ),
    Tool(
        "get_todays_picture",
        "Today's picture",
        "The person's picture of today: whether it is ready, its line, and what it shows.",
        NoArguments,
        changes=False,
        run=_get_todays_picture,
    ),
    Tool(
        "list_pictures",
        "Your last pictures",
        "The person's last pictures, the newest first, with their lines.",
        PictureCount,
        changes=False,
        run=_list_pictures,
    ),
    Tool(
        "request_picture",
        "Ask for a picture",
        "Has a new picture of the person made now. The person is asked first; it counts towards their daily limit.",
        PictureOptions,
        changes=True,
        run=_request_picture,
        says=lambda given, language: picture_summary(given.model_dump(), language),
    ),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _ALL}
