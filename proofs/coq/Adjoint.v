(** The operations come in adjoint families: correlate, its transpose and the kernel gradient are the three partial
    adjoints of one trilinear form, and so on. What [Gradient.v] needs of sums over the torus. *)
From Efnn Require Export Shape.

Section Adjoint.
Variables (R : numbers) (N : nat).
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Notation sum := (sum R).
Notation inner := (inner R N).
Notation total := (total R N).

Lemma wrapped_inside i : (i < N)%nat -> wrapped N (Z.of_nat i) = i.
Proof. intro H. unfold wrapped. rewrite Z.mod_small by lia. apply Nat2Z.id. Qed.

Lemma wrapped_wrapped a b : (0 < N)%nat -> wrapped N (Z.of_nat (wrapped N a) + b) = wrapped N (a + b).
Proof.
  intro H. unfold wrapped. rewrite Z2Nat.id by (apply Z.mod_pos_bound; lia). now rewrite Zplus_mod_idemp_l.
Qed.

Lemma wrapped_small z : (0 < N)%nat -> (wrapped N z < N)%nat.
Proof. intro H. unfold wrapped. assert (B := Z.mod_pos_bound z (Z.of_nat N) ltac:(lia)). lia. Qed.

Lemma sum_next (f : nat -> R) : sum (upto N) (fun i => f (wrapped N (Z.of_nat i + 1))) = sum (upto N) f.
Proof.
  destruct N as [|M] eqn:E; [reflexivity|]. unfold upto.
  rewrite seq_S at 1. rewrite sum_app. cbn [sum]. rewrite <- cons_seq, <- seq_shift. cbn [sum]. rewrite sum_map.
  replace (wrapped (S M) (Z.of_nat (0 + M) + 1)) with 0%nat by
    (unfold wrapped; replace (Z.of_nat (0 + M) + 1)%Z with (Z.of_nat (S M)) by lia; now rewrite Z.mod_same by lia).
  rewrite (sum_ext R (seq 0 M) _ (fun i => f (S i))).
  - ring.
  - intros i Hi. apply in_seq in Hi. f_equal. unfold wrapped. rewrite Z.mod_small by lia. lia.
Qed.

(** A sum around the ring does not know where it began. *)
Lemma sum_wrapped z (f : nat -> R) : sum (upto N) (fun i => f (wrapped N (Z.of_nat i + z))) = sum (upto N) f.
Proof.
  destruct (Nat.eq_dec N 0) as [E|E]; [now rewrite E|].
  assert (natural : forall n f, sum (upto N) (fun i => f (wrapped N (Z.of_nat i + Z.of_nat n))) = sum (upto N) f).
  { clear f. induction n as [|n IH]; intro f.
    - apply sum_ext. intros i Hi. apply in_seq in Hi. rewrite Z.add_0_r. now rewrite wrapped_inside by lia.
    - rewrite <- (IH f), <- (sum_next (fun j => f (wrapped N (Z.of_nat j + Z.of_nat n)))). apply sum_ext. intros i _.
      rewrite wrapped_wrapped by lia. f_equal. f_equal. lia. }
  rewrite <- (natural (Z.to_nat (z mod Z.of_nat N)) f). apply sum_ext. intros i _. f_equal. unfold wrapped.
  rewrite Z2Nat.id by (apply Z.mod_pos_bound; lia). now rewrite Zplus_mod_idemp_r.
Qed.

(** A sum over the torus does not change when its sites are moved. *)
Lemma sum_moved a b (f : site -> R) : sum (square N) (fun r => f (moved N r a b)) = sum (square N) f.
Proof.
  unfold square, moved. rewrite !sum_prod. cbn [fst snd].
  rewrite (sum_wrapped a (fun i => sum (upto N) (fun j => f (i, wrapped N (Z.of_nat j + b))))).
  apply sum_ext. intros i _. apply (sum_wrapped b (fun j => f (i, j))).
Qed.

Lemma moved_back a b r : In r (square N) -> moved N (moved N r a b) (- a) (- b) = r.
Proof.
  destruct r as [i j]. intro H. apply in_square_iff in H. cbn in H. unfold moved. cbn [fst snd].
  rewrite !wrapped_wrapped by lia. rewrite <- !Z.add_assoc, !Z.add_opp_diag_r, !Z.add_0_r. now rewrite !wrapped_inside by lia.
Qed.

(** Totals and inner products. *)

Lemma total_ext t (x y : tensor R) :
  (forall a b r, (a < first_extent t)%nat -> (b < second_extent t)%nat -> In r (square (side N t)) -> x a b r = y a b r) ->
  total t x = total t y.
Proof.
  intro H. apply sum_ext. intros a Ha. apply sum_ext. intros b Hb. apply sum_ext. intros r Hr. apply in_seq in Ha, Hb.
  apply H; [lia|lia|exact Hr].
Qed.

Lemma total_add t (x y : tensor R) : total t (fun a b r => x a b r + y a b r) = total t x + total t y.
Proof.
  unfold total. rewrite <- sum_add. apply sum_ext. intros a _. rewrite <- sum_add. apply sum_ext. intros b _. apply sum_add.
Qed.

Lemma total_mul t c (x : tensor R) : total t (fun a b r => c * x a b r) = c * total t x.
Proof.
  unfold total. rewrite <- sum_mul_l. apply sum_ext. intros a _. rewrite <- sum_mul_l. apply sum_ext. intros b _. apply sum_mul_l.
Qed.

Lemma total_zero t (x : tensor R) : (forall a b r, x a b r = 0) -> total t x = 0.
Proof. intro H. apply sum_zero. intros a _. apply sum_zero. intros b _. apply sum_zero. intros r _. apply H. Qed.

Lemma inner_ext t (x y x' y' : tensor R) :
  (forall a b r, x a b r = x' a b r) -> (forall a b r, y a b r = y' a b r) -> inner t x y = inner t x' y'.
Proof. intros Hx Hy. apply total_ext. intros a b r _ _ _. now rewrite Hx, Hy. Qed.

Lemma inner_comm t x y : inner t x y = inner t y x.
Proof. apply total_ext. intros. ring. Qed.

Lemma inner_add_l t x y z : inner t (fun a b r => x a b r + y a b r) z = inner t x z + inner t y z.
Proof. unfold inner. rewrite <- total_add. apply total_ext. intros. ring. Qed.

Lemma inner_add_r t x y z : inner t z (fun a b r => x a b r + y a b r) = inner t z x + inner t z y.
Proof. unfold inner. rewrite <- total_add. apply total_ext. intros. ring. Qed.

Lemma inner_mul_l t c x y : inner t (fun a b r => c * x a b r) y = c * inner t x y.
Proof. unfold inner. rewrite <- total_mul. apply total_ext. intros. ring. Qed.

Lemma inner_zero_r t x y : (forall a b r, y a b r = 0) -> inner t x y = 0.
Proof. intro H. apply total_zero. intros. rewrite H. ring. Qed.

Lemma inner_zero_l t x y : (forall a b r, x a b r = 0) -> inner t x y = 0.
Proof. intro H. apply total_zero. intros. rewrite H. ring. Qed.

Lemma inner_scalar x y : inner Scalar x y = entry R x * entry R y.
Proof. unfold inner, Meaning.inner, Meaning.total. cbn. unfold entry. ring. Qed.

Lemma total_scalar x : total Scalar x = entry R x.
Proof. unfold Meaning.total. cbn. unfold entry. ring. Qed.

(** sum over k, o, i, d, r of K_oi(d) x_ki(r + d) y_ko(r): the form of which correlations are derivatives. *)
Definition trilinear (nk no ni s : nat) (K x y : tensor R) : R :=
  sum (upto nk) (fun k => sum (upto no) (fun o => sum (upto ni) (fun i => sum (square s) (fun d => sum (square N) (fun r =>
    K o i d * x k i (plus N s r d) * y k o r))))).

Theorem correlate_is_trilinear nk no ni s K x y :
  inner (Field nk no) y (correlate R N ni s K x) = trilinear nk no ni s K x y.
Proof.
  apply sum_ext. intros k _. apply sum_ext. intros o _. cbn [side]. unfold correlate.
  transitivity (sum (square N) (fun r => sum (upto ni) (fun i => sum (square s) (fun d =>
    K o i d * x k i (plus N s r d) * y k o r)))).
  - apply sum_ext. intros r _. rewrite <- sum_mul_l. apply sum_ext. intros i _. rewrite <- sum_mul_l. apply sum_ext.
    intros d _. ring.
  - rewrite sum_swap. apply sum_ext. intros i _. apply sum_swap.
Qed.

Theorem correlate_transposed_is_trilinear nk no ni s K x y :
  inner (Field nk ni) x (correlate_transposed R N no s K y) = trilinear nk no ni s K x y.
Proof.
  apply sum_ext. intros k _. cbn [side second_extent]. unfold correlate_transposed. rewrite sum_swap.
  rewrite (sum_swap R (upto no)). symmetry.
  transitivity (sum (upto ni) (fun i => sum (upto no) (fun o => sum (square s) (fun d => sum (square N) (fun r =>
    K o i d * x k i r * y k o (minus N s r d)))))).
  - apply sum_ext. intros i _. apply sum_ext. intros o _. apply sum_ext. intros d _.
    rewrite <- (sum_moved (offset s (fst d)) (offset s (snd d)) (fun r => K o i d * x k i r * y k o (minus N s r d))). apply sum_ext. intros r Hr. unfold plus, minus.
    now rewrite moved_back by exact Hr.
  - rewrite (sum_swap R (square N)). apply sum_ext. intros i _.
    transitivity (sum (square N) (fun r => sum (upto no) (fun o => sum (square s) (fun d =>
      K o i d * x k i r * y k o (minus N s r d))))).
    + symmetry. rewrite sum_swap. apply sum_ext. intros o _. apply sum_swap.
    + apply sum_ext. intros r _. rewrite <- sum_mul_l. apply sum_ext. intros o _. rewrite <- sum_mul_l. apply sum_ext.
      intros d _. ring.
Qed.

Theorem kernel_gradient_is_trilinear nk no ni s K x y :
  inner (Kernel no ni s) K (kernel_gradient R N nk s x y) = trilinear nk no ni s K x y.
Proof.
  unfold trilinear. rewrite (sum_swap R (upto nk)). apply sum_ext. intros o _. rewrite (sum_swap R (upto nk)). apply sum_ext.
  intros i _. rewrite (sum_swap R (upto nk)). apply sum_ext. intros d _. unfold kernel_gradient. rewrite <- sum_mul_l.
  apply sum_ext. intros k _.
  rewrite <- sum_mul_l. apply sum_ext. intros r _. ring.
Qed.

Lemma sum_one (f : nat -> R) : sum (upto 1) f = f 0%nat.
Proof. cbn. ring. Qed.

Lemma sum_one_site (f : site -> R) : sum (square 1) f = f (0, 0)%nat.
Proof. cbn. ring. Qed.

(** Contraction and modulation. *)
Lemma total_contract nk nc x y : total (Field 1 nc) (contract R nk x y) = inner (Field nk nc) x y.
Proof.
  unfold Meaning.total, Meaning.inner, Meaning.total, contract. cbn [first_extent second_extent side]. rewrite sum_one.
  symmetry. rewrite (sum_swap R (upto nk)). apply sum_ext. intros b _. apply sum_swap.
Qed.

Lemma contract_is_inner nk nc a x y :
  inner (Field 1 nc) a (contract R nk x y) = inner (Field nk nc) (fun k c r => a 0%nat c r * x k c r) y.
Proof.
  rewrite <- (total_contract nk nc _ y). apply total_ext. intros k c r Hk _ _. cbn in Hk. replace k with 0%nat by lia.
  unfold contract. rewrite <- sum_mul_l. apply sum_ext. intros. ring.
Qed.

(** Sums and fills. *)
Lemma fill_is_total t x s : inner t x (fun _ _ _ => s) = total t x * s.
Proof.
  transitivity (s * total t x); [|ring]. rewrite <- total_mul. apply total_ext. intros. ring.
Qed.

Lemma broadcast_is_sum_sites nk nc x b :
  inner (Field nk nc) x (fun _ c _ => b 0%nat c (0, 0)%nat) = inner (Bias nc) (sum_sites R N nk x) b.
Proof.
  unfold Meaning.inner, Meaning.total, sum_sites. cbn [first_extent second_extent side]. rewrite sum_one.
  rewrite (sum_swap R (upto nk)). apply sum_ext. intros c _. rewrite sum_one_site, <- sum_mul_r. apply sum_ext. intros k _.
  apply sum_mul_r.
Qed.

(** Channels side by side. *)
Lemma inner_split nk m n x y :
  inner (Field nk (m + n)) x y =
  inner (Field nk m) x y + inner (Field nk n) (fun k c r => x k (m + c)%nat r) (fun k c r => y k (m + c)%nat r).
Proof.
  unfold Meaning.inner, Meaning.total. cbn [first_extent second_extent side]. rewrite <- sum_add. apply sum_ext. intros k _.
  unfold upto. rewrite seq_app, sum_app. f_equal.
  assert (shift : forall a l, seq a l = map (fun o => (a + o)%nat) (seq 0 l)).
  { clear. intros a l. revert a. induction l as [|l IH]; intro a; [reflexivity|]. cbn [seq map]. f_equal; [lia|].
    rewrite (IH (S a)), <- seq_shift, map_map. apply map_ext. intro. lia. }
  rewrite shift, sum_map. apply sum_ext. intros c _. reflexivity.
Qed.

(** sum over the parts of <part, the channels of z that it takes up, from a channel on>. *)
Fixpoint inner_of_parts (nk : nat) (parts : list (value_type * tensor R)) (from : nat) (z : tensor R) : R :=
  match parts with
  | [] => 0
  | (t, x) :: rest =>
      inner (Field nk (channels t)) x (fun k c r => z k (from + c)%nat r) + inner_of_parts nk rest (from + channels t) z
  end.

Lemma concat_is_sum_of_parts nk parts from z :
  inner (Field nk (sum_of_channels (map fst parts))) (concatenated R parts) (fun k c r => z k (from + c)%nat r) =
  inner_of_parts nk parts from z.
Proof.
  revert from. induction parts as [|[t x] rest IH]; intro from; cbn [map fst sum_of_channels fold_right inner_of_parts].
  - apply sum_zero. intros. reflexivity.
  - change (fold_right _ 0%nat (map fst rest)) with (sum_of_channels (map fst rest)). rewrite inner_split. f_equal.
    + apply total_ext. intros k c r _ Hc _. cbn in Hc. cbn [concatenated].
      now replace (c <? channels t)%nat with true by (symmetry; apply Nat.ltb_lt; lia).
    + rewrite <- IH. apply inner_ext; intros k c r.
      * cbn [concatenated]. replace (channels t + c <? channels t)%nat with false by (symmetry; apply Nat.ltb_ge; lia).
        f_equal. lia.
      * f_equal. lia.
Qed.

End Adjoint.
