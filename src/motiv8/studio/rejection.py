"""Why a photo will not do."""

from enum import StrEnum


class Reason(StrEnum):
    """A machine word for each kind of photo that we cannot work with."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    UNREADABLE = "unreadable"


SENTENCES: dict[Reason, str] = {
    Reason.NO_FACE: "We could not find a face. Face the camera, with your whole head in the picture.",
    Reason.SEVERAL_FACES: "There is more than one face. Please send a photo of you alone.",
    Reason.FACE_TOO_SMALL: "Your face is too small in the picture. Come closer, or crop the photo.",
    Reason.TOO_DARK: "The photo is too dark. Turn towards a window or a lamp and try again.",
    Reason.BLURRED: "The photo is blurred. Hold still, wipe the lens and try again.",
    Reason.UNREADABLE: "We could not read this file. Send a JPEG, PNG, WebP or HEIC photo of up to 50 megapixels.",
}
"""What a person can do about it."""


class PhotoRejected(Exception):
    """The photo will not do; `reason` says why, `sentence` what a person can do about it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
        self.sentence = SENTENCES[reason]
