"""Why a photo was not taken, as a sentence that a person can act on. The studio's reasons, and one of our own."""

REASONS: dict[str, str] = {
    "no_face": "We could not find a face. Face the camera, with your whole head in the picture.",
    "several_faces": "There is more than one face. Please send a photo of you alone.",
    "face_too_small": "Your face is too small in the picture. Come closer, or crop the photo.",
    "too_dark": "The photo is too dark. Turn towards a window or a lamp and try again.",
    "blurred": "The photo is blurred. Hold still, wipe the lens and try again.",
    "unreadable": "We could not read this file. Send a JPEG, PNG, WebP or HEIC photo of up to 50 megapixels.",
    "internal_error": "Something went wrong on our side. Please send the photo again.",
}
