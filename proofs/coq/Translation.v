(** Every program commutes with translations of the torus: when all fields that enter are moved, all fields that it
    computes are moved alike, and kernels, biases and scalars do not change. No check is needed: no operation knows where
    it is. *)
From Efnn Require Export Adjoint.

Section Translation.
Variables (R : numbers) (N : nat).
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Notation equal_on := (equal_on R N).

(** By so many rows and columns. *)
Variables rows columns : Z.

Definition translated (t : value_type) (x : tensor R) : tensor R :=
  match t with Field _ _ => fun a b r => x a b (moved N r rows columns) | _ => x end.

(** x before, y after. *)
Definition moves (t : value_type) (x y : tensor R) : Prop := equal_on t (translated t x) y.

Lemma square_not_empty r : In r (square N) -> (0 < N)%nat.
Proof. rewrite in_square_iff. lia. Qed.

Lemma moves_commute r a b : In r (square N) -> moved N (moved N r a b) rows columns = moved N (moved N r rows columns) a b.
Proof.
  intro H. assert (P := square_not_empty r H). unfold moved. cbn [fst snd]. rewrite !wrapped_wrapped by exact P.
  f_equal; f_equal; lia.
Qed.

Section OneOperation.
Variables (given given' : arguments R) (T : nat -> value_type) (x y : nat -> tensor R).

Lemma concatenated_moves k parts c r a :
  (forall j, In j parts -> exists ch, T j = Field k ch) -> (a < k)%nat -> In r (square N) ->
  (forall j, In j parts -> moves (T j) (x j) (y j)) -> (c < sum_of_channels (map T parts))%nat ->
  concatenated R (map (fun j => (T j, x j)) parts) a c (moved N r rows columns) =
  concatenated R (map (fun j => (T j, y j)) parts) a c r.
Proof.
  intros HT Ha Hr. revert c. induction parts as [|j parts IH]; intros c He Hc; [reflexivity|].
  destruct (HT j (or_introl eq_refl)) as [ch Tj]. cbn [map concatenated].
  assert (Hc' : (c < channels (T j) + sum_of_channels (map T parts))%nat) by exact Hc.
  destruct (c <? channels (T j))%nat eqn:E.
  - assert (M := He j (or_introl eq_refl)). unfold moves in M. apply Nat.ltb_lt in E. rewrite Tj in *. apply M. repeat split; assumption.
  - apply Nat.ltb_ge in E. apply IH; [intros i Hi; apply HT; now right|intros i Hi; apply He; now right|lia].
Qed.

Lemma pointwise_moves t u w (f : R -> R) : moves t u w -> moves t (fun a b r => f (u a b r)) (fun a b r => f (w a b r)).
Proof. intros H a b r I. specialize (H a b r I). destruct t; cbn in *; now rewrite H. Qed.

Lemma pointwise_moves_2 t u w u' w' (f : R -> R -> R) : moves t u w -> moves t u' w' ->
  moves t (fun a b r => f (u a b r) (u' a b r)) (fun a b r => f (w a b r) (w' a b r)).
Proof. intros H H' a b r I. specialize (H a b r I). specialize (H' a b r I). destruct t; cbn in *; now rewrite H, H'. Qed.

Lemma total_moves t u w : moves t u w -> total R N t u = total R N t w.
Proof.
  intro H. rewrite <- (total_respects R N t _ _ H). destruct t; try reflexivity. cbn [translated]. unfold total.
  apply sum_ext. intros a _. apply sum_ext. intros b _. cbn [side]. symmetry. apply sum_moved.
Qed.

Theorem operations_commute_with_translations (op : operation nat) t :
  infer (map_operands T op) = Some t ->
  match op with Input n u | Weight n u => moves u (given n) (given' n) | _ => True end ->
  (forall j, In j (operands op) -> moves (T j) (x j) (y j)) ->
  moves t (define R N given (map_operands (fun j => (T j, x j)) op)) (define R N given' (map_operands (fun j => (T j, y j)) op)).
Proof.
  intros Ht Hg Ho. destruct op; cbn [operands] in *;
    try (assert (H1 := Ho _ (or_introl eq_refl)); try (assert (H2 := Ho _ (or_intror (or_introl eq_refl))))).
  - apply declared_is in Ht. subst t. exact Hg.
  - apply declared_is in Ht. subst t. exact Hg.
  - injection Ht as <-. intros a b r _. reflexivity.
  - cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [k ch| | |] eqn:Tx; try discriminate. destruct (i =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-. cbn [map_operands define]. rewrite TK. cbn [inputs size].
    intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [translated]. unfold correlate. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd.
    apply in_seq in Hi. f_equal.
    + apply H1. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
    + rewrite <- (H2 a i' (plus N s r d)) by (split; [exact Ia|]; split; [cbn; lia|now apply moved_inside]).
      cbn [translated]. unfold plus. now rewrite moves_commute.
  - cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [k ch| | |] eqn:Tx; try discriminate. destruct (o =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-. cbn [map_operands define]. rewrite TK. cbn [outputs size].
    intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [translated]. unfold correlate_transposed. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd.
    apply in_seq in Hi. f_equal.
    + apply H1. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
    + rewrite <- (H2 a i' (minus N s r d)) by (split; [exact Ia|]; split; [cbn; lia|now apply moved_inside]).
      cbn [translated]. unfold minus. now rewrite moves_commute.
  - cbn [map_operands infer] in Ht. destruct (T field) as [k ci| | |] eqn:Tx; try discriminate.
    destruct (T cotangent) as [k' co| | |] eqn:Ty; try discriminate.
    destruct (is_odd _); [|discriminate]. destruct (k =? k')%nat eqn:Ek; [|discriminate]. apply Nat.eqb_eq in Ek. subst k'.
    injection Ht as <-. cbn [map_operands define]. rewrite Tx. cbn [components].
    intros a b d (Ia & Ib & Id). cbn in Ia, Ib, Id. cbn [translated]. unfold kernel_gradient. apply sum_ext. intros k' Hk. apply in_seq in Hk.
    rewrite <- (sum_moved R N rows columns). apply sum_ext. intros r Hr. f_equal.
    + apply H2. split; [cbn; lia|]. split; [exact Ia|exact Hr].
    + rewrite <- (H1 k' b (plus N size r d)) by (split; [cbn; lia|]; split; [exact Ib|now apply moved_inside]).
      cbn [translated]. unfold plus. now rewrite moves_commute.
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-. rewrite <- S in H2. now apply (pointwise_moves_2 _ _ _ _ _ add).
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-. rewrite <- S in H2. now apply (pointwise_moves_2 _ _ _ _ _ mul).
  - cbn [map_operands infer] in Ht. destruct (T factor) eqn:Ts; try discriminate. injection Ht as <-. cbn [map_operands define].
    assert (E : entry R (x factor) = entry R (y factor)) by (apply H1, inside_scalar). rewrite <- E.
    now apply (pointwise_moves _ _ _ (fun u => entry R (x factor) * u)).
  - injection Ht as <-. now apply (pointwise_moves _ _ _ tanh_of).
  - injection Ht as <-. now apply (pointwise_moves _ _ _ reciprocal_of).
  - injection Ht as <-. now apply (pointwise_moves _ _ _ sqrt_of).
  - cbn [map_operands infer] in Ht. destruct (T left) as [k ch| | |] eqn:Tl; try discriminate.
    destruct (same_type (Field k ch) (T right)) eqn:S; [|discriminate]. apply same_type_eq in S. symmetry in S. injection Ht as <-.
    rewrite S in H2. cbn [map_operands define]. rewrite Tl. cbn [components]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [translated].
    unfold contract. apply sum_ext. intros k' Hk. apply in_seq in Hk.
    rewrite <- (H1 k' b r), <- (H2 k' b r) by (split; [cbn; lia|]; split; assumption). reflexivity.
  - cbn [map_operands infer] in Ht. destruct (T amplitude) as [k1 ch| | |] eqn:Ta; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
    destruct (T vector) as [k ch'| | |] eqn:Tv; try discriminate. destruct (ch =? ch')%nat eqn:E3; [|discriminate].
    apply Nat.eqb_eq in E3. subst ch'. injection Ht as <-. cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [translated].
    rewrite <- (H1 0%nat b r) by (split; [cbn; lia|]; split; assumption). rewrite <- (H2 a b r) by (repeat split; assumption). reflexivity.
  - injection Ht as <-. intros a b r _. now apply total_moves.
  - cbn [map_operands infer] in Ht. destruct (T scalar) eqn:Ts; try discriminate. cbn [map_operands define].
    assert (E : entry R (x scalar) = entry R (y scalar)) by (apply H1, inside_scalar). rewrite E. intros a b r _. now destruct t.
  - cbn [map_operands infer] in Ht. destruct (T field) as [k ch| | |] eqn:Tx; try discriminate. injection Ht as <-.
    cbn [map_operands define]. rewrite Tx. cbn [components]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [translated]. unfold sum_sites.
    apply sum_ext. intros k' Hk. apply in_seq in Hk. rewrite <- (sum_moved R N rows columns). apply sum_ext. intros q Hq.
    apply (H1 k' b q). split; [cbn; lia|]. split; [exact Ib|exact Hq].
  - cbn [map_operands infer] in Ht. destruct (T bias) as [| |ch|] eqn:Tb; try discriminate. apply declared_is in Ht. subst t.
    cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ib. apply (H1 0%nat b (0, 0)%nat).
    split; [cbn; lia|]. split; [exact Ib|now left].
  - cbn [map_operands] in Ht. destruct (infer_fields _ _ Ht) as (k & -> & Hf). cbn [map_operands define].
    intros a b r (Ia & Ib & Ir). apply concatenated_moves with k; try assumption. intros j Hj. apply Hf, in_map_iff. now exists j.
  - cbn [map_operands infer] in Ht. destruct (T field) as [k ch| | |] eqn:Tx; try discriminate.
    destruct (is_count (to - from)) eqn:C1; [|discriminate]. destruct (to <=? ch)%nat eqn:C2; [|discriminate].
    apply Nat.leb_le in C1, C2. injection Ht as <-. cbn [map_operands define]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir.
    apply (H1 a (from + b)%nat r). split; [exact Ia|]. split; [cbn; lia|exact Ir].
Qed.

End OneOperation.

(** Fields are moved along, all else stays: for every well-typed program and every translation. *)
Theorem programs_commute_with_translations eqs types given given' :
  typecheck eqs = Some types ->
  (forall i n t, nth_error eqs i = Some (Input n t) \/ nth_error eqs i = Some (Weight n t) -> moves t (given n) (given' n)) ->
  forall i, (i < length eqs)%nat ->
    moves (nth i types Scalar) (snd (nth i (evaluate R N given eqs) (no_value R))) (snd (nth i (evaluate R N given' eqs) (no_value R))).
Proof.
  intros Hty Hg. destruct (typecheck_promises _ _ Hty) as [O P].
  intro i. induction i as [i IH] using lt_wf_ind. intro Hi.
  destruct (nth_error eqs i) as [e|] eqn:H; [|apply nth_error_None in H; lia].
  rewrite (evaluated_equation R N given eqs types Hty i e H), (evaluated_equation R N given' eqs types Hty i e H).
  apply operations_commute_with_translations.
  - exact (P i e H).
  - destruct e; try exact I; apply (Hg i); auto.
  - intros j Hj. assert (Hji := O i e H j Hj). apply IH; lia.
Qed.

(** In particular a scalar, as the energy, does not change. *)
Theorem energies_are_translation_invariant eqs types given given' energy :
  typecheck eqs = Some types ->
  (forall i n t, nth_error eqs i = Some (Input n t) \/ nth_error eqs i = Some (Weight n t) -> moves t (given n) (given' n)) ->
  (energy < length eqs)%nat -> nth energy types Scalar = Scalar ->
  entry R (snd (nth energy (evaluate R N given eqs) (no_value R))) = entry R (snd (nth energy (evaluate R N given' eqs) (no_value R))).
Proof.
  intros Hty Hg He Ht. assert (H := programs_commute_with_translations eqs types given given' Hty Hg energy He).
  rewrite Ht in H. apply H. apply inside_scalar.
Qed.

End Translation.
