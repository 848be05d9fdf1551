"""EFNN in PyTorch, in the setting that is fastest here: which that is, is measured before the first timing."""
import time

import numpy as np
import torch
import torch.nn.functional as F

from protocol import serve

#: What a setting chooses, the first value of each being where the search starts.
CHOICES = {
    "layout": ("channels last", "channels first"),
    "symmetrization": ("a and b fused", "all T fused"),
    "padding": ("F.pad", "concatenated"),
    "library": ("oneDNN", "native"),
    "adam": ("one loop", "foreach"),
    "graph": ("eager", "traced"),
}


def padded(x, size, padding):
    p = size // 2
    if p == 0:
        return x
    if padding == "F.pad":
        return F.pad(x, (p, p, p, p), mode="circular")
    x = torch.cat([x[:, :, -p:], x, x[:, :, :p]], 2)
    return torch.cat([x[:, :, :, -p:], x, x[:, :, :, :p]], 3)


class Net(torch.nn.Module):
    """S_j = g_j(T_j S_0) * f_(j-1)(S_(j-1)), E = sum of q(S_n); weights under the names of efnn/1."""

    def __init__(self, work, arrays, setting):
        super().__init__()
        self.setting, self.layers, self.lattice = setting, work["layers"], work["lattice"]
        tensor = lambda name: torch.tensor(arrays[name], dtype=torch.float32)
        self.names = list(arrays)
        if self.lattice:
            pairs = [torch.cat([tensor(f"T.{j}.a"), tensor(f"T.{j}.b")]) for j in range(self.layers + 1)]
            self.channels = pairs[0].shape[0] // 2
            fused = [torch.cat(pairs)] if setting["symmetrization"] == "all T fused" else pairs
            self.T = torch.nn.ParameterList([torch.nn.Parameter(kernel) for kernel in fused])
        self.rest = torch.nn.ParameterDict(
            {self.key(name): torch.nn.Parameter(tensor(name)) for name in arrays if not name.startswith("T.")}
        )

    @staticmethod
    def key(name):
        return name.replace(".", "_")

    def affine(self, name, x):
        weight, bias = self.rest[self.key(f"{name}.weight")], self.rest[self.key(f"{name}.bias")]
        if not self.lattice:
            return F.linear(x, weight, bias)
        return F.conv2d(padded(x, weight.shape[-1], self.setting["padding"]), weight, bias)

    def perceptron(self, name, x):
        return self.affine(f"{name}.1", torch.tanh(self.affine(f"{name}.0", x)))

    def invariants(self, s0):
        """The T_j(S_0): the convolutions of a and b as one, or those of all j as one."""
        batch, _, rows, columns = s0.shape
        x = padded(s0.reshape(batch * 3, 1, rows, columns), self.T[0].shape[-1], self.setting["padding"])
        if self.setting["symmetrization"] == "all T fused":
            y = F.conv2d(x, self.T[0]).view(batch, 3, self.layers + 1, 2, self.channels, rows, columns)
            t = (y[:, :, :, 0] * y[:, :, :, 1]).sum(1)
            return [t[:, j] for j in range(self.layers + 1)]
        found = []
        for kernel in self.T:
            y = F.conv2d(x, kernel).view(batch, 3, 2, self.channels, rows, columns)
            found.append((y[:, :, 0] * y[:, :, 1]).sum(1))
        return found

    def forward(self, s0):
        if not self.lattice:
            s = s0
            for j in range(self.layers):
                s = self.perceptron(f"g.{j + 1}", s0) * self.perceptron(f"f.{j}", s)
            return s.sum(1)
        t = self.invariants(s0)
        s = t[0]
        for j in range(self.layers):
            s = self.perceptron(f"g.{j + 1}", t[j + 1]) * self.perceptron(f"f.{j}", s)
        return self.affine("q", s).sum((1, 2, 3))

    def gradients(self):
        """Gradients under the names of efnn/1."""
        found = {name: self.rest[self.key(name)].grad for name in self.names if not name.startswith("T.")}
        if self.lattice:
            kernels = torch.cat([kernel.grad for kernel in self.T]).view(self.layers + 1, 2, self.channels, 1, *self.T[0].shape[-2:])
            found |= {f"T.{j}.{ab}": kernels[j, i] for j in range(self.layers + 1) for i, ab in enumerate("ab")}
        return {name: gradient.contiguous() for name, gradient in found.items()}


def placed(setting, lattice):
    channels_last = lattice and setting["layout"] == "channels last"
    layout = torch.channels_last if channels_last else torch.contiguous_format
    return lambda x: x.contiguous(memory_format=layout) if x.dim() == 4 else x


def library(setting):
    return torch.backends.mkldnn.flags(enabled=setting["library"] == "oneDNN")


class Training:
    """One epoch of one batch: shuffle, gather, forward, backward, Adam."""

    choices = ("layout", "symmetrization", "padding", "library", "adam")

    def __init__(self, work, inputs, weights, setting):
        self.work, self.setting, self.place = work, setting, placed(setting, work["lattice"])
        self.net = Net(work, weights, setting)
        if work["lattice"]:
            self.net = self.net.to(memory_format=torch.channels_last if setting["layout"] == "channels last" else torch.contiguous_format)
        self.spins, self.energies = self.place(inputs["spins"]), inputs["energies"]
        self.forces = self.place(inputs["forces"]) if "forces" in inputs else None
        self.adam = torch.optim.Adam(self.net.parameters(), lr=work["rate"], foreach=setting["adam"] == "foreach")

    def loss(self, order):
        spins, energies = self.place(self.spins[order]), self.energies[order]
        if self.forces is None:
            return ((self.net(spins) - energies) ** 2).mean()
        spins.requires_grad_(True)
        energy = self.net(spins)
        (force,) = torch.autograd.grad(energy.sum(), spins, create_graph=True)
        difference = force - self.place(self.forces[order])
        tangent = difference - (difference * spins).sum(1, keepdim=True) * spins
        return ((energy - energies) ** 2 + self.work["forceWeight"] * (tangent**2).sum((1, 2, 3))).mean()

    def step(self):
        self.adam.zero_grad()
        loss = self.loss(torch.randperm(len(self.energies)))
        loss.backward()
        self.adam.step()
        return loss.item()

    def run(self):
        with library(self.setting):
            self.step()

    def numbers(self):
        """The losses of three steps, and the gradient of the first."""
        with library(self.setting):
            first = self.step()
            gradients = {name: gradient.detach().numpy().copy() for name, gradient in self.net.gradients().items()}
            losses = np.array([first, self.step(), self.step()])
        return {"losses": losses, **gradients}


class Forward:
    """Energies alone."""

    choices = ("layout", "symmetrization", "padding", "library", "graph")

    def __init__(self, work, inputs, weights, setting):
        self.setting, place = setting, placed(setting, work["lattice"])
        self.net, self.spins = Net(work, weights, setting).eval(), place(inputs["spins"])
        if work["lattice"] and setting["layout"] == "channels last":
            self.net = self.net.to(memory_format=torch.channels_last)
        if setting["graph"] == "traced":
            with torch.no_grad(), library(setting):
                self.net = torch.jit.freeze(torch.jit.trace(self.net, self.spins))

    def run(self):
        with torch.inference_mode(), library(self.setting):
            self.energies = self.net(self.spins)

    def numbers(self):
        self.run()
        return {"energies": self.energies.numpy()}


TASKS = {"training": Training, "forward": Forward}


def probed(make, setting, probes):
    """Seconds of a run in a setting: the best of a few after one that warms up."""
    run = make(setting).run
    run()
    times = []
    for _ in range(probes):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def fastest(make, choices, probes):
    """The fastest setting, one choice after another."""
    best = {choice: values[0] for choice, values in CHOICES.items()}
    least = probed(make, best, probes)
    for choice in choices:
        for value in CHOICES[choice][1:]:
            other = {**best, choice: value}
            seconds = probed(make, other, probes)
            if seconds < least:
                best, least = other, seconds
    return best


def prepare(work, arrays):
    torch.set_num_threads(work["threads"])
    names = ("spins", "energies", "forces")
    inputs = {name: torch.tensor(arrays[name], dtype=torch.float32) for name in names if name in arrays}
    weights = {name: array for name, array in arrays.items() if name not in names}
    task = TASKS[work["task"]]
    choices = [choice for choice in task.choices if work["lattice"] or choice in ("adam", "graph")]
    make = lambda setting: task(work, inputs, weights, setting)
    setting = fastest(make, choices, work["probes"])
    numbers = make(setting).numbers()
    ready = make(setting)

    def run():
        torch.set_num_threads(work["threads"])
        ready.run()

    return ", ".join(setting[choice] for choice in choices), numbers, run


serve(f"PyTorch {torch.__version__}", prepare)
