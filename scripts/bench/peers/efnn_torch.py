"""EFNN as a PyTorch module, from the weights of an efnn/1 file."""
import torch
import torch.nn.functional as F

from torus import LARGEST_MATRIX, tap_of


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

    def __init__(self, work, arrays, setting, size=1):
        super().__init__()
        self.setting, self.layers, self.lattice = setting, work["layers"], work["lattice"]
        tensor = lambda name: torch.tensor(arrays[name], dtype=torch.float32)
        self.names = list(arrays)
        if self.lattice:
            pairs = [torch.cat([tensor(f"T.{j}.a"), tensor(f"T.{j}.b")]) for j in range(self.layers + 1)]
            self.channels = pairs[0].shape[0] // 2
            fused = [torch.cat(pairs)] if setting["symmetrization"] == "all T fused" else pairs
            self.T = torch.nn.ParameterList([torch.nn.Parameter(kernel) for kernel in fused])
            if setting["correlation"] == "matrix":
                if size > LARGEST_MATRIX:
                    raise ValueError("the lattice is too large for a correlation as a matrix")
                self.taps = torch.from_numpy(tap_of(size, pairs[0].shape[-1]))
        self.rest = torch.nn.ParameterDict(
            {self.key(name): torch.nn.Parameter(tensor(name)) for name in arrays if not name.startswith("T.")}
        )
        self.transformed = {}

    @staticmethod
    def key(name):
        return name.replace(".", "_")

    def of_kernel(self, kernel, transform):
        """A transform of a kernel; made once where weights do not change."""
        if self.training:
            return transform(kernel)
        key = kernel.data_ptr()
        if key not in self.transformed:
            self.transformed[key] = transform(kernel)
        return self.transformed[key]

    def correlate(self, x, kernel, bias=None):
        N, (outputs, inputs, k) = x.shape[-1], kernel.shape[:3]
        if self.setting["correlation"] == "conv2d" or k == 1:
            return F.conv2d(padded(x, k, self.setting["padding"]), kernel, bias)
        if self.setting["correlation"] == "matrix":
            # One matrix for all sites: its entries are the taps.
            matrix = self.of_kernel(
                kernel,
                lambda K: F.pad(K.flatten(2), (0, 1))[:, :, self.taps].permute(0, 2, 1, 3).reshape(outputs * N * N, -1),
            )
            y = F.linear(x.reshape(x.shape[0], -1), matrix).view(-1, outputs, N, N)
        else:
            spectrum = self.of_kernel(
                kernel,
                lambda K: torch.fft.rfft2(torch.roll(F.pad(K, (0, N - k, 0, N - k)), (-(k // 2), -(k // 2)), (2, 3))).conj().resolve_conj(),
            )
            fields = torch.fft.rfft2(x)
            y = torch.fft.irfft2(torch.einsum("bihw,oihw->bohw", fields, spectrum), s=(N, N))
        return y if bias is None else y + bias[:, None, None]

    def affine(self, name, x):
        weight, bias = self.rest[self.key(f"{name}.weight")], self.rest[self.key(f"{name}.bias")]
        return self.correlate(x, weight, bias) if self.lattice else F.linear(x, weight, bias)

    def perceptron(self, name, x):
        return self.affine(f"{name}.1", torch.tanh(self.affine(f"{name}.0", x)))

    def invariants(self, s0):
        """The T_j(S_0): the correlations of a and b as one, or those of all j as one."""
        batch, _, rows, columns = s0.shape
        x = s0.reshape(batch * 3, 1, rows, columns)
        if self.setting["symmetrization"] == "all T fused":
            y = self.correlate(x, self.T[0]).view(batch, 3, self.layers + 1, 2, self.channels, rows, columns)
            t = (y[:, :, :, 0] * y[:, :, :, 1]).sum(1)
            return [t[:, j] for j in range(self.layers + 1)]
        found = []
        for kernel in self.T:
            y = self.correlate(x, kernel).view(batch, 3, 2, self.channels, rows, columns)
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
