(** What lies outside of a tensor's shape is never read: values that agree inside give values that agree inside. *)
From Efnn Require Export Meaning.

Section Shape.
Variables (R : numbers) (N : nat).
Local Open Scope numbers_scope.

(** The indices of a type. *)
Definition inside (t : value_type) (a b : nat) (r : site) : Prop :=
  (a < first_extent t)%nat /\ (b < second_extent t)%nat /\ In r (square (side N t)).

Definition equal_on (t : value_type) (x y : tensor R) : Prop := forall a b r, inside t a b r -> x a b r = y a b r.

Lemma equal_on_refl t x : equal_on t x x.
Proof. intros ? ? ? _. reflexivity. Qed.

Lemma equal_on_sym t x y : equal_on t x y -> equal_on t y x.
Proof. intros H a b r I. symmetry. now apply H. Qed.

Lemma equal_on_trans t x y z : equal_on t x y -> equal_on t y z -> equal_on t x z.
Proof. intros H K a b r I. rewrite H by exact I. now apply K. Qed.

Lemma in_square_iff n r : In r (square n) <-> (fst r < n /\ snd r < n)%nat.
Proof. destruct r as [a b]. unfold square, upto. rewrite in_prod_iff, !in_seq. cbn. lia. Qed.

Lemma moved_inside r a b : In r (square N) -> In (moved N r a b) (square N).
Proof.
  rewrite !in_square_iff. intros [H _]. unfold moved, wrapped. cbn [fst snd].
  assert (M1 := Z.mod_pos_bound (Z.of_nat (fst r) + a) (Z.of_nat N) ltac:(lia)).
  assert (M2 := Z.mod_pos_bound (Z.of_nat (snd r) + b) (Z.of_nat N) ltac:(lia)). lia.
Qed.

Lemma inside_scalar : inside Scalar 0 0 (0, 0)%nat.
Proof. unfold inside. cbn. repeat split; auto. Qed.

Lemma total_respects t x y : equal_on t x y -> total R N t x = total R N t y.
Proof.
  intro H. apply sum_ext. intros a Ha. apply sum_ext. intros b Hb. apply sum_ext. intros r Hr.
  unfold upto in Ha, Hb. apply in_seq in Ha, Hb. apply H. split; [lia|]. split; [lia|exact Hr].
Qed.

Lemma inner_respects t x y x' y' : equal_on t x x' -> equal_on t y y' -> inner R N t x y = inner R N t x' y'.
Proof. intros Hx Hy. apply total_respects. intros a b r I. now rewrite Hx, Hy by exact I. Qed.

Lemma infer_fields ts t : infer (Concat ts) = Some t ->
  exists k, t = Field k (sum_of_channels ts) /\ forall u, In u ts -> exists ch, u = Field k ch.
Proof.
  cbn [infer]. destruct ts as [|[k ch| | |] rest] eqn:Ets; try discriminate. rewrite <- Ets.
  destruct (forallb _ ts) eqn:F; [|discriminate]. intro H. injection H as <-. exists k. split; [reflexivity|].
  intros u Hu. rewrite forallb_forall in F. specialize (F u Hu). apply andb_true_iff in F. destruct F as [F1 F2].
  apply Nat.eqb_eq in F2. destruct u as [k' ch'| | |]; try discriminate. cbn in F2. subst. now exists ch'.
Qed.

Lemma declared_is t t' : declared t = Some t' -> t' = t.
Proof.
  unfold declared. intro H. destruct t; repeat match type of H with (if ?b then _ else _) = _ => destruct b; try discriminate end;
    now injection H.
Qed.

Lemma concatenated_respects {A} k (T : A -> value_type) (x y : A -> tensor R) parts c r a :
  (forall j, In j parts -> exists ch, T j = Field k ch) -> (a < k)%nat -> In r (square N) ->
  (forall j, In j parts -> equal_on (T j) (x j) (y j)) -> (c < sum_of_channels (map T parts))%nat ->
  concatenated R (map (fun j => (T j, x j)) parts) a c r = concatenated R (map (fun j => (T j, y j)) parts) a c r.
Proof.
  intros HT Ha Hr. revert c. induction parts as [|j parts IH]; intros c He Hc; [reflexivity|].
  destruct (HT j (or_introl eq_refl)) as [ch Tj]. cbn [map concatenated].
  assert (Hc' : (c < channels (T j) + sum_of_channels (map T parts))%nat) by exact Hc.
  destruct (c <? channels (T j))%nat eqn:E.
  - apply He; [now left|]. apply Nat.ltb_lt in E. rewrite Tj in *. repeat split; assumption.
  - apply Nat.ltb_ge in E. apply IH; [intros i Hi; apply HT; now right|intros i Hi; apply He; now right|lia].
Qed.

(** Every operation, whatever its operands are outside of their shapes. *)
Theorem define_respects {A} (given given' : arguments R) (T : A -> value_type) (x y : A -> tensor R) (op : operation A) t :
  infer (map_operands T op) = Some t ->
  match op with Input n _ | Weight n _ => equal_on t (given n) (given' n) | _ => True end ->
  (forall j, In j (operands op) -> equal_on (T j) (x j) (y j)) ->
  equal_on t (define R N given (map_operands (fun j => (T j, x j)) op)) (define R N given' (map_operands (fun j => (T j, y j)) op)).
Proof.
  intros Ht Hg He a b r I. destruct op; cbn [map_operands define operands] in *;
    try (apply Hg; exact I);
    try (assert (H1 := He _ (or_introl eq_refl)); try (assert (H2 := He _ (or_intror (or_introl eq_refl))))).
  - reflexivity.
  - cbn [infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:E1; try discriminate. destruct (T field) as [k ch| | |] eqn:E2; try discriminate.
    destruct (i =? ch)%nat eqn:Ei; [|discriminate]. apply Nat.eqb_eq in Ei. injection Ht as <-. subst ch. destruct I as (Ia & Ib & Ir).
    cbn in Ia, Ib, Ir. cbn [inputs size]. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd. unfold upto in Hi. apply in_seq in Hi.
    rewrite H1 by (split; [cbn; lia|split; [cbn; lia|exact Hd]]). f_equal.
    apply H2. split; [cbn; lia|]. split; [cbn; lia|]. now apply moved_inside.
  - cbn [infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:E1; try discriminate. destruct (T field) as [k ch| | |] eqn:E2; try discriminate.
    destruct (o =? ch)%nat eqn:Ei; [|discriminate]. apply Nat.eqb_eq in Ei. injection Ht as <-. subst ch. destruct I as (Ia & Ib & Ir).
    cbn in Ia, Ib, Ir. cbn [outputs size]. apply sum_ext. intros i' Hi. apply sum_ext. intros d Hd. unfold upto in Hi. apply in_seq in Hi.
    rewrite H1 by (split; [cbn; lia|split; [cbn; lia|exact Hd]]). f_equal.
    apply H2. split; [cbn; lia|]. split; [cbn; lia|]. now apply moved_inside.
  - cbn [infer] in Ht. destruct (T field) as [k ci| | |] eqn:E1; try discriminate. destruct (T cotangent) as [k' co| | |] eqn:E2; try discriminate.
    destruct (is_odd _); [|discriminate]. destruct (k =? k')%nat eqn:Ek; [|discriminate]. apply Nat.eqb_eq in Ek. subst k'.
    injection Ht as <-. destruct I as (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [components]. apply sum_ext. intros k' Hk. apply sum_ext.
    intros q Hq. unfold upto in Hk. apply in_seq in Hk. rewrite H2 by (split; [cbn; lia|split; [cbn; lia|exact Hq]]). f_equal.
    apply H1. split; [cbn; lia|]. split; [cbn; lia|]. now apply moved_inside.
  - cbn [infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate]. apply same_type_eq in S. injection Ht as <-.
    rewrite H1 by exact I. rewrite S in I. now rewrite H2 by exact I.
  - cbn [infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate]. apply same_type_eq in S. injection Ht as <-.
    rewrite H1 by exact I. rewrite S in I. now rewrite H2 by exact I.
  - cbn in Ht. destruct (T factor) eqn:E; try discriminate. injection Ht as <-. rewrite H2 by exact I. unfold entry.
    now rewrite H1 by apply inside_scalar.
  - injection Ht as <-. now rewrite H1 by exact I.
  - injection Ht as <-. now rewrite H1 by exact I.
  - injection Ht as <-. now rewrite H1 by exact I.
  - cbn [infer] in Ht. destruct (T left) as [k ch| | |] eqn:E; try discriminate. destruct (same_type (Field k ch) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. rewrite <- S in H2. injection Ht as <-. destruct I as (Ia & Ib & Ir). cbn in Ia, Ib, Ir. cbn [components].
    apply sum_ext. intros k' Hk. unfold upto in Hk. apply in_seq in Hk.
    now rewrite H1, H2 by (split; [cbn; lia|split; [cbn; lia|exact Ir]]).
  - cbn [infer] in Ht. destruct (T amplitude) as [k1 ch| | |] eqn:E1; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
    destruct (T vector) as [k ch'| | |] eqn:E2; try discriminate. destruct (ch =? ch')%nat eqn:E3; [|discriminate].
    apply Nat.eqb_eq in E3. subst ch'. injection Ht as <-. rewrite H2 by exact I. f_equal. destruct I as (Ia & Ib & Ir).
    apply H1. split; [cbn; lia|]. split; assumption.
  - now apply total_respects.
  - cbn in Ht. destruct (T scalar) eqn:E; try discriminate. apply H1, inside_scalar.
  - cbn [infer] in Ht. destruct (T field) as [k ch| | |] eqn:E; try discriminate. injection Ht as <-. destruct I as (Ia & Ib & Ir).
    cbn in Ib. cbn [components]. apply sum_ext. intros k' Hk. apply sum_ext. intros q Hq. unfold upto in Hk. apply in_seq in Hk.
    apply H1. split; [cbn; lia|]. split; [cbn; lia|exact Hq].
  - cbn [infer] in Ht. destruct (T bias) as [| |ch|] eqn:E; try discriminate. apply declared_is in Ht. subst t. destruct I as (Ia & Ib & Ir).
    cbn in Ib. apply H1. split; [cbn; lia|]. split; [exact Ib|now left].
  - destruct (infer_fields _ _ Ht) as (k & -> & Hf). destruct I as (Ia & Ib & Ir). apply concatenated_respects with k; try assumption.
    intros j Hj. apply Hf. apply in_map_iff. now exists j.
  - cbn [infer] in Ht. destruct (T field) as [k ch| | |] eqn:E; try discriminate. destruct (is_count (to - from)) eqn:C1; [|discriminate].
    destruct (to <=? ch)%nat eqn:C2; [|discriminate]. apply Nat.leb_le in C1, C2. injection Ht as <-. destruct I as (Ia & Ib & Ir).
    cbn in Ia, Ib, Ir. apply H1. split; [exact Ia|]. split; [cbn; lia|exact Ir].
Qed.

End Shape.
