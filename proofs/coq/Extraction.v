(** The type inference, the symmetry check and the gradient, as OCaml: what is proven is what runs in [agree.ml]. Natural
    numbers and integers become OCaml's, which is trusted: all here are far below 2^62. *)
From Coq Require Import Extraction ExtrOcamlBasic ExtrOcamlNatInt ExtrOcamlZInt.
From Efnn Require Symmetry Gradient.

Extraction Language OCaml.
Extraction "proven.ml" Algebra.typecheck Symmetry.symmetry Gradient.derivative Gradient.expressions.
