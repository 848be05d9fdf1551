(** The type inference, the symmetry check, the gradient and the simplification, as OCaml: what is proven is what runs in
    [agree.ml]. Natural numbers become OCaml's integers, which is trusted: all here are far below 2^62. Integers stay Coq's,
    since exact sums of binary fractions may be as long as they like. *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlNatInt.
From Efnn Require Symmetry Gradient Simplify.

Extraction Language OCaml.
Extraction "proven.ml" Algebra.typecheck Symmetry.symmetry Gradient.derivative Gradient.expressions Simplify.simplify Simplify.rewritings.
