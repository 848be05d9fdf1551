"""EFNN in PyTorch, in the setting that is fastest here: which that is, is measured before the first timing."""
import time

import numpy as np
import torch

from efnn_torch import Net
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
