"""The eight networks in JAX, from their weights files: energies, forces and the gradient of a loss on both."""
import json, struct, sys
from pathlib import Path

import jax
import jax.numpy as np
import numpy

jax.config.update("jax_enable_x64", True)


def read(path):
    """Metadata and tensors of a safetensors file."""
    data = Path(path).read_bytes()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:end])
    meta = header.pop("__metadata__")
    kinds = {"F64": numpy.float64, "F32": numpy.float32}
    return meta, {name: np.array(numpy.frombuffer(data[end:][slice(*t["data_offsets"])], kinds[t["dtype"]])
                                 .reshape(t["shape"]), np.float64) for name, t in header.items()}


def correlate(K, x):
    """Cross-correlation of [.., i, N, N] with [o, i, k, k], wrapped around the torus."""
    reach = K.shape[-1] // 2
    return sum(np.einsum("oi,...ixy->...oxy", K[:, :, a, b], np.roll(x, (reach - a, reach - b), (-2, -1)))
               for a in range(K.shape[-1]) for b in range(K.shape[-1]))


def energy(meta, w, s):
    """The energy of one configuration: [L], or [3, N, N]."""
    lattice, n = "channels" in meta, int(meta["layers"])
    if lattice:
        affine = lambda name, x: correlate(w[f"{name}.weight"], x) + w[f"{name}.bias"][:, None, None]
        T = lambda j: sum(correlate(w[f"T.{j}.a"], v[None]) * correlate(w[f"T.{j}.b"], v[None]) for v in s)
        q = lambda x: affine("q", x).sum()
        sites = s[0].size
    else:
        affine = lambda name, x: w[f"{name}.weight"] @ x + w[f"{name}.bias"]
        T, q, sites = lambda _: s, np.sum, s.size
    mlp = lambda name, x: affine(f"{name}.1", np.tanh(affine(f"{name}.0", x)))
    S, model = T(0), meta["model"]
    first = mlp("f.0", S)
    if model == "resnet":
        S = first + (T(1) if lattice else affine("P", S) if "P.weight" in w else S)
        for i in range(1, n):
            S = S + mlp(f"f.{i}", S)
    elif model == "densenet":
        S = np.concatenate([T(1), first])
        for i in range(1, n):
            S = np.concatenate([S, mlp(f"f.{i}", S)])
    else:
        for i in range(1, n + 1):
            F = first if i == 1 else mlp(f"f.{i - 1}", S)
            S = mlp(f"g.{i}", T(i)) * F if model == "efnn" else mlp(f"g.{i}", F)
    E = float(meta["energyScale"]) * q(S) + float(meta["energyShift"]) * sites
    return E + (s * correlate(w["pair.weight"], s[:, None])[:, 0]).sum() if "pair.weight" in w else E


def loss(meta, w, s, E, F, weight):
    """(E - E*)^2 + weight |P (dE/ds - F*)|^2, where P projects vectors on the tangent planes of their spins."""
    got, force = jax.value_and_grad(lambda x: energy(meta, w, x))(s)
    difference = force - F
    if s.ndim == 3:
        difference = difference - (difference * s).sum(0) * s
    return (got - E) ** 2 + weight * (difference**2).sum()


def check(what, got, expected):
    got, expected = numpy.ravel(got), numpy.ravel(expected)
    error = abs(got - expected).max() / max(abs(expected).max(), 1e-300)
    print(f"{'ok' if error < 1e-10 else 'FAILED'}  {what}: {error:.1e}")
    return error < 1e-10


print(f"jax {jax.__version__}")
good = []
for path in sorted(Path(sys.argv[1]).glob("*.safetensors")):
    meta, w = read(path)
    case = json.loads(path.with_suffix(".json").read_text())
    s = np.array(case["spins"]).reshape(case["shape"])
    F = np.array(case["forceLabels"]).reshape(case["shape"])
    of = lambda x: energy(meta, w, x)
    total = lambda w: sum(loss(meta, w, x, E, f, case["forceWeight"]) for x, E, f in zip(s, case["energyLabels"], F))
    gradients = jax.grad(total)(w)
    good += [check(f"{path.stem} energies", [of(x) for x in s], case["energies"]),
             check(f"{path.stem} forces", np.array([jax.grad(of)(x) for x in s]), case["forces"])]
    good += [check(f"{path.stem} gradients", numpy.concatenate([numpy.ravel(gradients[k]) for k in case["gradients"]]),
                   numpy.concatenate([numpy.array(g) for g in case["gradients"].values()]))]
sys.exit(0 if all(good) and len(good) == 24 else 1)
