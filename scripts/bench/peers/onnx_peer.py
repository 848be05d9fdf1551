"""Energies by ONNX Runtime, from the same network as PyTorch exports it."""
import io

import numpy as np
import onnxruntime
import torch

from efnn_torch import Net
from protocol import serve

#: Circular padding by slices and joins is what every opset can say.
SETTING = {"symmetrization": "all T fused", "padding": "concatenated"}


def prepare(work, arrays):
    spins = np.ascontiguousarray(arrays["spins"], dtype=np.float32)
    net = Net(work, {name: array for name, array in arrays.items() if name != "spins"}, SETTING).eval()
    model = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(net, torch.tensor(spins), model, opset_version=17, input_names=["spins"], output_names=["energy"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = work["threads"]
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.getvalue(), options, providers=["CPUExecutionProvider"])
    run = lambda: session.run(None, {"spins": spins})
    return "all optimizations", {"energies": run()[0]}, run


serve(f"ONNX Runtime {onnxruntime.__version__}", prepare)
