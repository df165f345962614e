"""Why a document cannot be read, and what a person can do about it."""

from enum import StrEnum


class Reason(StrEnum):
    """A machine word for each kind of document that there is no working with."""

    NO_TEXT = "no_text"
    PASSWORD = "password"  # noqa: S105 - a word for a person
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    UNSUPPORTED = "unsupported"
    WRONG_CHECKSUM = "wrong_checksum"


SENTENCES: dict[str, str] = {
    Reason.NO_TEXT: "The document has no text. If it is a scan, run text recognition (OCR) on it and upload it again.",
    Reason.PASSWORD: "The document is protected by a password. Remove the password and upload it again.",
    Reason.UNREADABLE: "The document is damaged or too complex to read. Save it anew, or as PDF, and upload it again.",
    Reason.TOO_LONG: "The document is too long. Split it into parts of up to 2,000 pages and 50 MB each.",
    Reason.UNSUPPORTED: "The type of the document is not supported. Upload PDF, Markdown, HTML, DOCX or plain text.",
    Reason.WRONG_CHECKSUM: "The file is not the one that was announced: its SHA-256 differs. Upload it again.",
}
