"""Asks a port every conformance vector of some families, and prints its answers for `efnn check-port`.

python answers.py PORT.py FAMILY.. > results.json
"""
import base64, importlib.util, json, sys
from pathlib import Path

vectors = Path(__file__).parent.parent / "vectors"


def load(path):
    """The port in this file, a module of any framework."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(port, values):
    """An array in float64; whole numbers have no point in JSON."""
    return port.array([float(x) for x in values])


def model(port, given):
    """The metadata that a weights file of this network would have, and its weights."""
    network = given["network"]
    meta = {"model": network["architecture"], **network["shape"], **network}
    return meta, {k: numbers(port, x).reshape(given["shapes"][k]) for k, x in given["weights"].items()}


def fields(port, given, values):
    """Numbers as [B, 3, N, N] on lattices, [B, L] on chains."""
    N, batch = given["latticeSize"], given.get("batch", 1)
    return numbers(port, values).reshape((batch, 3, N, N) if N > 1 else (batch, len(values) // batch))


def networks(port, given):
    meta, w = model(port, given)
    s, activations = fields(port, given, given["spins"]), {}
    seen = lambda name, x: activations.setdefault(name, x)
    answers = {"energy": port.energy(meta, w, s, seen), **(activations if given["batch"] == 1 else {})}
    forces, gradients = port.derivatives(meta, w, s)
    answers |= {"forces": forces, "tangential": port.tangential(forces, s)}
    return answers | {f"dE/d({k})": x for k, x in gradients.items()}


def symmetrization(port, given):
    kernel = lambda part: numbers(port, given[part]).reshape(given["channels"], 1, given["kernel"], given["kernel"])
    return {"T": port.symmetrize(kernel("a"), kernel("b"), fields(port, given, given["spins"]))}


def weights_files(port, given):
    meta, w = port.read(base64.b64decode(given["base64"]))
    units = {"energyScale": float(meta.get("energyScale", 1)), "energyShift": float(meta.get("energyShift", 0))}
    return {**units, **w, "energy": port.energy(meta, w, fields(port, given, given["spins"]))}


def losses(port, given):
    meta, w = model(port, given)
    s, E = fields(port, given, given["spins"]), numbers(port, given["energies"])
    F = None if given["forces"] is None else fields(port, given, given["forces"])
    each, gradients = port.loss(meta, w, s, E, F, given["weight"], given["forceWeight"])
    return {"loss": each, **{f"dL/d({k})": x for k, x in gradients.items()}}


def adam(port, given):
    w = {"w": numbers(port, given["weights"])}
    m = v = {"w": 0 * w["w"]}
    options = [given[k] for k in ("beta1", "beta2", "epsilon", "weightDecay", "clip")]
    answers = {"weights": [], "first": [], "second": []}
    for t, (total, rate) in enumerate(zip(given["sums"], given["rates"]), 1):
        w, m, v = port.adam(w, m, v, {"w": numbers(port, total) / given["batch"]}, t, rate, *options)
        for name, x in zip(answers, (w, m, v)):
            answers[name].append(x["w"].tolist())
    return answers


def schedules(port, given):
    steps = given["steps"]
    return {"rates": [port.rate(given["schedule"], i, steps, given["stepsPerEpoch"]) for i in range(steps)]}


def lattice(port, given):
    N = given["latticeSize"]
    around = [port.moved(N, *d) for d in ((0, 1), (1, 0), (0, -1), (-1, 0))]
    displaced = [port.moved(N, *offset).tolist() for offset in given["offsets"]]
    return {"neighbours": port.array(around).T, "bonds": port.bonds(N), "displaced": displaced}


def spins_of(port, given):
    """Vectors [3, N, N], Ising spins [1, N, N]."""
    return numbers(port, given["spins"]).reshape(-1, given["latticeSize"], given["latticeSize"])


def hamiltonians(port, given):
    if given["system"] == "double-exchange":
        H = port.double_exchange(given["model"], given["twist"], spins_of(port, given))
        return {"re": H.real, "im": H.imag, "levels": port.levels(H)}
    if given["system"] == "three-spin":
        energy, forces = port.three_spin(numbers(port, given["couplings"]), numbers(port, given["spins"]))
        return {"energy": energy, "forces": forces, **port.exact_networks(given["couplings"], given["sites"])}
    energy, forces = port.exchange(given["J"], spins_of(port, given))
    return {"energy": energy, "forces": forces, "kernel": port.exact_kernel(given["J"])}


def exact_energies(port, given):
    energy, forces, f = port.monte_carlo_energy(given["model"], given["twist"], spins_of(port, given))
    return {"energy": energy, "forces": forces, "occupations": f, "electrons": f.sum()}


def effective_model(port, given):
    features = port.effective_features(given["clusters"], spins_of(port, given))
    return {"features": features, "energy": features @ numbers(port, given["coefficients"])}


def error_measures(port, given):
    return port.error_measures(numbers(port, given["exact"]), numbers(port, given["predicted"]), given["reference"])


def data_files(port, given):
    return port.arrays(base64.b64decode(given["base64"]), given["format"])


answering = {"networks": networks, "symmetrization": symmetrization, "weights-files": weights_files,
             "losses": losses, "adam": adam, "schedules": schedules, "lattice": lattice, "hamiltonians": hamiltonians,
             "exact-energies": exact_energies, "effective-model": effective_model, "data-files": data_files,
             "error-measures": error_measures}

if __name__ == "__main__":
    port, results = load(sys.argv[1]), {}
    print(port.name, file=sys.stderr)
    for family in sys.argv[2:]:
        for path in sorted((vectors / family).glob("*.json")):
            vector = json.loads(path.read_text())
            answers = answering[family](port, vector["inputs"])
            plain = lambda x: x.tolist() if hasattr(x, "tolist") else x
            results[vector["id"]] = {k: plain(x) for k, x in answers.items() if k in vector["expected"]}
    json.dump(results, sys.stdout)
