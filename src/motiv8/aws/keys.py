"""Where everything lies in the buckets: all of a person's under their id, all of a document's under its."""


def upload(user_id: str, selfie_id: str = "") -> str:
    """The photo as it was sent; without a selfie id, the folder of all of this person's."""
    return f"uploads/{user_id}/{selfie_id}"


def face(user_id: str, selfie_id: str = "") -> str:
    """What was taken from a photo, without its ending; without a selfie id, the folder of all of this person's."""
    return f"faces/{user_id}/{selfie_id}"


def embedding(user_id: str, selfie_id: str) -> str:
    """The embedding, `float32[128]` as numpy saves it."""
    return f"{face(user_id, selfie_id)}.npy"


def cutout(user_id: str, selfie_id: str) -> str:
    """The person, cut out: RGBA WebP."""
    return f"{face(user_id, selfie_id)}.webp"


def scene(date: str, engine: str, mode: str, theme: str, form: str) -> str:
    """The scene that everybody with this mode, theme and format shares on a date: WebP."""
    return f"scenes/{date}/{engine}/{mode}-{theme}-{form}.webp"


def picture(user_id: str, portrait_id: str = "", ending: str = "") -> str:
    """A finished picture; `ending` is `.jpg` or `-thumbnail.webp`; without an id, the person's folder."""
    return f"pictures/{user_id}/{portrait_id}{ending}"


def week(user_id: str, sheet_id: str = "", ending: str = "") -> str:
    """A week's pictures on one sheet (`.jpg`) or as a film (`.webp`); without an id, the folder of all of theirs."""
    return f"pictures/{user_id}/weeks/{sheet_id}{ending}"


def model(name: str, file: str = "") -> str:
    """A file of a diffusion model; without one, the model's folder."""
    return f"models/{name}/{file}"


def export(user_id: str, file: str = "") -> str:
    """An archive of a person's data; without a file, the folder of all of this person's."""
    return f"exports/{user_id}/{file}"


def plan(run: str, part: str) -> str:
    """What one run of the daily machine is to do for some people: JSON lines."""
    return f"plans/{run}/{part}.jsonl"


def original(document_id: str) -> str:
    """The file of a document as it was uploaded."""
    return f"originals/{document_id}"


def derived(document_id: str, file: str = "") -> str:
    """What was made of a document; without a file, the folder of all of it."""
    return f"derived/{document_id}/{file}"


PICTURE_ENDINGS = (".jpg", "-thumbnail.webp")
