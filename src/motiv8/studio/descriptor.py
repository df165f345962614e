"""dlib's face descriptor (King 2017, `dlib_face_recognition_resnet_model_v1`), run by LiteRT.

The file is dlib's; its network is built anew of LiteRT's operations at set-up. On one core dlib's own code takes ten
times as long for the same numbers. The network is `anet_type` of dlib's
`dnn_face_recognition_ex.cpp`: a ResNet of 29 convolutions, each followed by an affine layer, which is folded into it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from motiv8.studio import weights

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

SIDE = 150
_FILE = "dlib_face_recognition_resnet_model_v1.dat"
_BUILT = "face_descriptor.tflite"
_MEAN = np.array([122.782, 117.001, 104.298], np.float32)
"""Red, green and blue, as dlib's input layer takes them off."""
_LEVELS = ((32, False, 3), (64, True, 3), (128, True, 2), (256, True, 2), (256, True, 0))
"""Channels, whether a block halves the sides first, and how many blocks that keep them follow."""
_NUMBERS = 128


def describe(chip: np.ndarray) -> np.ndarray:
    """The descriptor, `float32[128]`, of a face that is aligned on `uint8[150, 150, 3]` RGB."""
    interpreter = _interpreter()
    (given,), (wanted,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.set_tensor(given["index"], ((chip - _MEAN) / np.float32(256))[None])
    interpreter.invoke()
    numbers: np.ndarray = interpreter.get_tensor(wanted["index"])[0]
    return numbers


def build() -> None:
    """Write the network beside dlib's file, from where it is loaded. Raises WeightsMissing."""
    place = weights.FILES.folder / _BUILT
    part = place.with_suffix(".part")
    part.write_bytes(_network())
    part.replace(place)


@cache
def _interpreter() -> Interpreter:
    from ai_edge_litert.interpreter import Interpreter

    built = weights.FILES.folder / _BUILT
    # Built here it takes half a second longer.
    given = {"model_path": str(built)} if built.is_file() else {"model_content": _network()}
    interpreter = Interpreter(**given, num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def _network() -> bytes:
    """The network as a TensorFlow Lite file."""
    graph = _Graph(weights.FILES.path(_FILE).read_bytes())
    at, side = graph.convolution(graph.given, SIDE, (3, 32), 7, halving=True, rectified=True)
    at, side = graph.pool("MAX_POOL_2D", at, side, 32, 3, 2)
    channels = 32
    for wanted, halving, more in _LEVELS:
        if halving:
            at, side = graph.block(at, side, (channels, wanted), halving=True)
            channels = wanted
        for _ in range(more):
            at, side = graph.block(at, side, (channels, channels), halving=False)
    at, _ = graph.pool("AVERAGE_POOL_2D", at, side, channels, side, 1)
    return graph.finished(graph.product(at, channels))


class _Graph:
    """A TensorFlow Lite model as it grows, its weights taken from dlib's file in the order in which they lie there."""

    def __init__(self, file: bytes) -> None:
        from ai_edge_litert import schema_py_generated

        self._schema: Any = schema_py_generated
        self._file, self._read = file, 0
        self._codes: dict[str, int] = {}
        self._graph = self._schema.SubGraphT()
        self._graph.tensors, self._graph.operators = [], []
        self._model = self._schema.ModelT()
        self._model.version, self._model.subgraphs = 3, [self._graph]
        # The first buffer is the empty one that tensors without data name.
        self._model.operatorCodes, self._model.buffers = [], [self._schema.BufferT()]
        self.given = self._tensor((1, SIDE, SIDE, 3))

    def convolution(
        self, at: int, side: int, channels: tuple[int, int], size: int, *, halving: bool, rectified: bool
    ) -> tuple[int, int]:
        """A convolution and the affine layer after it; the tensor that comes out, and its side."""
        before, after = channels
        numbers = self._weights(after * before * size * size + after, 1, 1, 1).ravel()
        scale, shift = self._weights(2 * after, 1, 1, 1).reshape(2, after)
        # From filter, channel, row, column to filter, row, column, channel.
        filters = numbers[:-after].reshape(after, before, size, size).transpose(0, 2, 3, 1)
        filters, bias = filters * scale[:, None, None, None], numbers[-after:] * scale + shift
        options = self._schema.Conv2DOptionsT()
        # dlib adds a border only where nothing is halved.
        options.padding = self._schema.Padding.VALID if halving else self._schema.Padding.SAME
        options.strideW = options.strideH = 2 if halving else 1
        options.dilationWFactor = options.dilationHFactor = 1
        options.fusedActivationFunction = int(rectified)
        side = (side - size) // 2 + 1 if halving else side
        given = (at, self._tensor(filters.shape, filters), self._tensor(bias.shape, bias))
        return self._operation("CONV_2D", given, (1, side, side, after), "Conv2DOptions", options), side

    def pool(self, kind: str, at: int, side: int, channels: int, size: int, step: int) -> tuple[int, int]:
        """Squares of `size` pixels become one pixel; the tensor that comes out, and its side."""
        options = self._schema.Pool2DOptionsT()
        options.padding = self._schema.Padding.VALID
        options.filterWidth = options.filterHeight = size
        options.strideW = options.strideH = step
        side = (side - size) // step + 1
        return self._operation(kind, (at,), (1, side, side, channels), "Pool2DOptions", options), side

    def block(self, at: int, side: int, channels: tuple[int, int], *, halving: bool) -> tuple[int, int]:
        """Two convolutions, and what came in added to what comes out; the tensor that comes out, and its side."""
        before, after = channels
        inner, inner_side = self.convolution(at, side, channels, 3, halving=halving, rectified=True)
        inner, inner_side = self.convolution(inner, inner_side, (after, after), 3, halving=False, rectified=False)
        if halving:
            at, side = self.pool("AVERAGE_POOL_2D", at, side, before, 2, 2)
        # Where sides or channels differ, dlib adds as if the smaller one went on with zeros.
        most = max(side, inner_side)
        shape = (1, most, most, after)
        both = (self._extended(inner, (1, inner_side, inner_side, after), shape),
                self._extended(at, (1, side, side, before), shape))  # fmt: skip
        options = self._schema.AddOptionsT()
        options.fusedActivationFunction = self._schema.ActivationFunctionType.RELU
        return self._operation("ADD", both, shape, "AddOptions", options), most

    def product(self, at: int, channels: int) -> int:
        """The last layer: each number of the descriptor is a weighted sum of all channels."""
        matrix = self._weights(channels, _NUMBERS, 1, 1).reshape(channels, _NUMBERS).T
        options = self._schema.FullyConnectedOptionsT()
        given = (at, self._tensor(matrix.shape, matrix), -1)
        return self._operation("FULLY_CONNECTED", given, (1, _NUMBERS), "FullyConnectedOptions", options)

    def finished(self, result: int) -> bytes:
        """The model whose result is that tensor."""
        import flatbuffers

        self._graph.inputs, self._graph.outputs = [self.given], [result]
        builder = flatbuffers.Builder(len(self._file) + 1_000_000)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _extended(self, at: int, shape: tuple[int, ...], wanted: tuple[int, ...]) -> int:
        if shape == wanted:
            return at
        more = np.array([(0, end - size) for size, end in zip(shape, wanted, strict=True)], np.int32)
        given = (at, self._tensor(more.shape, more))
        return self._operation("PAD", given, wanted, "PadOptions", self._schema.PadOptionsT())

    def _weights(self, *shape: int) -> np.ndarray:
        """The next tensor of that shape in the file: version 2, four sizes, and the numbers.

        dlib writes an integer as the count of its bytes and the bytes, the lowest first.
        """
        sizes = [size.to_bytes((size.bit_length() + 7) // 8, "little") for size in shape]
        head = b"\x01\x02" + b"".join(bytes([len(size)]) + size for size in sizes)
        begin = self._file.index(head, self._read) + len(head)
        numbers = np.frombuffer(self._file, "<f4", int(np.prod(shape)), begin)
        self._read = begin + numbers.nbytes
        return numbers.reshape(shape)

    def _tensor(self, shape: tuple[int, ...], data: np.ndarray | None = None) -> int:
        tensor = self._schema.TensorT()
        tensor.shape, tensor.buffer = list(shape), 0
        if data is not None:
            buffer = self._schema.BufferT()
            buffer.data = np.frombuffer(data.tobytes(), np.uint8)
            self._model.buffers.append(buffer)
            tensor.buffer = len(self._model.buffers) - 1
            kinds = self._schema.TensorType
            tensor.type = kinds.INT32 if data.dtype == np.int32 else kinds.FLOAT32
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def _operation(self, kind: str, given: tuple[int, ...], shape: tuple[int, ...], of: str, options: Any) -> int:
        """Add an operation with its options; returns its result's tensor."""
        if kind not in self._codes:
            code = self._schema.OperatorCodeT()
            code.builtinCode = code.deprecatedBuiltinCode = getattr(self._schema.BuiltinOperator, kind)
            self._codes[kind] = len(self._model.operatorCodes)
            self._model.operatorCodes.append(code)
        operator = self._schema.OperatorT()
        operator.opcodeIndex, operator.inputs = self._codes[kind], list(given)
        operator.builtinOptionsType = getattr(self._schema.BuiltinOptions, of)
        operator.builtinOptions = options
        operator.outputs = [self._tensor(shape)]
        self._graph.operators.append(operator)
        return int(operator.outputs[0])
