(** The symmetry check, a transcription of [src/program/symmetry.ts], and its soundness: what an accepted program computes
    turns as judged, for every weight, every N x N lattice, and every matrix Q with Q^T Q = 1. *)
From Efnn Require Export Shape.

Inductive representation := Invariant | Vector | Zero.

(** What an input's type says of how it turns. *)
Definition declared_representation (t : value_type) : option representation :=
  match t with
  | Field 1 _ => Some Invariant
  | Field 3 _ => Some Vector
  | Field _ _ => None
  | _ => Some Invariant
  end.

(** The one representation of several values that are added or set side by side. *)
Fixpoint common (values : list representation) : option representation :=
  match values with
  | [] => Some Zero
  | v :: rest =>
      match v, common rest with
      | _, None => None
      | Zero, Some w => Some w
      | v, Some Zero => Some v
      | Invariant, Some Invariant => Some Invariant
      | Vector, Some Vector => Some Vector
      | _, _ => None
      end
  end.

(** Whatever is defined entry by entry keeps invariants, and has no meaning for vectors. *)
Definition scalar_only (values : list representation) : option representation :=
  if existsb (fun v => match v with Vector => true | _ => false end) values then None else Some Invariant.

(** Zero times anything is zero. *)
Definition bilinear (left right : representation) (otherwise : option representation) : option representation :=
  match left, right with Zero, _ | _, Zero => Some Zero | _, _ => otherwise end.

Definition contracted (left right : representation) : option representation :=
  bilinear left right
    match left, right with Vector, Vector | Invariant, Invariant => Some Invariant | _, _ => None end.

(** One rule an operation. *)
Definition judge (op : operation representation) : option representation :=
  match op with
  | Input _ t => declared_representation t
  | Weight _ t => if is_field t then None else Some Invariant
  | Constant c => Some (if (mantissa c =? 0)%Z then Zero else Invariant)
  | Correlate _ x => Some x
  | CorrelateTransposed _ x => Some x
  | KernelGradient _ x y => contracted x y
  | Add l r => common [l; r]
  | Multiply l r => bilinear l r (scalar_only [l; r])
  | Scale s x => bilinear s x (Some x)
  | Tanh x | Reciprocal x | Sqrt x => scalar_only [x]
  | Contract l r => contracted l r
  | Modulate a v => bilinear a v (Some v)
  | Total x => scalar_only [x]
  | Fill t s =>
      match s, t with
      | Zero, _ => Some s
      | _, Field 1 _ => Some s
      | _, Field _ _ => None
      | _, _ => Some s
      end
  | SumSites x => scalar_only [x]
  | Broadcast 1 b => Some b
  | Broadcast _ _ => None
  | Concat parts => common parts
  | Slice _ _ x => Some x
  end.

Definition judge_next (known : option (list representation)) (e : equation) : option (list representation) :=
  match known with
  | None => None
  | Some judged =>
      match judge (map_operands (fun j => nth j judged Zero) e) with Some v => Some (judged ++ [v]) | None => None end
  end.

(** The representation of every value, or nothing where an equation may break the symmetry. *)
Definition symmetry (equations : list equation) : option (list representation) := fold_left judge_next equations (Some []).

Lemma symmetry_snoc eqs e judged : symmetry (eqs ++ [e]) = Some judged ->
  exists before v, symmetry eqs = Some before /\ judged = before ++ [v] /\
    judge (map_operands (fun j => nth j before Zero) e) = Some v.
Proof.
  unfold symmetry at 1. rewrite fold_left_app. fold (symmetry eqs). cbn [fold_left]. unfold judge_next.
  destruct (symmetry eqs) as [before|]; [|discriminate]. destruct (judge _) as [v|] eqn:J; [|discriminate].
  intro H. injection H as <-. now exists before, v.
Qed.

Lemma symmetry_length eqs judged : symmetry eqs = Some judged -> length judged = length eqs.
Proof.
  revert judged. induction eqs as [|e eqs IH] using rev_ind; intros judged H.
  - injection H as <-. reflexivity.
  - destruct (symmetry_snoc _ _ _ H) as (before & v & Hb & -> & _). rewrite !app_length, (IH _ Hb). reflexivity.
Qed.

Lemma symmetry_judges eqs judged : in_order eqs -> symmetry eqs = Some judged ->
  forall i e, nth_error eqs i = Some e -> judge (map_operands (fun j => nth j judged Zero) e) = Some (nth i judged Zero).
Proof.
  revert judged. induction eqs as [|e' eqs IH] using rev_ind; intros judged O H i e Hi; [now destruct i|].
  destruct (symmetry_snoc _ _ _ H) as (before & v & Hb & -> & J). assert (L := symmetry_length _ _ Hb).
  assert (O' := in_order_prefix _ _ O).
  assert (same : forall k e0, (k <= length eqs)%nat -> nth_error (eqs ++ [e']) k = Some e0 ->
    map_operands (fun j => nth j (before ++ [v]) Zero) e0 = map_operands (fun j => nth j before Zero) e0).
  { intros k e0 Hk H0. apply map_operands_ext. intros j Hj. apply app_nth1. specialize (O k e0 H0 j Hj). lia. }
  assert (Hlt : (i < length (eqs ++ [e']))%nat) by (apply nth_error_Some; now rewrite Hi).
  rewrite app_length in Hlt. cbn in Hlt. rewrite (same i e ltac:(lia) Hi).
  destruct (Nat.eq_dec i (length eqs)) as [->|Hne].
  - rewrite nth_error_app2, Nat.sub_diag in Hi by lia. cbn in Hi. injection Hi as <-.
    rewrite app_nth2 by lia. rewrite L, Nat.sub_diag. exact J.
  - rewrite nth_error_app1 in Hi by lia. rewrite app_nth1 by lia. now apply IH.
Qed.

Section Soundness.
Variables (R : numbers) (N : nat).
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Notation equal_on := (equal_on R N).

(** An orthogonal matrix: rotations and reflections. *)
Variable Q : nat -> nat -> R.
Hypothesis orthogonal : forall l m, (l < 3)%nat -> (m < 3)%nat ->
  sum R (upto 3) (fun k => Q k l * Q k m) = if (l =? m)%nat then 1 else 0.

(** Q x, site by site. *)
Definition turned (x : tensor R) : tensor R := fun k c r => sum R (upto 3) (fun l => Q k l * x l c r).

(** How a value is when the inputs have turned: x before, y after. *)
Definition turns (t : value_type) (v : representation) (x y : tensor R) : Prop :=
  match v with
  | Invariant => equal_on t x y
  | Vector => (exists c, t = Field 3 c) /\ equal_on t (turned x) y
  | Zero => equal_on t x (fun _ _ _ => 0) /\ equal_on t y (fun _ _ _ => 0)
  end.

Lemma turns_equal t v x y : v <> Vector -> turns t v x y -> equal_on t x y.
Proof.
  destruct v; cbn; intros Hv H; [exact H|contradiction|]. intros a b r I. now rewrite (proj1 H), (proj2 H) by exact I.
Qed.

Lemma not_vector t v x y : turns t v x y -> (forall c, t <> Field 3 c) -> v <> Vector.
Proof. intros H Ht ->. destruct H as [[c Hc] _]. exact (Ht c Hc). Qed.

Lemma dot_is_kept (u v : nat -> R) :
  sum R (upto 3) (fun k => sum R (upto 3) (fun l => Q k l * u l) * sum R (upto 3) (fun m => Q k m * v m)) =
  sum R (upto 3) (fun l => u l * v l).
Proof.
  transitivity (sum R (upto 3) (fun l => sum R (upto 3) (fun m => u l * v m * sum R (upto 3) (fun k => Q k l * Q k m)))).
  - transitivity (sum R (upto 3) (fun k => sum R (upto 3) (fun l => sum R (upto 3) (fun m => u l * v m * (Q k l * Q k m))))).
    + apply sum_ext. intros k _. rewrite <- sum_mul_r. apply sum_ext. intros l _. rewrite <- sum_mul_l. apply sum_ext.
      intros m _. ring.
    + rewrite sum_swap. apply sum_ext. intros l _. rewrite sum_swap. apply sum_ext. intros m _. apply sum_mul_l.
  - apply sum_ext. intros l Hl. apply in_seq in Hl.
    transitivity (sum R (upto 3) (fun m => if Nat.eq_dec m l then u l * v m else 0)).
    + apply sum_ext. intros m Hm. apply in_seq in Hm. rewrite orthogonal by lia. destruct (Nat.eq_dec m l) as [->|Hne].
      * rewrite Nat.eqb_refl. ring.
      * rewrite (proj2 (Nat.eqb_neq l m)) by lia. ring.
    + apply (sum_single R Nat.eq_dec (upto 3) l (fun m => u l * v m)); [apply seq_NoDup|apply in_seq; lia].
Qed.

Section OneOperation.
Variables (given given' : arguments R) (T : nat -> value_type) (V : nat -> representation) (x y : nat -> tensor R).

Lemma concatenated_turned k parts c r a :
  (forall j, In j parts -> exists ch, T j = Field k ch) -> (a < k)%nat -> In r (square N) -> k = 3%nat ->
  (forall j, In j parts -> equal_on (T j) (turned (x j)) (y j)) -> (c < sum_of_channels (map T parts))%nat ->
  sum R (upto 3) (fun l => Q a l * concatenated R (map (fun j => (T j, x j)) parts) l c r) =
  concatenated R (map (fun j => (T j, y j)) parts) a c r.
Proof.
  intros HT Ha Hr Hk. revert c. induction parts as [|j parts IH]; intros c He Hc; [cbn in Hc; lia|].
  destruct (HT j (or_introl eq_refl)) as [ch Tj]. cbn [map concatenated].
  assert (Hc' : (c < channels (T j) + sum_of_channels (map T parts))%nat) by exact Hc.
  destruct (c <? channels (T j))%nat eqn:E.
  - apply (He j (or_introl eq_refl)). apply Nat.ltb_lt in E. rewrite Tj in *. repeat split; assumption.
  - apply Nat.ltb_ge in E. apply IH; [intros i Hi; apply HT; now right|intros i Hi; apply He; now right|lia].
Qed.

Lemma common_of_parts parts v : common (map V parts) = Some v ->
  forall j, In j parts -> V j = v \/ V j = Zero.
Proof.
  revert v. induction parts as [|i parts IH]; intros v H j Hj; [destruct Hj|]. cbn [map common] in H.
  destruct Hj as [<-|Hj].
  - destruct (V i), (common (map V parts)) as [[| |]|]; try discriminate H; injection H as <-; auto.
  - destruct (V i), (common (map V parts)) as [[| |]|] eqn:C; try discriminate H; injection H as <-;
      destruct (IH _ eq_refl j Hj); auto.
Qed.

Lemma common_vector parts : common (map V parts) = Some Vector -> exists j, In j parts /\ V j = Vector.
Proof.
  induction parts as [|i parts IH]; [discriminate|]. cbn [map common]. intro H.
  destruct (V i) eqn:Vi; [| exists i; cbn; auto |].
  - destruct (common (map V parts)) as [[| |]|]; discriminate.
  - destruct (common (map V parts)) as [[| |]|]; try discriminate. destruct (IH eq_refl) as (j & Hj & Vj). exists j. cbn. auto.
Qed.

(** A zero of three components is a vector too. *)
Lemma as_vector t v u w : (v = Vector \/ v = Zero) -> (exists c, t = Field 3 c) -> turns t v u w -> equal_on t (turned u) w.
Proof.
  intros [->| ->] [ch ->] H; [exact (proj2 H)|]. destruct H as [Hu Hw]. intros a b r I. rewrite Hw by exact I.
  apply sum_zero. intros l Hl. apply in_seq in Hl. rewrite Hu; [ring|]. destruct I as (_ & I2 & I3). cbn in *.
  split; [cbn; lia|]. split; assumption.
Qed.

Lemma unturned (op : operation nat) t :
  infer (map_operands T op) = Some t ->
  match op with Input n _ | Weight n _ => equal_on t (given n) (given' n) | _ => True end ->
  (forall j, In j (operands op) -> turns (T j) (V j) (x j) (y j)) ->
  (forall j, In j (operands op) -> V j <> Vector) ->
  equal_on t (define R N given (map_operands (fun j => (T j, x j)) op)) (define R N given' (map_operands (fun j => (T j, y j)) op)).
Proof.
  intros Ht Hg Ho Hv. apply define_respects; [exact Ht|exact Hg|]. intros j Hj. apply (turns_equal _ (V j)); auto.
Qed.

(** A sum of products with a factor that does not turn commutes with Q. *)
Lemma turned_sums {A B} (l : list A) (m : list B) (Kxy Kxy' : A -> B -> R) (u : nat -> A -> B -> R) (w : A -> B -> R) k :
  (forall i d, In i l -> In d m -> Kxy i d = Kxy' i d) ->
  (forall i d, In i l -> In d m -> sum R (upto 3) (fun c => Q k c * u c i d) = w i d) ->
  sum R (upto 3) (fun c => Q k c * sum R l (fun i => sum R m (fun d => Kxy i d * u c i d))) =
  sum R l (fun i => sum R m (fun d => Kxy' i d * w i d)).
Proof.
  intros HK Hu. transitivity (sum R (upto 3) (fun c => sum R l (fun i => sum R m (fun d => Kxy i d * (Q k c * u c i d))))).
  - apply sum_ext. intros c _. rewrite <- sum_mul_l. apply sum_ext. intros i _. rewrite <- sum_mul_l. apply sum_ext. intros d _. ring.
  - rewrite sum_swap. apply sum_ext. intros i Hi. rewrite sum_swap. apply sum_ext. intros d Hd. rewrite sum_mul_l.
    rewrite HK, Hu by assumption. reflexivity.
Qed.

Ltac sums_vanish := repeat (apply sum_zero; intros ? ?).

(** Each rule is sound. *)
Theorem judge_is_sound (op : operation nat) t v :
  infer (map_operands T op) = Some t -> judge (map_operands V op) = Some v ->
  match op with
  | Input n u => turns u match declared_representation u with Some w => w | None => Invariant end (given n) (given' n)
  | Weight n u => equal_on u (given n) (given' n)
  | _ => True
  end ->
  (forall j, In j (operands op) -> turns (T j) (V j) (x j) (y j)) ->
  turns t v (define R N given (map_operands (fun j => (T j, x j)) op)) (define R N given' (map_operands (fun j => (T j, y j)) op)).
Proof.
  intros Ht Hj Hg Ho. assert (U := unturned op t Ht).
  destruct op; cbn [operands] in *;
    try (assert (H1 := Ho _ (or_introl eq_refl)); try (assert (H2 := Ho _ (or_intror (or_introl eq_refl)))));
    cbn [map_operands judge] in Hj.
  - apply declared_is in Ht. subst t. rewrite Hj in Hg. exact Hg.
  - apply declared_is in Ht. subst t. destruct (is_field t0); [discriminate|]. injection Hj as <-. exact Hg.
  - destruct (mantissa c =? 0)%Z eqn:E; injection Hj as <-; cbn [turns].
    + apply Z.eqb_eq in E. split; intros a b r _; cbn [map_operands define]; unfold of_dyadic; rewrite E; cbn [of_integer]; ring.
    + intros a b r _. reflexivity.
  - injection Hj as <-. cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [k ch| | |] eqn:Tx; try discriminate. destruct (i =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-.
    assert (VK : V kernel <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate).
    assert (EK := turns_equal _ _ _ _ VK H1).
    destruct (V field) eqn:Vx; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; congruence.
    + destruct H2 as [[c Hc] H2]. injection Hc as -> ->. split; [now exists o|]. cbn [map_operands define]. rewrite TK. cbn [inputs size].
      intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. unfold turned, correlate.
      apply (turned_sums _ _ (fun i d => x kernel b i d) (fun i d => y kernel b i d) (fun k i d => x field k i (plus N s r d)) (fun i d => y field a i (plus N s r d))).
      * intros i' d Hi Hd. apply in_seq in Hi. apply EK. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
      * intros i' d Hi Hd. apply in_seq in Hi. apply (H2 a i' (plus N s r d)). split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
    + destruct H2 as [Z1 Z2]. cbn [map_operands define]. rewrite TK. cbn [inputs size]. unfold correlate.
      split; intros a b r (Ia & Ib & Ir); cbn in Ia, Ib, Ir; apply sum_zero; intros i' Hi; apply sum_zero; intros d Hd; apply in_seq in Hi.
      * rewrite Z1; [ring|]. split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
      * rewrite Z2; [ring|]. split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
  - injection Hj as <-. cbn [map_operands infer] in Ht. destruct (T kernel) as [|o i s| |] eqn:TK; try discriminate.
    destruct (T field) as [k ch| | |] eqn:Tx; try discriminate. destruct (o =? ch)%nat eqn:Ei; [|discriminate].
    apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-.
    assert (VK : V kernel <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate).
    assert (EK := turns_equal _ _ _ _ VK H1).
    destruct (V field) eqn:Vx; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; congruence.
    + destruct H2 as [[c Hc] H2]. injection Hc as -> ->. split; [now exists i|]. cbn [map_operands define]. rewrite TK. cbn [outputs size].
      intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. unfold turned, correlate_transposed.
      apply (turned_sums _ _ (fun i d => x kernel i b d) (fun i d => y kernel i b d) (fun k i d => x field k i (minus N s r d)) (fun i d => y field a i (minus N s r d))).
      * intros i' d Hi Hd. apply in_seq in Hi. apply EK. split; [cbn; lia|]. split; [cbn; lia|exact Hd].
      * intros i' d Hi Hd. apply in_seq in Hi. apply (H2 a i' (minus N s r d)). split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
    + destruct H2 as [Z1 Z2]. cbn [map_operands define]. rewrite TK. cbn [outputs size]. unfold correlate_transposed.
      split; intros a b r (Ia & Ib & Ir); cbn in Ia, Ib, Ir; apply sum_zero; intros i' Hi; apply sum_zero; intros d Hd; apply in_seq in Hi.
      * rewrite Z1; [ring|]. split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
      * rewrite Z2; [ring|]. split; [exact Ia|]. split; [cbn; lia|now apply moved_inside].
  - assert (Ht' := Ht). cbn [map_operands infer] in Ht. destruct (T field) as [k ci| | |] eqn:Tx; try discriminate.
    destruct (T cotangent) as [k' co| | |] eqn:Ty; try discriminate.
    destruct (is_odd _); [|discriminate]. destruct (k =? k')%nat eqn:Ek; [|discriminate]. apply Nat.eqb_eq in Ek. subst k'.
    injection Ht as <-. unfold contracted, bilinear in Hj.
    assert (zero : V field = Zero \/ V cotangent = Zero -> turns (Kernel co ci size) Zero
      (define R N given (KernelGradient size (T field, x field) (T cotangent, x cotangent)))
      (define R N given' (KernelGradient size (T field, y field) (T cotangent, y cotangent)))).
    { intro Z. cbn [define turns]. rewrite Tx. cbn [components]. unfold kernel_gradient.
      split; intros a b r (Ia & Ib & Ir); cbn in Ia, Ib, Ir; apply sum_zero; intros k' Hk; apply sum_zero; intros q Hq; apply in_seq in Hk;
        destruct Z as [Z|Z]; rewrite Z in *.
      - rewrite (proj1 H1); [ring|]. split; [cbn; lia|]. split; [exact Ib|now apply moved_inside].
      - rewrite (proj1 H2); [ring|]. split; [cbn; lia|]. split; [exact Ia|exact Hq].
      - rewrite (proj2 H1); [ring|]. split; [cbn; lia|]. split; [exact Ib|now apply moved_inside].
      - rewrite (proj2 H2); [ring|]. split; [cbn; lia|]. split; [exact Ia|exact Hq]. }
    cbn [map_operands]. destruct (V field) eqn:Vx, (V cotangent) eqn:Vy; try discriminate Hj; injection Hj as <-; auto; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; congruence.
    + destruct H1 as [[c1 Hc1] H1], H2 as [[c2 Hc2] H2]. injection Hc1 as -> ->. injection Hc2 as ->.
      cbn [define]. rewrite Tx. cbn [components]. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. unfold kernel_gradient.
      rewrite (sum_swap R (upto 3)), (sum_swap R (upto 3)). apply sum_ext. intros q Hq.
      rewrite <- (dot_is_kept (fun k => x cotangent k a q) (fun k => x field k b (plus N size q r))). apply sum_ext. intros k' Hk.
      apply in_seq in Hk. rewrite <- (H1 k' b (plus N size q r)) by (split; [cbn; lia|]; split; [exact Ib|now apply moved_inside]).
      rewrite <- (H2 k' a q) by (split; [cbn; lia|]; split; [exact Ia|exact Hq]). reflexivity.
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-.
    assert (parts := common_of_parts [left; right] v Hj). assert (P1 := parts left (or_introl eq_refl)).
    assert (P2 := parts right (or_intror (or_introl eq_refl))). cbn [map_operands define]. destruct v; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; destruct P1, P2; congruence.
    + assert (three : exists c, T left = Field 3 c).
      { destruct (common_vector [left; right] Hj) as (j & [<-|[<-|[]]] & Vj); rewrite Vj in *; [exact (proj1 H1)|rewrite S; exact (proj1 H2)]. }
      split; [exact three|]. assert (W1 := as_vector _ _ _ _ P1 three H1). rewrite S in three. assert (W2 := as_vector _ _ _ _ P2 three H2).
      intros a b r I. rewrite <- W1 by exact I. rewrite S in I. rewrite <- W2 by exact I. unfold turned. rewrite <- sum_add.
      apply sum_ext. intros. ring.
    + destruct P1 as [P1|P1], P2 as [P2|P2]; rewrite P1, P2 in *; destruct H1 as [Z1 Z1'], H2 as [Z2 Z2'];
        split; intros a b r I; rewrite ?Z1, ?Z1' by exact I; rewrite S in I; rewrite ?Z2, ?Z2' by exact I; ring.
  - cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (T left) (T right)) eqn:S; [|discriminate].
    apply same_type_eq in S. injection Ht as <-. cbn [map_operands define].
    destruct (V left) eqn:V1, (V right) eqn:V2; cbn in Hj; try discriminate Hj; injection Hj as <-; cbn [turns];
      try (apply U; [exact I|exact Ho|]; intros j [<-|[<-|[]]]; congruence).
    all: split; intros a b r I; first
      [ rewrite (proj1 H1) by exact I; ring | rewrite (proj2 H1) by exact I; ring
      | rewrite S in I; rewrite (proj1 H2) by exact I; ring | rewrite S in I; rewrite (proj2 H2) by exact I; ring ].
  - cbn [map_operands infer] in Ht. destruct (T factor) eqn:Ts; try discriminate. injection Ht as <-.
    assert (Vs : V factor <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate). assert (Es := turns_equal _ _ _ _ Vs H1).
    cbn [map_operands define]. unfold bilinear in Hj.
    assert (Ee : entry R (x factor) = entry R (y factor)) by (apply Es, inside_scalar).
    destruct (V factor) eqn:V1; [|congruence|].
    + destruct (V value) eqn:V2; injection Hj as <-; cbn [turns].
      * apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; congruence.
      * destruct H2 as [three H2]. split; [exact three|]. intros a b r I. rewrite <- H2 by exact I. rewrite <- Ee. unfold turned.
        rewrite <- sum_mul_l. apply sum_ext. intros. ring.
      * split; intros a b r I; [rewrite (proj1 H2) by exact I|rewrite (proj2 H2) by exact I]; ring.
    + injection Hj as <-. destruct H1 as [Z1 Z2]. unfold entry.
      split; intros a b r I; [rewrite (Z1 _ _ _ (inside_scalar N))|rewrite (Z2 _ _ _ (inside_scalar N))]; ring.
  - cbn in Hj. destruct (V value) eqn:V1; try discriminate; injection Hj as <-; apply U; try exact I; try exact Ho; intros j [<-|[]]; congruence.
  - cbn in Hj. destruct (V value) eqn:V1; try discriminate; injection Hj as <-; apply U; try exact I; try exact Ho; intros j [<-|[]]; congruence.
  - cbn in Hj. destruct (V value) eqn:V1; try discriminate; injection Hj as <-; apply U; try exact I; try exact Ho; intros j [<-|[]]; congruence.
  - cbn [map_operands infer] in Ht. destruct (T left) as [k ch| | |] eqn:Tl; try discriminate.
    destruct (same_type (Field k ch) (T right)) eqn:S; [|discriminate]. apply same_type_eq in S. symmetry in S. injection Ht as <-.
    rewrite S in H2. unfold contracted, bilinear in Hj. cbn [map_operands define] in *. rewrite Tl in *. cbn [components] in *.
    destruct (V left) eqn:V1, (V right) eqn:V2; try discriminate Hj; injection Hj as <-; cbn [turns].
    1: (apply U; [exact I|exact Ho|]; intros j [<-|[<-|[]]]; congruence).
    2: { destruct H1 as [[c1 Hc1] H1], H2 as [_ H2]. injection Hc1 as -> ->. intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. unfold contract.
      rewrite <- (dot_is_kept (fun k => x left k b r) (fun k => x right k b r)). apply sum_ext. intros k' Hk. apply in_seq in Hk.
      rewrite <- (H1 k' b r), <- (H2 k' b r) by (split; [cbn; lia|]; split; assumption). reflexivity. }
    all: unfold contract; split; intros a b r (Ia & Ib & Ir); cbn in Ia, Ib, Ir; apply sum_zero; intros k' Hk; apply in_seq in Hk;
      assert (In' : inside N (Field k ch) k' b r) by (split; [cbn; lia|]; split; assumption); first
      [ rewrite (proj1 H1) by exact In'; ring | rewrite (proj2 H1) by exact In'; ring
      | rewrite (proj1 H2) by exact In'; ring | rewrite (proj2 H2) by exact In'; ring ].
  - cbn [map_operands infer] in Ht. destruct (T amplitude) as [k1 ch| | |] eqn:Ta; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
    destruct (T vector) as [k ch'| | |] eqn:Tv; try discriminate. destruct (ch =? ch')%nat eqn:E3; [|discriminate].
    apply Nat.eqb_eq in E3. subst ch'. injection Ht as <-. cbn [map_operands define].
    assert (Va : V amplitude <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate). assert (Ea := turns_equal _ _ _ _ Va H1).
    assert (In1 : forall a b r, inside N (Field k ch) a b r -> inside N (Field 1 ch) 0 b r) by (intros a b r (Ia & Ib & Ir); repeat split; [cbn; lia|exact Ib|exact Ir]).
    unfold bilinear in Hj. destruct (V amplitude) eqn:V1; [|congruence|].
    + destruct (V vector) eqn:V2; injection Hj as <-; cbn [turns].
      * apply U; [exact I|exact Ho|]. intros j [<-|[<-|[]]]; congruence.
      * destruct H2 as [three H2]. split; [exact three|]. intros a b r I. rewrite <- H2 by exact I. rewrite <- (Ea _ _ _ (In1 a b r I)). unfold turned.
        rewrite <- sum_mul_l. apply sum_ext. intros. ring.
      * split; intros a b r I; [rewrite (proj1 H2) by exact I|rewrite (proj2 H2) by exact I]; ring.
    + injection Hj as <-. destruct H1 as [Z1 Z2].
      split; intros a b r I; [rewrite (Z1 _ _ _ (In1 a b r I))|rewrite (Z2 _ _ _ (In1 a b r I))]; ring.
  - cbn in Hj. destruct (V value) eqn:V1; try discriminate; injection Hj as <-; apply U; try exact I; try exact Ho; intros j [<-|[]]; congruence.
  - cbn [map_operands infer] in Ht. destruct (T scalar) eqn:Ts; try discriminate. apply declared_is in Ht. subst t.
    assert (Vs : V scalar <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate). cbn [map_operands define].
    destruct (V scalar) eqn:V1; [|congruence|].
    + assert (v = Invariant) by (destruct t0 as [k c| | |]; [destruct k as [|[|k]]|..]; try discriminate Hj; now injection Hj). subst v.
      apply U; [exact I|exact Ho|]. intros j [<-|[]]. congruence.
    + injection Hj as <-. destruct H1 as [Z1 Z2]. unfold entry. split; intros a b r _; [apply Z1|apply Z2]; apply inside_scalar.
  - cbn in Hj. destruct (V field) eqn:V1; try discriminate; injection Hj as <-; apply U; try exact I; try exact Ho; intros j [<-|[]]; congruence.
  - destruct components as [|[|k]]; try discriminate Hj. injection Hj as <-. cbn [map_operands infer] in Ht.
    destruct (T bias) as [| |ch|] eqn:Tb; try discriminate. apply declared_is in Ht. subst t. cbn [map_operands define].
    assert (Vb : V bias <> Vector) by (apply (not_vector _ _ _ _ H1); discriminate).
    assert (In1 : forall a b r, inside N (Field 1 ch) a b r -> inside N (Bias ch) 0 b (0, 0)%nat) by (intros a b r (Ia & Ib & Ir); repeat split; [cbn; lia|exact Ib|now left]).
    destruct (V bias) eqn:V1; [|congruence|]; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[]]. congruence.
    + destruct H1 as [Z1 Z2]. split; intros a b r I; [apply Z1|apply Z2]; exact (In1 a b r I).
  - cbn [map_operands] in Ht. destruct (infer_fields _ _ Ht) as (k & -> & Hf).
    assert (Hf' : forall j, In j parts -> exists ch, T j = Field k ch) by (intros j Hjn; apply Hf, in_map_iff; now exists j).
    assert (P := common_of_parts parts v Hj). cbn [map_operands define]. destruct v; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j Hjn. destruct (P j Hjn); congruence.
    + destruct (common_vector parts Hj) as (j & Hjn & Vj). assert (Hjt := Ho j Hjn). rewrite Vj in Hjt. destruct Hjt as [[c Hc] _].
      destruct (Hf' j Hjn) as [ch Hch]. rewrite Hch in Hc. injection Hc as -> ->. split; [now eexists|].
      intros a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir. unfold turned. apply concatenated_turned with 3%nat; auto.
      intros i Hi. destruct (Hf' i Hi) as [ci Hci]. apply (as_vector _ (V i)); [exact (P i Hi)|now exists ci|now apply Ho].
    + assert (Zs : forall g, (forall j, In j parts -> equal_on (T j) (g j) (fun _ _ _ => 0)) ->
        equal_on (Field k (sum_of_channels (map T parts))) (concatenated R (map (fun j => (T j, g j)) parts)) (fun _ _ _ => 0)).
      { intros g Hgz a b r (Ia & Ib & Ir). cbn in Ia, Ib, Ir.
        rewrite (concatenated_respects R N k T g (fun _ _ _ _ => 0) parts b r a) by auto. clear. revert b.
        induction parts as [|j l IH]; intro b; cbn; [reflexivity|]. destruct (channels (T j)) as [|n]; [apply IH|]. now destruct (b <=? n)%nat. }
      split; apply Zs; intros j Hjn; assert (Hjt := Ho j Hjn); destruct (P j Hjn) as [Pj|Pj]; rewrite Pj in Hjt; apply Hjt.
  - injection Hj as <-. cbn [map_operands infer] in Ht. destruct (T field) as [k ch| | |] eqn:Tx; try discriminate.
    destruct (is_count (to - from)) eqn:C1; [|discriminate]. destruct (to <=? ch)%nat eqn:C2; [|discriminate].
    apply Nat.leb_le in C1, C2. injection Ht as <-. cbn [map_operands define].
    assert (In1 : forall a b r, inside N (Field k (to - from)) a b r -> inside N (Field k ch) a (from + b) r) by (intros a b r (Ia & Ib & Ir); cbn in Ia, Ib, Ir; repeat split; [exact Ia|cbn; lia|exact Ir]).
    destruct (V field) eqn:V1; cbn [turns].
    + apply U; [exact I|exact Ho|]. intros j [<-|[]]. congruence.
    + destruct H1 as [[c Hc] H1]. injection Hc as -> ->. split; [now eexists|]. intros a b r I. exact (H1 _ _ _ (In1 a b r I)).
    + destruct H1 as [Z1 Z2]. split; intros a b r I; [apply Z1|apply Z2]; exact (In1 a b r I).
Qed.

End OneOperation.

(** What an accepted program computes turns as judged. *)
Theorem accepted_programs_are_symmetric eqs types judged given given' :
  typecheck eqs = Some types -> symmetry eqs = Some judged ->
  (forall i n t, nth_error eqs i = Some (Input n t) ->
    match declared_representation t with
    | Some Vector => equal_on t (turned (given n)) (given' n)
    | _ => equal_on t (given n) (given' n)
    end) ->
  (forall i n t, nth_error eqs i = Some (Weight n t) -> equal_on t (given n) (given' n)) ->
  forall i, (i < length eqs)%nat ->
    turns (nth i types Scalar) (nth i judged Zero)
      (snd (nth i (evaluate R N given eqs) (no_value R))) (snd (nth i (evaluate R N given' eqs) (no_value R))).
Proof.
  intros Hty Hsym Hin Hw. destruct (typecheck_promises _ _ Hty) as [O P].
  intro i. induction i as [i IH] using lt_wf_ind. intro Hi.
  destruct (nth_error eqs i) as [e|] eqn:H; [|apply nth_error_None in H; lia].
  rewrite (evaluated_equation R N given eqs types Hty i e H), (evaluated_equation R N given' eqs types Hty i e H).
  apply (judge_is_sound given given' (fun j => nth j types Scalar) (fun j => nth j judged Zero)
    (fun j => snd (nth j (evaluate R N given eqs) (no_value R))) (fun j => snd (nth j (evaluate R N given' eqs) (no_value R)))).
  - exact (P i e H).
  - exact (symmetry_judges _ _ O Hsym i e H).
  - destruct e; try exact I; [|exact (Hw i n t H)]. specialize (Hin i n t H).
    assert (J := symmetry_judges _ _ O Hsym i _ H). cbn in J. rewrite J in Hin |- *.
    destruct (nth i judged Zero) eqn:Vi; cbn; [exact Hin| |].
    + split; [|exact Hin]. destruct t as [k c| | |]; try discriminate. destruct k as [|[|[|[|k]]]]; try discriminate. now exists c.
    + destruct t as [k c| | |]; try discriminate. destruct k as [|[|[|[|k]]]]; discriminate.
  - intros j Hj. apply IH; [exact (O i e H j Hj)|]. assert (Hji := O i e H j Hj). lia.
Qed.

(** E(Q s) = E(s): an output that is judged invariant, or that is a scalar, does not change. *)
Theorem accepted_energies_are_invariant eqs types judged given given' energy :
  typecheck eqs = Some types -> symmetry eqs = Some judged ->
  (forall i n t, nth_error eqs i = Some (Input n t) ->
    match declared_representation t with
    | Some Vector => equal_on t (turned (given n)) (given' n)
    | _ => equal_on t (given n) (given' n)
    end) ->
  (forall i n t, nth_error eqs i = Some (Weight n t) -> equal_on t (given n) (given' n)) ->
  (energy < length eqs)%nat -> nth energy types Scalar = Scalar ->
  entry R (snd (nth energy (evaluate R N given eqs) (no_value R))) = entry R (snd (nth energy (evaluate R N given' eqs) (no_value R))).
Proof.
  intros Hty Hsym Hin Hw He Ht. assert (H := accepted_programs_are_symmetric _ _ _ _ _ Hty Hsym Hin Hw energy He).
  rewrite Ht in H. apply (turns_equal Scalar (nth energy judged Zero)).
  - apply (not_vector _ _ _ _ H). discriminate.
  - exact H.
  - apply inside_scalar.
Qed.

End Soundness.
