(** Laying out trees as equations, and the gradient as a function from programs to programs, as [record] and [gradient] of
    [src/program] are: it applies to its own result.

    What differs: equal equations are not bound once, and what the outputs do not need stays, which changes a program's
    length and no value. *)
From Efnn Require Export Expression.

(** Layout: the equations of a tree after those of its operands, from an index on. *)


(** One tree after the other, by the layout of one. *)
Section Layouts.
Variable one : list equation -> tree -> list equation * nat.

Fixpoint layouts (known : list equation) (xs : list tree) : list equation * list nat :=
  match xs with
  | [] => (known, [])
  | x :: rest => let (k, i) := one known x in let (k', is) := layouts k rest in (k', i :: is)
  end.
End Layouts.

(** Lays out one tree after known equations; its value is the last one. *)
Fixpoint layout (known : list equation) (e : tree) : list equation * nat :=
  match e with
  | Node op =>
      let one x f := let (k, i) := layout known x in (k ++ [f i], length k) in
      let two x y f := let (k, i) := layout known x in let (k', j) := layout k y in (k' ++ [f i j], length k') in
      let last q := (known ++ [q], length known) in
      match op with
      | Input n t => last (Input n t)
      | Weight n t => last (Weight n t)
      | Constant c => last (Constant c)
      | Correlate x y => two x y Correlate
      | CorrelateTransposed x y => two x y CorrelateTransposed
      | KernelGradient s x y => two x y (KernelGradient s)
      | Add x y => two x y Add
      | Multiply x y => two x y Multiply
      | Scale x y => two x y Scale
      | Tanh x => one x Tanh
      | Reciprocal x => one x Reciprocal
      | Sqrt x => one x Sqrt
      | Contract x y => two x y Contract
      | Modulate x y => two x y Modulate
      | Total x => one x Total
      | Fill t x => one x (Fill t)
      | SumSites x => one x SumSites
      | Broadcast k x => one x (Broadcast k)
      | Concat xs =>
          let all := layouts layout known xs in
          (fst all ++ [Concat (snd all)], length (fst all))
      | Slice from to x => one x (Slice from to)
      end
  end.

(** Equation by equation. *)
Lemma typecheck_next k ts q t : typecheck k = Some ts -> (forall j, In j (operands q) -> j < length k) ->
  infer (map_operands (fun j => nth j ts Scalar) q) = Some t -> typecheck (k ++ [q]) = Some (ts ++ [t]).
Proof.
  intros H Hq Ht. unfold typecheck. rewrite fold_left_app. fold (typecheck k). rewrite H. cbn [fold_left]. unfold type_next.
  assert (F : forallb (fun j => j <? length ts) (operands q) = true).
  { apply forallb_forall. intros j Hj. apply Nat.ltb_lt. rewrite (typecheck_length _ _ H). now apply Hq. }
  now rewrite F, Ht.
Qed.

Lemma fold_prefix {V} (d : V) f k ext j : j < length k -> nth j (fold d f (k ++ ext)) d = nth j (fold d f k) d.
Proof.
  intro Hj. induction ext as [|q ext IH] using rev_ind; [now rewrite app_nil_r|].
  rewrite app_assoc, fold_snoc, app_nth1, IH; [reflexivity|]. rewrite fold_length, app_length. lia.
Qed.

(** Value i of the equations is that of a tree, with its type. *)
Definition places (k : list equation) (i : nat) (e : tree) : Prop :=
  i < length k /\ forall R N given, nth i (evaluate R N given k) (no_value R) = (tree_type e, tree_value R N given e).

Lemma places_later k ext i e : places k i e -> places (k ++ ext) i e.
Proof.
  intros [Hi H]. split; [rewrite app_length; lia|]. intros R N given. unfold evaluate. rewrite fold_prefix by exact Hi. apply H.
Qed.

Definition is_program (k : list equation) : Prop := exists ts, typecheck k = Some ts.

(** A number field is needed to speak of evaluation; types do not depend on it. *)
Lemma places_type (R : numbers) k ts i e : typecheck k = Some ts -> places k i e -> nth i ts Scalar = tree_type e.
Proof.
  intros H [_ P]. rewrite <- (evaluated_type R 1 (fun _ _ _ _ => zero) k ts i H). now rewrite P.
Qed.

Section Layout.
(** Any numbers: the lemma about types asks for some. *)
Variable R0 : numbers.

Lemma next_places k (op : operation nat) (tree_op : operation tree) (tree_at : nat -> tree) :
  is_program k -> (forall j, In j (operands op) -> places k j (tree_at j)) -> tree_op = map_operands tree_at op ->
  (exists t, infer (map_operands tree_type tree_op) = Some t) ->
  is_program (k ++ [op]) /\ places (k ++ [op]) (length k) (Node tree_op).
Proof.
  intros [ts Hts] Hp -> [t Ht]. rewrite map_map_operands in Ht.
  assert (T : map_operands (fun j => nth j ts Scalar) op = map_operands (fun j => tree_type (tree_at j)) op).
  { apply map_operands_ext. intros j Hj. exact (places_type R0 k ts j _ Hts (Hp j Hj)). }
  split.
  - exists (ts ++ [t]). apply typecheck_next; [exact Hts| |now rewrite T]. intros j Hj. apply (Hp j Hj).
  - split; [rewrite app_length; cbn; lia|]. intros R N given. unfold evaluate. rewrite fold_snoc, app_nth2, fold_length, Nat.sub_diag by (rewrite fold_length; lia).
    cbn [nth]. fold (evaluate R N given k).
    assert (V : map_operands (fun j => nth j (evaluate R N given k) (no_value R)) op =
      map_operands (fun j => (tree_type (tree_at j), tree_value R N given (tree_at j))) op).
    { apply map_operands_ext. intros j Hj. apply (Hp j Hj). }
    rewrite V. cbn [tree_type tree_value]. rewrite !map_map_operands. reflexivity.
Qed.

Definition laid_out (known : list equation) (e : tree) : Prop :=
  is_program known ->
  let (k, i) := layout known e in (exists ext, k = known ++ ext) /\ is_program k /\ places k i e.

Lemma one_operand known x (f : forall A, A -> operation A) :
  (forall A (a : A), operands (f A a) = [a]) -> (forall A B (g : A -> B) a, map_operands g (f A a) = f B (g a)) ->
  (exists t, infer (map_operands tree_type (f tree x)) = Some t) -> laid_out known x -> is_program known ->
  let (k, i) := layout known x in
  (exists ext, k ++ [f nat i] = known ++ ext) /\ is_program (k ++ [f nat i]) /\ places (k ++ [f nat i]) (length k) (Node (f tree x)).
Proof.
  intros Ho Hm Ht Hx Hk. specialize (Hx Hk). destruct (layout known x) as [k i]. destruct Hx as ((ext & ->) & Pk & Px).
  split; [exists (ext ++ [f nat i]); now rewrite app_assoc|].
  apply next_places with (tree_at := fun _ => x); [exact Pk| |now rewrite Hm|exact Ht].
  intros j Hj. rewrite Ho in Hj. destruct Hj as [<-|[]]. exact Px.
Qed.

Lemma two_operands known x y (f : forall A, A -> A -> operation A) :
  (forall A (a b : A), operands (f A a b) = [a; b]) -> (forall A B (g : A -> B) a b, map_operands g (f A a b) = f B (g a) (g b)) ->
  (exists t, infer (map_operands tree_type (f tree x y)) = Some t) -> laid_out known x -> (forall k, laid_out k y) -> is_program known ->
  let (k, i) := layout known x in let (k', j) := layout k y in
  (exists ext, k' ++ [f nat i j] = known ++ ext) /\ is_program (k' ++ [f nat i j]) /\
  places (k' ++ [f nat i j]) (length k') (Node (f tree x y)).
Proof.
  intros Ho Hm Ht Hx Hy Hk. specialize (Hx Hk). destruct (layout known x) as [k i]. destruct Hx as ((ext & ->) & Pk & Px).
  specialize (Hy (known ++ ext) Pk). destruct (layout (known ++ ext) y) as [k' j]. destruct Hy as ((ext' & ->) & Pk' & Py).
  split; [exists (ext ++ ext' ++ [f nat i j]); now rewrite !app_assoc|].
  assert (Li : i < length (known ++ ext)) by apply Px.
  destruct (Nat.eq_dec i j) as [->|Hne].
  - (* Both operands lie at one place: they are one tree there. *)
    assert (E : forall R N g, (tree_type x, tree_value R N g x) = (tree_type y, tree_value R N g y)).
    { intros R N g. destruct Px as [_ Px], Py as [_ Py]. rewrite <- Py. unfold evaluate. rewrite fold_prefix by exact Li. symmetry. apply Px. }
    destruct (next_places ((known ++ ext) ++ ext') (f nat j j) (f tree y y) (fun _ => y) Pk') as [N1 [N2 N3]].
    + intros l Hl. rewrite Ho in Hl. destruct Hl as [<-|[<-|[]]]; exact Py.
    + now rewrite Hm.
    + rewrite Hm in Ht |- *. assert (Ty : tree_type x = tree_type y) by (assert (E0 := E R0 1 (fun _ _ _ _ => zero)); congruence).
      rewrite Ty in Ht. exact Ht.
    + split; [exact N1|]. split; [exact N2|]. intros R N g. rewrite N3. cbn [tree_type tree_value]. rewrite !Hm.
      assert (E1 := E R N g). assert (Ty : tree_type x = tree_type y) by congruence. rewrite E1, Ty. reflexivity.
  - apply next_places with (tree_at := fun l => if l =? i then x else y); [exact Pk'| | |exact Ht].
    + intros l Hl. rewrite Ho in Hl. destruct Hl as [<-|[<-|[]]].
      * rewrite Nat.eqb_refl. now apply places_later.
      * rewrite (proj2 (Nat.eqb_neq j i)) by congruence. exact Py.
    + rewrite Hm, Nat.eqb_refl, (proj2 (Nat.eqb_neq j i)) by congruence. reflexivity.
Qed.


Lemma many_operands xs : (forall x, In x xs -> forall k, laid_out k x) -> forall known, is_program known ->
  let (k, is) := layouts layout known xs in
  (exists ext, k = known ++ ext) /\ is_program k /\ Forall2 (places k) is xs.
Proof.
  induction xs as [|x xs IH]; intros Hx known Hk; cbn [layouts].
  - split; [exists []; now rewrite app_nil_r|]. split; [exact Hk|constructor].
  - assert (H1 := Hx x (or_introl eq_refl) known Hk). destruct (layout known x) as [k i]. destruct H1 as ((ext & ->) & Pk & Px).
    assert (H2 := IH (fun y Hy => Hx y (or_intror Hy)) (known ++ ext) Pk). destruct (layouts layout (known ++ ext) xs) as [k' is].
    destruct H2 as ((ext' & ->) & Pk' & Pxs). split; [exists (ext ++ ext'); now rewrite app_assoc|]. split; [exact Pk'|].
    constructor; [now apply places_later|exact Pxs].
Qed.

(** Trees at one place have one type and one value, whatever they are evaluated at. *)
Lemma one_place k i e e' : places k i e -> places k i e' ->
  tree_type e = tree_type e' /\ forall R N given, tree_value R N given e = tree_value R N given e'.
Proof.
  intros [_ P] [_ P']. split.
  - assert (H := P R0 1 (fun _ _ _ _ => zero)). rewrite P' in H. congruence.
  - intros R N given. assert (H := P R N given). rewrite P' in H. congruence.
Qed.

Lemma concat_places k is xs : is_program k -> Forall2 (places k) is xs ->
  (exists t, infer (Concat (map tree_type xs)) = Some t) ->
  is_program (k ++ [Concat is]) /\ places (k ++ [Concat is]) (length k) (Node (Concat xs)).
Proof.
  intros [ts Hts] F [t Ht].
  assert (Ty : map (fun j => nth j ts Scalar) is = map tree_type xs).
  { clear -F Hts R0. induction F as [|i x is xs P _ IH]; [reflexivity|]. cbn [map]. f_equal; [exact (places_type R0 k ts i x Hts P)|exact IH]. }
  split.
  - exists (ts ++ [t]). apply typecheck_next; [exact Hts| |cbn [map_operands]; now rewrite Ty].
    intros j Hj. cbn [operands] in Hj. clear -F Hj. induction F as [|i x is xs P _ IH]; [destruct Hj|].
    destruct Hj as [<-|Hj]; [apply P|exact (IH Hj)].
  - split; [rewrite app_length; cbn; lia|]. intros R N given. unfold evaluate.
    rewrite fold_snoc, app_nth2, fold_length, Nat.sub_diag by (rewrite fold_length; lia). cbn [nth]. fold (evaluate R N given k).
    assert (V : map (fun j => nth j (evaluate R N given k) (no_value R)) is = map (fun e => (tree_type e, tree_value R N given e)) xs).
    { clear -F. induction F as [|i x is xs P _ IH]; [reflexivity|]. cbn [map]. f_equal; [apply P|exact IH]. }
    cbn [map_operands tree_type tree_value]. rewrite V, map_map. reflexivity.
Qed.

Theorem layout_keeps_values e : well_formed e = true -> forall known, laid_out known e.
Proof.
  induction e as [op IH] using tree_induction. intros W known Hk. apply well_formed_node in W. destruct W as [Wo Ht].
  assert (each : forall x, In x (operands op) -> forall k, laid_out k x) by auto. clear IH Wo.
  assert (source : forall q : equation, operands q = [] -> (forall g : nat -> tree, map_operands g q = op) ->
    (exists ext, known ++ [q] = known ++ ext) /\ is_program (known ++ [q]) /\ places (known ++ [q]) (length known) (Node op)).
  { intros q Hq Hm. split; [now exists [q]|]. apply next_places with (tree_at := fun _ => Node op); [exact Hk| |now rewrite Hm|exact Ht].
    intros j Hj. rewrite Hq in Hj. destruct Hj. }
  destruct op; cbn [operands] in each; cbn [layout];
    try (apply source; reflexivity);
    try (assert (e1 := each _ (or_introl eq_refl)); try (assert (e2 := each _ (or_intror (or_introl eq_refl))))).
  - generalize (two_operands known kernel field (fun A => @Correlate A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known kernel) as [k i]. destruct (layout k field) as [k' j]. exact (fun H => H).
  - generalize (two_operands known kernel field (fun A => @CorrelateTransposed A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known kernel) as [k i]. destruct (layout k field) as [k' j]. exact (fun H => H).
  - generalize (two_operands known field cotangent (fun A => @KernelGradient A size) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known field) as [k i]. destruct (layout k cotangent) as [k' j]. exact (fun H => H).
  - generalize (two_operands known left right (fun A => @Add A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known left) as [k i]. destruct (layout k right) as [k' j]. exact (fun H => H).
  - generalize (two_operands known left right (fun A => @Multiply A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known left) as [k i]. destruct (layout k right) as [k' j]. exact (fun H => H).
  - generalize (two_operands known factor value (fun A => @Scale A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known factor) as [k i]. destruct (layout k value) as [k' j]. exact (fun H => H).
  - generalize (one_operand known value (fun A => @Tanh A) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known value) as [k i]. exact (fun H => H).
  - generalize (one_operand known value (fun A => @Reciprocal A) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known value) as [k i]. exact (fun H => H).
  - generalize (one_operand known value (fun A => @Sqrt A) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known value) as [k i]. exact (fun H => H).
  - generalize (two_operands known left right (fun A => @Contract A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known left) as [k i]. destruct (layout k right) as [k' j]. exact (fun H => H).
  - generalize (two_operands known amplitude vector (fun A => @Modulate A) (fun _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl) Ht (e1 known) e2 Hk).
    destruct (layout known amplitude) as [k i]. destruct (layout k vector) as [k' j]. exact (fun H => H).
  - generalize (one_operand known value (fun A => @Total A) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known value) as [k i]. exact (fun H => H).
  - generalize (one_operand known scalar (fun A => @Fill A t) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known scalar) as [k i]. exact (fun H => H).
  - generalize (one_operand known field (fun A => @SumSites A) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known field) as [k i]. exact (fun H => H).
  - generalize (one_operand known bias (fun A => @Broadcast A components) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known bias) as [k i]. exact (fun H => H).
  - assert (H := many_operands parts each known Hk). destruct (layouts layout known parts) as [k is]. cbn [fst snd].
    destruct H as ((ext & ->) & Pk & F). split; [exists (ext ++ [Concat is]); now rewrite app_assoc|].
    apply concat_places; [exact Pk|exact F|exact Ht].
  - generalize (one_operand known field (fun A => @Slice A from to) (fun _ _ => eq_refl) (fun _ _ _ _ => eq_refl) Ht (e1 known) Hk).
    destruct (layout known field) as [k i]. exact (fun H => H).
Qed.

(** The program of a gradient: the equations that there were, then those of the derivative, which is value [snd]. *)
Definition gradient_program (eqs : list equation) (types : list value_type) (output : nat) (v : name) (t : value_type) : list equation * nat :=
  layout eqs (derivative Node eqs types output v t).

(** It is a program again, well typed, whose values are those that there were and the transposed derivative: so it can be
    differentiated again, and what comes out is the derivative of a derivative. *)
Theorem gradient_is_a_program eqs types output v t :
  typecheck eqs = Some types -> (output < length eqs)%nat -> nth output types Scalar = Scalar ->
  (forall i e, nth_error eqs i = Some e -> is_called v e = true -> nth i types Scalar = t) -> declared t = Some t ->
  let (after, derivative_at) := gradient_program eqs types output v t in
  (exists types', typecheck after = Some types' /\ nth derivative_at types' Scalar = t) /\
  (forall R N given j, (j < length eqs)%nat -> nth j (evaluate R N given after) (no_value R) = nth j (evaluate R N given eqs) (no_value R)) /\
  forall R N (given : arguments R) (given' : arguments (dual R)),
    (forall n a b r, fst (given' n a b r) = given n a b r) -> (forall n, n <> v -> forall a b r, snd (given' n a b r) = zero) ->
    snd (entry (dual R) (snd (nth output (evaluate (dual R) N given' eqs) (no_value (dual R))))) =
      inner R N t (snd (nth derivative_at (evaluate R N given after) (no_value R))) (dual_part R (given' v)).
Proof.
  intros Hty Hout Htout Hname Hdecl.
  assert (G := fun R N given given' Hg Hd => tree_gradient_is_the_adjoint R N given given' eqs types output v t Hg Hty Hout Htout Hname Hdecl Hd).
  cbn zeta in G. set (e := derivative Node eqs types output v t) in *.
  destruct (G R0 1 (fun _ _ _ _ => zero) (fun _ _ _ _ => (zero, zero)) (fun _ _ _ _ => eq_refl) (fun _ _ _ _ _ => eq_refl)) as (W & T & _).
  unfold gradient_program. fold e. assert (L := layout_keeps_values e W eqs (ex_intro _ types Hty)).
  destruct (layout eqs e) as [after i]. destruct L as ((ext & ->) & (types' & Hty') & P). split; [|split].
  - exists types'. split; [exact Hty'|]. rewrite (places_type R0 _ _ _ _ Hty' P). exact T.
  - intros R N given j Hj. unfold evaluate. now rewrite fold_prefix.
  - intros R N given given' Hg Hd. destruct (G R N given given' Hg Hd) as (_ & _ & A). rewrite A. destruct P as [_ P]. now rewrite P.
Qed.

End Layout.
