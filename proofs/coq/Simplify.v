(** [simplify] of [src/program/simplify.ts], transcribed, and that it keeps every output of every well-typed program.

    What differs: a value is laid out as soon as it is rewritten, where the code rewrites all of them first. The same
    equations are bound, in the same order. *)
From Efnn Require Export DeadEquations.

Section Simplify.
(** What float64 makes of a sum and a product, where that is finite: any functions. *)
Variables float_sum float_product : dyadic -> dyadic -> option dyadic.

(** How often identities are applied to one value at most: any number. *)
Variable times : table -> nat.

(** The value of one more equation: rewritten, then laid out. Its operands are where the values of equations before went. *)
Definition simplify_next (known : table * list nat) (e : equation) : table * list nat :=
  let (t, places) := known in
  let v := New (map_operands (fun j => Bound (nth j places 0)) e) in
  let (t', i) := lay t (rewritten (kind := terms_in t) float_sum float_product (times t) v) in
  (t', places ++ [i]).

Definition shared (eqs : list equation) : table * list nat := fold_left simplify_next eqs (Table [] [], []).

(** The equations of the simplified program, and which of them are the outputs. *)
Definition simplify (eqs : list equation) (outs : list nat) : list equation * list nat :=
  let (t, places) := shared eqs in alive (bound t) (map (fun o => nth o places 0) outs).

(** Rewriting a value of a table is rewriting its tree. *)
Theorem rewriting_is_of_trees n t v : sound t -> within (length (bound t)) v -> well_formed (tree_of (bound t) v) = true ->
  let v' := rewritten (kind := terms_in t) float_sum float_product n v in
  within (length (bound t)) v' /\ same_tree (tree_of (bound t) v) (tree_of (bound t) v').
Proof.
  intros S W F v'. split.
  - apply (rewritten_kept (kind := terms_in t) float_sum float_product (within (length (bound t)))); [now apply within_operands| |exact W].
    intros op _ Ho. now constructor.
  - unfold v'. rewrite <- (same_rewritten (kind := terms_in t) float_sum float_product (tree_of (bound t))).
    + now apply rewriting_keeps_values.
    + intro. now apply tree_of_operation.
    + intro. now apply tree_of_typed.
    + reflexivity.
Qed.

(** Every equation has its value somewhere in the table. *)
Theorem every_value_is_kept eqs types : typecheck eqs = Some types ->
  let (t, places) := shared eqs in
  sound t /\ length places = length eqs /\
  forall i, i < length eqs -> nth i places 0 < length (bound t) /\ same_tree (bound_tree eqs i) (bound_tree (bound t) (nth i places 0)).
Proof.
  revert types. induction eqs as [|e eqs IH] using rev_ind; intros types T.
  - split; [reflexivity|]. split; [reflexivity|]. intros i H. cbn in H. lia.
  - destruct (typecheck_snoc _ _ _ T) as (before & ty & Tb & _ & Ho & _). specialize (IH before Tb). unfold shared in *. rewrite fold_left_app. cbn [fold_left].
    destruct (fold_left simplify_next eqs _) as [t places]. destruct IH as (S & L & P). cbn [simplify_next].
    rewrite (typecheck_length _ _ Tb) in Ho. set (v := New (map_operands (fun j => Bound (nth j places 0)) e)).
    assert (W : within (length (bound t)) v).
    { constructor. intros u Hu. rewrite operands_map in Hu. apply in_map_iff in Hu. destruct Hu as (j & <- & Hj). constructor. now apply P, Ho. }
    assert (V : same_tree (bound_tree (eqs ++ [e]) (length eqs)) (tree_of (bound t) v)).
    { destruct (typecheck_promises _ _ T) as [O _]. assert (E : nth_error (eqs ++ [e]) (length eqs) = Some e) by now rewrite nth_error_app2, Nat.sub_diag by lia.
      destruct (bound_tree_typed _ _ T (length eqs)) as [F _]; [rewrite app_length; cbn; lia|].
      rewrite (bound_tree_equation _ _ _ O E) in F |- *. unfold v. cbn [tree_of]. rewrite map_map_operands. cbn [tree_of].
      apply same_node; [|exact F]. intros j Hj. rewrite bound_tree_later by now apply Ho. now apply P, Ho. }
    assert (Q := rewriting_is_of_trees (times t) t v S W (proj1 V)). cbn zeta in Q. destruct Q as [W' V'].
    assert (Y := laying_out_keeps_values t _ W' (proj1 V') t S (extends_refl t)). unfold lays in Y.
    destruct (lay t _) as [t' i]. destruct Y as (S' & E' & Hi & V''). split; [exact S'|]. split; [rewrite !app_length, L; reflexivity|].
    intros j Hj. rewrite app_length in Hj. cbn in Hj. destruct (Nat.eq_dec j (length eqs)) as [->|Hne].
    + rewrite app_nth2, L, Nat.sub_diag by lia. cbn [nth]. split; [exact Hi|]. exact (same_tree_trans _ _ _ V (same_tree_trans _ _ _ V' V'')).
    + rewrite app_nth1 by lia. destruct (P j ltac:(lia)) as [Hp Vp]. destruct E' as [more E']. rewrite E', app_length, !bound_tree_later by lia.
      split; [lia|exact Vp].
Qed.

(** The simplified program is well typed, and each of its outputs has the type that it had, and the value that it had, over
    all numbers, on all lattices, whatever the program is evaluated at. *)
Theorem simplify_is_sound eqs types outs :
  typecheck eqs = Some types -> (forall o, In o outs -> o < length eqs) ->
  let (eqs', outs') := simplify eqs outs in
  exists types', typecheck eqs' = Some types' /\ length outs' = length outs /\
  forall k, k < length outs ->
    nth k outs' 0 < length eqs' /\ nth (nth k outs' 0) types' Scalar = nth (nth k outs 0) types Scalar /\
    forall R N given, equal_on R N (nth (nth k outs 0) types Scalar)
      (snd (nth (nth k outs 0) (evaluate R N given eqs) (no_value R)))
      (snd (nth (nth k outs' 0) (evaluate R N given eqs') (no_value R))).
Proof.
  intros T Ho. assert (K := every_value_is_kept eqs types T). unfold simplify. destruct (shared eqs) as [t places]. destruct K as (S & L & P).
  assert (D := dropping_keeps_values (bound t) (bound_types t) (map (fun o => nth o places 0) outs) S).
  destruct (alive _ _) as [eqs' outs']. destruct D as ([types' T'] & L' & D).
  { intros o Hx. apply in_map_iff in Hx. destruct Hx as (o' & <- & Hx). now apply P, Ho. }
  rewrite map_length in L', D. exists types'. split; [exact T'|]. split; [exact L'|]. intros k Hk.
  assert (Hx : nth k outs 0 < length eqs) by now apply Ho, nth_In. destruct (D k Hk) as [Hk' E]. destruct (P _ Hx) as [_ V].
  replace (nth k (map (fun o => nth o places 0) outs) 0) with (nth (nth k outs 0) places 0) in E
    by (symmetry; apply nth_error_nth, (map_nth_error (fun o => nth o places 0)); now apply nth_error_nth').
  rewrite <- E in V. destruct (bound_tree_typed _ _ T _ Hx) as [_ Ty]. destruct (bound_tree_typed _ _ T' _ Hk') as [_ Ty'].
  destruct V as (_ & Vt & Vv). split; [exact Hk'|]. split; [congruence|]. intros R N given.
  destruct (typecheck_promises _ _ T) as [O _]. destruct (typecheck_promises _ _ T') as [O' _].
  destruct (bound_tree_evaluates _ O _ Hx) as [_ B]. destruct (bound_tree_evaluates _ O' _ Hk') as [_ B']. rewrite B, B'. cbn [snd].
  rewrite <- Ty. apply Vv.
Qed.

(** It has no two equal equations, and none that no output needs. *)
Theorem simplified_programs_are_short eqs types outs :
  typecheck eqs = Some types -> (forall o, In o outs -> o < length eqs) ->
  let (eqs', outs') := simplify eqs outs in
  NoDup eqs' /\ forall k, k < length eqs' -> is_needed eqs' outs' k.
Proof.
  intros T Ho. assert (K := every_value_is_kept eqs types T).
  assert (N : NoDup (bound (fst (shared eqs)))).
  { clear. unfold shared. assert (K : NoDup (bound (fst (Table [] [], @nil nat)))) by constructor. revert K. generalize (Table [] [], @nil nat).
    induction eqs as [|e eqs IH]; intros [t places] K; [exact K|]. apply IH. cbn [simplify_next]. cbn [fst] in K.
    assert (N := equations_are_bound_once (rewritten (kind := terms_in t) float_sum float_product (times t)
      (New (map_operands (fun j => Bound (nth j places 0)) e))) t K). now destruct (lay t _). }
  unfold simplify. destruct (shared eqs) as [t places]. cbn [fst] in N. destruct K as (S & L & P).
  assert (D := nothing_dead_is_left (bound t) (bound_types t) (map (fun o => nth o places 0) outs) S). destruct (alive _ _) as [eqs' outs'].
  destruct D as [D1 D2]; [|now split; [apply D2|]]. intros o Hx. apply in_map_iff in Hx. destruct Hx as (o' & <- & Hx). now apply P, Ho.
Qed.

(** What it declares was declared, so that one name still has one type. *)
Theorem nothing_new_is_declared eqs outs e q : In e (fst (simplify eqs outs)) -> declaration e = Some q -> In q eqs.
Proof.
  assert (K : forall known, (forall e q, In e (bound (fst known)) -> declaration e = Some q -> In q eqs) ->
    forall rest, (forall e, In e rest -> In e eqs) ->
    forall e q, In e (bound (fst (fold_left simplify_next rest known))) -> declaration e = Some q -> In q eqs).
  { intros known K rest. revert known K. induction rest as [|r rest IH]; intros [t places] K Hr; [exact K|]. cbn [fold_left]. apply IH; [|intros; apply Hr; now right].
    cbn [simplify_next fst] in *. set (v := New (map_operands (fun j => Bound (nth j places 0)) r)).
    assert (D : declares (fun q => In q eqs) (rewritten (kind := terms_in t) float_sum float_product (times t) v)).
    { apply (rewritten_kept (kind := terms_in t) float_sum float_product (declares (fun q => In q eqs))).
      - intros [i|op] x Dv Hx; cbn [computed_by terms_in] in Hx; [|inversion Dv; auto].
        rewrite operands_map in Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & _). constructor.
      - intros op Hd Hx. constructor; [|exact Hx]. intros p Hp. rewrite Hd in Hp. discriminate.
      - constructor.
        + intros p Hp. rewrite declaration_map in Hp. assert (Er : r = p) by (destruct r; cbn in Hp; now inversion Hp). subst p. apply Hr. now left.
        + intros x Hx. rewrite operands_map in Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & _). constructor. }
    assert (B := declarations_are_known _ _ D t K). now destruct (lay t _). }
  specialize (K (Table [] [], []) (fun _ _ H _ => match H with end) eqs (fun _ H => H)). unfold simplify, shared. unfold shared in K.
  destruct (fold_left simplify_next eqs _) as [t places]. cbn [fst] in K. unfold alive. cbn [fst]. intros Hi Hq.
  apply in_map_iff in Hi. destruct Hi as (i & <- & Hi). rewrite declaration_map in Hq. apply (K (nth i (bound t) nothing) q); [|exact Hq].
  apply nth_In. unfold kept in Hi. apply filter_In in Hi. destruct Hi as [Hi _]. apply in_seq in Hi. lia.
Qed.

End Simplify.

(** As often as any value needs. *)
Definition rewritings (t : table) : nat := 2 * length (bound t) + 2.

Fixpoint rank (v : value) : nat :=
  match v with
  | Bound i => 2 * (i + 1)
  | New op => height op + list_max (operands (map_operands rank op))
  end.

Lemma list_max_below l m : (forall x, In x l -> x <= m) -> list_max l <= m.
Proof. intro H. apply list_max_le, Forall_forall. exact H. Qed.

(** So many times are until no identity says anything, as the code does it. *)
Theorem rewritings_suffice float_sum float_product t (f : nat -> nat) e :
  sound t -> (forall j, In j (operands e) -> f j < length (bound t)) ->
  let v := New (map_operands (fun j => Bound (f j)) e) in
  identity (kind := terms_in t) float_sum float_product (rewritten (kind := terms_in t) float_sum float_product (rewritings t) v) = None.
Proof.
  intros S Hf v. destruct (typecheck_promises _ _ S) as [O _].
  assert (height_map : forall A B (g : A -> B) op, height (map_operands g op) = height op) by now destruct op.
  assert (height_low : forall A (op : operation A), height op <= 2) by (destruct op; cbn; lia).
  apply (rewriting_ends (kind := terms_in t) float_sum float_product rank).
  - intros [i|op]; cbn [rank]; [lia|]. destruct op; cbn; lia.
  - intros [i|op] x Hx; cbn [computed_by terms_in rank] in *.
    + rewrite height_map. rewrite operands_map in Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & Hj). cbn [rank].
      specialize (height_low _ (nth i (bound t) nothing)). destruct (lt_dec i (length (bound t))) as [L|L].
      * assert (B := O i _ (nth_error_nth' _ nothing L) j Hj). lia.
      * rewrite nth_overflow in Hj by lia. destruct Hj.
    + rewrite operands_map. apply Nat.add_le_mono_l. assert (Q := proj1 (list_max_le (map rank (operands op)) _) (le_n _)).
      rewrite Forall_forall in Q. apply Q. now apply in_map.
  - intros op m H. cbn [make terms_in rank]. apply Nat.add_le_mono_l, list_max_below. rewrite operands_map. intros x Hx.
    apply in_map_iff in Hx. destruct Hx as (y & <- & Hy). now apply H.
  - unfold v, rewritings. cbn [rank]. rewrite height_map. specialize (height_low _ e).
    enough (list_max (operands (map_operands rank (map_operands (fun j => Bound (f j)) e))) <= 2 * length (bound t)) by lia.
    apply list_max_below. rewrite map_map_operands, operands_map. intros x Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & Hj).
    specialize (Hf j Hj). cbn [rank]. lia.
Qed.

Lemma layout_place known e : snd (layout known e) < length (fst (layout known e)).
Proof.
  destruct e as [op]. destruct op; cbn [layout]; repeat match goal with |- context [layout ?k ?x] => destruct (layout k x) end;
    cbn [fst snd]; rewrite app_length; cbn; lia.
Qed.

(** What training compiles: the gradient as a program, simplified, is the transposed derivative, and the differentiated output
    is what it was. *)
Theorem simplified_gradients_are_adjoint (R0 : numbers) float_sum float_product times eqs types output v t :
  typecheck eqs = Some types -> output < length eqs -> nth output types Scalar = Scalar ->
  (forall i e, nth_error eqs i = Some e -> is_called v e = true -> nth i types Scalar = t) -> declared t = Some t ->
  let (after, derivative_at) := gradient_program eqs types output v t in
  let (simple, outs) := simplify float_sum float_product times after [output; derivative_at] in
  forall R N (given : arguments R) (given' : arguments (dual R)),
    (forall n a b r, fst (given' n a b r) = given n a b r) -> (forall n, n <> v -> forall a b r, snd (given' n a b r) = zero) ->
    entry R (snd (nth (nth 0 outs 0) (evaluate R N given simple) (no_value R))) =
      entry R (snd (nth output (evaluate R N given eqs) (no_value R))) /\
    snd (entry (dual R) (snd (nth output (evaluate (dual R) N given' eqs) (no_value (dual R))))) =
      inner R N t (snd (nth (nth 1 outs 0) (evaluate R N given simple) (no_value R))) (dual_part R (given' v)).
Proof.
  intros Hty Hout Hscalar Hname Hdecl. assert (G := gradient_is_a_program R0 eqs types output v t Hty Hout Hscalar Hname Hdecl).
  assert (L := layout_place eqs (derivative Node eqs types output v t)). fold (gradient_program eqs types output v t) in L.
  destruct (gradient_program eqs types output v t) as [after d] eqn:E. cbn [fst snd] in L. destruct G as ((types' & T & Td) & V & A).
  assert (Lo : output < length after).
  { unfold gradient_program in E. assert (W := tree_gradient_is_the_adjoint R0 1 (fun _ _ _ _ => zero) (fun _ _ _ _ => (zero, zero)) eqs types output v t
      (fun _ _ _ _ => eq_refl) Hty Hout Hscalar Hname Hdecl (fun _ _ _ _ _ => eq_refl)).
    assert (K := layout_keeps_values R0 _ (proj1 W) eqs (ex_intro _ types Hty)). rewrite E in K. destruct K as ((more & ->) & _). rewrite app_length. lia. }
  assert (S := simplify_is_sound float_sum float_product times after types' [output; d] T).
  destruct (simplify _ _ _ _ _) as [simple outs]. destruct S as (types'' & _ & _ & S); [intros o [<-|[<-|[]]]; assumption|].
  intros R N given given' Hg Hd. destruct (S 0 ltac:(cbn; lia)) as (_ & _ & S0). destruct (S 1 ltac:(cbn; lia)) as (_ & _ & S1).
  specialize (S0 R N given). specialize (S1 R N given). cbn [nth] in S0, S1 |- *.
  assert (To : nth output types' Scalar = Scalar).
  { rewrite <- (evaluated_type R N given after types' output T), (V R N given output Hout), (evaluated_type R N given eqs types output Hty). exact Hscalar. }
  rewrite To in S0. rewrite Td in S1. split.
  - unfold entry. rewrite <- (S0 0 0 (0, 0) (inside_scalar N)). now rewrite (V R N given output Hout).
  - rewrite (A R N given given' Hg Hd). apply inner_respects; [exact S1|apply equal_on_refl].
Qed.
