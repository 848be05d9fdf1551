/**
 * Wrong statements that Coq has to refuse: in one file one text takes the place of another, and the proof must fail. A
 * proof that takes its mutant too proves something else than it says.
 */

/** A file with one of its definitions or statements changed. */
export interface Mutant {
  /** The module, without its ending. */
  readonly file: string;
  /** What is wrong in it. */
  readonly says: string;
  /** The text, which stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** The mutants, at least one for each file that has theorems. */
export const mutants: readonly Mutant[] = [
  {
    file: 'ContinuedFraction',
    says: "Wallis' recurrence takes a_k for b_k",
    from: "(before_rest q * A c + above q * A' c)",
    to: "(above q * A c + before_rest q * A' c)",
  },
  {
    file: 'ContinuedFraction',
    says: 'the determinants have the other sign',
    from: '- minus_one_to (length levels) * product_above levels.\nProof.',
    to: 'minus_one_to (length levels) * product_above levels.\nProof.',
  },
  {
    file: 'ContinuedFunction',
    says: 'the first layer is outermost',
    from: '(rev layers).\n\n(** An EFNN',
    to: 'layers.\n\n(** An EFNN',
  },
  {
    file: 'ContinuedFunction',
    says: 'Phi^(p + k) is Phi^k after Phi^k',
    from: '= flow Phi p (flow Phi k s).',
    to: '= flow Phi k (flow Phi k s).',
  },
  {
    file: 'Ising',
    says: 'every bond counts twice',
    from: '(if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then half * J b else 0 else 0) +\n      (if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then half * J b else 0 else 0)).\n\n(** S_1',
    to: '(if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then J b else 0 else 0) +\n      (if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then J b else 0 else 0)).\n\n(** S_1',
  },
  {
    file: 'Ising',
    says: 'the energy has the other sign',
    from: '- sum R bonds (fun b => J b * (s (one_end b) * s (other_end b))).\n\n(** The matrix',
    to: 'sum R bonds (fun b => J b * (s (one_end b) * s (other_end b))).\n\n(** The matrix',
  },
  {
    file: 'InfiniteRange',
    says: 'a width that is one less',
    from: '(L - r + 1)%nat (map',
    to: '(L - r)%nat (map',
  },
  {
    file: 'InfiniteRange',
    says: 'inner layers one neuron too narrow',
    from: '(fun m => binomial (L - r + 2 + m) (m + 2))',
    to: '(fun m => binomial (L - r + 2 + m) (m + 2) - 1)%nat',
  },
  {
    file: 'InfiniteRange',
    says: 'the couplings enter with the other sign',
    from: 'then - J ((r - 1 + row)%nat :: K) else 0\n',
    to: 'then J ((r - 1 + row)%nat :: K) else 0\n',
  },
  {
    file: 'InfiniteRange',
    says: 'one layer less',
    from: '(state (r - 1) s).',
    to: '(state (r - 2) s).',
  },
  {
    file: 'Degree',
    says: 'the EFNN of n layers has degree n',
    from: 'degree_at_most (length layers + 1) (energy',
    to: 'degree_at_most (length layers) (energy',
  },
  {
    file: 'Degree',
    says: 'a ResNet that multiplies by its skipped layer stays affine',
    from: 'fold_left (fun S m => fun o s => S o s + apply m S o s) rest\n    (fun',
    to: 'fold_left (fun S m => fun o s => S o s * apply m S o s) rest\n    (fun',
  },
  {
    file: 'Degree',
    says: 'affine functions have no constant term',
    from: '+ e (fun _ => 0) = e s + e t.',
    to: '= e s + e t.',
  },
  {
    file: 'PoleExpansion',
    says: 'the bound is for one level a site',
    from: '<= 2 * INR N * INR N * eps.\nProof.\n  intros L H inside.',
    to: '<= INR N * INR N * eps.\nProof.\n  intros L H inside.',
  },
  {
    file: 'Adjoint',
    says: 'the transposed correlation moves to the same side',
    from: '(correlate_transposed R N no s K y) =',
    to: '(correlate R N no s K y) =',
  },
  {
    file: 'Adjoint',
    says: 'a sum over an open chain, without the torus',
    from: 'sum (upto N) (fun i => f (wrapped N (Z.of_nat i + 1))) = sum (upto N) f.',
    to: 'sum (upto N) (fun i => f (i + 1)%nat) = sum (upto N) f.',
  },
  {
    file: 'Algebra',
    says: 'an equation may read its own value',
    from: 'forall j, In j (operands e) -> j < i.',
    to: 'forall j, In j (operands e) -> S j < i.',
  },
  {
    file: 'Dual',
    says: 'the dual part of a product forgets one factor',
    from: '(fst x * fst y, fst x * snd y + snd x * fst y)',
    to: '(fst x * fst y, fst x * snd y)',
  },
  {
    file: 'Dual',
    says: 'values depend on derivatives',
    from: 'let t := tanh_of (fst x) in (t,',
    to: 'let t := tanh_of (snd x) in (t,',
  },
  {
    file: 'Gradient',
    says: 'the pullback of correlate forgets to transpose',
    from: 'mk (CorrelateTransposed K c)]\n  | CorrelateTransposed',
    to: 'mk (Correlate K c)]\n  | CorrelateTransposed',
  },
  {
    file: 'Gradient',
    says: 'the kernel gradient of the transpose takes field and cotangent the wrong way',
    from: '[mk (KernelGradient (size tK) c x);',
    to: '[mk (KernelGradient (size tK) x c);',
  },
  {
    file: 'Gradient',
    says: 'the pullback of a product takes the operands for each other',
    from: '[mk (Multiply c r); mk (Multiply c l)]',
    to: '[mk (Multiply c l); mk (Multiply c r)]',
  },
  {
    file: 'Gradient',
    says: 'tanh has the derivative 1 + tanh^2',
    from: '[mk (Add c (negative (mk (Multiply c (mk (Multiply y y))))))]',
    to: '[mk (Add c (mk (Multiply c (mk (Multiply y y)))))]',
  },
  {
    file: 'Gradient',
    says: 'the reciprocal has the derivative + 1/x^2',
    from: '| Reciprocal _ => [negative (mk (Multiply c (mk (Multiply y y))))]',
    to: '| Reciprocal _ => [mk (Multiply c (mk (Multiply y y)))]',
  },
  {
    file: 'Gradient',
    says: 'the root has the derivative 1/sqrt x',
    from: 'mk (Scale (constant one_half) (mk',
    to: 'mk (Scale (constant one_constant) (mk',
  },
  {
    file: 'Gradient',
    says: 'the amplitude of a modulation gets the product component by component',
    from: '[mk (Contract c v); mk (Modulate a c)]',
    to: '[mk (Multiply c v); mk (Modulate a c)]',
  },
  {
    file: 'Gradient',
    says: 'the channels of a concatenation all begin at 0',
    from: 'mk (Slice from (from + channels t) c) :: slices c (from + channels t) rest',
    to: 'mk (Slice from (from + channels t) c) :: slices c from rest',
  },
  {
    file: 'Gradient',
    says: 'a slice is padded behind alone',
    from: '(padding (components t) from ++ [c] ++',
    to: '([c] ++ padding (components t) from ++',
  },
  {
    file: 'Gradient',
    says: 'the contributions of two uses are not added',
    from: '| Some before => mk (Add before (snd contribution)) end in',
    to: '| Some before => mk (Add before before) end in',
  },
  {
    file: 'Gradient',
    says: 'the seed is 1/2',
    from: 'if j =? output then Some (constant one_constant) else None.',
    to: 'if j =? output then Some (constant one_half) else None.',
  },
  {
    file: 'Gradient',
    says: 'a name that is bound twice has the gradient of its last equation',
    from: '| Some c, Some before => Some (mk (Add before c))\n    end) ids None',
    to: '| Some c, Some before => Some c\n    end) ids None',
  },
  {
    file: 'Shape',
    says: 'values agree on the first channel alone',
    from: '(b < second_extent t)%nat /\\ In r',
    to: '(b < 1)%nat /\\ In r',
  },
  {
    file: 'Symmetry',
    says: 'a broadcast bias is taken for a vector: T with a bias',
    from: '| Broadcast _ _ => None',
    to: '| Broadcast _ b => Some Vector',
  },
  {
    file: 'Symmetry',
    says: 'the tanh of a vector is taken for a vector',
    from: '| Tanh x | Reciprocal x | Sqrt x => scalar_only [x]',
    to: '| Tanh x | Reciprocal x | Sqrt x => Some x',
  },
  {
    file: 'Symmetry',
    says: 'vectors are multiplied component by component',
    from: '| Multiply l r => bilinear l r (scalar_only [l; r])',
    to: '| Multiply l r => bilinear l r (Some l)',
  },
  {
    file: 'Symmetry',
    says: 'the sum of components is taken for an invariant',
    from: '| Total x => scalar_only [x]',
    to: '| Total x => Some Invariant',
  },
  {
    file: 'Symmetry',
    says: 'the product of an invariant and a vector is taken for an invariant',
    from: 'Vector, Vector | Invariant, Invariant => Some Invariant | _, _ => None end.',
    to: '_, _ => Some Invariant end.',
  },
  {
    file: 'Symmetry',
    says: 'a constant is taken for zero',
    from: '(if (mantissa c =? 0)%Z then Zero else Invariant)',
    to: 'Zero',
  },
  {
    file: 'Symmetry',
    says: 'a filled vector is taken for a vector',
    from: '| _, Field _ _ => None',
    to: '| _, Field _ _ => Some Vector',
  },
  {
    file: 'Symmetry',
    says: 'a sum of a vector and an invariant is taken for a vector',
    from: '| Vector, Some Vector => Some Vector',
    to: '| Vector, Some _ => Some Vector',
  },
  {
    file: 'Symmetry',
    says: 'the matrix need not be orthogonal',
    from: '= if (l =? m)%nat then 1 else 0.\n\n(** Q x',
    to: '= 1.\n\n(** Q x',
  },
  {
    file: 'Translation',
    says: 'kernels are moved as fields are',
    from: 'Field _ _ => fun a b r => x a b (moved N r rows columns) | _ => x end.',
    to: '_ => fun a b r => x a b (moved N r rows columns) end.',
  },
  {
    file: 'Translation',
    says: 'the inputs stay where they are',
    from: "moves t (given n) (given' n)) ->\n  forall i, (i",
    to: "equal_on t (given n) (given' n)) ->\n  forall i, (i",
  },
  {
    file: 'Expression',
    says: 'a tree is well formed without its operands',
    from: '| Concat xs => forallb well_formed xs',
    to: '| Concat xs => true',
  },
  {
    file: 'Expression',
    says: 'the gradient has a type that is not that of its variable',
    from: 'well_formed gradient = true /\\ tree_type gradient = t /\\',
    to: 'well_formed gradient = true /\\ tree_type gradient = Scalar /\\',
  },
  {
    file: 'Tiling',
    says: 'E of a tiling is k E',
    from: 'k_squared (x : R) : R := times k (times k x).',
    to: 'k_squared (x : R) : R := times k x.',
  },
  {
    file: 'Tiling',
    says: 'a multiple by an extensive factor is extensive',
    from: '| Scale false v => Some v',
    to: '| Scale _ v => Some v',
  },
  {
    file: 'Tiling',
    says: 'a sum of an extensive and another scalar is extensive',
    from: 'if Bool.eqb l r then Some l else None',
    to: 'Some (l || r)',
  },
  {
    file: 'Tiling',
    says: 'the total of a field does not grow',
    from: '| Total false => Some true',
    to: '| Total false => Some false',
  },
  {
    file: 'Layout',
    says: 'the operands of an equation are in the other order',
    from: "in (k' ++ [f i j], length k') in\n      let last",
    to: "in (k' ++ [f j i], length k') in\n      let last",
  },
  {
    file: 'Layout',
    says: 'the value is said to be that of the equation before',
    from: 'let one x f := let (k, i) := layout known x in (k ++ [f i], length k) in',
    to: 'let one x f := let (k, i) := layout known x in (k ++ [f i], i) in',
  },
  {
    file: 'Layout',
    says: 'the result has the type of a scalar',
    from: "nth derivative_at types' Scalar = t) /\\",
    to: "nth derivative_at types' Scalar = Scalar) /\\",
  },
  {
    file: 'Identities',
    says: '0 + x is 0',
    from: 'if is_zero l then Some r else',
    to: 'if is_zero l then Some l else',
  },
  {
    file: 'Identities',
    says: 'constants are folded although float64 rounds',
    from: 'if same_number c (exact a b) then Some',
    to: 'if same_number c c then Some',
  },
  {
    file: 'Identities',
    says: 'a slice of a slice forgets where the inner one begins',
    from: "Some (make (Slice (from' + from) (from' + to) x'))",
    to: "Some (make (Slice from to x'))",
  },
  {
    file: 'Identities',
    says: 'a product with a filled value is the square of the filled one',
    from: '(scaled_by_filling r l))',
    to: '(scaled_by_filling r r))',
  },
  {
    file: 'Identities',
    says: 'a slice of a later part begins where that of the whole does',
    from: 'slice_of_part (from - c) (to - c) others',
    to: 'slice_of_part from to others',
  },
  {
    file: 'Identities',
    says: 'a slice of a filled field is as wide as the field',
    from: 'Some (make (Fill (typed v) s))',
    to: 'Some (make (Fill (typed x) s))',
  },
  {
    file: 'Sharing',
    says: 'equal operations on different operands are bound once',
    from: 'if same_equation q e then',
    to: 'if same_equation (map_operands (fun _ => 0) q) (map_operands (fun _ => 0) e) then',
  },
  {
    file: 'Sharing',
    says: 'an equation that is bound is taken for the one after it',
    from: 'then Some i else find e rest (S i)',
    to: 'then Some (S i) else find e rest (S i)',
  },
  {
    file: 'Sharing',
    says: 'factor and value change places',
    from: 'then Contract i j else Contract j i\n',
    to: 'then Contract i j else Contract j i\n  | Scale i j => if i <=? j then Scale i j else Scale j i\n',
  },
  {
    file: 'Sharing',
    says: 'the second operand is taken for the first',
    from: 'in (t2, f i j) in\n  match op with',
    to: 'in (t2, f j j) in\n  match op with',
  },
  {
    file: 'DeadEquations',
    says: 'what a needed equation reads is not needed',
    from: 'operands (nth i eqs nothing) ++ ids else ids)',
    to: 'ids else ids)',
  },
  {
    file: 'DeadEquations',
    says: 'one operand of a needed equation is not needed',
    from: 'operands (nth i eqs nothing) ++ ids else ids)',
    to: 'tl (operands (nth i eqs nothing)) ++ ids else ids)',
  },
  {
    file: 'DeadEquations',
    says: 'operands keep their old numbers',
    from: 'map_operands (place ids) (nth i eqs nothing)) ids, map',
    to: 'nth i eqs nothing) ids, map',
  },
  {
    file: 'DeadEquations',
    says: 'the outputs keep their old numbers',
    from: 'ids, map (place ids) outs).',
    to: 'ids, outs).',
  },
  {
    file: 'Simplify',
    says: 'operands are read where they stood before',
    from: 'let v := New (map_operands (fun j => Bound (nth j places 0)) e) in',
    to: 'let v := New (map_operands Bound e) in',
  },
  {
    file: 'Simplify',
    says: 'the outputs are where they were before',
    from: 'alive (bound t) (map (fun o => nth o places 0) outs).',
    to: 'alive (bound t) outs.',
  },
  {
    file: 'Simplify',
    says: 'every output is a scalar',
    from: 'Scalar = nth (nth k outs 0) types Scalar /\\',
    to: 'Scalar = Scalar /\\',
  },
  {
    file: 'Identities',
    says: 'a multiple stands as high as a product, so that rewriting need not end',
    from: '| Modulate _ _ => 2 | _ => 1 end',
    to: '| Modulate _ _ => 2 | _ => 2 end',
  },
  {
    file: 'DeadEquations',
    says: 'dead equations stay',
    from: 'filter (fun i => has i ids) (seq 0 (length eqs)).',
    to: 'seq 0 (length eqs).',
  },
  {
    file: 'Simplify',
    says: 'identities are applied once',
    from: 'Definition rewritings (t : table) : nat := 2 * length (bound t) + 2.',
    to: 'Definition rewritings (t : table) : nat := 1.',
  },
  {
    file: 'Sharing',
    says: 'an input becomes a weight',
    from: '| Input n s => (t, Input n s)',
    to: '| Input n s => (t, Weight n s)',
  },
  {
    file: 'Simplify',
    says: 'what it declares was not declared',
    from: 'declaration e = Some q -> In q eqs.\nProof.',
    to: 'declaration e = Some q -> ~ In q eqs.\nProof.',
  },
  {
    file: 'Simplify',
    says: 'the simplified gradient is where the energy is',
    from: 'inner R N t (snd (nth (nth 1 outs 0)',
    to: 'inner R N t (snd (nth (nth 0 outs 0)',
  },
];
