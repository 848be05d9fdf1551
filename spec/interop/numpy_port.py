"""The eight networks of arXiv:2502.17665 in numpy, from weights files: energies and forces."""
import json, struct

import numpy as np

array, name = np.array, f"numpy {np.__version__}"


def read(data):
    """Metadata and tensors of a safetensors file: length of the header, the header, the numbers at their offsets."""
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header, kinds = json.loads(data[8:start]), {"F64": "<f8", "F32": "<f4"}
    tensor = lambda t: np.frombuffer(data[start:][slice(*t["data_offsets"])], kinds[t["dtype"]])
    meta = header.pop("__metadata__")
    return meta, {key: np.array(tensor(t), float).reshape(t["shape"]) for key, t in header.items()}


def correlate(K, x):
    """y_o(r) = sum over i, d of K_oi(d) x_i(r + d), periodic, of fields [B, i, N, N]; any kernel on any lattice."""
    k, N = K.shape[-1], x.shape[-1]
    around = np.arange(-(k // 2), N + k // 2) % N
    windows = np.lib.stride_tricks.sliding_window_view(x[..., around[:, None], around], (k, k), (-2, -1))
    return np.einsum("oiab,Bixyab->Boxy", K, windows, optimize=True)


def symmetrize(a, b, s):
    """T = sum over k = x, y, z of (a * s_k)(b * s_k), of spins [B, 3, N, N] (Fig. 3)."""
    return sum(correlate(a, s[:, [k]]) * correlate(b, s[:, [k]]) for k in range(3))


def energy(meta, w, s, seen=lambda name, x: x):
    """Total energies of spins [B, 3, N, N] or [B, L]; `seen` is shown what each map computes."""
    model, n, lattice = meta["model"], int(meta["layers"]), "channels" in meta
    linear = lambda A, b, x: correlate(A, x) + b[:, None, None] if lattice else x @ A.T + b
    affine = lambda m, x: seen(m, linear(w[f"{m}.weight"], w[f"{m}.bias"], x))
    T = lambda j: seen(f"T.{j}", symmetrize(w[f"T.{j}.a"], w[f"T.{j}.b"], s)) if lattice else s
    perceptron = lambda m, x: affine(f"{m}.1", np.tanh(affine(f"{m}.0", x)))  # A_1 tanh(A_0 x + b_0) + b_1
    f, g = (lambda i, x: perceptron(f"f.{i}", x)), (lambda i, x: perceptron(f"g.{i}", x))
    first = lambda: T(1) if lattice else affine("P", s) if "P.weight" in w else s
    layer = {
        "efnn": lambda i, S: g(i, T(i)) * f(i - 1, S),  # Figs. 2a, 4a, 5a
        "resnet": lambda i, S: (first() if i == 1 else S) + f(i - 1, S),  # Fig. 5b
        "dnn": lambda i, S: g(i, f(i - 1, S)),  # Fig. 5c
        "densenet": lambda i, S: np.concatenate([first() if i == 1 else S, f(i - 1, S)], 1),  # Fig. 5d
    }[model]
    S = T(0)
    for i in range(1, n + 1):
        S = seen(f"S.{i}", layer(i, S))
    output = (affine("q", S) if lattice else S).reshape(len(s), -1).sum(1)  # Fig. 4a
    sites = s[0].size // (3 if lattice else 1)
    E = float(meta.get("energyScale", 1)) * output + float(meta.get("energyShift", 0)) * sites
    if "pair.weight" in w:  # Eq. 3, its two-body term: sum over sites of s_i . (K * s)_i
        E = E + sum((s[:, [k]] * correlate(w["pair.weight"], s[:, [k]])).sum((1, 2, 3)) for k in range(3))
    return E


def derivatives(meta, w, s, h=1e-30):
    """dE/ds of each configuration, and the sum over the batch of dE/dw, by complex steps: Im E(x + i h) / h."""
    along = lambda E: E.imag / h
    steps = lambda x: 1j * h * np.eye(x.size).reshape(-1, *x.shape)
    forces = [along(energy(meta, w, one + steps(one))).reshape(one.shape) for one in s]
    stepped = lambda k: [along(energy(meta, {**w, k: w[k] + step}, s)).sum() for step in steps(w[k])]
    return np.array(forces), {k: np.reshape(stepped(k), w[k].shape) for k in w}


def tangential(v, s):
    """v - (v . s_i) s_i at every site of a lattice; chains have no tangent planes."""
    return v - (v * s).sum(1, keepdims=True) * s if s.ndim == 4 else v
