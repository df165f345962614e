"""What an answer may use: the library as the person may read it, and the tools."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from motiv8.answering.model import ToolSpec
from motiv8.answering.passages import Passage, Sentence, related
from motiv8.answering.prompt import as_source
from motiv8.answering.turn import ToolFailed
from motiv8.aws import one_time
from motiv8.coach.tools import TOOLS
from motiv8.errors import NotFound
from motiv8.library import service as library
from motiv8.library.models import LONGEST_QUERY
from motiv8.library.readers import Reader
from motiv8.settings import settings
from motiv8.telemetry import logger
from motiv8.tool_servers.remote import remote_tools

if TYPE_CHECKING:
    from motiv8.aws.library_search import Hit
    from motiv8.coach.tools import LibraryQuery, Tool, ToolContext
    from motiv8.library.document import LibraryDocument
    from motiv8.library.namespace import LibraryNamespace
    from motiv8.tool_servers.remote import ServerTool

RETRIEVED = 5
_KEPT = timedelta(days=2)


@dataclass(slots=True)
class Sources:
    """The passages that one answer may cite, numbered from 1 in the order in which they were found.

    `namespaces` are those that are searched.
    """

    namespaces: list[LibraryNamespace]
    passages: list[Passage] = field(default_factory=list)

    def retrieve(self, query: str) -> list[Passage]:
        """Passages that have something to do with it, new ones as sources. Raises Unavailable."""
        found = library.search(self.namespaces, query[:LONGEST_QUERY], None, RETRIEVED, sentences_of=RETRIEVED)
        passages = related(tuple(_passage(hit, document) for hit, document in found))
        known = {passage.passage_id for passage in self.passages}
        self.passages += [passage for passage in passages if passage.passage_id not in known]
        ids = {passage.passage_id for passage in passages}
        return [passage for passage in self.passages if passage.passage_id in ids]

    def number(self, passage: Passage) -> int:
        """What a model cites it by."""
        return self.passages.index(passage) + 1


def sources_of(groups: frozenset[str], namespace: str | None) -> Sources:
    """What an answer may cite of this namespace, or of all that the person may read: nothing of one that was closed."""
    try:
        return Sources(library.chosen(Reader(groups), namespace))
    except NotFound:
        return Sources([])


def _passage(hit: Hit, document: LibraryDocument) -> Passage:
    return Passage(
        passage_id=hit.passage_id,
        document_id=hit.document_id,
        title=document.shown_title,
        heading=hit.heading,
        page=hit.page_from,
        last_page=hit.page_to,
        url=document.description.url,
        text=hit.text,
        coverage=hit.coverage,
        sentences=tuple(Sentence(*sentence) for sentence in hit.sentences),
    )


@dataclass(frozen=True, slots=True)
class OwnTool:
    """One of our tools, for one answer."""

    tool: Tool
    context: ToolContext

    @property
    def spec(self) -> ToolSpec:
        """How the model is told of it."""
        return ToolSpec(self.tool.name, self.tool.description, self.tool.schema())

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.tool.changes

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments that were given, as far as they are set. Raises ToolFailed."""
        return self.tool.read(arguments).model_dump(mode="json", exclude_unset=True)

    def summary(self, arguments: dict[str, Any]) -> str:
        """What exactly it will do. Raises ToolFailed."""
        return self.tool.summary(self.tool.read(arguments), self.context.language)

    def run(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do it; what changes something, once for an operation. Raises ToolFailed."""
        given = self.tool.read(arguments)
        if self.changes:
            _claim(self.context)
        try:
            return self.tool.use(self.context, given)
        except ToolFailed:
            raise
        except Exception as error:
            # Its text may hold what the person said.
            logger.error("tool broke", tool=self.tool.name, exception_type=type(error).__qualname__)
            raise ToolFailed("The tool is broken at the moment.") from error


@dataclass(frozen=True, slots=True)
class OtherTool:
    """A tool of another server, for one answer."""

    tool: ServerTool
    context: ToolContext

    @property
    def spec(self) -> ToolSpec:
        """How the model is told of it."""
        return self.tool.spec

    @property
    def changes(self) -> bool:
        """Whether it may change something."""
        return self.tool.changes

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as they were given. Raises ToolFailed."""
        return self.tool.checked(arguments)

    def summary(self, arguments: dict[str, Any]) -> str:
        """Which tool is given what."""
        return self.tool.summary(arguments)

    def run(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Have the server do it; what may change something, once for an operation. Raises ToolFailed."""
        if self.changes:
            _claim(self.context)
        return self.tool.run(arguments)


def offered_tools(context: ToolContext, sources: Sources) -> dict[str, OwnTool | OtherTool]:
    """The tools of an answer, by name; those of other servers where there is a model that could ask for them."""
    offered: dict[str, OwnTool | OtherTool] = {name: OwnTool(tool, context) for name, tool in TOOLS.items()}
    offered["search_library"] = OwnTool(_citing(TOOLS["search_library"], sources), context)
    # A namespace that was closed to the person since brings no tools either.
    namespace = context.namespace if sources.namespaces else None
    others = remote_tools(namespace, context.now) if settings().coach_model else []
    return offered | {each.spec.name: OtherTool(each, context) for each in others}


def _citing(search: Tool, sources: Sources) -> Tool:
    """The search, whose passages the answer may cite."""

    def run(_: ToolContext, given: LibraryQuery) -> dict[str, Any]:
        found = sources.retrieve(given.query)
        return {"passages": [as_source(sources.number(each), each) for each in found]}

    return replace(search, run=run)


def _claim(context: ToolContext) -> None:
    """Take on what an operation changes. Raises ToolFailed where that was done before."""
    if not one_time.claim(f"coach#{context.operation_id}", context.now + _KEPT):
        raise ToolFailed("This was done before, or begun. Look how things are before you say that it was done.")
