"""
Values from outside for the conformance vectors, written to numpy-vectors.json: levels and energies by LAPACK, single
operations, T_j and whole networks by numpy, legacy random numbers, least squares, Adam. It reads the inputs of the vectors
and nothing else of this project: `python3 spec/outside/numpy-vectors.py`, with numpy.
"""
import json
import os

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
vectors = os.path.join(here, '..', 'vectors')


def cases(family):
    folder = os.path.join(vectors, family)
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            yield name[:-5], json.load(file)['inputs']


# Operations: x[component, channel, row, column].
def correlate(K, x):
    k = K.shape[-1]
    y = np.zeros((x.shape[0], K.shape[0], *x.shape[2:]), x.dtype)
    for i in range(k):
        for j in range(k):
            moved = np.roll(x, (-(i - k // 2), -(j - k // 2)), axis=(2, 3))
            y += np.einsum('oi,cirs->cors', K[:, :, i, j], moved)
    return y


def transposed(K, y):
    k = K.shape[-1]
    x = np.zeros((y.shape[0], K.shape[1], *y.shape[2:]))
    for i in range(k):
        for j in range(k):
            moved = np.roll(y, (i - k // 2, j - k // 2), axis=(2, 3))
            x += np.einsum('oi,cors->cirs', K[:, :, i, j], moved)
    return x


def kernel_gradient(size, x, y):
    K = np.zeros((y.shape[1], x.shape[1], size, size))
    for i in range(size):
        for j in range(size):
            moved = np.roll(x, (-(i - size // 2), -(j - size // 2)), axis=(2, 3))
            K[:, :, i, j] = np.einsum('cors,cirs->oi', y, moved)
    return K


def operation(given):
    a = {name: np.reshape(values, given['shapes'][name]) for name, values in given['operands'].items()}
    more = given['attributes']
    N = given['latticeSize']
    x = a.get('x')
    return {
        'correlate': lambda: correlate(a['kernel'], x),
        'correlateTransposed': lambda: transposed(a['kernel'], a['y']),
        'kernelGradient': lambda: kernel_gradient(more['size'], x, a['y']),
        'add': lambda: x + a['y'],
        'multiply': lambda: x * a['y'],
        'scale': lambda: a['factor'] * x,
        'tanh': lambda: np.tanh(x),
        'reciprocal': lambda: 1 / x,
        'sqrt': lambda: np.sqrt(x),
        'contract': lambda: (x * a['y']).sum(axis=0),
        'modulate': lambda: a['amplitude'] * x,
        'total': lambda: x.sum(),
        'fill': lambda: np.full((more['components'], more['channels'], N, N), a['scalar']),
        'sumSites': lambda: x.sum(axis=(0, 2, 3)),
        'broadcast': lambda: np.broadcast_to(a['bias'][None, :, None, None], (more['components'], len(a['bias']), N, N)),
        'concat': lambda: np.concatenate([x, a['y']], axis=1),
        'slice': lambda: x[:, more['from'] : more['to']],
    }[given['operation']]()


# The double exchange model: basis 2 i + alpha.
def electrons(given):
    N, model, twist = given['latticeSize'], given['model'], given['twist']
    s = np.reshape(given['spins'], (3, N * N))
    H = np.zeros((2 * N * N, 2 * N * N), complex)
    for row in range(N):
        for column in range(N):
            i = row * N + column
            for down, right in ((0, 1), (1, 0)):
                j = (row + down) % N * N + (column + right) % N
                phase = np.exp(1j * (twist['x'] * (column + right == N) + twist['y'] * (row + down == N)))
                for alpha in (0, 1):
                    H[2 * i + alpha, 2 * j + alpha] += -model['t'] * phase
                    H[2 * j + alpha, 2 * i + alpha] += -model['t'] * np.conj(phase)
            x, y, z = s[:, i]
            block = -model['J'] / 2 * np.array([[z, x - 1j * y], [x + 1j * y, -z]]) - model['mu'] * np.eye(2)
            H[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] += block
    return np.linalg.eigvalsh(H)


def grand_potential(levels, T):
    return -T * np.logaddexp(0, -levels / T).sum()


# Networks: [C, N, N] on lattices, [W, 1, 1] on chains.
def network(given):
    return [energy(given, spins) for spins in np.reshape(given['spins'], (given['batch'], -1))]


def energy(given, spins):
    description, N = given['network'], given['latticeSize']
    shape, kind = description['shape'], description['architecture']
    lattice = shape['tag'] == 'lattice'
    n = shape['layers']
    w = {name: np.reshape(values, given['shapes'][name]) for name, values in given['weights'].items()}
    w = {name: v[:, :, None, None] if v.ndim == 2 else v for name, v in w.items()}
    s = spins.reshape((3, 1, N, N) if lattice else (1, -1, 1, 1))

    def affine(name, x):
        return correlate(w[name + '.weight'], x) + w[name + '.bias'][None, :, None, None]

    def perceptron(name, x):
        return affine(name + '.1', np.tanh(affine(name + '.0', x)))

    def T(j):
        both = correlate(w[f'T.{j}.a'], s) * correlate(w[f'T.{j}.b'], s)
        return both.sum(axis=0, keepdims=True)

    first = perceptron('f.0', T(0) if lattice else s)
    if kind == 'efnn':
        S = first * perceptron('g.1', T(1) if lattice else s)
        for i in range(1, n):
            S = perceptron(f'f.{i}', S) * perceptron(f'g.{i + 1}', T(i + 1) if lattice else s)
    elif kind == 'dnn':
        S = perceptron('g.1', first)
        for i in range(1, n):
            S = perceptron(f'g.{i + 1}', perceptron(f'f.{i}', S))
    elif kind == 'resnet':
        S = first + (T(1) if lattice else affine('P', s) if 'P.weight' in w else s)
        for i in range(1, n):
            S = S + perceptron(f'f.{i}', S)
    else:
        S = np.concatenate([T(1) if lattice else s, first], axis=1)
        for i in range(1, n):
            S = np.concatenate([S, perceptron(f'f.{i}', S)], axis=1)
    output = affine('q', S).sum() if lattice else S.sum()
    sites = N * N if lattice else shape['sites']
    total = description['energyScale'] * output + description['energyShift'] * sites
    if 'pair.weight' in w:
        total += (s * correlate(w['pair.weight'], s)).sum()
    return total


def loss(given):
    # Forces by complex steps, which are exact to rounding.
    found = []
    lattice = given['network']['shape']['tag'] == 'lattice'
    for b, spins in enumerate(np.reshape(given['spins'], (given['batch'], -1))):
        error = energy(given, spins) - given['energies'][b]
        wrong = 0
        if given['forces'] is not None:
            step = 1e-30
            rows = spins + 1j * step * np.eye(len(spins))
            v = np.array([energy(given, row).imag / step for row in rows])
            v -= np.reshape(given['forces'], (given['batch'], -1))[b]
            if lattice:
                s, v = spins.reshape(3, -1), v.reshape(3, -1)
                v = v - (v * s).sum(axis=0) * s
            wrong = given['forceWeight'] * (v**2).sum()
        found.append(given['weight'] * (error**2 + wrong))
    return found


# Streams, in whole numbers.
def stream(seed, index, purpose):
    word = 2**32 - 1
    k0, k1 = seed & word, seed >> 32
    c0, c1, c2, c3 = index & word, index >> 32, purpose, 0
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & word, (a >> 32) ^ c3 ^ k1, a & word
        k0, k1 = (k0 + 0x9E3779B9) & word, (k1 + 0xBB67AE85) & word
    s0, s1 = c0 << 32 | c1, c2 << 32 | c3

    def rotated(x, k):
        return (x << k | x >> (64 - k)) & (2**64 - 1)

    while True:
        yield (s0 + s1) & word
        m = s0 ^ s1
        s0, s1 = rotated(s0, 24) ^ m ^ ((m << 16) & (2**64 - 1)), rotated(m, 37)


def initial_weight(seed, index, fan_in, count):
    words = stream(seed, index, 2)
    bound = fan_in**-0.5
    return [-bound + 2 * bound * ((next(words) >> 5) * 2**26 + (next(words) >> 6)) / 2**53 for _ in range(count)]


def legacy(seed):
    def fresh():
        return np.random.RandomState(seed)

    one = fresh()
    order = [*one.random_sample(1), *one.standard_normal(1), *one.normal(1, 2, 2), *one.random_sample(1)]
    return {
        'uniforms': fresh().random_sample(4),
        'normals': fresh().standard_normal(4),
        'integers': fresh().randint(0, 10, 12),
        'permutation': fresh().permutation(10),
        'order': order,
    }


def pair_fit(given):
    k, sets = given['kernel'], given['sets']
    half = k // 2
    shells = [(a, b) for a in range(half + 1) for b in range(a, half + 1)][1:]
    rows, right = [], []
    for each in sets:
        N = each['latticeSize']
        unit = N / sets[0]['latticeSize']
        for s, energy in zip(np.reshape(each['spins'], (-1, 3, N, N)), each['energies']):
            row = [N * N]
            for shell in shells:
                offsets = [
                    (i, j)
                    for i in range(-half, half + 1)
                    for j in range(-half, half + 1)
                    if tuple(sorted((abs(i), abs(j)))) == shell
                ]
                row.append(sum((s * np.roll(s, (-i, -j), axis=(1, 2))).sum() for i, j in offsets))
            rows.append(np.array(row) / unit)
            right.append(energy / unit)
    return np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0][1:]


def numbers(values):
    return [float(x) for x in np.ravel(values)]


double_exchange = {
    name: (electrons(given), given['model']['T']) for name, given in cases('exact-energies')
}

found = {
    'source': f'numpy {np.__version__} with LAPACK: spec/outside/numpy-vectors.py',
    'operations': {name: numbers(operation(given)) for name, given in cases('operations')},
    'levels': {name: numbers(levels) for name, (levels, _) in double_exchange.items()},
    'energies': {name: numbers(grand_potential(levels, T)) for name, (levels, T) in double_exchange.items()},
    'networks': {name: numbers(network(given)) for name, given in cases('networks')},
    'fits': {name: numbers(pair_fit(given)) for name, given in cases('pair-fit')},
    'losses': {name: numbers(loss(given)) for name, given in cases('losses')},
    # The first parameter of the chain's DNN is g.2.1.weight, [4, 4]; of the lattice's q.weight, [1, 2, 3, 3].
    'initial': {
        'chain-dnn': {'g.2.1.weight': initial_weight(12, 0, 4, 16)},
        'lattice-dnn': {'q.weight': initial_weight(11, 0, 18, 18)},
    },
    'legacy': {str(seed): {name: numbers(x) for name, x in legacy(seed).items()} for seed in (17, 100, 2**32 - 1)},
}

with open(os.path.join(here, 'numpy-vectors.json'), 'w') as file:
    json.dump(found, file, indent=1)
    file.write('\n')
