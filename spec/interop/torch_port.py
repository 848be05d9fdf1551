"""The eight networks of arXiv:2502.17665 in PyTorch, from weights files: energies, forces, training."""
import json, math, struct, torch

torch.set_default_dtype(torch.float64)
array, name = torch.tensor, f"torch {torch.__version__}"


def read(data):
    """Metadata and tensors of a safetensors file: length of the header, the header, the numbers at their offsets."""
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header, kinds = json.loads(data[8:start]), {"F64": torch.float64, "F32": torch.float32}
    tensor = lambda t: torch.frombuffer(bytearray(data[start:][slice(*t["data_offsets"])]), dtype=kinds[t["dtype"]])
    return header.pop("__metadata__"), {key: tensor(t).double().reshape(t["shape"]) for key, t in header.items()}


def correlate(K, x):
    """y_o(r) = sum over i, d of K_oi(d) x_i(r + d), periodic, of fields [B, i, N, N]; any kernel on any lattice."""
    reach, N = K.shape[-1] // 2, x.shape[-1]
    around = torch.arange(-reach, N + reach) % N
    return torch.nn.functional.conv2d(x[..., around[:, None], around], K)


def symmetrize(a, b, s):
    """T = sum over k = x, y, z of (a * s_k)(b * s_k), of spins [B, 3, N, N] (Fig. 3)."""
    through = lambda K: correlate(K, s.flatten(0, 1)[:, None]).unflatten(0, s.shape[:2])
    return (through(a) * through(b)).sum(1)


def energy(meta, w, s, seen=lambda name, x: x):
    """Total energies of spins [B, 3, N, N] or [B, L]; `seen` is shown what each map computes."""
    model, n, lattice = meta["model"], int(meta["layers"]), "channels" in meta
    linear = lambda A, b, x: correlate(A, x) + b[:, None, None] if lattice else x @ A.T + b
    affine = lambda m, x: seen(m, linear(w[f"{m}.weight"], w[f"{m}.bias"], x))
    T = lambda j: seen(f"T.{j}", symmetrize(w[f"T.{j}.a"], w[f"T.{j}.b"], s)) if lattice else s
    perceptron = lambda m, x: affine(f"{m}.1", torch.tanh(affine(f"{m}.0", x)))  # A_1 tanh(A_0 x + b_0) + b_1
    f, g = (lambda i, x: perceptron(f"f.{i}", x)), (lambda i, x: perceptron(f"g.{i}", x))
    first = lambda: T(1) if lattice else affine("P", s) if "P.weight" in w else s
    layer = {
        "efnn": lambda i, S: g(i, T(i)) * f(i - 1, S),  # Figs. 2a, 4a, 5a
        "resnet": lambda i, S: (first() if i == 1 else S) + f(i - 1, S),  # Fig. 5b
        "dnn": lambda i, S: g(i, f(i - 1, S)),  # Fig. 5c
        "densenet": lambda i, S: torch.cat([first() if i == 1 else S, f(i - 1, S)], 1),  # Fig. 5d
    }[model]
    S = T(0)
    for i in range(1, n + 1):
        S = seen(f"S.{i}", layer(i, S))
    output = (affine("q", S) if lattice else S).flatten(1).sum(1)  # Fig. 4a
    sites = s[0].numel() // (3 if lattice else 1)
    E = float(meta.get("energyScale", 1)) * output + float(meta.get("energyShift", 0)) * sites
    if "pair.weight" in w:  # Eq. 3, its two-body term: sum over sites of s_i . (K * s)_i
        E = E + (s * correlate(w["pair.weight"], s.flatten(0, 1)[:, None]).view_as(s)).flatten(1).sum(1)
    return E


def derivatives(meta, w, s):
    """dE/ds of each configuration, and the sum over the batch of dE/dw."""
    w, s = {k: x.clone().requires_grad_() for k, x in w.items()}, s.clone().requires_grad_()
    forces, *rest = torch.autograd.grad(energy(meta, w, s).sum(), [s, *w.values()])
    return forces, dict(zip(w, rest))


def tangential(v, s):
    """v - (v . s_i) s_i at every site of a lattice; chains have no tangent planes."""
    return v - (v * s).sum(1, keepdim=True) * s if s.ndim == 4 else v


def loss(meta, w, s, E, F=None, weight=1.0, force_weight=0.0):
    """w ((E - E*)^2 + f |P (dE/ds - F*)|^2) of each sample, and the mean of its gradients over the batch."""
    w, s = {k: x.clone().requires_grad_() for k, x in w.items()}, s.clone().requires_grad_()
    got = energy(meta, w, s)
    each = weight * (got - E) ** 2
    if F is not None:
        (forces,) = torch.autograd.grad(got.sum(), s, create_graph=True)
        each = each + weight * force_weight * (tangential(forces - F, s) ** 2).flatten(1).sum(1)
    return each.detach(), dict(zip(w, torch.autograd.grad(each.mean(), list(w.values()))))


def adam(w, m, v, g, t, rate, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.0, clip=None):
    """Weights and moments after step t = 1, 2, .. with the mean gradient g of a batch."""
    norm = math.sqrt(sum(float((x**2).sum()) for x in g.values()))  # of all weights together
    c = clip / norm if clip is not None and norm > clip else 1.0
    g = {k: c * g[k] + decay * w[k] for k in g}
    m = {k: beta1 * m[k] + (1 - beta1) * g[k] for k in g}
    v = {k: beta2 * v[k] + (1 - beta2) * g[k] ** 2 for k in g}
    step = lambda k: (m[k] / (1 - beta1**t)) / ((v[k] / (1 - beta2**t)) ** 0.5 + epsilon)
    return {**w, **{k: w[k] - rate * step(k) for k in g}}, m, v


def rate(schedule, step, steps, per_epoch):
    """The learning rate of step 0, 1, .. of all steps."""
    if schedule["tag"] == "oneCycle":
        between = lambda a, b, x: b + (a - b) * (1 + math.cos(math.pi * x)) / 2
        peak, top = schedule["peak"], max(1, 0.2 * steps - 1)
        after = (step - top) / max(1, steps - 1 - top)
        return between(peak / 25, peak, step / top) if step <= top else between(peak, peak / 250000, after)
    stair, stairs = step // per_epoch // schedule["every"], math.ceil(steps / per_epoch / schedule["every"]) - 1
    if schedule["tag"] == "decay":
        return schedule["rate"] * schedule["factor"] ** stair
    return schedule["first"] * (schedule["last"] / schedule["first"]) ** (stair / max(1, stairs))
