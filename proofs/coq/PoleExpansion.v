(** The pole expansion: if g approximates f within eps on all levels, the energies differ by at most as many times eps as
    there are levels, 2 N^2 on an N x N lattice. Code: [src/exact/pole-expansion.ts]. *)
From Coq Require Import Reals List Lra Lia.
Import ListNotations.
Local Open Scope R_scope.

Section PoleExpansion.
(** f(x) = -T log(1 + exp(-x / T)), and the approximation Re sum_k w_k log(z_k - x) + c_0 + c_1 x, whatever its poles. *)
Variables (f approximation : R -> R).

Fixpoint energy (g : R -> R) (levels : list R) : R :=
  match levels with [] => 0 | x :: rest => g x + energy g rest end.

Lemma energies_differ lowest highest eps levels :
  (forall x, lowest <= x <= highest -> Rabs (f x - approximation x) <= eps) ->
  (forall x, In x levels -> lowest <= x <= highest) ->
  Rabs (energy approximation levels - energy f levels) <= INR (length levels) * eps.
Proof.
  intro H. induction levels as [|x rest IH]; intro inside.
  - cbn. rewrite Rminus_0_r, Rabs_R0. lra.
  - assert (Hx := H x (inside x (or_introl eq_refl))).
    assert (Hrest := IH (fun y Hy => inside y (or_intror Hy))).
    change (length (x :: rest)) with (S (length rest)). rewrite S_INR. cbn [energy].
    replace (approximation x + energy approximation rest - (f x + energy f rest))
      with (- (f x - approximation x) + (energy approximation rest - energy f rest)) by ring.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra.
Qed.

(** |E_poles - E_MC| <= 2 N^2 sup |f - approximation|, the supremum taken over the interval of the levels. *)
Theorem pole_expansion_bound N lowest highest eps levels :
  length levels = (2 * N * N)%nat ->
  (forall x, lowest <= x <= highest -> Rabs (f x - approximation x) <= eps) ->
  (forall x, In x levels -> lowest <= x <= highest) ->
  Rabs (energy approximation levels - energy f levels) <= 2 * INR N * INR N * eps.
Proof.
  intros L H inside. replace (2 * INR N * INR N) with (INR (length levels)).
  - now apply energies_differ with lowest highest.
  - rewrite L, !mult_INR. cbn. ring.
Qed.

(** The bound for a whole lattice is reached: no smaller factor will do. *)
Theorem pole_expansion_bound_is_sharp N eps : 0 <= eps ->
  (forall x, approximation x = f x + eps) ->
  Rabs (energy approximation (repeat 0 (2 * N * N)) - energy f (repeat 0 (2 * N * N))) = 2 * INR N * INR N * eps.
Proof.
  intros Heps H. assert (E : forall n, energy approximation (repeat 0 n) - energy f (repeat 0 n) = INR n * eps).
  { intro n. induction n as [|n IH]; [cbn; ring|]. rewrite S_INR. cbn [repeat energy]. rewrite (H 0).
    transitivity (eps + (energy approximation (repeat 0 n) - energy f (repeat 0 n))); [ring|]. rewrite IH. ring. }
  rewrite E, !mult_INR. rewrite Rabs_right; [cbn; ring|]. apply Rle_ge. repeat apply Rmult_le_pos; try apply pos_INR; exact Heps.
Qed.

End PoleExpansion.
