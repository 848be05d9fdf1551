"""The physics of arXiv:2502.17665 in numpy: lattice, Hamiltonians, E_MC with forces, data files."""
import io, itertools, math

import numpy as np

array, name = np.array, f"numpy {np.__version__}"


def moved(N, down, right):
    """Of each site of the periodic lattice, row by row, the site that lies `down` and `right` of it."""
    rows, columns = np.divmod(np.arange(N * N), N)
    return (rows + down) % N * N + (columns + right) % N


def bonds(N):
    """For each site the bond to the right, then the one down: both ends, and whether it wraps."""
    rows, columns = np.divmod(np.arange(N * N), N)
    sites = np.arange(N * N)
    right, down = [sites, moved(N, 0, 1), columns == N - 1], [sites, moved(N, 1, 0), rows == N - 1]
    return np.stack([np.transpose(right), np.transpose(down)], 1).reshape(-1, 3)


def exchange(J, s):
    """Ising and Heisenberg: E = -J sum over bonds of s_i . s_j, and dE/ds, of spins [components, N, N]."""
    around = sum(np.roll(s, shift, axis) for shift in (1, -1) for axis in (1, 2))
    return -J * (s * around).sum() / 2, -J * around


def three_spin(couplings, s):
    """E = -sum over i < j < k of J_ijk s_i s_j s_k, and dE/ds (Eq. 1); couplings in lexicographic order."""
    triples = np.array(list(itertools.combinations(range(len(s)), 3)))
    forces = np.zeros(len(s))
    for a, b, c in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        np.add.at(forces, triples[:, a], -couplings * s[triples[:, b]] * s[triples[:, c]])
    return -(couplings * s[triples].prod(1)).sum(), forces


def exact_networks(couplings, L):
    """Eq. 1 as an EFNN of two linear layers: f_0 and g_1 make all s_i s_j, f_1 and g_2 sum -J_ijk (s_i s_j) s_k."""
    pairs, J = list(itertools.combinations(range(L - 1), 2)), dict(zip(itertools.combinations(range(L), 3), couplings))
    W = max(len(pairs), L - 2)
    f0, g1, f1, g2 = np.zeros((W, L)), np.zeros((W, L)), np.zeros((W, W)), np.zeros((W, L))
    for row, (i, j) in enumerate(pairs):
        f0[row, i] = g1[row, j] = 1
        for k in range(j + 1, L):
            f1[k - 2, row] = -J[i, j, k]
    g2[np.arange(L - 2), np.arange(2, L)] = 1
    return {"f.0.weight": f0, "g.1.weight": g1, "f.1.weight": f1, "g.2.weight": g2}


def exact_kernel(J):
    """Ising: the kernel K with E = sum over sites of s_i (K * s)_i, half of -J for each neighbour (Fig. 1)."""
    return -J / 2 * np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])


pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def double_exchange(model, twist, s):
    """The matrix of H - mu n (Eq. 2) of spins [3, N, N]: row and column 2 i + alpha, alpha = 0 up, 1 down."""
    N = s.shape[-1]
    hops = np.zeros((N * N, N * N), complex)
    for (i, j, wraps), phase in zip(bonds(N), itertools.cycle((twist["x"], twist["y"]))):
        hops[i, j] -= model["t"] * np.exp(1j * phase * wraps)  # psi(r + N e) = exp(i twist) psi(r)
        hops[j, i] -= model["t"] * np.exp(-1j * phase * wraps)
    on_site = -model["J"] / 2 * np.einsum("ki,kab->iab", s.reshape(3, -1), pauli) - model["mu"] * np.eye(2)
    H = np.einsum("ij,ab->iajb", hops, np.eye(2))
    H[np.arange(N * N), :, np.arange(N * N)] += on_site
    return H.reshape(2 * N * N, 2 * N * N)


def levels(H):
    """The eigenvalues, ascending."""
    return np.linalg.eigvalsh(H)


def monte_carlo_energy(model, twist, s):
    """E_MC = -T sum over n of log(1 + exp(-E_n / T)), dE_MC/ds, and the occupations f(E_n), levels ascending."""
    E, states = np.linalg.eigh(double_exchange(model, twist, s))
    x = E / model["T"]
    f = np.exp(np.minimum(-x, 0)) / (1 + np.exp(-abs(x)))
    states = states.reshape(-1, 2, len(E))
    forces = -model["J"] / 2 * np.einsum("n,ian,kab,ibn->ki", f, states.conj(), pauli, states, optimize=True).real
    energy = (np.minimum(E, 0) - model["T"] * np.log1p(np.exp(-abs(x)))).sum()
    return energy, forces.reshape(s.shape), f


def effective_features(clusters, s):
    """1, then cluster by cluster x_p = s_i . s_j for p = (i <= j), then x_p x_q for p <= q (Eq. 3)."""
    s = s.reshape(3, -1)
    pairs = [np.array([s[:, i] @ s[:, j] for i, j in itertools.combinations_with_replacement(c, 2)]) for c in clusters]
    squares = lambda x: [a * b for a, b in itertools.combinations_with_replacement(x, 2)]
    return np.concatenate([[1.0], *(part for x in pairs for part in (x, squares(x)))])


def error_measures(exact, predicted, reference):
    """The root mean square error, beside the modulus of the mean or of another reference, and beside the deviation."""
    rmse, deviation = math.sqrt(((exact - predicted) ** 2).mean()), exact.std()
    size = abs(exact.mean() if reference is None else reference)
    per_deviation = rmse / deviation if deviation > 0 else math.nan
    return {"rmse": rmse, "relative": rmse / size, "meanPredictor": deviation / size, "rmsePerDeviation": per_deviation}


def arrays(data, form):
    """What a data set (npz) or an array (npy) holds."""
    loaded = np.load(io.BytesIO(data))
    return {"values": loaded} if form == "npy" else {name: loaded[name] for name in loaded if name != "meta"}
