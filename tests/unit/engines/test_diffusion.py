"""What the diffusion engine asks of its model, and which of the answers it takes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from PIL import Image

from motiv8.catalogue.formats import FORMATS
from motiv8.engines import diffusion
from motiv8.engines.diffusion import AVOID, POSES, SEEDS, DiffusionEngine, prompt
from motiv8.engines.diffusion_model import Manifest, PaintRequest
from motiv8.engines.engine import CannotMake, Subject, by_name
from motiv8.studio import face, identity, photo, selfie
from motiv8.studio.design import Design
from motiv8.studio.layouts.bust import text_top
from stand_in.photos import SAMPLE, read

DAY = date(2026, 11, 20)
DESIGN = Design("summit", DAY)
SIZES = {"portrait": (512, 640), "story": (512, 912), "square": (512, 512)}
MANIFEST = Manifest.model_validate(
    {
        "name": "stand-in",
        "sampler": "lcm",
        "steps": 4,
        "guidance": 1.5,
        "precision": "bfloat16",
        "adapter": "ip-adapter/face.safetensors",
        "adapter_scale": 0.8,
        "sizes": SIZES,
        "files": {},
    }
)


class Model:
    """Stands in for a loaded model: answers each request with the next of its pictures, the last one again."""

    def __init__(self, *pictures: object) -> None:
        self.pictures, self.orders = list(pictures), list[PaintRequest]()

    def __call__(self, request: PaintRequest) -> np.ndarray | None:
        self.orders.append(request)
        answer = self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]
        return answer(request) if callable(answer) else None


def of_the_person(request: PaintRequest) -> np.ndarray:
    return _standing(request.reference, request, 0.05)


def too_low(request: PaintRequest) -> np.ndarray:
    return _standing(request.reference, request, 0.55)


def of_nobody(request: PaintRequest) -> np.ndarray:
    return np.full((request.height, request.width, 3), 90, np.uint8)


def of_somebody_else(request: PaintRequest) -> np.ndarray:
    other = photo.decode(read("L000565.jpg"))
    return photo.covering(other, request.width, request.height)


def _standing(head: np.ndarray, request: PaintRequest, top: float) -> np.ndarray:
    """A picture with a head in it, its top at a part of the height."""
    canvas = Image.new("RGB", (request.width, request.height), (128, 128, 128))
    side = round(0.6 * request.width)
    canvas.paste(Image.fromarray(head).resize((side, side)), ((request.width - side) // 2, round(top * request.height)))
    return np.asarray(canvas)


@pytest.fixture(scope="module")
def subject() -> Subject:
    extraction = selfie.extract(SAMPLE.read_bytes())
    return Subject(extraction.cutout, lambda: extraction.embedding)


@pytest.mark.parametrize("form", FORMATS)
def test_a_picture_of_the_person_is_taken_and_lettered(subject: Subject, form: str) -> None:
    model = Model(of_the_person)
    design = Design("summit", DAY, form=form)
    made = _picture(model, subject, design)
    assert made.shape == (FORMATS[form].height, 1080, 3)
    [request] = model.orders
    assert (request.width, request.height) == SIZES[form]
    assert request.negative_prompt == AVOID
    assert "mountain ridge" in request.prompt
    found = face.find(made)
    assert identity.distance(identity.embed(made, found), subject.embedding()) < identity.SAME_PERSON_DISTANCE
    ground = made[text_top(design) + 200 :].reshape(-1, 3).mean(axis=0)
    assert np.abs(ground - np.array(design.palette.ground)).max() < 40, "no ground for the type"


def test_a_framed_picture_shows_the_face(subject: Subject) -> None:
    made = _picture(Model(of_the_person), subject, Design("bold", DAY, tone="tease"))
    found = face.find(made)
    assert identity.distance(identity.embed(made, found), subject.embedding()) < identity.SAME_PERSON_DISTANCE


@pytest.mark.parametrize("answer", [None, of_nobody, of_somebody_else, too_low])
def test_a_picture_that_will_not_do_is_painted_again_with_another_seed(subject: Subject, answer: object) -> None:
    model = Model(answer, of_the_person)
    _picture(model, subject, DESIGN)
    assert len(model.orders) == 2
    first, second = model.orders
    assert first.seed != second.seed
    assert first.prompt == second.prompt


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(None, "withheld"), (of_nobody, "no_face"), (of_somebody_else, "somebody_else"), (too_low, "face_too_low")],
)
def test_after_all_seeds_the_poster_engine_is_left_and_the_reason_is_told(
    subject: Subject, answer: object, reason: str
) -> None:
    model = Model(answer)
    with pytest.raises(CannotMake, match=f"none of {SEEDS} pictures shows the person: {reason}"):
        _picture(model, subject, DESIGN)
    assert len({request.seed for request in model.orders}) == SEEDS


def test_the_same_person_mode_and_day_give_the_same_order_and_others_another(subject: Subject) -> None:
    def seed(design: Design, person: int) -> int:
        model = Model(of_the_person)
        DiffusionEngine(model, MANIFEST).picture(subject, design, "Show up.", np.empty(0), person)
        return model.orders[0].seed

    assert seed(DESIGN, 7) == seed(DESIGN, 7)
    others = {
        seed(DESIGN, 7),
        seed(DESIGN, 8),
        seed(Design("bold", DAY), 7),
        seed(Design("summit", date(2027, 1, 1)), 7),
    }
    assert len(others) == 4
    assert all(0 <= each < 2**63 for each in others)


def test_the_prompt_has_place_light_and_a_pose_that_changes_from_day_to_day() -> None:
    prompts = {prompt(Design("aurora", date(2026, 11, day), theme="light"), 1) for day in range(1, 29)}
    assert len(prompts) > len(POSES) // 2
    assert all("northern lights" in each and "daylight" in each for each in prompts)
    assert "low light" in prompt(DESIGN, 1)


def test_the_reference_is_the_head_on_grey(subject: Subject) -> None:
    reference = diffusion.face_reference(subject.cutout)
    assert reference.shape == (512, 512, 3)
    found = face.find(reference)
    assert 180 < found.box[2] < 330
    assert identity.distance(identity.embed(reference, found), subject.embedding()) < identity.SAME_PERSON_DISTANCE
    assert reference[5, 5].tolist() == [128, 128, 128]


def test_the_scene_is_the_one_that_the_poster_engine_would_take_over_with() -> None:
    engine = DiffusionEngine(Model(of_the_person), MANIFEST)
    assert np.array_equal(engine.scene(DESIGN), by_name("poster").scene(DESIGN))


def test_without_torch_the_engine_says_what_is_missing() -> None:
    with pytest.raises(CannotMake, match=r"the engine diffusion is not installed here: .* is missing"):
        by_name("diffusion")


def _picture(model: Model, subject: Subject, design: Design) -> np.ndarray:
    return DiffusionEngine(model, MANIFEST).picture(subject, design, "Show up.", np.empty(0), 7)
