(** Expressions as trees of operations, as in [src/program/expression.ts], and the theorem of the gradient for them. *)
From Efnn Require Export Gradient.

Inductive tree := Node (op : operation tree).

Fixpoint tree_type (e : tree) : value_type := match e with Node op => type_of (map_operands tree_type op) end.

(** Every operation in it has a type. *)
Fixpoint well_formed (e : tree) : bool :=
  match e with
  | Node op =>
      match op with
      | Input _ _ | Weight _ _ | Constant _ => true
      | Correlate x y | CorrelateTransposed x y | KernelGradient _ x y | Add x y | Multiply x y | Scale x y | Contract x y
      | Modulate x y => well_formed x && well_formed y
      | Tanh x | Reciprocal x | Sqrt x | Total x | Fill _ x | SumSites x | Broadcast _ x | Slice _ _ x => well_formed x
      | Concat xs => forallb well_formed xs
      end && match infer (map_operands tree_type op) with Some _ => true | None => false end
  end.

Section Induction.
Variable P : tree -> Prop.
Hypothesis step : forall op, (forall e, In e (operands op) -> P e) -> P (Node op).

Fixpoint tree_induction (e : tree) : P e.
Proof.
  destruct e as [op]. apply step. destruct op; cbn [operands]; intros e He;
    try (destruct He as [<-|[<-|[]]]; apply tree_induction);
    try (destruct He as [<-|[]]; apply tree_induction); try destruct He.
  revert e He. induction parts as [|p parts IH]; intros e He; [destruct He|].
  destruct He as [<-|He]; [apply tree_induction|exact (IH e He)].
Defined.
End Induction.

Lemma well_formed_node op : well_formed (Node op) = true <->
  (forall e, In e (operands op) -> well_formed e = true) /\ exists t, infer (map_operands tree_type op) = Some t.
Proof.
  assert (T : forall o : option value_type, (match o with Some _ => true | None => false end = true) <-> exists t, o = Some t).
  { intros [t|]; split; intro H; try discriminate; eauto. destruct H. discriminate. }
  cbn [well_formed]. rewrite andb_true_iff, T. enough (E : forall b : bool, (b = true <-> forall e, In e (operands op) -> well_formed e = true) ->
    (b = true /\ (exists t, infer (map_operands tree_type op) = Some t) <->
    (forall e, In e (operands op) -> well_formed e = true) /\ (exists t, infer (map_operands tree_type op) = Some t))).
  { apply E. destruct op; cbn [operands]; rewrite ?andb_true_iff, ?forallb_forall; split; intro H;
      try (intros e []; fail); try reflexivity; try exact H;
      try (intros e [<-|[<-|[]]]; apply H); try (intros e [<-|[]]; exact H); try (split; apply H; cbn; auto); try (apply H; cbn; auto). }
  intros b Hb. rewrite Hb. reflexivity.
Qed.

(** Types that operations give are types that can be declared. *)
Lemma infer_declared op t : infer op = Some t -> (forall u, In u (operands op) -> declared u = Some u) -> declared t = Some t.
Proof.
  intros Ht H. destruct op; cbn [operands] in H;
    try (assert (H1 := H _ (or_introl eq_refl)); try (assert (H2 := H _ (or_intror (or_introl eq_refl))))); cbn [infer] in Ht.
  - assert (t = t0) by now apply declared_is. congruence.
  - assert (t = t0) by now apply declared_is. congruence.
  - injection Ht as <-. reflexivity.
  - destruct kernel as [|o i s| |]; try discriminate. destruct field as [k c| | |]; try discriminate.
    destruct (i =? c); [|discriminate]. injection Ht as <-. cbn [declared] in *. destruct (is_count k); [|discriminate].
    destruct (is_count o); [reflexivity|discriminate].
  - destruct kernel as [|o i s| |]; try discriminate. destruct field as [k c| | |]; try discriminate.
    destruct (o =? c); [|discriminate]. injection Ht as <-. cbn [declared] in *. destruct (is_count k); [|discriminate].
    destruct (is_count o), (is_count i); try discriminate. reflexivity.
  - destruct field as [k c| | |]; try discriminate. destruct cotangent as [k' c'| | |]; try discriminate.
    destruct (is_odd size) eqn:S; [|discriminate]. destruct (k =? k'); [|discriminate]. injection Ht as <-. cbn [declared] in *.
    rewrite S. destruct (is_count k), (is_count k'), (is_count c), (is_count c'); try discriminate. reflexivity.
  - unfold same_types in Ht. destruct (same_type left right); [|discriminate]. now injection Ht as <-.
  - unfold same_types in Ht. destruct (same_type left right); [|discriminate]. now injection Ht as <-.
  - destruct factor; try discriminate. now injection Ht as <-.
  - now injection Ht as <-.
  - now injection Ht as <-.
  - now injection Ht as <-.
  - destruct left as [k c| | |]; try discriminate. destruct (same_type _ right); [|discriminate]. injection Ht as <-.
    cbn [declared] in *. destruct (is_count k), (is_count c); try discriminate. reflexivity.
  - destruct amplitude as [[|[|k1]] c| | |]; try discriminate. destruct vector as [k c'| | |]; try discriminate.
    destruct (c =? c'); [|discriminate]. now injection Ht as <-.
  - injection Ht as <-. reflexivity.
  - destruct scalar; try discriminate. assert (t = t0) by now apply declared_is. congruence.
  - destruct field as [k c| | |]; try discriminate. injection Ht as <-. cbn [declared] in *.
    destruct (is_count k), (is_count c); try discriminate. reflexivity.
  - destruct bias as [| |c|]; try discriminate. assert (D := declared_is _ _ Ht). now rewrite <- D in Ht.
  - destruct (infer_fields parts t Ht) as (k & -> & Hf). destruct parts as [|u parts]; [discriminate|].
    destruct (Hf u (or_introl eq_refl)) as [c ->]. assert (H1 := H _ (or_introl eq_refl)). cbn [declared] in H1 |- *.
    destruct (is_count k); [|discriminate]. destruct (is_count c) eqn:C; [|discriminate]. apply Nat.leb_le in C.
    assert (S : is_count (sum_of_channels (Field k c :: parts)) = true) by (apply Nat.leb_le; cbn; lia). rewrite S. reflexivity.
  - destruct field as [k c| | |]; try discriminate. destruct (is_count (to - from)) eqn:C; [|discriminate].
    destruct (to <=? c); [|discriminate]. injection Ht as <-. cbn [declared] in *. rewrite C.
    destruct (is_count k); [reflexivity|discriminate].
Qed.

Lemma well_formed_declared e : well_formed e = true -> declared (tree_type e) = Some (tree_type e).
Proof.
  induction e as [op IH] using tree_induction. intro W. apply well_formed_node in W. destruct W as [Wo [t Ht]].
  cbn [tree_type]. unfold type_of. rewrite Ht. apply infer_declared with (map_operands tree_type op); [exact Ht|].
  intros u Hu. rewrite operands_map in Hu. apply in_map_iff in Hu. destruct Hu as (e & <- & He). apply IH; auto.
Qed.

Lemma made op t : (forall e, In e (operands op) -> well_formed e = true) -> infer (map_operands tree_type op) = Some t ->
  well_formed (Node op) = true /\ tree_type (Node op) = t.
Proof.
  intros Ho Ht. split; [apply well_formed_node; eauto|]. cbn [tree_type]. unfold type_of. now rewrite Ht.
Qed.

(** What a tree means. *)
Fixpoint tree_value (R : numbers) (N : nat) (given : arguments R) (e : tree) : tensor R :=
  match e with Node op => define R N given (map_operands (fun e => (tree_type e, tree_value R N given e)) op) end.

(** The gradient's theorem for trees: nothing is left to suppose of expressions. *)
Theorem tree_gradient_is_the_adjoint R N (given : arguments R) (given' : arguments (dual R)) eqs types output v t :
  (forall n a b r, fst (given' n a b r) = given n a b r) ->
  typecheck eqs = Some types -> (output < length eqs)%nat -> nth output types Scalar = Scalar ->
  (forall i e, nth_error eqs i = Some e -> is_called v e = true -> nth i types Scalar = t) -> declared t = Some t ->
  (forall n, n <> v -> forall a b r, snd (given' n a b r) = zero) ->
  let gradient := derivative Node eqs types output v t in
  well_formed gradient = true /\ tree_type gradient = t /\
  snd (entry (dual R) (snd (nth output (evaluate (dual R) N given' eqs) (no_value (dual R))))) =
    inner R N t (tree_value R N given gradient) (dual_part R (given' v)).
Proof.
  intros Hg Hty Hout Htout Hname Hdecl Hdir gradient.
  destruct (gradient_is_the_adjoint R N given given' Hg tree Node tree_type (tree_value R N given) (fun e => well_formed e = true)
    (fun op => eq_refl) made well_formed_declared eqs types Hty output v t Hout Htout Hname Hdecl Hdir) as [[W T] A].
  repeat split; [exact W|exact T|exact A].
Qed.
