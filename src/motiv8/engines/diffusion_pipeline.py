"""Loading and running a diffusion model: the one file that needs torch (`pip install motiv8[studio,diffusion]`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import diffusers
import numpy as np
import torch
import transformers
from PIL import Image

from motiv8.engines.engine import CannotMake

if TYPE_CHECKING:
    from pathlib import Path

    from motiv8.engines.diffusion_model import Manifest, Painter, PaintRequest

_PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def load(folder: Path, manifest: Manifest) -> Painter:
    """A painter with the model of a checked folder. Nothing is asked of any network. Raises CannotMake."""
    # Bars are for people who wait at a terminal.
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    precision = _PRECISIONS[manifest.precision]
    try:
        pipeline = _pipeline(folder, manifest, precision)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise CannotMake(f"the model {manifest.name} cannot be loaded: {error}") from error
    if pipeline.safety_checker is None or pipeline.feature_extractor is None:
        raise CannotMake(f"the model {manifest.name} has no safety checker")
    if manifest.runtime == "openvino":
        _run_by_openvino(pipeline.unet)

    def paint(request: PaintRequest) -> np.ndarray | None:
        answer = pipeline(
            prompt=request.prompt,
            negative_prompt=request.negative_prompt if manifest.guidance > 1 else None,
            ip_adapter_image=Image.fromarray(request.reference),
            width=request.width,
            height=request.height,
            num_inference_steps=manifest.steps,
            guidance_scale=manifest.guidance,
            generator=torch.Generator("cpu").manual_seed(request.seed),
            output_type="pil",
        )
        if any(answer.nsfw_content_detected or [True]):
            return None
        return np.asarray(answer.images[0].convert("RGB"))

    return paint


def _pipeline(folder: Path, manifest: Manifest, precision: torch.dtype) -> Any:
    encoder = transformers.CLIPVisionModelWithProjection.from_pretrained(
        folder / "ip-adapter" / "image_encoder", local_files_only=True, use_safetensors=True, dtype=precision
    )
    pipeline: Any = diffusers.StableDiffusionPipeline.from_pretrained(
        folder / "checkpoint",
        image_encoder=encoder,
        local_files_only=True,
        use_safetensors=True,
        dtype=precision,
    )
    # The two kinds of distilled checkpoints end in different samplers; neither paints anything with the other's.
    config = pipeline.scheduler.config
    if manifest.sampler == "lcm":
        pipeline.scheduler = diffusers.LCMScheduler.from_config(config)
    else:
        pipeline.scheduler = diffusers.EulerAncestralDiscreteScheduler.from_config(config, timestep_spacing="trailing")
    pipeline.load_ip_adapter(
        str(folder),
        subfolder="",
        weight_name=manifest.adapter,
        image_encoder_folder=None,
        local_files_only=True,
    )
    pipeline.set_ip_adapter_scale(manifest.adapter_scale)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _run_by_openvino(unet: Any) -> None:
    """Let OpenVINO run the U-Net, where nearly all of the time goes. Raises CannotMake where it is not installed.

    Converted when a size is first painted. `torch.compile` with OpenVINO's backend (2026.4) cannot trace a U-Net that
    has an adapter.
    """
    try:
        import openvino
    except ImportError as error:
        raise CannotMake("the runtime openvino is not installed here") from error
    by_torch = unet.forward
    compiled: dict[tuple[torch.Size, ...], Any] = {}

    class Step(torch.nn.Module):  # type: ignore[misc]  # the packages of this extra are not there when types are checked
        """One step with what it is given in a row, as the conversion wants it."""

        def __init__(self) -> None:
            super().__init__()
            self.unet = unet

        def forward(self, sample: Any, timestep: Any, text: Any, face: Any, *condition: Any) -> Any:
            return by_torch(
                sample,
                timestep,
                text,
                timestep_cond=condition[0] if condition else None,
                added_cond_kwargs={"image_embeds": [face]},
                return_dict=False,
            )[0]

    def forward(sample: Any, timestep: Any, encoder_hidden_states: Any, **rest: Any) -> tuple[Any]:
        given = [sample, torch.as_tensor(timestep), encoder_hidden_states, *rest["added_cond_kwargs"]["image_embeds"]]
        if rest.get("timestep_cond") is not None:
            given.append(rest["timestep_cond"])
        sizes = tuple(each.shape for each in given)
        if sizes not in compiled:
            model = openvino.convert_model(Step(), example_input=tuple(given))
            compiled[sizes] = openvino.compile_model(model, "CPU")
        return (torch.from_numpy(compiled[sizes]([each.numpy() for each in given])[0]),)

    unet.forward = forward
