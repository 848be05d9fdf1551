(** E of a k x k tiling is k^2 E: a check of programs, and its soundness. Fields that are made of fields without sums over
    sites repeat with the tiling; the total of such a field is extensive, and so are sums of extensive scalars and their
    multiples. The networks of the paper are of this form. *)
From Coq Require Znumtheory.
From Efnn Require Export Shape.

(** Whether a value is extensive, from whether the operands are; nothing where no rule speaks. *)
Definition extensivity (op : operation bool) : option bool :=
  match op with
  | Total false => Some true
  | Total true | SumSites _ | KernelGradient _ _ _ => None
  | Add l r => if Bool.eqb l r then Some l else None
  | Scale false v => Some v
  | _ => if existsb (fun v => v) (operands op) then None else Some false
  end.

Section Tiling.
(** An N x N lattice, repeated k times in both directions. *)
Variables (R : numbers) (N k : nat).
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Notation M := (k * N)%nat.

(** The site of the small lattice that a site of the large one repeats. *)
Definition folded (r : site) : site := (fst r mod N, snd r mod N)%nat.

Definition tiled (t : value_type) (x : tensor R) : tensor R :=
  match t with Field _ _ => fun a b r => x a b (folded r) | _ => x end.

(** k^2 x. *)
Definition times (n : nat) (x : R) : R := sum R (upto n) (fun _ => x).
Definition k_squared (x : R) : R := times k (times k x).

(** x on the small lattice, y on the large one. *)
Definition repeats (t : value_type) (extensive : bool) (x y : tensor R) : Prop :=
  if extensive then t = Scalar /\ entry R y = k_squared (entry R x) else equal_on R M t (tiled t x) y.

Lemma small_not_empty r : In r (square M) -> (0 < N)%nat.
Proof. rewrite in_square_iff. nia. Qed.

Lemma wrapped_folded z : (0 < N)%nat -> (0 < k)%nat -> (wrapped M z mod N = wrapped N z)%nat.
Proof.
  intros H K. unfold wrapped. apply Nat2Z.inj. rewrite Nat2Z.inj_mod, !Z2Nat.id by (apply Z.mod_pos_bound; nia).
  symmetry. apply Znumtheory.Zmod_div_mod; [lia|nia|]. exists (Z.of_nat k). now rewrite Nat2Z.inj_mul.
Qed.

Lemma wrapped_mod i c : (0 < N)%nat -> wrapped N (Z.of_nat (i mod N) + c) = wrapped N (Z.of_nat i + c).
Proof. intro H. unfold wrapped. rewrite Nat2Z.inj_mod. now rewrite Zplus_mod_idemp_l. Qed.

Lemma moved_folded r a b : In r (square M) -> folded (moved M r a b) = moved N (folded r) a b.
Proof.
  intro H. assert (P := small_not_empty r H). apply in_square_iff in H. assert (K : (0 < k)%nat) by nia.
  unfold folded, moved. cbn [fst snd]. now rewrite !wrapped_folded, !wrapped_mod by assumption.
Qed.

Lemma folded_inside r : In r (square M) -> In (folded r) (square N).
Proof.
  intro H. assert (P := small_not_empty r H). apply in_square_iff. unfold folded. cbn [fst snd].
  split; apply Nat.mod_upper_bound; lia.
Qed.

Lemma sum_repeated n (f : nat -> R) : sum R (upto (n * N)) (fun i => f (i mod N)%nat) = times n (sum R (upto N) f).
Proof.
  induction n as [|n IH]; [reflexivity|]. unfold times, upto in *. rewrite <- cons_seq, <- seq_shift. cbn [sum]. rewrite sum_map, <- IH.
  cbn [Nat.mul]. rewrite seq_app, sum_app. f_equal.
  - apply sum_ext. intros i Hi. apply in_seq in Hi. now rewrite Nat.mod_small by lia.
  - assert (shift : forall a l, seq a l = map (fun o => (a + o)%nat) (seq 0 l)).
    { clear. intros a l. revert a. induction l as [|l IH]; intro a; [reflexivity|]. cbn [seq map]. f_equal; [lia|].
      rewrite (IH (S a)), <- seq_shift, map_map. apply map_ext. intro. lia. }
    rewrite shift, sum_map. apply sum_ext. intros i Hi. apply in_seq in Hi. destruct (Nat.eq_dec N 0) as [E|E]; [nia|].
    f_equal. cbn [Nat.add]. replace (N + i)%nat with (i + 1 * N)%nat by lia. now rewrite Nat.mod_add by exact E.
Qed.

Lemma sum_folded (f : site -> R) : sum R (square M) (fun r => f (folded r)) = k_squared (sum R (square N) f).
Proof.
  unfold square. rewrite !sum_prod. unfold folded. cbn [fst snd].
  rewrite (sum_ext R (upto M) _ (fun i => times k (sum R (upto N) (fun j => f ((i mod N)%nat, j))))).
  - rewrite (sum_repeated k (fun i => times k (sum R (upto N) (fun j => f (i, j))))). unfold k_squared. f_equal.
    unfold times. now rewrite sum_swap.
  - intros i _. apply (sum_repeated k (fun j => f ((i mod N)%nat, j))).
Qed.

Lemma k_squared_sum {A} (l : list A) f : sum R l (fun x => k_squared (f x)) = k_squared (sum R l f).
Proof.
  unfold k_squared, times. rewrite sum_swap. apply sum_ext. intros _ _. now rewrite sum_swap.
Qed.

Lemma k_squared_add x y : k_squared (x + y) = k_squared x + k_squared y.
Proof. unfold k_squared, times. rewrite <- sum_add. apply sum_ext. intros _ _. apply sum_add. Qed.

Lemma k_squared_mul c x : k_squared (c * x) = c * k_squared x.
Proof. unfold k_squared, times. rewrite <- sum_mul_l. apply sum_ext. intros _ _. apply sum_mul_l. Qed.

Section OneOperation.
Variables (given given' : arguments R) (T : nat -> value_type) (V : nat -> bool) (x y : nat -> tensor R).

Lemma concatenated_repeats n parts c r a :
  (forall j, In j parts -> exists ch, T j = Field n ch) -> (a < n)%nat -> In r (square M) ->
  (forall j, In j parts -> equal_on R M (T j) (tiled (T j) (x j)) (y j)) -> (c < sum_of_channels (map T parts))%nat ->
  concatenated R (map (fun j => (T j, x j)) parts) a c (folded r) = concatenated R (map (fun j => (T j, y j)) parts) a c r.
Proof.
  intros HT Ha Hr. revert c. induction parts as [|j parts IH]; intros c He Hc; [reflexivity|].
  destruct (HT j (or_introl eq_refl)) as [ch Tj]. cbn [map concatenated].
  assert (Hc' : (c < channels (T j) + sum_of_channels (map T parts))%nat) by exact Hc.
  destruct (c <? channels (T j))%nat eqn:E.
  - assert (F := He j (or_introl eq_refl)). apply Nat.ltb_lt in E. rewrite Tj in *. apply F. repeat split; assumption.
  - apply Nat.ltb_ge in E. apply IH; [intros i Hi; apply HT; now right|intros i Hi; apply He; now right|lia].
Qed.

Lemma pointwise_repeats t u w (f : R -> R) : equal_on R M t (tiled t u) w ->
  equal_on R M t (tiled t (fun a b r => f (u a b r))) (fun a b r => f (w a b r)).
Proof. intros H a b r I. specialize (H a b r I). destruct t; cbn in *; now rewrite H. Qed.

Lemma pointwise_repeats_2 t u w u' w' (f : R -> R -> R) : equal_on R M t (tiled t u) w -> equal_on R M t (tiled t u') w' ->
  equal_on R M t (tiled t (fun a b r => f (u a b r) (u' a b r))) (fun a b r => f (w a b r) (w' a b r)).
Proof. intros H H' a b r I. specialize (H a b r I). specialize (H' a b r I). destruct t; cbn in *; now rewrite H, H'. Qed.

Lemma total_repeats n c u w : equal_on R M (Field n c) (tiled (Field n c) u) w ->
  total R M (Field n c) w = k_squared (total R N (Field n c) u).
Proof.
  intro H. rewrite <- (total_respects R M (Field n c) _ _ H). cbn [tiled]. unfold total. cbn [first_extent second_extent side].
  rewrite <- k_squared_sum. apply sum_ext. intros a _. rewrite <- k_squared_sum. apply sum_ext. intros b _.
  apply (sum_folded (fun r => u a b r)).
Qed.

Theorem operations_repeat (op : operation nat) t v :
  infer (map_operands T op) = Some t -> extensivity (map_operands V op) = Some v ->
  match op with
  | Input n u | Weight n u => equal_on R M u (tiled u (given n)) (given' n)
  | Total j => is_field (T j) = true
  | _ => True
  end ->
  (forall j, In j (operands op) -> repeats (T j) (V j) (x j) (y j)) ->
  repeats t v (define R N given (map_operands (fun j => (T j, x j)) op)) (define R M given' (map_operands (fun j => (T j, y j)) op)).
Proof.
  intros Ht Hv Hg Ho.
  assert (flat : v = false -> (forall j, In j (operands op) -> V j = false) ->
    forall j, In j (operands op) -> equal_on R M (T j) (tiled (T j) (x j)) (y j)).
  { intros _ F j Hj. specialize (Ho j Hj). now rewrite (F j Hj) in Ho. }
  assert (others : match op with Total _ | SumSites _ | KernelGradient _ _ _ | Add _ _ | Scale _ _ => True | _ =>
    v = false /\ forall j, In j (operands op) -> V j = false end).
  { assert (none : forall l, (if existsb (fun v => v) (map V l) then None else Some false) = Some v ->
      v = false /\ forall j, In j l -> V j = false).
    { intros l H. destruct (existsb (fun v => v) (map V l)) eqn:E; [discriminate|]. injection H as <-. split; [reflexivity|].
      intros j Hj. destruct (V j) eqn:Vj; [|reflexivity]. exfalso. apply not_true_iff_false in E. apply E. apply existsb_exists.
      exists true. split; [|reflexivity]. rewrite <- Vj. now apply in_map. }
    destruct op; try exact I; apply none; exact Hv. }
  destruct op; cbn [operands] in *;
    try (match type of others with _ /\ _ => idtac end; destruct others as [-> F]; specialize (flat eq_refl F); clear Hv Ho F);
    try (assert (H1 := flat _ (or_introl eq_refl)); try (assert (H2 := flat _ (or_intror (or_introl eq_refl))))); cbn [repeats].
  - apply declared_is in Ht. subst t. exact Hg.
  - apply declared_is in Ht. subst t. exact Hg.
  - injection Ht as <-. intros a b r _. reflexivity.
  - cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [n ch| | |] eqn:Tx; try discriminate. destruct (i =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-. cbn [map_operands define]. rewrite TK. cbn [inputs size].
    intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [tiled]. unfold correlate. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd.
    apply in_seq in Hi. f_equal.
    + apply H1. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
    + rewrite <- (H2 a i' (plus M s r d)) by (split; [exact Ia|]; split; [cbn; lia|now apply moved_inside]).
      cbn [tiled]. unfold plus. now rewrite moved_folded.
  - cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [n ch| | |] eqn:Tx; try discriminate. destruct (o =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-. cbn [map_operands define]. rewrite TK. cbn [outputs size].
    intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [tiled]. unfold correlate_transposed. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd.
    apply in_seq in Hi. f_equal.
    + apply H1. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
    + rewrite <- (H2 a i' (minus M s r d)) by (split; [exact Ia|]; split; [cbn; lia|now apply moved_inside]).
      cbn [tiled]. unfold minus. now rewrite moved_folded.
  - discriminate.
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-. assert (H1 := Ho _ (or_introl eq_refl)). assert (H2 := Ho _ (or_intror (or_introl eq_refl))).
    cbn [map_operands extensivity] in Hv. destruct (Bool.eqb (V left) (V right)) eqn:B; [|discriminate]. apply Bool.eqb_prop in B.
    injection Hv as <-. rewrite <- B, <- S in H2. destruct (V left); cbn [repeats] in *.
    + destruct H1 as [TS E1], H2 as [_ E2]. split; [exact TS|]. cbn [map_operands define]. unfold entry in *. now rewrite E1, E2, k_squared_add.
    + now apply (pointwise_repeats_2 _ _ _ _ _ add).
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-. rewrite <- S in H2. now apply (pointwise_repeats_2 _ _ _ _ _ mul).
  - cbn [map_operands infer] in Ht. destruct (T factor) eqn:Ts; try discriminate. injection Ht as <-.
    assert (H1 := Ho _ (or_introl eq_refl)). assert (H2 := Ho _ (or_intror (or_introl eq_refl))). cbn [map_operands define].
    assert (Vf : V factor = false /\ v = V value).
    { cbn [map_operands extensivity operands existsb orb] in Hv. destruct (V factor); [discriminate|]. now injection Hv as <-. }
    destruct Vf as [Vf ->]. rewrite Vf in H1. cbn [repeats] in H1. rewrite Ts in H1.
    assert (E : entry R (x factor) = entry R (y factor)) by (apply H1, inside_scalar). rewrite <- E. destruct (V value); cbn [repeats] in *.
    + destruct H2 as [TS E2]. split; [exact TS|]. unfold entry in *. now rewrite E2, k_squared_mul.
    + now apply (pointwise_repeats _ _ _ (fun u => entry R (x factor) * u)).
  - injection Ht as <-. now apply (pointwise_repeats _ _ _ tanh_of).
  - injection Ht as <-. now apply (pointwise_repeats _ _ _ reciprocal_of).
  - injection Ht as <-. now apply (pointwise_repeats _ _ _ sqrt_of).
  - cbn [map_operands infer] in Ht. destruct (T left) as [n ch| | |] eqn:Tl; try discriminate.
    destruct (same_type (Field n ch) (T right)) eqn:S; [|discriminate]. apply same_type_eq in S. symmetry in S. injection Ht as <-.
    rewrite S in H2. cbn [map_operands define]. rewrite Tl. cbn [components]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [tiled].
    unfold contract. apply sum_ext. intros k' Hk. apply in_seq in Hk.
    rewrite <- (H1 k' b r), <- (H2 k' b r) by (split; [cbn; lia|]; split; assumption). reflexivity.
  - cbn [map_operands infer] in Ht. destruct (T amplitude) as [k1 ch| | |] eqn:Ta; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
    destruct (T vector) as [n ch'| | |] eqn:Tv; try discriminate. destruct (ch =? ch')%nat eqn:E3; [|discriminate].
    apply Nat.eqb_eq in E3. subst ch'. injection Ht as <-. cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [tiled].
    rewrite <- (H1 0%nat b r) by (split; [cbn; lia|]; split; assumption). rewrite <- (H2 a b r) by (repeat split; assumption). reflexivity.
  - assert (H1 := Ho _ (or_introl eq_refl)). cbn [map_operands extensivity] in Hv. destruct (V value); [discriminate|]. injection Hv as <-.
    injection Ht as <-. destruct (T value) as [n c| | |] eqn:Tv; try discriminate Hg. cbn [repeats] in *. split; [reflexivity|].
    cbn [map_operands define]. rewrite Tv. unfold entry at 1 2. now apply total_repeats.
  - cbn [map_operands infer] in Ht. destruct (T scalar) eqn:Ts; try discriminate. cbn [map_operands define].
    assert (E : entry R (x scalar) = entry R (y scalar)) by (apply H1, inside_scalar). rewrite E. intros a b r _. now destruct t.
  - discriminate.
  - cbn [map_operands infer] in Ht. destruct (T bias) as [| |ch|] eqn:Tb; try discriminate. apply declared_is in Ht. subst t.
    cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ib. apply (H1 0%nat b (0, 0)%nat).
    split; [cbn; lia|]. split; [exact Ib|now left].
  - cbn [map_operands] in Ht. destruct (infer_fields _ _ Ht) as (n & -> & Hf). cbn [map_operands define].
    intros a b r (Ia & Ib & Ir). apply concatenated_repeats with n; try assumption. intros j Hj. apply Hf, in_map_iff. now exists j.
  - cbn [map_operands infer] in Ht. destruct (T field) as [n ch| | |] eqn:Tx; try discriminate.
    destruct (is_count (to - from)) eqn:C1; [|discriminate]. destruct (to <=? ch)%nat eqn:C2; [|discriminate].
    apply Nat.leb_le in C1, C2. injection Ht as <-. cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir.
    apply (H1 a (from + b)%nat r). split; [exact Ia|]. split; [cbn; lia|exact Ir].
Qed.

End OneOperation.

(** E(k x k tiling) = k^2 E, for every program whose energy the rules find extensive: [kinds] says of each value whether it
    is. *)
Theorem extensive_energies_multiply eqs types kinds given given' energy :
  typecheck eqs = Some types ->
  (forall i e, nth_error eqs i = Some e -> extensivity (map_operands kinds e) = Some (kinds i)) ->
  (forall i j, nth_error eqs i = Some (Total j) -> is_field (nth j types Scalar) = true) ->
  (forall i n t, nth_error eqs i = Some (Input n t) \/ nth_error eqs i = Some (Weight n t) -> equal_on R M t (tiled t (given n)) (given' n)) ->
  (energy < length eqs)%nat -> kinds energy = true ->
  entry R (snd (nth energy (evaluate R M given' eqs) (no_value R))) =
    k_squared (entry R (snd (nth energy (evaluate R N given eqs) (no_value R)))).
Proof.
  intros Hty Hk Htot Hg He Hext. destruct (typecheck_promises _ _ Hty) as [O P].
  enough (H : forall i, (i < length eqs)%nat -> repeats (nth i types Scalar) (kinds i)
    (snd (nth i (evaluate R N given eqs) (no_value R))) (snd (nth i (evaluate R M given' eqs) (no_value R)))).
  { specialize (H energy He). rewrite Hext in H. apply H. }
  intro i. induction i as [i IH] using lt_wf_ind. intro Hi.
  destruct (nth_error eqs i) as [e|] eqn:H; [|apply nth_error_None in H; lia].
  rewrite (evaluated_equation R N given eqs types Hty i e H), (evaluated_equation R M given' eqs types Hty i e H).
  apply operations_repeat with kinds.
  - exact (P i e H).
  - exact (Hk i e H).
  - destruct e; try exact I; [apply (Hg i); auto..|exact (Htot i value H)].
  - intros j Hj. assert (Hji := O i e H j Hj). apply IH; lia.
Qed.

End Tiling.
