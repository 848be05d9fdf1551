(** Continued fractions b_0 + a_1/(b_1 + a_2/(b_2 + ..)): Wallis' recurrence against the evaluation from the inside, and
    the determinants of convergents. Code: [src/continued/continued-fraction.ts]. *)
From Coq Require Import List Ring Field.
Import ListNotations.

Section ContinuedFraction.
Variables (F : Type) (zero one : F) (add mul sub div : F -> F -> F) (opp inv : F -> F).
Hypothesis is_field : field_theory zero one add mul sub opp div inv (@eq F).
Add Field the_field : is_field.
Infix "+" := add. Infix "*" := mul. Infix "-" := sub. Infix "/" := div.
Notation "- x" := (opp x). Notation "0" := zero. Notation "1" := one.

(** a_k above, b_k before the rest. *)
Record partial_quotient := Level { above : F; before_rest : F }.

(** A_k and B_k, A_{k-1} and B_{k-1}. *)
Record convergents := Convergents { A : F; B : F; A' : F; B' : F }.

Definition next (c : convergents) (q : partial_quotient) : convergents :=
  Convergents (before_rest q * A c + above q * A' c) (before_rest q * B c + above q * B' c) (A c) (B c).

(** A_{-1} = 1, B_{-1} = 0, A_0 = b_0, B_0 = 1. *)
Definition start (b0 : F) : convergents := Convergents b0 1 1 0.

Definition wallis (b0 : F) (levels : list partial_quotient) : convergents := fold_left next levels (start b0).

(** The tail t_0: t_n = 0, t_{k-1} = a_k / (b_k + t_k). *)
Definition tail (levels : list partial_quotient) : F :=
  fold_right (fun q t => above q / (before_rest q + t)) 0 levels.

Definition value_from_inside (b0 : F) (levels : list partial_quotient) : F := b0 + tail levels.

(** No tail divides by 0. *)
Fixpoint defined (levels : list partial_quotient) : Prop :=
  match levels with
  | [] => True
  | q :: rest => before_rest q + tail rest <> 0 /\ defined rest
  end.

(** The product of the denominators b_k + t_k. *)
Fixpoint denominators (levels : list partial_quotient) : F :=
  match levels with
  | [] => 1
  | q :: rest => (before_rest q + tail rest) * denominators rest
  end.

Lemma product_not_zero x y : x <> 0 -> y <> 0 -> x * y <> 0.
Proof.
  intros Hx Hy H. apply Hy. transitivity (inv x * (x * y)); [field; exact Hx|]. rewrite H. ring.
Qed.

Lemma one_not_zero : 1 <> 0.
Proof. exact (F_1_neq_0 is_field). Qed.

Lemma denominators_not_zero levels : defined levels -> denominators levels <> 0.
Proof.
  induction levels as [|q rest IH]; cbn.
  - intros _. exact one_not_zero.
  - intros [H D]. apply product_not_zero; [exact H|now apply IH].
Qed.

Lemma wallis_from c levels : defined levels ->
  A (fold_left next levels c) = denominators levels * (A c + tail levels * A' c) /\
  B (fold_left next levels c) = denominators levels * (B c + tail levels * B' c).
Proof.
  revert c. induction levels as [|[a b] rest IH]; intros c D.
  - cbn. split; ring.
  - destruct D as [H D]. destruct (IH (next c (Level a b)) D) as [HA HB].
    change (tail (Level a b :: rest)) with (a / (b + tail rest)).
    change (denominators (Level a b :: rest)) with ((b + tail rest) * denominators rest).
    change (b + tail rest <> 0) in H. cbn [fold_left]. rewrite HA, HB. cbn [next A B A' B' above before_rest].
    split; field; exact H.
Qed.

(** Wallis' recurrence computes what the evaluation from the inside computes, and divides once. *)
Theorem wallis_is_value_from_inside b0 levels : defined levels ->
  B (wallis b0 levels) <> 0 /\ A (wallis b0 levels) / B (wallis b0 levels) = value_from_inside b0 levels.
Proof.
  intro D. destruct (wallis_from (start b0) levels D) as [HA HB]. cbn in HA, HB.
  assert (N := denominators_not_zero levels D).
  assert (HB' : B (wallis b0 levels) = denominators levels) by (unfold wallis; rewrite HB; ring).
  split; [rewrite HB'; exact N|]. unfold wallis at 1. rewrite HA, HB'. unfold value_from_inside. field. exact N.
Qed.

Fixpoint minus_one_to (n : nat) : F := match n with O => 1 | S m => - minus_one_to m end.

Fixpoint product_above (levels : list partial_quotient) : F :=
  match levels with [] => 1 | q :: rest => above q * product_above rest end.

Lemma determinant_from c levels :
  A (fold_left next levels c) * B' (fold_left next levels c) - A' (fold_left next levels c) * B (fold_left next levels c) =
  minus_one_to (length levels) * product_above levels * (A c * B' c - A' c * B c).
Proof.
  revert c. induction levels as [|[a b] rest IH]; intro c; cbn; [ring|]. rewrite IH. cbn. ring.
Qed.

(** A_k B_{k-1} - A_{k-1} B_k = (-1)^(k-1) a_1 .. a_k, in any field, for any levels: k = 0 gives -1 = (-1)^(0-1). *)
Theorem determinant_formula b0 levels :
  A (wallis b0 levels) * B' (wallis b0 levels) - A' (wallis b0 levels) * B (wallis b0 levels) =
  - minus_one_to (length levels) * product_above levels.
Proof. unfold wallis. rewrite determinant_from. cbn. ring. Qed.

End ContinuedFraction.
