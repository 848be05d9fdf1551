"""EFNN in JAX, jitted by XLA, in the way to correlate that is fastest here.

XLA makes as many threads as it sees processors, so a peer of fewer threads is held to as many.
"""
import json
import os

threads = int(os.environ.get("EFNN_THREADS", "1"))
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

from protocol import fastest, serve
from torus import LARGEST_MATRIX, tap_of

CORRELATIONS = ("matrix", "convolution", "channels last", "spectra")

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def correlate(way, x, kernel):
    """x [B, C, N, N], kernel [O, C, k, k], periodic."""
    N, (outputs, inputs, k) = x.shape[-1], kernel.shape[:3]
    h = k // 2
    if k == 1:
        return jnp.einsum("bihw,oi->bohw", x, kernel[:, :, 0, 0])
    if way == "matrix":
        if N > LARGEST_MATRIX:
            raise ValueError("the lattice is too large for a correlation as a matrix")
        flat = jnp.pad(kernel.reshape(outputs, inputs, k * k), ((0, 0), (0, 0), (0, 1)))
        matrix = flat[:, :, tap_of(N, k)].transpose(1, 3, 0, 2).reshape(inputs * N * N, outputs * N * N)
        return (x.reshape(-1, inputs * N * N) @ matrix).reshape(-1, outputs, N, N)
    if way == "spectra":
        placed = jnp.roll(jnp.pad(kernel, ((0, 0), (0, 0), (0, N - k), (0, N - k))), (-h, -h), (2, 3))
        spectrum = jnp.einsum("bihw,oihw->bohw", jnp.fft.rfft2(x), jnp.conj(jnp.fft.rfft2(placed)))
        return jnp.fft.irfft2(spectrum, s=(N, N))
    x = jnp.pad(x, ((0, 0), (0, 0), (h, h), (h, h)), mode="wrap")
    if way == "convolution":
        return jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID")
    y = jax.lax.conv_general_dilated(
        x.transpose(0, 2, 3, 1), kernel.transpose(2, 3, 1, 0), (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    return y.transpose(0, 3, 1, 2)


def energies_of(work, way):
    """S_j = g_j(T_j S_0) * f_(j-1)(S_(j-1)), E = sum of q(S_n)."""
    layers, lattice = work["layers"], work["lattice"]

    def affine(weights, name, x):
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return correlate(way, x, weight) + bias[:, None, None] if lattice else x @ weight.T + bias

    def perceptron(weights, name, x):
        return affine(weights, f"{name}.1", jnp.tanh(affine(weights, f"{name}.0", x)))

    def invariants(weights, s0):
        batch, _, N, _ = s0.shape
        kernels = jnp.concatenate([weights[f"T.{j}.{ab}"] for j in range(layers + 1) for ab in "ab"])
        y = correlate(way, s0.reshape(batch * 3, 1, N, N), kernels).reshape(batch, 3, layers + 1, 2, -1, N, N)
        return (y[:, :, :, 0] * y[:, :, :, 1]).sum(1)

    def energies(weights, s0):
        t = invariants(weights, s0) if lattice else None
        s = t[:, 0] if lattice else s0
        for j in range(layers):
            s = perceptron(weights, f"g.{j + 1}", t[:, j + 1] if lattice else s0) * perceptron(weights, f"f.{j}", s)
        return affine(weights, "q", s).sum((1, 2, 3)) if lattice else s.sum(1)

    return energies


class Forward:
    def __init__(self, work, inputs, weights, setting):
        # Weights are constants: what follows from them alone is computed when the program is compiled.
        energies = energies_of(work, setting["correlation"])
        self.energies, self.spins = jax.jit(lambda spins: energies(weights, spins)), inputs["spins"]

    def run(self):
        self.found = self.energies(self.spins).block_until_ready()

    def numbers(self):
        self.run()
        return {"energies": np.asarray(self.found)}


class Training:
    """One epoch of the samples so many times over: shuffle, and a step for each batch of as many as there are: gather, forward, backward, Adam."""

    def __init__(self, work, inputs, weights, setting):
        energies = energies_of(work, setting["correlation"])
        weight = work["forceWeight"]
        self.batch, self.steps, self.order = len(inputs["energies"]), work["steps"], np.random.default_rng(1)
        inputs = {name: jnp.concatenate([array] * self.steps) for name, array in inputs.items()}

        def loss(weights, spins, labels, forces):
            if forces is None:
                return ((energies(weights, spins) - labels) ** 2).mean()
            found, back = jax.vjp(lambda s: energies(weights, s), spins)
            difference = back(jnp.ones_like(found))[0] - forces
            tangent = difference - (difference * spins).sum(1, keepdims=True) * spins
            return ((found - labels) ** 2 + weight * (tangent**2).sum((1, 2, 3))).mean()

        def step(state, order):
            weights, first, second, time = state
            forces = inputs["forces"][order] if "forces" in inputs else None
            value, gradient = jax.value_and_grad(loss)(weights, inputs["spins"][order], inputs["energies"][order], forces)
            time = time + 1
            first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradient)
            second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradient)
            weights = jax.tree.map(
                lambda w, m, v: w - work["rate"] * (m / (1 - BETA1**time)) / (jnp.sqrt(v / (1 - BETA2**time)) + EPSILON),
                weights,
                first,
                second,
            )
            return (weights, first, second, time), value, gradient

        zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
        self.state = (jax.tree.map(jnp.array, weights), zeros(), zeros(), jnp.float32(0))
        self.step = jax.jit(lambda state, order: step(state, order)[:2], donate_argnums=0)
        self.first = jax.jit(step)

    def advance(self, order):
        self.state, loss = self.step(self.state, order)
        return float(loss)

    def run(self):
        for order in self.order.permutation(self.steps * self.batch).reshape(self.steps, self.batch):
            self.advance(order)

    def trial(self):
        """A step alone, by which settings are chosen."""
        return self.advance(self.order.permutation(self.batch))

    def numbers(self):
        """The losses of three steps, and the gradient of the first."""
        self.state, loss, gradient = self.first(self.state, self.order.permutation(self.batch))
        losses = [float(loss), self.trial(), self.trial()]
        return {"losses": np.array(losses), **{name: np.asarray(array) for name, array in gradient.items()}}


TASKS = {"training": Training, "forward": Forward}


def prepare(work, arrays):
    names = ("spins", "energies", "forces")
    inputs = {name: jnp.asarray(arrays[name], dtype=jnp.float32) for name in names if name in arrays}
    weights = {name: jnp.asarray(array, dtype=jnp.float32) for name, array in arrays.items() if name not in names}
    make = lambda setting: TASKS[work["task"]](work, inputs, weights, setting)
    if work["choice"] is not None:
        setting = json.loads(work["choice"])
    elif work["lattice"]:
        ways = CORRELATIONS if inputs["spins"].shape[-1] <= LARGEST_MATRIX else CORRELATIONS[1:]
        setting = fastest(lambda s: make(s).trial, [("correlation", ways)], {"correlation": ways[0]}, work["trial"])
    else:
        setting = {"correlation": "matrix"}
    numbers = make(setting).numbers()
    ready = make(setting)
    ready.run()
    return f"jit, {setting['correlation']}", setting, numbers, ready.run


serve(f"JAX {jax.__version__}", prepare)
