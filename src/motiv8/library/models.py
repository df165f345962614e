"""What the library's routes take and give."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from motiv8.catalogue.document_failures import SENTENCES
from motiv8.catalogue.document_formats import BY_MEDIA_TYPE, MAX_BYTES
from motiv8.library.namespace import Access
from motiv8.schema import RequestBody, ResponseBody

Status = Literal["waiting", "processing", "ready", "failed"]

NAME = "^[a-z0-9][a-z0-9-]{0,62}$"
LONGEST_QUERY = 1_000
MOST_TAGS = 20
MESSAGES: dict[str, str] = SENTENCES | {
    "internal_error": "Something went wrong on our side. Upload the document again."
}
"""Why a document was not taken in → a sentence that a person can act on."""

_NAME_RULE = "lower-case letters, digits and hyphens, at most 63, a letter or digit first"


def _name(value: str) -> str:
    # Not by a pattern of pydantic's, whose message would show a regular expression.
    if not re.fullmatch(NAME, value):
        raise ValueError(_NAME_RULE)
    return value


def _text(value: str) -> str:
    clean = unicodedata.normalize("NFC", value).strip()
    if not clean or any(unicodedata.category(character) == "Cc" for character in clean):
        raise ValueError("some text, without control characters")
    return clean


def _media_type(value: str) -> str:
    if value not in BY_MEDIA_TYPE:
        raise ValueError(f"one of {', '.join(BY_MEDIA_TYPE)}")
    return value


def _sha256(value: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("64 hexadecimal digits in lower case")
    return value


def _url(value: str) -> str:
    # What a client makes a link of must not be a script.
    if not re.fullmatch(r"https?://[^\s\"<>\\^`{|}\x00-\x1f\x7f]+", value):
        raise ValueError("an address that begins with https:// or http://")
    return value


def _published(value: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value):
        raise ValueError("a year, a month or a day: 2026, 2026-11 or 2026-11-20")
    return value


def _language(value: str) -> str:
    if not re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}", value):
        raise ValueError("a language tag such as `en` or `pt-BR`")
    return value


def _tags(value: list[str]) -> list[str]:
    return sorted(set(value))


Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": NAME})]
Title = Annotated[str, Field(max_length=300), AfterValidator(_text)]
Url = Annotated[str, Field(max_length=2_000), AfterValidator(_url)]
Published = Annotated[str, AfterValidator(_published)]
Language = Annotated[str, AfterValidator(_language)]
Tags = Annotated[list[Name], Field(max_length=MOST_TAGS), AfterValidator(_tags)]
MediaType = Annotated[str, AfterValidator(_media_type), Field(json_schema_extra={"enum": list(BY_MEDIA_TYPE)})]
Sha256 = Annotated[str, AfterValidator(_sha256), Field(json_schema_extra={"pattern": "^[0-9a-f]{64}$"})]


class DocumentChange(RequestBody):
    """What is said of a document; what is left out stays, and null removes it."""

    title: Annotated[Title | None, Field(description="The document's own title, or its file's name, when null")] = None
    author: Title | None = None
    url: Annotated[Url | None, Field(description="Where people find it")] = None
    published: Annotated[Published | None, Field(description="A year, a month or a day")] = None
    language: Annotated[Language | None, Field(description="BCP 47; the document's own, where it names one")] = None
    tags: Annotated[Tags, Field(default_factory=list)]


class DocumentRequest(DocumentChange):
    """A document that is going to be uploaded."""

    namespace: Name
    file_name: Annotated[str, Field(max_length=255), AfterValidator(_text)]
    content_type: MediaType
    size: Annotated[int, Field(ge=1, le=MAX_BYTES, description="Bytes")]
    sha256: Annotated[Sha256, Field(description="Of the file, in hexadecimal digits")]


class DocumentUpload(ResponseBody):
    """POST the file to `url` as multipart/form-data: all `fields` first, the file last as `file`."""

    url: str
    fields: dict[str, str]
    expires_at: str


class FoundDocument(ResponseBody):
    """The document that a passage is of."""

    document_id: str
    namespace: str
    title: str
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    tags: list[str]


class Document(FoundDocument):
    """A document, and how far its processing is; `message` says what to do about a failed one."""

    file_name: str
    content_type: str
    size: int
    sha256: str
    status: Status
    reason: str | None
    message: str | None
    pages: Annotated[int | None, Field(description="Null for a format without pages")]
    passages: int | None
    characters: int | None
    created_at: str
    updated_at: str


class NewDocument(Document):
    """A document with the form for its upload, where its file is waited for."""

    upload: DocumentUpload | None


class DocumentPage(ResponseBody):
    """Documents by namespace, the newest of each first; a page that is not the last may hold fewer."""

    documents: list[Document]
    next_cursor: str | None


class NamespaceChange(RequestBody):
    """Who may read a namespace, and what it is called."""

    access: Annotated[Access, Field(description="`everybody` signed in, or the group `library-` + its name")]
    title: Title | None = None


class Namespace(ResponseBody):
    """A namespace that the caller may read, with what can be searched in it."""

    namespace: str
    title: str
    access: Access
    documents: int
    passages: int


class NamespaceList(ResponseBody):
    """The namespaces by name."""

    namespaces: list[Namespace]


class Highlight(ResponseBody):
    """A part of the text that the query's words stand in: characters from `start` to before `end`."""

    start: int
    end: int


class FoundPassage(ResponseBody):
    """A passage with its place; the text is plain, never markup."""

    passage_id: str
    score: Annotated[float, Field(description="Comparable within one answer alone")]
    text: str
    highlights: list[Highlight]
    heading: str
    page: Annotated[int | None, Field(description="Its first page; null for a format without pages")]
    last_page: int | None
    document: FoundDocument


class SearchResults(ResponseBody):
    """Passages, the best first."""

    passages: list[FoundPassage]


def _query(value: str) -> str:
    words = "".join(
        " " if unicodedata.category(character).startswith("C") else character for character in value
    ).split()
    if not words:
        raise ValueError("something to search for")
    return unicodedata.normalize("NFC", " ".join(words))


SearchQuery = Annotated[str, AfterValidator(_query)]
