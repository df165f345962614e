"""A whole diffusion model with random weights and every part that a real one has: tiny for tests, full to measure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from safetensors.torch import save_file
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

from motiv8.engines import diffusion_model

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789,.-"
ADAPTER = "ip-adapter/plus-face.safetensors"
_AFFINE = ("weight", "bias")


@dataclass(frozen=True)
class Size:
    """Channels of the U-Net's and the autoencoder's levels, layers a level, width of the text encoder and its layers.

    `seeing` is the adapter's image encoder; `resampler` the adapter's own width and number of layers.
    """

    unet: tuple[int, ...]
    autoencoder: tuple[int, ...]
    layers: int
    words: int
    text_layers: int
    groups: int
    seeing: dict[str, int]
    resampler: tuple[int, int]


TINY = Size(
    unet=(32, 64),
    autoencoder=(32, 64, 64, 64),
    layers=1,
    words=32,
    text_layers=2,
    groups=8,
    seeing={
        "hidden_size": 40,
        "intermediate_size": 48,
        "num_attention_heads": 4,
        "num_hidden_layers": 3,
        "image_size": 30,
        "patch_size": 6,
    },
    resampler=(64, 4),
)
FULL = Size(
    unet=(320, 640, 1280, 1280),
    autoencoder=(128, 256, 512, 512),
    layers=2,
    words=768,
    text_layers=12,
    groups=32,
    seeing={
        "hidden_size": 1280,
        "intermediate_size": 5120,
        "num_attention_heads": 16,
        "num_hidden_layers": 32,
        "image_size": 224,
        "patch_size": 14,
    },
    resampler=(768, 4),
)
"""As large as Stable Diffusion 1.5 with the plus-face adapter."""


def make(folder: Path, *, size: Size = TINY, safety: bool = True, **said: object) -> Path:
    """Put a model into a folder and seal it; `said` goes into its manifest."""
    torch.manual_seed(8)
    side = size.seeing["image_size"]
    unet = UNet2DConditionModel(
        sample_size=16,
        block_out_channels=size.unet,
        layers_per_block=size.layers,
        # As in Stable Diffusion: no attention at the level with the fewest pixels.
        down_block_types=("CrossAttnDownBlock2D",) * (len(size.unet) - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (len(size.unet) - 1),
        cross_attention_dim=size.words,
        norm_num_groups=size.groups,
    )
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL(
            block_out_channels=size.autoencoder,
            layers_per_block=size.layers,
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            latent_channels=4,
            norm_num_groups=size.groups,
        ),
        text_encoder=CLIPTextModel(
            CLIPTextConfig(
                vocab_size=2 * len(LETTERS) + 2,
                hidden_size=size.words,
                intermediate_size=4 * size.words,
                num_attention_heads=4,
                num_hidden_layers=size.text_layers,
                bos_token_id=2 * len(LETTERS),
                eos_token_id=2 * len(LETTERS) + 1,
                pad_token_id=2 * len(LETTERS) + 1,
            )
        ),
        tokenizer=_tokenizer(folder.parent / "vocabulary"),
        unet=unet,
        scheduler=DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
        safety_checker=_safety_checker(size.seeing) if safety else None,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": side}, crop_size={"height": side, "width": side}),
        requires_safety_checker=safety,
    )
    pipeline.save_pretrained(folder / "checkpoint")
    vision = CLIPVisionConfig(**size.seeing, projection_dim=24)
    CLIPVisionModelWithProjection(vision).save_pretrained(folder / "ip-adapter" / "image_encoder")
    save_file(_plus_face(unet, size), folder / ADAPTER)
    manifest = {
        "name": "tiny",
        "sampler": "lcm",
        "steps": 2,
        "guidance": 1.0,
        "precision": "float32",
        "adapter": ADAPTER,
        "adapter_scale": 0.7,
        "sizes": {"portrait": [128, 160], "story": [72, 128], "square": [128, 128]},
        "files": {},
    }
    (folder / diffusion_model.MANIFEST).write_text(json.dumps(manifest | said), encoding="utf-8")
    assert diffusion_model.main([str(folder)]) == 0
    return folder


def _tokenizer(folder: Path) -> CLIPTokenizer:
    folder.mkdir(parents=True, exist_ok=True)
    words = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    vocabulary, merges = folder / "vocab.json", folder / "merges.txt"
    vocabulary.write_text(json.dumps({word: number for number, word in enumerate(words)}), encoding="utf-8")
    merges.write_text("#version: 0.2\n", encoding="utf-8")
    return CLIPTokenizer(str(vocabulary), str(merges), model_max_length=77)


def _safety_checker(seeing: dict[str, int]) -> StableDiffusionSafetyChecker:
    config = CLIPConfig(text_config={"hidden_size": 8}, vision_config=seeing, projection_dim=24)
    checker = StableDiffusionSafetyChecker(config)
    # Thresholds that random weights never reach: nothing is withheld.
    checker.concept_embeds_weights.data.fill_(2.0)
    checker.special_care_embeds_weights.data.fill_(2.0)
    return checker


def _plus_face(unet: UNet2DConditionModel, size: Size) -> dict[str, torch.Tensor]:
    """The adapter as its authors' files name its parts: a resampler of the face, and keys and values for the U-Net."""
    (width, layers), seen, queries = size.resampler, size.seeing["hidden_size"], 4
    shapes = {
        "latents": (1, queries, width),
        "proj_in.weight": (width, seen),
        "proj_in.bias": (width,),
        "proj_out.weight": (size.words, width),
        "proj_out.bias": (size.words,),
        "norm_out.weight": (size.words,),
        "norm_out.bias": (size.words,),
    }
    for layer in range(layers):
        shapes |= {f"layers.{layer}.0.{norm}.{kind}": (width,) for norm in ("norm1", "norm2") for kind in _AFFINE}
        shapes |= {
            f"layers.{layer}.0.to_q.weight": (width, width),
            f"layers.{layer}.0.to_kv.weight": (2 * width, width),
            f"layers.{layer}.0.to_out.weight": (width, width),
            **{f"layers.{layer}.1.0.{kind}": (width,) for kind in _AFFINE},
            f"layers.{layer}.1.1.weight": (4 * width, width),
            f"layers.{layer}.1.3.weight": (width, 4 * width),
        }
    made = {f"image_proj.{name}": torch.randn(shape) * 0.2 for name, shape in shapes.items()}
    number = 1
    for name, part in unet.named_modules():
        if name.endswith("attn2"):
            for what in ("to_k_ip", "to_v_ip"):
                made[f"ip_adapter.{number}.{what}.weight"] = torch.randn(part.to_k.weight.shape[0], size.words) * 0.2
            number += 2
    return made
