"""Where the taps of a kernel lie on a periodic lattice: y(p) = sum over d of K(d) x(p + d - h), h = k // 2."""
import numpy as np


def tap_of(N, k):
    """[N^2, N^2]: which tap joins site q of the input to site p of the output; k^2 where none does."""
    h = k // 2
    taps = np.full((N * N, N * N), k * k)
    for row in range(N):
        for column in range(N):
            for a in range(k):
                for b in range(k):
                    q = (row + a - h) % N * N + (column + b - h) % N
                    taps[row * N + column, q] = a * k + b
    return taps


#: Beyond this size a correlation as one matrix takes too much memory to be a candidate.
LARGEST_MATRIX = 16
