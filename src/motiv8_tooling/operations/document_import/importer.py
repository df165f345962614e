"""One file goes in: read, compared with what is there, announced, uploaded, or described anew."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

import httpx
from pydantic import ValidationError

from motiv8.catalogue.document_failures import SENTENCES, Reason
from motiv8.library.models import DocumentRequest
from motiv8.reading import reader
from motiv8.reading.document import Unreadable
from motiv8_tooling.client.person import ApiError
from motiv8_tooling.client.service_user import SignInFailed, Unreachable
from motiv8_tooling.operations.document_import.report import ImportedFile

if TYPE_CHECKING:
    from motiv8_tooling.client.service_user import ServiceUser
    from motiv8_tooling.operations.document_import.folder import DocumentFile

_PIECE = 1 << 20
_PAGE = 100
_WORTH_ANOTHER_UPLOAD = frozenset({Reason.WRONG_CHECKSUM, "internal_error"})
"""Reasons that the file itself is not to blame for."""
_FORM_ENDED = frozenset({400, 403})
_SETTLED = frozenset({"ready", "failed"})

Document = dict[str, Any]
Brought: TypeAlias = "tuple[ImportedFile, bool]"
"""What became of a file, and whether its document is still worked on."""


class NoImporter(ApiError):
    """The account may not bring documents in (any more)."""


@dataclass(slots=True)
class Importer:
    """Brings files into one namespace; `there` is what it has, by SHA-256. Several threads may use it."""

    user: ServiceUser
    namespace: str
    apply: bool
    there: dict[str, Document] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def look(self) -> None:
        """Learn what is there. Raises ApiError."""
        asked = {"namespace": self.namespace, "limit": str(_PAGE)}
        while True:
            try:
                page = self.user.expect("GET", f"/v1/documents?{urlencode(asked)}")
            except ApiError as error:
                # Nobody has brought anything into this namespace yet.
                if error.status == httpx.codes.NOT_FOUND:
                    return
                raise
            self.there |= {document["sha256"]: document for document in page["documents"]}
            if page["next_cursor"] is None:
                return
            asked["cursor"] = page["next_cursor"]

    def bring(self, file: DocumentFile) -> Brought:
        """Have the library know a file.

        Raises NoImporter, Unreachable and SignInFailed, after which no other file fares better.
        """
        sha256 = None
        try:
            size, sha256 = _measured(file)
            if (twin := self._twin(sha256, file.name)) is not None:
                return ImportedFile(file.name, "skipped", f"the same content as {twin}", None, sha256), False
            known = self.there.get(sha256)
            if known and not _is_wanted_again(known):
                return self._describe(file, known)
            request = _request(file, self.namespace, size, sha256)
            if not self.apply:
                return self._tried(file, known, sha256), False
            return self._upload(file, request)
        except (OSError, _Failed, httpx.HTTPError) as error:
            why = (isinstance(error, OSError) and error.strerror) or str(error)
            return ImportedFile(file.name, "failed", why, None, sha256), False
        except (SignInFailed, Unreachable):
            raise
        except ApiError as error:
            if error.status == httpx.codes.FORBIDDEN:
                raise NoImporter(str(error), status=error.status, kind=error.kind) from error
            return ImportedFile(file.name, "failed", str(error), None, sha256), False

    def settled(self, document_id: str) -> Document | None:
        """A document that is ready or failed; None while it is worked on. Raises ApiError."""
        found: Document = self.user.expect("GET", f"/v1/documents/{document_id}")
        return found if found["status"] in _SETTLED else None

    def _twin(self, sha256: str, name: str) -> str | None:
        """Another file of this import with the same bytes."""
        with self._lock:
            first = self._seen.setdefault(sha256, name)
        return first if first != name else None

    def _describe(self, file: DocumentFile, known: Document) -> Brought:
        """Change what the metadata says otherwise."""
        name, sha256 = known["document_id"], known["sha256"]
        if known["status"] == "failed":
            return ImportedFile(file.name, "failed", known["message"], name, sha256), False
        pending = self.apply and known["status"] not in _SETTLED
        changes = {each: value for each, value in file.description.items() if known[each] != value}
        if not changes:
            return ImportedFile(file.name, "there already", "", name, sha256), pending
        if self.apply:
            self.user.expect("PATCH", f"/v1/documents/{name}", changes)
        return ImportedFile(file.name, "changed", ", ".join(changes), name, sha256), pending

    def _tried(self, file: DocumentFile, known: Document | None, sha256: str) -> ImportedFile:
        """What an upload would lead to: the document is read here as it is there. Raises _Failed."""
        try:
            reader.read(file.path.read_bytes(), file.format.media_type)
        except Unreadable as error:
            raise _Failed(SENTENCES[error.reason]) from error
        except RuntimeError:
            unread = "not read here, since the packages of the library are not installed"
            return ImportedFile(file.name, "new", unread, None, sha256)
        return ImportedFile(file.name, "new", "", known["document_id"] if known else None, sha256)

    def _upload(self, file: DocumentFile, request: dict[str, Any]) -> Brought:
        """Announce and upload a file, once more where the form had ended. Raises ApiError, _Failed and OSError."""
        for is_last in (False, True):
            document: Document = self.user.expect("POST", "/v1/documents", request)
            if (form := document["upload"]) is None:
                # Somebody else brought the same file in meanwhile.
                return self._describe(file, document)
            answer = self._send(file, form)
            if answer.is_success:
                break
            if is_last or answer.status_code not in _FORM_ENDED:
                raise _Failed(f"the storage refused the upload ({_code(answer)}); run the import again")
            if _measured(file)[1] != request["sha256"]:
                raise _Failed("the file changed while it was uploaded; run the import again")
        return ImportedFile(file.name, "new", "", document["document_id"], request["sha256"]), True

    def _send(self, file: DocumentFile, form: dict[str, Any]) -> httpx.Response:
        def send() -> httpx.Response:
            with file.path.open("rb") as content:
                parts = {"file": (form["fields"].get("key", "file"), content, file.format.media_type)}
                return self.user.http.post(form["url"], data=form["fields"], files=parts)

        return self.user.patiently(send)


class _Failed(Exception):
    """This file cannot be brought in; the text says why."""


def _is_wanted_again(document: Document) -> bool:
    waits = document["status"] == "waiting"
    return waits or (document["status"] == "failed" and document["reason"] in _WORTH_ANOTHER_UPLOAD)


def _measured(file: DocumentFile) -> tuple[int, str]:
    """Size and SHA-256. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with file.path.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _request(file: DocumentFile, namespace: str, size: int, sha256: str) -> dict[str, Any]:
    """The body that announces a file. Raises _Failed when the API would refuse it."""
    given = {name: value for name, value in file.description.items() if value is not None}
    body = given | {
        "namespace": namespace,
        "file_name": file.path.name,
        "content_type": file.format.media_type,
        "size": size,
        "sha256": sha256,
    }
    try:
        return DocumentRequest.model_validate(body).model_dump(exclude_none=True)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise _Failed(f"{wrong['loc'][0]}: {wrong['msg'].removeprefix('Value error, ')}") from error


def _code(answer: httpx.Response) -> str:
    """S3's word for what is wrong."""
    _, _, rest = answer.text.partition("<Code>")
    return rest.partition("</Code>")[0] or str(answer.status_code)
