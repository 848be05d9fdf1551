(** [simplify] of [src/program/simplify.ts], transcribed, and that it keeps every output of every well-typed program. *)
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
  let (t', i) := lay t (rewritten (H := terms_in t) float_sum float_product (times t) v) in
  (t', places ++ [i]).

Definition shared (eqs : list equation) : table * list nat := fold_left simplify_next eqs (Table [] [], []).

(** The equations of the simplified program, and which of them are the outputs. *)
Definition simplify (eqs : list equation) (outs : list nat) : list equation * list nat :=
  let (t, places) := shared eqs in alive (bound t) (map (fun o => nth o places 0) outs).

(** Rewriting a value of a table is rewriting its tree. *)
Theorem rewriting_is_of_trees n t v : sound t -> within (length (bound t)) v -> well_formed (tree_of (bound t) v) = true ->
  let v' := rewritten (H := terms_in t) float_sum float_product n v in
  within (length (bound t)) v' /\ same_tree (tree_of (bound t) v) (tree_of (bound t) v').
Proof.
  intros S W F v'. split.
  - apply (rewritten_kept (H := terms_in t) float_sum float_product (within (length (bound t)))); [now apply within_operands| |exact W].
    intros op Ho. now constructor.
  - unfold v'. rewrite <- (same_rewritten (H := terms_in t) float_sum float_product (tree_of (bound t))).
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

End Simplify.
