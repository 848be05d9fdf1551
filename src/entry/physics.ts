/** `efnn/physics`: the lattice and its symmetries, spins and how they are drawn, the models of the paper. */
export * from '../hamiltonian/double-exchange.ts';
export * from '../hamiltonian/effective-model.ts';
export * from '../hamiltonian/heisenberg.ts';
export * from '../hamiltonian/infinite-range.ts';
export * from '../hamiltonian/ising.ts';
export * from '../hamiltonian/three-spin.kernel.ts';
export * from '../lattice/orthogonal.ts';
export * from '../lattice/sampler.ts';
export * from '../lattice/spins.ts';
export * from '../lattice/square-lattice.ts';
export * from '../lattice/symmetry.ts';
export type { HermitianMatrix } from '../linear/hermitian-matrix.ts';
