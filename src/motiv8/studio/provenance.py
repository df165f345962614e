"""Where a picture comes from, said in its file: XMP always, and Content Credentials (C2PA) with a key to sign them.

What a picture is made of is a word of https://cv.iptc.org/newscodes/digitalsourcetype/.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from motiv8.catalogue.engines import ENGINES

MADE_WITH = "made with motiv8"
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_UNKNOWN = "compositeWithTrainedAlgorithmicMedia"
"""For an engine that is not listed, the word that promises least."""


class NotSigned(Exception):
    """The key or its certificate cannot sign; the text says why and holds nothing of the key."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Who signs: the certificate chain, its own first, and the private key, both PEM; the key is ECDSA P-256."""

    certificate_chain: str
    private_key: str


def source_type(engine: str) -> str:
    """The URI that says what the pictures of an engine are made of."""
    return _SOURCE + ENGINES.get(engine, _UNKNOWN)


def xmp(engine: str) -> bytes:
    """The XMP packet of a picture: the tool, the kind of source, and MADE_WITH as its description.

    https://www.iptc.org/std/photometadata/specification/ (DigitalSourceType), ISO 16684-1.
    """
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmp:CreatorTool="motiv8"
 Iptc4xmpExt:DigitalSourceType={quoteattr(source_type(engine))}>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{MADE_WITH}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def sign(file: bytes, content_type: str, engine: str, credentials: Credentials) -> bytes:
    """The same JPEG or WebP with signed Content Credentials (C2PA 2). Raises NotSigned.

    They say who made it and of what; they hold no thumbnail, no time stamp of a third party, and nothing of the person.
    """
    import c2pa

    manifest: dict[str, Any] = {
        "claim_generator_info": [{"name": "motiv8", "version": _version()}],
        "title": MADE_WITH,
        "format": content_type,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": source_type(engine)}]},
            }
        ],
    }
    chain, key = credentials.certificate_chain.encode(), credentials.private_key.encode()
    signed = BytesIO()
    try:
        with (
            c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None)) as signer,
            c2pa.Context(c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}})) as context,
            c2pa.Builder(manifest, context) as builder,
        ):
            builder.sign(signer, content_type, BytesIO(file), signed)
    except c2pa.C2paError as error:
        raise NotSigned(str(error)[:200]) from error
    return signed.getvalue()


@cache
def _version() -> str:
    try:
        return version("motiv8")
    except PackageNotFoundError:
        # The images hold the code without its package's description.
        return "0"
