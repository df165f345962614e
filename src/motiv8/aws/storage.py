"""Object storage: put, get, exists, delete, and presigned requests for clients that talk to it directly."""

from __future__ import annotations

import base64
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8.aws.clients import s3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from botocore.response import StreamingBody
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, ObjectIdentifierTypeDef

DOWNLOAD_SECONDS = 300
"""Short: whoever has a link needs no token, and nothing but time or the object's end takes it back."""
UPLOAD_SECONDS = 900
PART_BYTES = 16 * 1024 * 1024
_PIECE = 8 * 1024 * 1024


def put(bucket: str, key: str, body: bytes, content_type: str) -> None:
    """Store an object, in place of what the key held."""
    s3().put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)


class MultipartUpload:
    """An object that is written piece by piece, and is there once all of it is: by S3's multipart upload.

    Made by `upload`; ZipFile writes to it as to a file. S3 takes 10,000 parts, here 160 GB:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    """

    def __init__(self, bucket: str, key: str, content_type: str) -> None:
        self._bucket, self._key = bucket, key
        self._id = s3().create_multipart_upload(Bucket=bucket, Key=key, ContentType=content_type)["UploadId"]
        self._waiting = bytearray()
        self._sent: list[CompletedPartTypeDef] = []

    def write(self, piece: bytes) -> int:
        """Take the piece; whole parts are sent at once."""
        self._waiting += piece
        while len(self._waiting) >= PART_BYTES:
            self._send(bytes(self._waiting[:PART_BYTES]))
            del self._waiting[:PART_BYTES]
        return len(piece)

    def flush(self) -> None:
        """Nothing: what is less than a part waits for more."""

    def close(self) -> None:
        """Send what is left; now the object is there."""
        self._send(bytes(self._waiting))
        s3().complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._id, MultipartUpload={"Parts": self._sent}
        )

    def abort(self) -> None:
        """Throw away what was sent. The bucket's lifecycle does so a day later where this could not be done."""
        s3().abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._id)

    def _send(self, part: bytes) -> None:
        number = len(self._sent) + 1
        answer = s3().upload_part(Bucket=self._bucket, Key=self._key, UploadId=self._id, PartNumber=number, Body=part)
        self._sent.append({"ETag": answer["ETag"], "PartNumber": number})


@contextmanager
def upload(bucket: str, key: str, content_type: str) -> Iterator[MultipartUpload]:
    """Write an object of any size; where the block raises, there is none."""
    made = MultipartUpload(bucket, key, content_type)
    try:
        yield made
        made.close()
    except BaseException:
        made.abort()
        raise


def get(bucket: str, key: str) -> bytes | None:
    """The object's bytes, or None where there is none."""
    body = _body(bucket, key)
    return None if body is None else body.read()


def download(bucket: str, key: str, file: Path) -> bool:
    """Bring a large object onto the disk, piece by piece; False where there is none."""
    body = _body(bucket, key)
    if body is None:
        return False
    with file.open("wb") as opened:
        shutil.copyfileobj(body, opened, _PIECE)
    return True


def _body(bucket: str, key: str) -> StreamingBody | None:
    try:
        return s3().get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if _is_missing(error):
            return None
        raise


def _is_missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in {"NoSuchKey", "404"}


def exists(bucket: str, key: str) -> bool:
    """Whether the key holds an object."""
    try:
        s3().head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if _is_missing(error):
            return False
        raise
    return True


def holds(bucket: str, prefix: str) -> bool:
    """Whether any version of any object is there whose key starts with `prefix`."""
    return next(_version_pages(bucket, prefix), None) is not None


def delete(bucket: str, prefix: str) -> int:
    """Remove every version of every object whose key starts with `prefix`; returns how many versions went."""
    gone = 0
    for page in _version_pages(bucket, prefix):
        answer = s3().delete_objects(Bucket=bucket, Delete={"Objects": page, "Quiet": True})
        if failed := answer.get("Errors"):
            # The keys hold user ids, which do not belong in an error's text.
            raise RuntimeError(f"{len(failed)} object versions could not be removed: {failed[0].get('Code')}")
        gone += len(page)
    return gone


def _version_pages(bucket: str, prefix: str) -> Iterator[list[ObjectIdentifierTypeDef]]:
    for page in s3().get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if found:
            yield [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in found]


def presigned_get(bucket: str, key: str, cache_control: str = "private, no-store") -> str:
    """A URL from which whoever has it can download the object for five minutes, and keep it as `cache_control` says."""
    return s3().generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": key, "ResponseCacheControl": cache_control},
        ExpiresIn=DOWNLOAD_SECONDS,
    )


def presigned_post(
    bucket: str, key: str, content_type: str, smallest: int, largest: int, sha256: str | None = None
) -> tuple[str, dict[str, str]]:
    """A URL and form fields with which a client can upload this one object for 15 minutes.

    S3 itself refuses another key or content type, a size outside `smallest` to `largest` bytes, and bytes that do not
    have the SHA-256 where one is given, in hexadecimal digits.
    """
    fields = {"Content-Type": content_type}
    if sha256:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        fields |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    answer = s3().generate_presigned_post(
        bucket,
        key,
        Fields=fields,
        Conditions=[*({name: value} for name, value in fields.items()), ["content-length-range", smallest, largest]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return answer["url"], answer["fields"]
