"""Energies by ONNX Runtime: the network as a file of ONNX, built here from the weights, in the way to correlate that is fastest."""
import json

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from protocol import fastest, serve
from torus import LARGEST_MATRIX, tap_of

#: What every supported ONNX Runtime reads.
OPSET, FORMAT = 13, 8


class Graph:
    """Nodes and constants, as they are asked for."""

    def __init__(self, way, N):
        self.way, self.N, self.nodes, self.constants = way, N, [], []

    def constant(self, array):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def __call__(self, operator, *operands, **attributes):
        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(operands), [name], **attributes))
        return name

    def shaped(self, x, *shape):
        return self("Reshape", x, self.constant(np.array(shape, dtype=np.int64)))

    def wrapped(self, x, axis, h):
        part = lambda start, end: self("Slice", x, *(self.constant(np.array([i], dtype=np.int64)) for i in (start, end, axis)))
        return self("Concat", part(-h, self.N), x, part(0, h), axis=axis)

    def correlate(self, x, kernel, bias=None):
        N, (outputs, inputs, k) = self.N, kernel.shape[:3]
        bias = np.zeros(outputs, dtype=np.float32) if bias is None else bias
        if self.way == "matrix":
            flat = np.pad(kernel.reshape(outputs, inputs, k * k), ((0, 0), (0, 0), (0, 1)))
            matrix = flat[:, :, tap_of(N, k)].transpose(1, 3, 0, 2).reshape(inputs * N * N, outputs * N * N)
            y = self("Gemm", self.shaped(x, -1, inputs * N * N), self.constant(matrix), self.constant(np.repeat(bias, N * N)))
            return self.shaped(y, -1, outputs, N, N)
        for axis in (2, 3) if k > 1 else ():
            x = self.wrapped(x, axis, k // 2)
        return self("Conv", x, self.constant(kernel), self.constant(bias), kernel_shape=[k, k])


def model_of(layers, weights, way, N):
    graph = Graph(way, N)
    affine = lambda name, x: graph.correlate(x, weights[f"{name}.weight"], weights[f"{name}.bias"])
    perceptron = lambda name, x: affine(f"{name}.1", graph("Tanh", affine(f"{name}.0", x)))
    kernels = np.concatenate([weights[f"T.{j}.{ab}"] for ab in "ab" for j in range(layers + 1)])
    pairs = len(kernels) // 2
    sites = graph.shaped("spins", -1, 1, N, N)
    left, right = (graph.correlate(sites, half) for half in (kernels[:pairs], kernels[pairs:]))
    products = graph.shaped(graph("Mul", left, right), -1, 3, pairs * N * N)
    t = graph.shaped(graph("ReduceSum", products, graph.constant(np.array([1], dtype=np.int64)), keepdims=0), -1, layers + 1, pairs // (layers + 1), N * N)
    each = [
        graph.shaped(graph("Gather", t, graph.constant(np.array(j, dtype=np.int64)), axis=1), -1, pairs // (layers + 1), N, N)
        for j in range(layers + 1)
    ]
    s = each[0]
    for j in range(layers):
        s = graph("Mul", perceptron(f"g.{j + 1}", each[j + 1]), perceptron(f"f.{j}", s))
    density = affine("q", s)
    graph.nodes.append(helper.make_node("ReduceSum", [density, graph.constant(np.array([1, 2, 3], dtype=np.int64))], ["energies"], keepdims=0))
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    described = helper.make_graph(graph.nodes, "EFNN", [value("spins", ["B", 3, N, N])], [value("energies", ["B"])], graph.constants)
    return helper.make_model(described, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=FORMAT).SerializeToString()


def prepare(work, arrays):
    spins = np.ascontiguousarray(arrays["spins"], dtype=np.float32)
    weights = {name: array.astype(np.float32) for name, array in arrays.items() if name != "spins"}
    N = spins.shape[-1]

    def run_in(setting):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = work["threads"]
        options.inter_op_num_threads = 1
        model = model_of(work["layers"], weights, setting["correlation"], N)
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return lambda: session.run(None, {"spins": spins})

    ways = ("convolution", "matrix") if N <= LARGEST_MATRIX else ("convolution",)
    setting = {"correlation": ways[0]} if work["choice"] is None else json.loads(work["choice"])
    setting = fastest(run_in, [("correlation", ways)], setting, work["trial"])
    run = run_in(setting)
    return f"all optimizations, {setting['correlation']}", setting, {"energies": run()[0]}, run


serve(f"ONNX Runtime {onnxruntime.__version__}", prepare)
