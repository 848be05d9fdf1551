"""EFNN in PyTorch, in the setting that is fastest here: which that is, is measured before the first timing."""
import json

import numpy as np
import torch

from efnn_torch import Net
from protocol import fastest, serve

#: What a setting chooses, the first value of each being where the search starts. "compiled" is torch.compile, by its inductor.
LATTICE = {
    "correlation": ("conv2d", "matrix", "spectra"),
    "symmetrization": ("a and b fused", "all T fused"),
    "layout": ("channels last", "channels first"),
    "padding": ("F.pad", "concatenated"),
    "library": ("oneDNN", "native"),
}
TRAINING = {"adam": ("one loop", "foreach", "fused")}
GRAPHS = {"training": ("eager", "compiled"), "forward": ("eager", "traced", "compiled")}


def placed(setting, lattice):
    channels_last = lattice and setting["layout"] == "channels last"
    layout = torch.channels_last if channels_last else torch.contiguous_format
    return lambda x: x.contiguous(memory_format=layout) if x.dim() == 4 else x


def library(setting):
    return torch.backends.mkldnn.flags(enabled=setting.get("library", "oneDNN") == "oneDNN")


def in_layout(net, setting, lattice):
    channels_last = lattice and setting["layout"] == "channels last" and setting["correlation"] == "conv2d"
    return net.to(memory_format=torch.channels_last) if channels_last else net


class Training:
    """One epoch of the samples so many times over: shuffle, and a step for each batch of as many as there are: gather, forward, backward, Adam."""

    def __init__(self, work, inputs, weights, setting):
        self.work, self.setting, self.place = work, setting, placed(setting, work["lattice"])
        self.net = in_layout(Net(work, weights, setting, inputs["spins"].shape[-1]), setting, work["lattice"])
        self.batch = len(inputs["energies"])
        repeated = lambda x: torch.cat([x] * work["steps"])
        self.spins, self.energies = self.place(repeated(inputs["spins"])), repeated(inputs["energies"])
        self.forces = self.place(repeated(inputs["forces"])) if "forces" in inputs else None
        self.adam = torch.optim.Adam(
            self.net.parameters(), lr=work["rate"], **{"one loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}[setting["adam"]]
        )
        self.compiled = setting["graph"] == "compiled"
        self.objective = torch.compile(self.loss) if self.compiled else self.loss

    def force(self, spins):
        if self.compiled:
            # What torch.compile can see through.
            return torch.func.grad_and_value(lambda s: (lambda e: (e.sum(), e))(self.net(s)), has_aux=True)(spins)
        spins.requires_grad_(True)
        energy = self.net(spins)
        (force,) = torch.autograd.grad(energy.sum(), spins, create_graph=True)
        return force, (None, energy)

    def loss(self, spins, energies, forces):
        if forces is None:
            return ((self.net(spins) - energies) ** 2).mean()
        force, (_, energy) = self.force(spins)
        difference = force - forces
        tangent = difference - (difference * spins).sum(1, keepdim=True) * spins
        return ((energy - energies) ** 2 + self.work["forceWeight"] * (tangent**2).sum((1, 2, 3))).mean()

    def step(self, order):
        self.adam.zero_grad()
        forces = None if self.forces is None else self.place(self.forces[order])
        loss = self.objective(self.place(self.spins[order]), self.energies[order], forces)
        loss.backward()
        self.adam.step()
        return loss.item()

    def run(self):
        with library(self.setting):
            for order in torch.randperm(len(self.energies)).split(self.batch):
                self.step(order)

    def trial(self):
        """A step alone, by which settings are chosen."""
        with library(self.setting):
            return self.step(torch.randperm(self.batch))

    def numbers(self):
        """The losses of three steps of all samples, and the gradient of the first."""
        first = self.trial()
        gradients = {name: gradient.detach().numpy().copy() for name, gradient in self.net.gradients().items()}
        losses = np.array([first, self.trial(), self.trial()])
        return {"losses": losses, **gradients}


class Forward:
    """Energies alone."""

    def __init__(self, work, inputs, weights, setting):
        self.setting, place = setting, placed(setting, work["lattice"])
        net = Net(work, weights, setting, inputs["spins"].shape[-1]).eval()
        self.net, self.spins = in_layout(net, setting, work["lattice"]), place(inputs["spins"])
        with torch.no_grad(), library(setting):
            self.net(self.spins)
            if setting["graph"] == "traced":
                self.net = torch.jit.freeze(torch.jit.trace(self.net, self.spins))
            elif setting["graph"] == "compiled":
                self.net = torch.compile(self.net)

    def run(self):
        with torch.inference_mode(), library(self.setting):
            self.energies = self.net(self.spins)

    trial = run

    def numbers(self):
        self.run()
        return {"energies": self.energies.numpy()}


TASKS = {"training": Training, "forward": Forward}


def prepare(work, arrays):
    torch.set_num_threads(work["threads"])
    names = ("spins", "energies", "forces")
    inputs = {name: torch.tensor(arrays[name], dtype=torch.float32) for name in names if name in arrays}
    weights = {name: array for name, array in arrays.items() if name not in names}
    choices = {**(LATTICE if work["lattice"] else {}), **(TRAINING if work["task"] == "training" else {}), "graph": GRAPHS[work["task"]]}
    make = lambda setting: TASKS[work["task"]](work, inputs, weights, setting)
    if hasattr(torch, "compiler"):
        torch.compiler.reset()
    if work["choice"] is None:
        start = {name: values[0] for name, values in choices.items()}
        eager = [(name, [value for value in values if value != "compiled"]) for name, values in choices.items()]
        setting = fastest(lambda s: make(s).trial, eager, start, work["trial"])
        # Compiling takes its time, so it is tried once, on the best of the others; quick trials do without.
        if work["trial"] > 2 and hasattr(torch, "compile") and work.get("compile", True):
            setting = fastest(lambda s: make(s).trial, [("graph", ("compiled",))], setting, work["trial"])
    else:
        # With more threads: the setting found with one, or another way to correlate.
        near = [("graph", ("eager",)), *((name, values) for name, values in choices.items() if name == "correlation")]
        setting = fastest(lambda s: make(s).trial, near, json.loads(work["choice"]), work["trial"] / 2)
    numbers = make(setting).numbers()
    ready = make(setting)

    def run():
        torch.set_num_threads(work["threads"])
        ready.run()

    run()
    shown = [value for name, value in setting.items() if setting.get("correlation", "conv2d") == "conv2d" or name not in ("padding", "library")]
    return ", ".join(shown), setting, numbers, run


serve(f"PyTorch {torch.__version__.split('+')[0]}", prepare)
