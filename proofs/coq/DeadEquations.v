(** Leaving out the equations that no output needs, with the renumbering of the others: [alive] of
    [src/program/simplify.ts], transcribed. *)
From Efnn Require Export Sharing.

Definition has (i : nat) (ids : list nat) : bool := existsb (Nat.eqb i) ids.

(** What is needed, after the first n equations are asked for their operands, from the last of them to the first. *)
Fixpoint needed (eqs : list equation) (n : nat) (ids : list nat) : list nat :=
  match n with
  | O => ids
  | S i => needed eqs i (if has i ids then operands (nth i eqs nothing) ++ ids else ids)
  end.

Definition kept (eqs : list equation) (outs : list nat) : list nat :=
  let ids := needed eqs (length eqs) outs in filter (fun i => has i ids) (seq 0 (length eqs)).

(** The new number of an equation: its place among those that are kept. *)
Fixpoint place (ids : list nat) (i : nat) : nat :=
  match ids with
  | [] => 0
  | j :: rest => if j =? i then 0 else S (place rest i)
  end.

(** The program without what no output needs. *)
Definition alive (eqs : list equation) (outs : list nat) : list equation * list nat :=
  let ids := kept eqs outs in
  (map (fun i => map_operands (place ids) (nth i eqs nothing)) ids, map (place ids) outs).

Lemma has_in i ids : has i ids = true <-> In i ids.
Proof.
  unfold has. rewrite existsb_exists. split.
  - intros (j & Hj & E). apply Nat.eqb_eq in E. now subst.
  - intro H. exists i. split; [exact H|apply Nat.eqb_refl].
Qed.

(** What is needed needs its operands. *)
Lemma needed_closed eqs : in_order eqs -> forall n ids, n <= length eqs ->
  (forall i, In i ids -> In i (needed eqs n ids)) /\
  (forall i, In i (needed eqs n ids) -> In i ids \/ i < n) /\
  (forall i, i < n -> In i (needed eqs n ids) -> forall j, In j (operands (nth i eqs nothing)) -> In j (needed eqs n ids)).
Proof.
  intro O. induction n as [|n IH]; intros ids L; cbn [needed].
  - split; [auto|]. split; [auto|]. intros i H. lia.
  - set (ids' := if has n ids then operands (nth n eqs nothing) ++ ids else ids).
    assert (Hn : forall i, In i ids' -> In i ids \/ i < n).
    { intros i Hi. unfold ids' in Hi. destruct (has n ids); [|now left]. apply in_app_or in Hi. destruct Hi as [Hi|Hi]; [right|now left].
      exact (O n _ (nth_error_nth' _ nothing L) i Hi). }
    assert (Hs : forall i, In i ids -> In i ids').
    { intros i Hi. unfold ids'. destruct (has n ids); [apply in_or_app; now right|exact Hi]. }
    destruct (IH ids' ltac:(lia)) as (A & B & C). split; [auto|]. split.
    + intros i Hi. destruct (B i Hi) as [Hi'|Hi']; [|right; lia]. destruct (Hn i Hi'); [now left|right; lia].
    + intros i Hi H j Hj. destruct (Nat.eq_dec i n) as [->|Hne]; [|exact (C i ltac:(lia) H j Hj)].
      destruct (B n H) as [Hi'|Hi']; [|lia]. destruct (Hn n Hi') as [Hi''|Hi'']; [|lia]. apply A. unfold ids'.
      rewrite (proj2 (has_in n ids) Hi''). apply in_or_app. now left.
Qed.

Lemma place_app l m i : ~ In i l -> place (l ++ i :: m) i = length l.
Proof.
  induction l as [|j l IH]; intro H; cbn [app place length].
  - now rewrite Nat.eqb_refl.
  - replace (j =? i) with false by (symmetry; apply Nat.eqb_neq; intro; apply H; now left). f_equal. apply IH. intro. apply H. now right.
Qed.

Section Kept.
Variables (f : nat -> bool) (n : nat).

Lemma kept_split i : i < n -> f i = true -> filter f (seq 0 n) = filter f (seq 0 i) ++ i :: filter f (seq (S i) (n - S i)).
Proof.
  intros L F. replace n with (i + S (n - S i)) at 1 by lia. rewrite seq_app, filter_app. cbn [Nat.add seq filter]. now rewrite F.
Qed.

Lemma place_is i : i < n -> f i = true -> place (filter f (seq 0 n)) i = length (filter f (seq 0 i)).
Proof.
  intros L F. rewrite (kept_split i L F). apply place_app. intro H. apply filter_In in H. destruct H as [H _]. apply in_seq in H. lia.
Qed.

Lemma place_finds i : i < n -> f i = true -> nth_error (filter f (seq 0 n)) (place (filter f (seq 0 n)) i) = Some i.
Proof. intros L F. rewrite (place_is i L F), (kept_split i L F). now rewrite nth_error_app2, Nat.sub_diag by lia. Qed.

Lemma place_increases i j : i < n -> j < n -> f i = true -> f j = true -> i < j ->
  place (filter f (seq 0 n)) i < place (filter f (seq 0 n)) j.
Proof.
  intros Li Lj Fi Fj L. rewrite !place_is by assumption. replace j with (i + S (j - S i)) by lia. rewrite seq_app, filter_app, app_length.
  cbn [Nat.add seq filter]. rewrite Fi. cbn [length]. lia.
Qed.

Lemma place_of k i : nth_error (filter f (seq 0 n)) k = Some i -> i < n /\ f i = true /\ k = place (filter f (seq 0 n)) i.
Proof.
  intro H. assert (I := nth_error_In _ _ H). apply filter_In in I. destruct I as [I F]. apply in_seq in I. split; [lia|]. split; [exact F|].
  assert (N := NoDup_filter f (seq_NoDup n 0)). rewrite NoDup_nth_error in N. apply N; [apply nth_error_Some; now rewrite H|].
  rewrite H. symmetry. apply place_finds; [lia|exact F].
Qed.

End Kept.

(** The converse of [typecheck_promises]. *)
Lemma typecheck_holds eqs : forall types, length types = length eqs -> in_order eqs ->
  (forall i e, nth_error eqs i = Some e -> infer (map_operands (fun j => nth j types Scalar) e) = Some (nth i types Scalar)) ->
  typecheck eqs = Some types.
Proof.
  induction eqs as [|e eqs IH] using rev_ind; intros types L O T; [now destruct types|].
  rewrite app_length in L. destruct types as [|t types _] using rev_ind; [cbn in L; lia|]. rewrite app_length in L. cbn in L.
  assert (Oe : forall j, In j (operands e) -> j < length eqs).
  { apply (O (length eqs) e). now rewrite nth_error_app2, Nat.sub_diag by lia. }
  assert (ext : forall q, (forall j, In j (operands q) -> j < length eqs) ->
    map_operands (fun j => nth j (types ++ [t]) Scalar) q = map_operands (fun j => nth j types Scalar) q).
  { intros q Hq. apply map_operands_ext. intros j Hj. apply app_nth1. specialize (Hq j Hj). lia. }
  apply typecheck_next.
  - apply IH; [lia|exact (in_order_prefix _ _ O)|]. intros i q Hi. assert (Li : i < length eqs) by (apply nth_error_Some; now rewrite Hi).
    assert (Hi' : nth_error (eqs ++ [e]) i = Some q) by (now rewrite nth_error_app1). assert (H := T i q Hi').
    rewrite ext, app_nth1 in H; [exact H|lia|]. intros j Hj. specialize (O i q Hi' j Hj). lia.
  - exact Oe.
  - assert (Hi : nth_error (eqs ++ [e]) (length eqs) = Some e) by now rewrite nth_error_app2, Nat.sub_diag by lia.
    assert (H := T _ e Hi). rewrite ext in H by exact Oe. rewrite H. f_equal. rewrite app_nth2 by lia. now replace (length eqs - length types) with 0 by lia.
Qed.

(** What outputs need: themselves, and whatever something needed reads. *)
Inductive is_needed (eqs : list equation) (outs : list nat) : nat -> Prop :=
  | output_needed o : In o outs -> is_needed eqs outs o
  | operand_needed i j : is_needed eqs outs i -> i < length eqs -> In j (operands (nth i eqs nothing)) -> is_needed eqs outs j.

Lemma needed_is eqs outs n : n <= length eqs -> forall ids, (forall i, In i ids -> is_needed eqs outs i) ->
  forall i, In i (needed eqs n ids) -> is_needed eqs outs i.
Proof.
  induction n as [|n IH]; intros L ids H i Hi; cbn [needed] in Hi; [now apply H|]. apply (IH ltac:(lia)) in Hi; [exact Hi|]. intros j Hj.
  destruct (has n ids) eqn:E; [|now apply H]. apply in_app_or in Hj. destruct Hj as [Hj|Hj]; [|now apply H].
  apply (operand_needed _ _ n); [now apply H, has_in|lia|exact Hj].
Qed.

(** Equations that are needed are kept under their new numbers; those that are kept are needed, and no two are equal if no two
    were. *)
Theorem nothing_dead_is_left eqs types outs : typecheck eqs = Some types -> (forall o, In o outs -> o < length eqs) ->
  let (eqs', outs') := alive eqs outs in
  (forall k, k < length eqs' -> is_needed eqs' outs' k) /\ (NoDup eqs -> NoDup eqs').
Proof.
  intros T Ho. destruct (typecheck_promises _ _ T) as [O _]. unfold alive. set (ids := kept eqs outs). set (eqs' := map _ ids).
  destruct (needed_closed eqs O (length eqs) outs (le_n _)) as (A & _ & C).
  set (f := fun i => has i (needed eqs (length eqs) outs)). assert (Ei : ids = filter f (seq 0 (length eqs))) by reflexivity.
  assert (Le : length (A := equation) eqs' = length ids) by apply map_length.
  assert (F : forall i, is_needed eqs outs i -> i < length eqs /\ f i = true).
  { induction 1 as [o Hx|i j _ [L F] _ Hj]; [split; [now apply Ho|now apply has_in, A]|]. split.
    - assert (B := O i _ (nth_error_nth' _ nothing L) j Hj). lia.
    - apply has_in. apply has_in in F. exact (C i L F j Hj). }
  assert (at_place : forall i, i < length eqs -> f i = true -> place ids i < length (A := equation) eqs' /\
    nth (A := equation) (place ids i) eqs' nothing = map_operands (place ids) (nth i eqs nothing)).
  { intros i L Fi. assert (E := place_finds f _ i L Fi). rewrite <- Ei in E. split; [rewrite Le; apply nth_error_Some; now rewrite E|].
    apply nth_error_nth. now apply (map_nth_error (fun i => map_operands (place ids) (nth i eqs nothing))). }
  split.
  - assert (G : forall i, is_needed eqs outs i -> is_needed eqs' (map (place ids) outs) (place ids i)).
    { induction 1 as [o Hx|i j Hi IH L Hj]; [constructor; now apply in_map|]. destruct (F i Hi) as [_ Fi]. destruct (at_place i L Fi) as [Lp Ep].
      apply (operand_needed _ _ (place ids i)); [exact IH|exact Lp|].
      assert (Q := in_map (place ids) _ _ Hj). rewrite <- operands_map, <- Ep in Q. exact Q. }
    intros k Hk. rewrite Le in Hk. destruct (nth_error ids k) as [i|] eqn:E; [|apply nth_error_None in E; lia]. rewrite Ei in E.
    destruct (place_of _ _ _ _ E) as (L & Fi & ->). rewrite <- Ei. apply G. apply (needed_is eqs outs (length eqs) (le_n _) outs); [now constructor|].
    now apply has_in.
  - intro N. apply NoDup_nth_error. intros k l Hk E. unfold eqs' in E. rewrite Le in Hk.
    destruct (nth_error ids k) as [i|] eqn:Ek; [|apply nth_error_None in Ek; lia]. rewrite (map_nth_error _ _ _ Ek) in E.
    destruct (nth_error ids l) as [j|] eqn:El; [|apply nth_error_None in El; rewrite (proj2 (nth_error_None _ _)) in E; [discriminate|now rewrite map_length]].
    rewrite (map_nth_error _ _ _ El) in E. injection E as E. rewrite Ei in Ek, El.
    destruct (place_of _ _ _ _ Ek) as (Li & Fi & ->). destruct (place_of _ _ _ _ El) as (Lj & Fj & ->). f_equal.
    assert (back : forall i, i < length eqs -> f i = true ->
      map_operands (fun k => nth k ids 0) (map_operands (place ids) (nth i eqs nothing)) = nth i eqs nothing).
    { clear - O C Ei. intros i L Fi. rewrite map_map_operands. transitivity (map_operands (fun x => x) (nth i eqs nothing)).
      - apply map_operands_ext. intros j Hj. rewrite Ei. apply nth_error_nth. apply place_finds.
        + assert (B := O i _ (nth_error_nth' _ nothing L) j Hj). lia.
        + apply has_in. apply has_in in Fi. exact (C i L Fi j Hj).
      - generalize (nth i eqs nothing). intro e. destruct e; cbn [map_operands]; try reflexivity. now rewrite map_id. }
    assert (Q : nth i eqs nothing = nth j eqs nothing) by (rewrite <- (back i Li Fi), <- (back j Lj Fj); now rewrite E).
    apply (proj1 (NoDup_nth eqs nothing) N); assumption.
Qed.

(** What is left is well typed, and has the very trees that the outputs had. *)
Theorem dropping_keeps_values eqs types outs :
  typecheck eqs = Some types -> (forall o, In o outs -> o < length eqs) ->
  let (eqs', outs') := alive eqs outs in
  (exists types', typecheck eqs' = Some types') /\ length outs' = length outs /\
  forall k, k < length outs -> nth k outs' 0 < length eqs' /\ bound_tree eqs' (nth k outs' 0) = bound_tree eqs (nth k outs 0).
Proof.
  intros T Ho. destruct (typecheck_promises _ _ T) as [O P]. unfold alive. set (ids := kept eqs outs). set (eqs' := map _ ids).
  destruct (needed_closed eqs O (length eqs) outs (le_n _)) as (A & _ & C).
  set (f := fun i => has i (needed eqs (length eqs) outs)). assert (Ei : ids = filter f (seq 0 (length eqs))) by reflexivity.
  assert (at_place : forall i, i < length eqs -> f i = true ->
    nth_error eqs' (place ids i) = Some (map_operands (place ids) (nth i eqs nothing))).
  { intros i L F. unfold eqs'. apply (map_nth_error (fun i => map_operands (place ids) (nth i eqs nothing))). rewrite Ei. now apply place_finds. }
  assert (placed : forall k e, nth_error eqs' k = Some e -> exists i, i < length eqs /\ f i = true /\ k = place ids i /\
    e = map_operands (place ids) (nth i eqs nothing)).
  { intros k e H. unfold eqs' in H. destruct (nth_error ids k) as [i|] eqn:E.
    - rewrite (map_nth_error _ _ _ E) in H. injection H as <-. rewrite Ei in E. destruct (place_of _ _ _ _ E) as (L & F & Ek). exists i. rewrite Ei. auto.
    - apply nth_error_None in E. assert (N : nth_error eqs' k <> None) by (unfold eqs'; now rewrite H). apply nth_error_Some in N.
      unfold eqs' in N. rewrite map_length in N. lia. }
  assert (closed : forall i, i < length eqs -> f i = true -> forall j, In j (operands (nth i eqs nothing)) -> j < i /\ f j = true).
  { intros i L F j Hj. split; [exact (O i _ (nth_error_nth' _ nothing L) j Hj)|]. apply has_in. apply has_in in F. exact (C i L F j Hj). }
  assert (O' : in_order eqs').
  { intros k e H j' Hj'. destruct (placed k e H) as (i & L & F & -> & ->). rewrite operands_map in Hj'. apply in_map_iff in Hj'.
    destruct Hj' as (j & <- & Hj). destruct (closed i L F j Hj) as [Lj Fj]. rewrite Ei. apply place_increases; auto; lia. }
  split; [|split; [apply map_length|]].
  - exists (map (fun i => nth i types Scalar) ids). apply typecheck_holds; [unfold eqs'; now rewrite !map_length|exact O'|].
    assert (ty : forall i, i < length eqs -> f i = true -> nth (place ids i) (map (fun i => nth i types Scalar) ids) Scalar = nth i types Scalar).
    { intros i L F. apply nth_error_nth. apply (map_nth_error (fun i => nth i types Scalar)). rewrite Ei. now apply place_finds. }
    intros k e H. destruct (placed k e H) as (i & L & F & -> & ->). rewrite map_map_operands, (ty i L F), <- (P i _ (nth_error_nth' _ nothing L)).
    f_equal. apply map_operands_ext. intros j Hj. destruct (closed i L F j Hj). apply ty; [lia|assumption].
  - assert (trees : forall i, i < length eqs -> f i = true -> bound_tree eqs' (place ids i) = bound_tree eqs i).
    { induction i as [i IH] using lt_wf_ind. intros L F. rewrite (bound_tree_equation _ _ _ O' (at_place i L F)).
      rewrite (bound_tree_equation _ _ _ O (nth_error_nth' _ nothing L)), map_map_operands. f_equal. apply map_operands_ext.
      intros j Hj. destruct (closed i L F j Hj). apply IH; auto. lia. }
    intros k Lk. assert (In (nth k outs 0) outs) by now apply nth_In. assert (L : nth k outs 0 < length eqs) by now apply Ho.
    assert (F : f (nth k outs 0) = true) by (apply has_in; now apply A).
    replace (nth k (map (place ids) outs) 0) with (place ids (nth k outs 0)).
    + split; [|now apply trees]. apply nth_error_Some. now rewrite at_place.
    + symmetry. apply nth_error_nth, map_nth_error. now apply nth_error_nth'.
Qed.
