"""/v1/documents, /v1/namespaces and /v1/search: HTTP in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from motiv8 import clock
from motiv8.aws import keys, storage
from motiv8.catalogue.translation import said
from motiv8.declarations import raises
from motiv8.errors import ImportersOnly, NotFound
from motiv8.library import namespace_repository, service
from motiv8.library.errors import DocumentBeingRemoved
from motiv8.library.models import (
    LONGEST_QUERY,
    MESSAGES,
    Document,
    DocumentChange,
    DocumentPage,
    DocumentRequest,
    DocumentUpload,
    FoundDocument,
    FoundPassage,
    Highlight,
    Name,
    Namespace,
    NamespaceChange,
    NamespaceList,
    NewDocument,
    SearchQuery,
    SearchResults,
    Status,
)
from motiv8.library.readers import Reader
from motiv8.pagination import cursor_after, position_of
from motiv8.settings import settings

if TYPE_CHECKING:
    from motiv8.aws.library_search import Hit
    from motiv8.library.document import LibraryDocument
    from motiv8.library.namespace import LibraryNamespace

router = Router()


def _reader() -> Reader:
    return Reader(router.context["caller"].groups)


@router.post(
    "/v1/documents",
    status_code=201,
    summary="Bring a document in",
    tags=["library"],
    operation_id="create_document",
    responses={
        200: {"description": "There already", "content": {"application/json": {"model": NewDocument}}},
        201: {"description": "New", "content": {"application/json": {"model": NewDocument}}},
    },
)
@raises(DocumentBeingRemoved, ImportersOnly)
def create_document(body: Annotated[DocumentRequest, Body()]) -> Response[NewDocument]:
    """Returns a presigned POST for the file; for importers. 201 for a new document.

    200 where the namespace has the same file already: as it is when it is ready or in work, and described anew with a
    new form when its file is waited for or could not be read.
    """
    _reader().check_importer()
    now = clock.now()
    document, is_new = service.announce(body, router.context["caller"].user_id, now)
    upload = None
    if document.status == "waiting":
        url, fields = storage.presigned_post(
            settings().library_bucket,
            keys.original(document.document_id),
            document.content_type,
            document.size,
            document.size,
            document.sha256,
        )
        expires_at = clock.rfc3339(now + timedelta(seconds=storage.UPLOAD_SECONDS))
        upload = DocumentUpload(url=url, fields=fields, expires_at=expires_at)
    answer = NewDocument(**_document(document).model_dump(), upload=upload)
    headers = {"Location": f"/v1/documents/{document.document_id}"}
    return Response(201 if is_new else 200, "application/json", answer, headers=headers)


@router.get("/v1/documents", summary="Documents", tags=["library"], operation_id="list_documents")
@raises(NotFound)
def list_documents(
    namespace: Annotated[Name | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    tag: Annotated[Name | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> DocumentPage:
    """Documents of the namespaces that you may read, the newest of each first; importers see those not ready, too."""
    reader = _reader()
    after = position_of(cursor, service.POSITION) if cursor is not None else None
    found, last = service.listing(reader, service.chosen(reader, namespace), status, tag, after, limit)
    next_cursor = None if last is None else cursor_after(last)
    return DocumentPage(documents=[_document(document) for document in found], next_cursor=next_cursor)


@router.get("/v1/documents/<document_id>", summary="One document", tags=["library"], operation_id="get_document")
@raises(NotFound)
def get_document(document_id: str) -> Document:
    """A document with its status, and what to do about it where it failed."""
    return _document(service.get(_reader(), document_id))


@router.patch(
    "/v1/documents/<document_id>", summary="Describe a document", tags=["library"], operation_id="update_document"
)
@raises(ImportersOnly, NotFound)
def update_document(document_id: str, body: Annotated[DocumentChange, Body()]) -> Document:
    """Changes what is said of a document; for importers. Searches tell it at once, and go by a new title or tag
    within a minute."""
    given = body.model_dump(include=body.model_fields_set)
    correlation_id = router.context["correlation_id"]
    return _document(service.describe(_reader(), document_id, given, correlation_id, clock.now()))


@router.delete(
    "/v1/documents/<document_id>",
    status_code=204,
    summary="Remove a document",
    tags=["library"],
    operation_id="delete_document",
)
@raises(ImportersOnly, NotFound)
def delete_document(document_id: str) -> Response[None]:
    """Nobody sees or finds the document from now on; file, text and passages are removed. For importers."""
    service.remove(_reader(), document_id, router.context["correlation_id"], clock.now())
    return Response(204)


@router.get("/v1/namespaces", summary="Namespaces", tags=["library"], operation_id="list_namespaces")
def list_namespaces() -> NamespaceList:
    """The namespaces that you may read, with what can be searched in each."""
    return NamespaceList(namespaces=[_namespace(namespace) for namespace in service.readable(_reader())])


@router.put("/v1/namespaces/<namespace>", summary="Set up a namespace", tags=["library"], operation_id="put_namespace")
@raises(ImportersOnly)
def put_namespace(namespace: Annotated[Name, Path()], body: Annotated[NamespaceChange, Body()]) -> Namespace:
    """Makes the namespace where there is none, and says who may read it; for importers."""
    _reader().check_importer()
    return _namespace(namespace_repository.set_access(namespace, body.access, body.title))


@router.get("/v1/search", summary="Search the library", tags=["library"], operation_id="search_library")
@raises(NotFound)
def search_library(
    q: Annotated[SearchQuery, Query(max_length=LONGEST_QUERY, description="A question, or words")],
    namespace: Annotated[Name | None, Query(description="This one alone; all that you may read without it")] = None,
    tag: Annotated[Name | None, Query(description="Documents with this tag alone")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchResults:
    """Passages by what they mean and by their words, the best first, each with its document, page and heading."""
    found = service.search(service.chosen(_reader(), namespace), q, tag, limit)
    return SearchResults(passages=[_passage(hit, document) for hit, document in found])


def _document(document: LibraryDocument) -> Document:
    return Document(
        **_found_document(document).model_dump(),
        file_name=document.file_name,
        content_type=document.content_type,
        size=document.size,
        sha256=document.sha256,
        # Nobody sees one that is being removed.
        status=cast("Status", document.status),
        reason=document.reason,
        message=said(MESSAGES[document.reason]) if document.reason in MESSAGES else None,
        **document.extent._asdict(),
        created_at=clock.rfc3339(document.created_at),
        updated_at=clock.rfc3339(document.updated_at),
    )


def _found_document(document: LibraryDocument) -> FoundDocument:
    said = document.description._asdict() | {"title": document.shown_title, "tags": sorted(document.description.tags)}
    return FoundDocument(document_id=document.document_id, namespace=document.namespace, **said)


def _namespace(namespace: LibraryNamespace) -> Namespace:
    return Namespace(
        namespace=namespace.name,
        title=namespace.title or namespace.name,
        access=namespace.access,
        documents=namespace.documents,
        passages=namespace.passages,
    )


def _passage(hit: Hit, document: LibraryDocument) -> FoundPassage:
    return FoundPassage(
        passage_id=hit.passage_id,
        score=round(hit.score, 4),
        text=hit.text,
        highlights=[Highlight(start=start, end=end) for start, end in hit.highlights],
        heading=hit.heading,
        page=hit.page_from,
        last_page=hit.page_to,
        document=_found_document(document),
    )
