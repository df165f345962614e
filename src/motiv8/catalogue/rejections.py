"""Why a photo will not do, and what a person can do about it."""

from enum import StrEnum


class Rejection(StrEnum):
    """A machine word for each kind of photo that there is no working with."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    CUT_OFF = "cut_off"
    FACE_TOO_SMALL = "face_too_small"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    UNREADABLE = "unreadable"
    # Of the pipeline's own: the photo may be a good one.
    INTERNAL_ERROR = "internal_error"


SENTENCES: dict[str, str] = {
    Rejection.NO_FACE: "We could not find a face. Face the camera, with your whole head in the picture.",
    Rejection.SEVERAL_FACES: "There is more than one face. Please send a photo of you alone.",
    Rejection.CUT_OFF: "Your face should be whole in the photo. Move it to the middle and try again.",
    Rejection.FACE_TOO_SMALL: "Your face is too small in the picture. Come closer, or crop the photo.",
    Rejection.TOO_DARK: "The photo is too dark. Turn towards a window or a lamp and try again.",
    Rejection.BLURRED: "The photo is blurred. Hold still, wipe the lens and try again.",
    Rejection.UNREADABLE: "We could not read this file. Send a JPEG, PNG, WebP or HEIC photo of up to 50 megapixels.",
    Rejection.INTERNAL_ERROR: "Something went wrong on our side. Please send the photo again.",
}
