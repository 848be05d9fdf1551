"""Exported files: accepted by ONNX's own checker, with the metadata of the model, run by ONNX Runtime."""
import json, sys
from pathlib import Path

import numpy, onnx, onnxruntime

good = []
for path in sorted(Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    meta = {entry.key: entry.value for entry in model.metadata_props}
    case = json.loads(path.with_suffix(".json").read_text())
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    spins = numpy.array(case["spins"], numpy.float32).reshape(case["shape"])
    energy, forces = session.run(["energy", "forces"], {"spins": spins})
    errors = [abs(got.ravel() - expected).max() / abs(numpy.array(expected)).max()
              for got, expected in ((energy, case["energies"]), (forces, case["forces"]))]
    fine = max(errors) < 1e-4 and forces.shape == spins.shape and meta["model"] in path.stem
    print(f"{path.stem} {'' if fine else 'WRONG '}{max(errors):.1e}", file=sys.stdout if fine else sys.stderr)
    good.append(fine)
sys.exit(0 if all(good) and len(good) == 8 else 1)
