"""Exact energies of the double exchange model by numpy's LAPACK, built from the spins independently of ours.

H = -t sum over bonds c^dagger c - (J / 2) sum over sites s_i . sigma - mu, periodic; E_MC = -T sum log(1 + exp(-E_n / T)).
"""
import numpy as np

from protocol import serve

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def hamiltonian(spins, t, J, mu):
    size = spins.shape[-1]
    site = np.arange(size * size).reshape(size, size)
    matrix = np.zeros((size * size, 2, size * size, 2), dtype=complex)
    for axis in (0, 1):
        for shift in (1, -1):
            for spin in (0, 1):
                matrix[site.ravel(), spin, np.roll(site, shift, axis).ravel(), spin] += -t
    blocks = -(J / 2) * np.einsum("kab,ki->iab", PAULI, spins.reshape(3, -1)) - mu * np.eye(2)
    for i in range(size * size):
        matrix[i, :, i, :] += blocks[i]
    return matrix.reshape(2 * size * size, 2 * size * size)


def energy_of(levels, T):
    return -T * np.logaddexp(0, -levels / T).sum()


def forces_of(levels, vectors, size, J, T):
    fermi = np.exp(-np.logaddexp(0, levels / T))
    amplitudes = vectors.reshape(size * size, 2, -1)
    density = np.einsum("n,ian,kab,ibn->ki", fermi, amplitudes.conj(), PAULI, amplitudes, optimize=True)
    return (-(J / 2) * density.real).reshape(3, size, size)


def prepare(work, arrays):
    spins = arrays["spins"]
    matrix = hamiltonian(spins, work["t"], work["J"], work["mu"])
    if work["forces"]:
        levels, vectors = np.linalg.eigh(matrix)
        found = {"forces": forces_of(levels, vectors, spins.shape[-1], work["J"], work["T"])}
        run = lambda: np.linalg.eigh(matrix)
    else:
        levels, found = np.linalg.eigvalsh(matrix), {}
        run = lambda: np.linalg.eigvalsh(matrix)
    setting = "eigh" if work["forces"] else "eigvalsh"
    return setting, setting, {"energy": energy_of(levels, work["T"]), **found}, run


serve(f"numpy {np.__version__}", prepare)
