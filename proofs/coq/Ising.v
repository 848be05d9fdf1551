(** The Ising energy of any finite graph is a linear EFNN of one layer: E = sum over i of s_i phi_i, with the effective
    field phi_i = - sum over the bonds at i of (J/2) s_j. Text: [proofs/exact-reduction.md], part 3. *)
From Efnn Require Import Numbers.

Section Ising.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

(** A bond between two vertices, with its own coupling. *)
Record bond := Bond { one_end : nat; other_end : nat; J : R }.

Definition spins := nat -> R.

(** H(s) = - sum over bonds of J s_i s_j. *)
Definition energy (bonds : list bond) (s : spins) : R :=
  - sum R bonds (fun b => J b * (s (one_end b) * s (other_end b))).

(** The matrix of the layer f_0: -J/2 for each end of each bond. *)
Definition field_matrix (bonds : list bond) (i j : nat) : R :=
  - sum R bonds (fun b =>
      (if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then half * J b else 0 else 0) +
      (if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then half * J b else 0 else 0)).

(** S_1 = S_0 * f_0(S_0), g_1 the identity, E the sum: [n] vertices. *)
Definition linear_efnn (n : nat) (matrix : nat -> nat -> R) (s : spins) : R :=
  sum R (seq 0 n) (fun i => s i * sum R (seq 0 n) (fun j => matrix i j * s j)).

Lemma single n a (f : nat -> R) : (a < n)%nat ->
  sum R (seq 0 n) (fun i => if Nat.eq_dec i a then f i else 0) = f a.
Proof. intro H. apply sum_single; [apply seq_NoDup|]. apply in_seq. lia. Qed.

Lemma one_bond n i j c (s : spins) : (i < n)%nat -> (j < n)%nat ->
  sum R (seq 0 n) (fun x => sum R (seq 0 n) (fun y =>
    s x * ((if Nat.eq_dec x i then if Nat.eq_dec y j then c else 0 else 0) * s y))) = c * (s i * s j).
Proof.
  intros Hi Hj. transitivity (sum R (seq 0 n) (fun x => if Nat.eq_dec x i then s x * (c * s j) else 0)).
  - apply sum_ext. intros x _. destruct (Nat.eq_dec x i).
    + transitivity (sum R (seq 0 n) (fun y => if Nat.eq_dec y j then s x * (c * s y) else 0)).
      * apply sum_ext. intros y _. destruct (Nat.eq_dec y j); ring.
      * now rewrite single.
    + apply sum_zero. intros y _. ring.
  - rewrite single by assumption. ring.
Qed.

(** For every finite graph, couplings of every bond, and spins of every value. *)
Theorem ising_is_a_linear_efnn n bonds s :
  (forall b, In b bonds -> one_end b < n /\ other_end b < n)%nat ->
  linear_efnn n (field_matrix bonds) s = energy bonds s.
Proof.
  intro inside. unfold linear_efnn, field_matrix, energy.
  transitivity (- sum R bonds (fun b => sum R (seq 0 n) (fun i => sum R (seq 0 n) (fun j =>
      s i * ((if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then half * J b else 0 else 0) * s j) +
      s i * ((if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then half * J b else 0 else 0) * s j))))).
  - rewrite <- sum_opp.
    transitivity (sum R (seq 0 n) (fun i => sum R (seq 0 n) (fun j => sum R bonds (fun b =>
      - (s i * ((if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then half * J b else 0 else 0) * s j) +
      s i * ((if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then half * J b else 0 else 0) * s j)))))).
    + apply sum_ext. intros i _. rewrite <- sum_mul_l. apply sum_ext. intros j _.
      rewrite <- sum_opp, <- sum_mul_r, <- sum_mul_l. apply sum_ext. intros b _. ring.
    + transitivity (sum R (seq 0 n) (fun i => sum R bonds (fun b => sum R (seq 0 n) (fun j =>
      - (s i * ((if Nat.eq_dec i (one_end b) then if Nat.eq_dec j (other_end b) then half * J b else 0 else 0) * s j) +
      s i * ((if Nat.eq_dec i (other_end b) then if Nat.eq_dec j (one_end b) then half * J b else 0 else 0) * s j)))))).
      * apply sum_ext. intros i _. apply sum_swap.
      * rewrite sum_swap. apply sum_ext. intros b _. rewrite <- sum_opp. apply sum_ext. intros i _. now rewrite sum_opp.
  - f_equal. apply sum_ext. intros b Hb. destruct (inside b Hb) as [H1 H2].
    transitivity (half * J b * (s (one_end b) * s (other_end b)) + half * J b * (s (other_end b) * s (one_end b))).
    + rewrite <- (one_bond n) by assumption. rewrite <- (one_bond n) by assumption. rewrite <- sum_add.
      apply sum_ext. intros i _. apply sum_add.
    + rewrite <- (halves R (J b * (s (one_end b) * s (other_end b)))). ring.
Qed.

End Ising.
