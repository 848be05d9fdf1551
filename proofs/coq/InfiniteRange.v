(** Every r-spin infinite-range model on L sites is a linear EFNN of r - 1 layers, exactly, of the width
    max(L - r + 1, C(L - r + 2, 2), .., C(L - 1, r - 1)). Code: [src/network/infinite-range-efnn.ts]; text:
    [proofs/exact-reduction.md], part 1. *)
From Coq Require FinFun.
From Efnn Require Import Numbers.

Fixpoint binomial (n k : nat) : nat :=
  match k, n with
  | O, _ => 1
  | S _, O => 0
  | S k', S n' => binomial n' k' + binomial n' k
  end.

(** The k-element subsets of {0, .., n-1}, each with its largest site first. *)
Fixpoint subsets (k n : nat) : list (list nat) :=
  match k with
  | O => [[]]
  | S k' => flat_map (fun top => map (cons top) (subsets k' top)) (seq 0 n)
  end.

Lemma subsets_next k n : subsets (S k) (S n) = subsets (S k) n ++ map (cons n) (subsets k n).
Proof.
  cbn [subsets]. rewrite seq_S, flat_map_app. cbn. now rewrite app_nil_r.
Qed.

Lemma subsets_number k n : length (subsets k n) = binomial n k.
Proof.
  revert k. induction n as [|n IH]; intros [|k]; try reflexivity.
  rewrite subsets_next, app_length, map_length, !IH. cbn [binomial]. lia.
Qed.

Lemma in_subsets k n K : In K (subsets (S k) n) <-> exists top J, K = top :: J /\ top < n /\ In J (subsets k top).
Proof.
  cbn [subsets]. rewrite in_flat_map. split.
  - intros (top & Htop & H). apply in_map_iff in H. destruct H as (J & <- & HJ). apply in_seq in Htop.
    exists top, J. repeat split; [lia|exact HJ].
  - intros (top & J & -> & Htop & HJ). exists top. split; [apply in_seq; lia|]. now apply in_map.
Qed.

Lemma subsets_grow k n m K : n <= m -> In K (subsets k n) -> In K (subsets k m).
Proof.
  destruct k as [|k]; [trivial|]. intros Hnm H. apply in_subsets in H. destruct H as (top & J & -> & Htop & HJ).
  apply in_subsets. exists top, J. repeat split; [lia|exact HJ].
Qed.

Lemma NoDup_both A (l m : list A) : NoDup l -> NoDup m -> (forall x, In x l -> ~ In x m) -> NoDup (l ++ m).
Proof.
  induction l as [|x l IH]; cbn; intros Hl Hm H; [exact Hm|]. inversion Hl; subst. constructor.
  - rewrite in_app_iff. intros [|]; [contradiction|]. now apply (H x); [left|].
  - apply IH; auto.
Qed.

Lemma subsets_differ k n : NoDup (subsets k n).
Proof.
  revert k. induction n as [|n IH]; intros [|k]; cbn; try (repeat constructor; tauto).
  fold (subsets (S k) (S n)). change (NoDup (subsets (S k) (S n))). rewrite subsets_next. apply NoDup_both.
  - apply IH.
  - apply FinFun.Injective_map_NoDup; [|apply IH]. intros x y H. now inversion H.
  - intros K HI HI'. apply in_subsets in HI. destruct HI as (top & J & -> & Htop & _).
    apply in_map_iff in HI'. destruct HI' as (J' & H & _). inversion H. lia.
Qed.

Lemma too_few_sites k n : n < k -> subsets k n = [].
Proof.
  revert k. induction n as [|n IH]; intros [|k] H; try lia; [reflexivity|].
  rewrite subsets_next, !IH by lia. reflexivity.
Qed.

Definition list_dec := list_eq_dec Nat.eq_dec.

Section InfiniteRange.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

(** The model: L sites, products of r spins, a coupling for each set of r sites. *)
Variables (L r : nat) (J : list nat -> R).
Hypothesis at_least_two : (2 <= r)%nat.
Hypothesis enough_sites : (r <= L)%nat.

Definition spins := nat -> R.

(** s_{i_1} .. s_{i_r}. *)
Definition spin_product (K : list nat) (s : spins) : R := fold_right (fun i p => s i * p) 1 K.

(** H(s) = - sum over i_1 < .. < i_r of J_{i_1 .. i_r} s_{i_1} .. s_{i_r}. *)
Definition hamiltonian (s : spins) : R := - sum R (subsets r L) (fun K => J K * spin_product K s).

(** The width that every layer has. *)
Definition exact_width : nat :=
  fold_right Nat.max (L - r + 1)%nat (map (fun m => binomial (L - r + 2 + m) (m + 2)) (seq 0 (r - 2))).

(** The sets that label the neurons of layer m, 0 <= m <= r - 2: those of m + 1 sites that larger ones can complete. *)
Definition neurons (m : nat) : list (list nat) :=
  match m with O => subsets 1 L | S _ => subsets (m + 1) (L - r + 1 + m) end.

(** Whether all sites of a set, the largest of which is first, lie below k. *)
Definition below (k : nat) (K : list nat) : bool := match K with [] => true | top :: _ => top <? k end.

(** f_{m-1}: the row of a set selects the set without its last spin; those of the last layer sum - J over all below. *)
Definition f_matrix (m row column : nat) : R :=
  if (m <? r - 1) then
    match nth_error (neurons m) row, nth_error (neurons (m - 1)) column with
    | Some (_ :: rest), Some K => if list_dec K rest then 1 else 0
    | _, _ => 0
    end
  else if (row <? L - r + 1) then
    match nth_error (neurons (m - 1)) column with
    | Some K => if below (r - 1 + row) K then - J ((r - 1 + row)%nat :: K) else 0
    | None => 0
    end
  else 0.

(** g_m: the row of a set selects its last spin. *)
Definition g_matrix (m row k : nat) : R :=
  if (m <? r - 1) then
    match nth_error (neurons m) row with
    | Some (top :: _) => if Nat.eq_dec k top then 1 else 0
    | _ => 0
    end
  else if (row <? L - r + 1) then (if Nat.eq_dec k (r - 1 + row) then 1 else 0) else 0.

(** The channels of S_m. *)
Definition channels (m : nat) : nat := match m with O => L | S _ => exact_width end.

(** S_m = g_m(S_0) * f_{m-1}(S_{m-1}), linear maps with these matrices. *)
Fixpoint state (m : nat) (s : spins) : nat -> R :=
  match m with
  | O => s
  | S m' => fun row =>
      sum R (seq 0 L) (fun k => g_matrix m row k * s k) *
      sum R (seq 0 (channels m')) (fun column => f_matrix m row column * state m' s column)
  end.

(** q: the sum over the neurons of the last layer. *)
Definition efnn_energy (s : spins) : R := sum R (seq 0 exact_width) (state (r - 1) s).

Lemma sum_labelled A (l : list A) n (h : A -> R) : (length l <= n)%nat ->
  sum R (seq 0 n) (fun i => match nth_error l i with Some x => h x | None => 0 end) = sum R l h.
Proof.
  revert n. induction l as [|x l IH]; intros n H.
  - apply sum_zero. intros i _. now destruct i.
  - destruct n as [|n]; [cbn in H; lia|]. rewrite <- cons_seq, <- seq_shift. cbn [sum]. rewrite sum_map. cbn [nth_error].
    f_equal. apply IH. cbn in H. lia.
Qed.

Lemma wide_enough : (L - r + 1 <= exact_width)%nat.
Proof. unfold exact_width. induction (map _ (seq 0 (r - 2))) as [|x l IH]; cbn; lia. Qed.

Lemma neurons_fit m : (m <= r - 2)%nat -> (length (neurons m) <= channels m)%nat.
Proof.
  destruct m as [|m]; intro H; cbn [neurons channels].
  - rewrite subsets_number. clear. induction L as [|n IH]; cbn; [lia|]. destruct n; cbn in *; lia.
  - rewrite subsets_number. replace (L - r + 1 + S m)%nat with (L - r + 2 + m)%nat by lia.
    replace (S m + 1)%nat with (m + 2)%nat by lia. unfold exact_width.
    assert (M : In m (seq 0 (r - 2))) by (apply in_seq; lia).
    induction (seq 0 (r - 2)) as [|x l IH]; [destruct M|]. cbn. destruct M as [->|M]; [lia|]. specialize (IH M). lia.
Qed.

Lemma neurons_differ m : NoDup (neurons m).
Proof. destruct m; apply subsets_differ. Qed.

Lemma completed m K : (S m <= r - 2)%nat -> In K (neurons (S m)) ->
  exists top rest, K = top :: rest /\ (top < L)%nat /\ In rest (neurons m).
Proof.
  intros Hm H. cbn [neurons] in H. replace (S m + 1)%nat with (S (m + 1)) in H by lia.
  apply in_subsets in H. destruct H as (top & rest & -> & Htop & Hrest).
  exists top, rest. repeat split; [lia|]. destruct m as [|m]; cbn [neurons].
  - apply subsets_grow with top; [lia|exact Hrest].
  - apply subsets_grow with top; [lia|exact Hrest].
Qed.

Lemma single_site n (f : nat -> R) a : (a < n)%nat ->
  sum R (seq 0 n) (fun k => if Nat.eq_dec k a then f k else 0) = f a.
Proof. intro H. apply sum_single; [apply seq_NoDup|]. apply in_seq. lia. Qed.

Lemma first_neurons k : (k < L)%nat -> nth_error (neurons 0) k = Some [k].
Proof.
  intro H. cbn [neurons]. assert (E : subsets 1 L = map (fun i => [i]) (seq 0 L)).
  { cbn [subsets]. induction (seq 0 L) as [|x l IH]; [reflexivity|]. cbn [flat_map map app]. now f_equal. }
  rewrite E. rewrite nth_error_map, (nth_error_nth' _ 0%nat) by (rewrite seq_length; exact H).
  cbn. now rewrite seq_nth.
Qed.

(** The neuron of a set holds the product of its spins; the others hold 0. *)
Lemma neurons_hold_products m s i : (m <= r - 2)%nat -> (i < channels m)%nat ->
  state m s i = match nth_error (neurons m) i with Some K => spin_product K s | None => 0 end.
Proof.
  revert i. induction m as [|m IH]; intros i Hm Hi.
  - cbn [state]. cbn [channels] in Hi. rewrite first_neurons by exact Hi. cbn. ring.
  - cbn [state]. unfold g_matrix, f_matrix. replace (S m <? r - 1) with true by (symmetry; apply Nat.ltb_lt; lia).
    destruct (nth_error (neurons (S m)) i) as [K|] eqn:HI.
    + assert (H := nth_error_In _ _ HI). destruct (completed m _ Hm H) as (top & rest & -> & Htop & Hrest).
      rewrite (sum_ext R (seq 0 L) _ (fun k => if Nat.eq_dec k top then s k else 0)) by
        (intros k _; destruct (Nat.eq_dec k top); ring).
      rewrite single_site by exact Htop.
      replace (S m - 1)%nat with m by lia.
      rewrite (sum_ext R (seq 0 (channels m)) _ (fun column => match nth_error (neurons m) column with
          | Some K => if list_dec K rest then spin_product K s else 0 | None => 0 end)).
      * rewrite sum_labelled by (apply neurons_fit; lia). rewrite sum_single; [|apply neurons_differ|exact Hrest].
        reflexivity.
      * intros column Hc. apply in_seq in Hc. rewrite IH by lia.
        destruct (nth_error (neurons m) column) as [K|]; [|ring]. destruct (list_dec K rest); ring.
    + rewrite sum_zero; [ring|]. intros k _. ring.
Qed.

Lemma sum_below k n j (h : list nat -> R) : (k <= n)%nat ->
  sum R (subsets (S j) n) (fun K => if below k K then h K else 0) = sum R (subsets (S j) k) h.
Proof.
  intro H. cbn [subsets]. rewrite !sum_flat_map. replace n with (k + (n - k))%nat by lia. rewrite seq_app, sum_app.
  rewrite (sum_zero R (seq (0 + k) (n - k))).
  - transitivity (sum R (seq 0 k) (fun x => sum R (map (cons x) (subsets j x)) h) + 0); [|ring]. f_equal.
    apply sum_ext. intros top Htop. apply in_seq in Htop. rewrite !sum_map. apply sum_ext. intros K _. cbn [below].
    now replace (top <? k) with true by (symmetry; apply Nat.ltb_lt; lia).
  - intros top Htop. apply in_seq in Htop. rewrite sum_map. apply sum_zero. intros K _. cbn [below].
    now replace (top <? k) with false by (symmetry; apply Nat.ltb_ge; lia).
Qed.

(** Every r-spin model, with any couplings, equals the linear EFNN of r - 1 layers for every configuration. *)
Theorem infinite_range_is_a_linear_efnn s : efnn_energy s = hamiltonian s.
Proof.
  unfold efnn_energy, hamiltonian. assert (W := wide_enough).
  assert (last : forall row, state (r - 1) s row = if (row <? L - r + 1) then
      - sum R (subsets (r - 1) (r - 1 + row)) (fun K => J ((r - 1 + row)%nat :: K) * spin_product ((r - 1 + row)%nat :: K) s)
      else 0).
  { intro row. replace (r - 1)%nat with (S (r - 2)) by lia. cbn [state]. replace (S (r - 2)) with (r - 1)%nat by lia.
    unfold g_matrix, f_matrix. replace (r - 1 <? r - 1) with false by (symmetry; apply Nat.ltb_irrefl).
    destruct (row <? L - r + 1) eqn:Hrow; [|rewrite sum_zero; [ring|intros; ring]]. apply Nat.ltb_lt in Hrow.
    set (k := (r - 1 + row)%nat).
    rewrite (sum_ext R (seq 0 L) _ (fun i => if Nat.eq_dec i k then s i else 0)) by
      (intros i _; destruct (Nat.eq_dec i k); ring).
    rewrite single_site by lia. replace (r - 1 - 1)%nat with (r - 2)%nat by lia.
    rewrite (sum_ext R (seq 0 (channels (r - 2))) _ (fun column => match nth_error (neurons (r - 2)) column with
        | Some K => if below k K then - J (k :: K) * spin_product K s else 0 | None => 0 end)).
    - rewrite sum_labelled by (apply neurons_fit; lia).
      assert (E : sum R (neurons (r - 2)) (fun K => if below k K then - J (k :: K) * spin_product K s else 0) =
        sum R (subsets (r - 1) k) (fun K => - J (k :: K) * spin_product K s)).
      { unfold neurons. destruct (r - 2)%nat as [|m] eqn:Hm.
        - replace (r - 1)%nat with 1%nat by lia. apply sum_below. lia.
        - replace (S m + 1)%nat with (S (S m)) by lia. replace (r - 1)%nat with (S (S m)) by lia. apply sum_below. lia. }
      rewrite E, <- sum_opp, <- sum_mul_l. apply sum_ext. intros K _. cbn [spin_product fold_right]. fold (spin_product K s). ring.
    - intros column Hc. apply in_seq in Hc. rewrite neurons_hold_products by lia.
      destruct (nth_error (neurons (r - 2)) column) as [K|]; [|ring]. destruct (below k K); ring. }
  rewrite (sum_ext R _ _ _ (fun row _ => last row)).
  replace exact_width with (L - r + 1 + (exact_width - (L - r + 1)))%nat by lia. rewrite seq_app, sum_app.
  rewrite (sum_zero R (seq (0 + (L - r + 1)) _)) by
    (intros row H; apply in_seq in H; now replace (row <? L - r + 1) with false by (symmetry; apply Nat.ltb_ge; lia)).
  rewrite (sum_ext R (seq 0 (L - r + 1)) _ (fun row => - sum R (subsets (r - 1) (r - 1 + row)) (fun K =>
    J ((r - 1 + row)%nat :: K) * spin_product ((r - 1 + row)%nat :: K) s))) by
    (intros row H; apply in_seq in H; now replace (row <? L - r + 1) with true by (symmetry; apply Nat.ltb_lt; lia)).
  rewrite sum_opp.
  transitivity (- sum R (seq 0 (L - r + 1)) (fun row => sum R (subsets (r - 1) (r - 1 + row)) (fun K =>
    J ((r - 1 + row)%nat :: K) * spin_product ((r - 1 + row)%nat :: K) s))); [ring|]. f_equal.
  transitivity (sum R (subsets (S (r - 1)) L) (fun K => J K * spin_product K s)); [|f_equal; f_equal; lia].
  cbn [subsets]. rewrite sum_flat_map. replace (seq 0 L) with (seq 0 (r - 1 + (L - r + 1))) by (f_equal; lia).
  rewrite (seq_app (r - 1) (L - r + 1) 0), (sum_app R (seq 0 (r - 1))).
  rewrite (sum_zero R (seq 0 (r - 1))) by
    (intros top H; apply in_seq in H; now rewrite too_few_sites by lia).
  assert (shift : forall a n, seq a n = map (fun o => (a + o)%nat) (seq 0 n)).
  { clear. intros a n. revert a. induction n as [|n IH]; intro a; [reflexivity|]. cbn [seq map]. f_equal; [lia|].
    rewrite (IH (S a)), <- seq_shift, map_map. apply map_ext. intro. lia. }
  rewrite (shift (0 + (r - 1))%nat), sum_map.
  transitivity (0 + sum R (seq 0 (L - r + 1)) (fun row => sum R (subsets (r - 1) (r - 1 + row)) (fun K =>
    J ((r - 1 + row)%nat :: K) * spin_product ((r - 1 + row)%nat :: K) s))); [ring|]. f_equal.
  apply sum_ext. intros row _. now rewrite sum_map.
Qed.

End InfiniteRange.

(** The paper's model, r = 3 on 15 sites, needs the width 91. *)
Theorem width_of_the_paper : exact_width 15 3 = 91.
Proof. reflexivity. Qed.

(** For r = 3 on three sites or more the width is C(L - 1, 2). *)
Theorem three_spin_width L : 3 <= L -> exact_width L 3 = binomial (L - 1) 2.
Proof.
  intro H. unfold exact_width. cbn [Nat.sub seq map fold_right]. replace (L - 3 + 2 + 0) with (L - 1) by lia.
  replace (0 + 2) with 2 by lia. destruct L as [|[|[|n]]]; try lia. cbn [Nat.sub].
  enough (n - 0 + 1 <= binomial (S (S n)) 2) by lia. clear H. rewrite Nat.sub_0_r.
  induction n as [|n IH]; [reflexivity|]. change (binomial (S (S (S n))) 2) with (binomial (S (S n)) 1 + binomial (S (S n)) 2).
  assert (1 <= binomial (S (S n)) 1) by (cbn; lia). lia.
Qed.
