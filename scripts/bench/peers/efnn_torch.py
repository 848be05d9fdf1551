"""EFNN as a PyTorch module, from the weights of an efnn/1 file."""
import torch
import torch.nn.functional as F


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
