(** Laying values out as equations that are bound once, with operands that may change places in one order: [laidOut] of
    [src/program/simplify.ts], transcribed.

    What differs: equal values are one object there, and walked once. Here a value that is laid out is an index, and only what
    was made of such values since is a tree. *)
From Efnn Require Export Identities Layout.

(** Equations that are bound, and their types. *)
Record table := Table { bound : list equation; bound_types : list value_type }.

(** A value while a program is laid out: one that is bound, or a new operation on values. *)
Inductive value := Bound (i : nat) | New (op : operation value).

Definition nothing : equation := Constant zero_constant.

Fixpoint type_in (t : table) (v : value) : value_type :=
  match v with
  | Bound i => nth i (bound_types t) Scalar
  | New op => type_of (map_operands (type_in t) op)
  end.

Definition terms_in (t : table) : terms value :=
  Terms value (fun v => match v with Bound i => map_operands Bound (nth i (bound t) nothing) | New op => op end) (type_in t) New.

Definition same_type_dec (a b : value_type) : {a = b} + {a <> b}.
Proof. decide equality; apply Nat.eq_dec. Defined.

Definition same_equation (a b : equation) : {a = b} + {a <> b}.
Proof.
  decide equality; try apply Nat.eq_dec; try apply same_type_dec.
  - decide equality; apply Z.eq_dec.
  - apply list_eq_dec, Nat.eq_dec.
Defined.

(** Where an equation stands among others, counted from i. *)
Fixpoint find (e : equation) (eqs : list equation) (i : nat) : option nat :=
  match eqs with
  | [] => None
  | q :: rest => if same_equation q e then Some i else find e rest (S i)
  end.

(** Binds an equation, unless an equal one is bound. *)
Definition bind (t : table) (e : equation) : table * nat :=
  match find e (bound t) 0 with
  | Some i => (t, i)
  | None =>
      let type := type_of (map_operands (fun j => nth j (bound_types t) Scalar) e) in
      (Table (bound t ++ [e]) (bound_types t ++ [type]), length (bound t))
  end.

(** Operands that may change places, in the order of their equations. *)
Definition commuted (e : equation) : equation :=
  match e with
  | Add i j => if i <=? j then Add i j else Add j i
  | Multiply i j => if i <=? j then Multiply i j else Multiply j i
  | Contract i j => if i <=? j then Contract i j else Contract j i
  | _ => e
  end.

(** The operands of an operation, one after the other. *)
Section Walk.
Context {A B : Type}.
Variable one : table -> A -> table * B.

Fixpoint walk_list (t : table) (xs : list A) : table * list B :=
  match xs with
  | [] => (t, [])
  | x :: rest => let (t1, i) := one t x in let (t2, is) := walk_list t1 rest in (t2, i :: is)
  end.

Definition walk (t : table) (op : operation A) : table * operation B :=
  let first x (f : B -> operation B) : table * operation B := let (t1, i) := one t x in (t1, f i) in
  let both x y (f : B -> B -> operation B) : table * operation B := let (t1, i) := one t x in let (t2, j) := one t1 y in (t2, f i j) in
  match op with
  | Input n s => (t, Input n s)
  | Weight n s => (t, Weight n s)
  | Constant c => (t, Constant c)
  | Correlate x y => both x y Correlate
  | CorrelateTransposed x y => both x y CorrelateTransposed
  | KernelGradient s x y => both x y (KernelGradient s)
  | Add x y => both x y Add
  | Multiply x y => both x y Multiply
  | Scale x y => both x y Scale
  | Tanh x => first x Tanh
  | Reciprocal x => first x Reciprocal
  | Sqrt x => first x Sqrt
  | Contract x y => both x y Contract
  | Modulate x y => both x y Modulate
  | Total x => first x Total
  | Fill s x => first x (Fill s)
  | SumSites x => first x SumSites
  | Broadcast k x => first x (Broadcast k)
  | Concat xs => let (t1, is) := walk_list t xs in (t1, Concat is)
  | Slice from to x => first x (Slice from to)
  end.
End Walk.

(** Lays one value out after its operands; what is bound already stays where it is. *)
Fixpoint lay (t : table) (v : value) : table * nat :=
  match v with
  | Bound i => (t, i)
  | New op => let (t', e) := walk lay t op in bind t' (commuted e)
  end.

(** The tree of a value that equations bind. *)
Definition bound_tree (eqs : list equation) (i : nat) : tree := nth i (fold (Node (Constant zero_constant)) Node eqs) (Node (Constant zero_constant)).

Fixpoint tree_of (eqs : list equation) (v : value) : tree :=
  match v with Bound i => bound_tree eqs i | New op => Node (map_operands (tree_of eqs) op) end.

(** Bound equations come before whatever reads them. *)
Inductive within (n : nat) : value -> Prop :=
  | within_bound i : i < n -> within n (Bound i)
  | within_new op : (forall v, In v (operands op) -> within n v) -> within n (New op).

Definition sound (t : table) : Prop := typecheck (bound t) = Some (bound_types t).

Definition extends (t t' : table) : Prop := exists more, bound t' = bound t ++ more.

Lemma extends_refl t : extends t t.
Proof. exists []. now rewrite app_nil_r. Qed.

Lemma extends_trans t t' t'' : extends t t' -> extends t' t'' -> extends t t''.
Proof. intros [m E] [m' E']. exists (m ++ m'). now rewrite E', E, app_assoc. Qed.

Lemma extends_length t t' : extends t t' -> length (bound t) <= length (bound t').
Proof. intros [m E]. rewrite E, app_length. lia. Qed.

(** Trees of equations. *)

Lemma bound_tree_equation eqs i e : in_order eqs -> nth_error eqs i = Some e -> bound_tree eqs i = Node (map_operands (bound_tree eqs) e).
Proof. intros O H. exact (fold_equation _ Node eqs O i e H). Qed.

Lemma bound_tree_later eqs more i : i < length eqs -> bound_tree (eqs ++ more) i = bound_tree eqs i.
Proof. apply fold_prefix. Qed.

Lemma bound_tree_typed eqs types : typecheck eqs = Some types -> forall i, i < length eqs ->
  well_formed (bound_tree eqs i) = true /\ tree_type (bound_tree eqs i) = nth i types Scalar.
Proof.
  intro T. destruct (typecheck_promises _ _ T) as [O P]. induction i as [i IH] using lt_wf_ind. intro Hi.
  destruct (nth_error eqs i) as [e|] eqn:E; [|apply nth_error_None in E; lia]. rewrite (bound_tree_equation _ _ _ O E).
  assert (Hj : forall j, In j (operands e) -> j < i) by (apply (O i e E)).
  apply typed_node.
  - rewrite operands_map. intros x Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & Hx). apply IH; [now apply Hj|]. specialize (Hj j Hx). lia.
  - rewrite map_map_operands, <- (P i e E). f_equal. apply map_operands_ext. intros j Hx. apply IH; [now apply Hj|]. specialize (Hj j Hx). lia.
Qed.

(** A value of a program is that of its tree. *)
Lemma bound_tree_evaluates eqs : in_order eqs -> forall i, i < length eqs -> places eqs i (bound_tree eqs i).
Proof.
  intros O i Hi. split; [exact Hi|]. intros R N given. revert Hi. induction i as [i IH] using lt_wf_ind. intro Hi.
  destruct (nth_error eqs i) as [e|] eqn:E; [|apply nth_error_None in E; lia]. rewrite (bound_tree_equation _ _ _ O E).
  unfold evaluate. rewrite (fold_equation _ _ _ O i e E). fold (evaluate R N given eqs). cbn [tree_type tree_value]. rewrite !map_map_operands.
  assert (V : forall j, In j (operands e) -> nth j (evaluate R N given eqs) (no_value R) =
    (tree_type (bound_tree eqs j), tree_value R N given (bound_tree eqs j))).
  { intros j Hj. assert (L := O i e E j Hj). apply IH; [exact L|lia]. }
  f_equal.
  - f_equal. apply map_operands_ext. intros j Hj. unfold evaluate in V. now rewrite V.
  - f_equal. apply map_operands_ext. exact V.
Qed.

Section Value_induction.
Variable P : value -> Prop.
Hypothesis of_bound : forall i, P (Bound i).
Hypothesis of_new : forall op, (forall v, In v (operands op) -> P v) -> P (New op).

Fixpoint value_induction (v : value) : P v.
Proof.
  destruct v as [i|op]; [apply of_bound|]. apply of_new. destruct op; cbn [operands]; intros v Hv;
    try (destruct Hv as [<-|[<-|[]]]; apply value_induction);
    try (destruct Hv as [<-|[]]; apply value_induction); try destruct Hv.
  revert v Hv. induction parts as [|p parts IH]; intros v Hv; [destruct Hv|].
  destruct Hv as [<-|Hv]; [apply value_induction|exact (IH v Hv)].
Defined.
End Value_induction.

Lemma tree_of_later eqs more v : within (length eqs) v -> tree_of (eqs ++ more) v = tree_of eqs v.
Proof.
  induction 1 as [i Hi|op _ IH]; cbn [tree_of]; [now apply bound_tree_later|]. f_equal. now apply map_operands_ext.
Qed.

Lemma within_later m n v : m <= n -> within m v -> within n v.
Proof. intro L. induction 1 as [i Hi|op _ IH]; constructor; [lia|exact IH]. Qed.

Lemma within_operands (t : table) : sound t -> forall v x, within (length (bound t)) v ->
  In x (operands (@computed_by _ (terms_in t) v)) -> within (length (bound t)) x.
Proof.
  intros S v x W Hx. destruct (typecheck_promises _ _ S) as [O _]. inversion W as [i Hi|op Ho]; subst; cbn [computed_by terms_in] in Hx; [|now apply Ho].
  rewrite operands_map in Hx. apply in_map_iff in Hx. destruct Hx as (j & <- & Hj). constructor.
  assert (L := O i _ (nth_error_nth' _ nothing Hi) j Hj). lia.
Qed.

(** Values of a table stand for their trees. *)
Lemma tree_of_operation t v : sound t -> computed_by (tree_of (bound t) v) = map_operands (tree_of (bound t)) (@computed_by _ (terms_in t) v).
Proof.
  intro S. destruct (typecheck_promises _ _ S) as [O _]. destruct v as [i|op]; cbn [computed_by terms_in trees tree_of]; [|reflexivity].
  rewrite map_map_operands. destruct (nth_error (bound t) i) as [e|] eqn:E.
  - rewrite (bound_tree_equation _ _ _ O E). now rewrite (nth_error_nth _ _ _ E).
  - apply nth_error_None in E. unfold bound_tree. rewrite !nth_overflow; [reflexivity|exact E|]. now rewrite fold_length.
Qed.

Lemma tree_of_typed t v : sound t -> tree_type (tree_of (bound t) v) = type_in t v.
Proof.
  intro S. induction v as [i|op IH] using value_induction; cbn [type_in tree_of].
  - destruct (lt_dec i (length (bound t))) as [H|H]; [exact (proj2 (bound_tree_typed _ _ S i H))|].
    unfold bound_tree. rewrite !nth_overflow; [reflexivity| |]; rewrite ?fold_length, ?(typecheck_length _ _ S); lia.
  - cbn [tree_type]. f_equal. rewrite map_map_operands. now apply map_operands_ext.
Qed.

(** Trees of one type and one value, whatever they are evaluated at. *)

Lemma same_tree_refl e : well_formed e = true -> same_tree e e.
Proof. intro W. split; [exact W|]. split; [reflexivity|]. intros R N given. apply equal_on_refl. Qed.

Lemma same_tree_trans a b c : same_tree a b -> same_tree b c -> same_tree a c.
Proof.
  intros (_ & Tb & Vb) (Wc & Tc & Vc). split; [exact Wc|]. split; [congruence|]. intros R N given.
  apply equal_on_trans with (tree_value R N given b); [apply Vb|]. rewrite <- Tb. apply Vc.
Qed.

(** Operands of the same values give the same value. *)
Lemma same_node {A} (f g : A -> tree) op : (forall x, In x (operands op) -> same_tree (f x) (g x)) ->
  well_formed (Node (map_operands f op)) = true -> same_tree (Node (map_operands f op)) (Node (map_operands g op)).
Proof.
  intros H W. destruct (node_type _ W) as [_ Ti]. rewrite map_map_operands in Ti.
  assert (Ty : map_operands (fun x => tree_type (g x)) op = map_operands (fun x => tree_type (f x)) op) by (apply map_operands_ext; intros x Hx; apply (H x Hx)).
  destruct (typed_node (map_operands g op) (tree_type (Node (map_operands f op)))) as [Wg Tg].
  - rewrite operands_map. intros e He. apply in_map_iff in He. destruct He as (x & <- & Hx). apply (H x Hx).
  - now rewrite map_map_operands, Ty.
  - split; [exact Wg|]. split; [exact Tg|]. intros R N given. cbn [tree_value]. rewrite !map_map_operands.
    rewrite (map_operands_ext _ _ (fun x => (tree_type (g x), tree_value R N given (g x))) (fun x => (tree_type (f x), tree_value R N given (g x)))).
    + apply define_respects; [exact Ti|destruct op; try exact I; apply equal_on_refl|]. intros x Hx. apply (H x Hx).
    + intros x Hx. f_equal. apply (H x Hx).
Qed.

Section Commuting.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Lemma plus_comm (x y : R) : x + y = y + x.
Proof. ring. Qed.

Lemma contract_comm k (x y : tensor R) a b r : contract R k x y a b r = contract R k y x a b r.
Proof. apply sum_ext. intros i _. ring. Qed.
End Commuting.

(** Operands that change places compute the same. *)
Theorem commuting_keeps_values (f : nat -> tree) e :
  well_formed (Node (map_operands f e)) = true -> same_tree (Node (map_operands f e)) (Node (map_operands f (commuted e))).
Proof.
  intro W. assert (refl := same_tree_refl _ W). destruct (node_type _ W) as [Wo Ti].
  assert (swap : forall (op : forall A, A -> A -> operation A) i j,
    (forall A (a b : A), operands (op A a b) = [a; b]) -> (forall A B (g : A -> B) a b, map_operands g (op A a b) = op B (g a) (g b)) ->
    e = op nat i j -> infer (op value_type (tree_type (f j)) (tree_type (f i))) = infer (op value_type (tree_type (f i)) (tree_type (f j))) ->
    (forall R N given, equal_on R N (tree_type (Node (map_operands f e)))
      (define R N given (op _ (tree_type (f i), tree_value R N given (f i)) (tree_type (f j), tree_value R N given (f j))))
      (define R N given (op _ (tree_type (f j), tree_value R N given (f j)) (tree_type (f i), tree_value R N given (f i))))) ->
    same_tree (Node (map_operands f e)) (Node (map_operands f (op nat j i)))).
  { intros op i j Ho Hm -> Hi Hv. rewrite !Hm in *. rewrite Ho in Wo.
    destruct (typed_node (op tree (f j) (f i)) (tree_type (Node (op tree (f i) (f j))))) as [Wj Tj].
    - rewrite Ho. intros x [<-|[<-|[]]]; apply Wo; cbn; auto.
    - rewrite Hm, Hi. exact Ti.
    - split; [exact Wj|]. split; [exact Tj|]. intros R N given. cbn [tree_value]. rewrite !Hm. apply Hv. }
  destruct e; try exact refl; cbn [commuted]; destruct (_ <=? _); try exact refl; cbn [map_operands infer] in Ti.
  - unfold same_types in Ti. destruct (same_type _ _) eqn:S; [|discriminate]. apply same_type_eq in S.
    apply (swap (fun A => @Add A)); try reflexivity; [now rewrite S|]. intros R N given a b r _. apply plus_comm.
  - unfold same_types in Ti. destruct (same_type _ _) eqn:S; [|discriminate]. apply same_type_eq in S.
    apply (swap (fun A => @Multiply A)); try reflexivity; [now rewrite S|]. intros R N given a b r _. apply times_comm.
  - destruct (tree_type (f left)) as [k c| | |] eqn:Tl; try discriminate. destruct (same_type _ _) eqn:S; [|discriminate]. apply same_type_eq in S.
    apply (swap (fun A => @Contract A)); try reflexivity; rewrite Tl, <- S; [reflexivity|]. intros R N given a b r _. apply contract_comm.
Qed.

Lemma commuted_operands e j : In j (operands (commuted e)) -> In j (operands e).
Proof. destruct e; cbn [commuted]; try destruct (_ <=? _); cbn; tauto. Qed.

Lemma find_is e eqs : forall i j, find e eqs i = Some j -> i <= j /\ nth_error eqs (j - i) = Some e.
Proof.
  induction eqs as [|q eqs IH]; intros i j H; [discriminate|]. cbn [find] in H. destruct (same_equation q e) as [->|_].
  - injection H as <-. rewrite Nat.sub_diag. split; [lia|reflexivity].
  - destruct (IH _ _ H) as [L E]. split; [lia|]. replace (j - i) with (S (j - S i)) by lia. exact E.
Qed.

(** An equation that is bound once for all equal ones has their value. *)
Theorem sharing_keeps_values t e type : sound t -> (forall j, In j (operands e) -> j < length (bound t)) ->
  infer (map_operands (fun j => nth j (bound_types t) Scalar) e) = Some type ->
  let (t', i) := bind t e in
  sound t' /\ extends t t' /\ i < length (bound t') /\ bound_tree (bound t') i = Node (map_operands (bound_tree (bound t)) e).
Proof.
  intros S Ho Ht. unfold bind. destruct (find e (bound t) 0) as [i|] eqn:F.
  - destruct (find_is _ _ _ _ F) as [_ E]. rewrite Nat.sub_0_r in E. destruct (typecheck_promises _ _ S) as [O _].
    split; [exact S|]. split; [apply extends_refl|]. split; [apply nth_error_Some; now rewrite E|]. exact (bound_tree_equation _ _ _ O E).
  - assert (S' : sound (Table (bound t ++ [e]) (bound_types t ++ [type]))) by now apply typecheck_next.
    unfold type_of. rewrite Ht. split; [exact S'|]. split; [now exists [e]|]. cbn [bound]. split; [rewrite app_length; cbn; lia|].
    destruct (typecheck_promises _ _ S') as [O _]. rewrite (bound_tree_equation _ _ e O).
    + f_equal. apply map_operands_ext. intros j Hj. apply bound_tree_later. now apply Ho.
    + cbn [bound]. now rewrite nth_error_app2, Nat.sub_diag by lia.
Qed.

(** Where a value is laid out, and that it is the same there. *)
Definition stands_for (eqs : list equation) (t' : table) (v : value) (i : nat) : Prop :=
  i < length (bound t') /\ same_tree (tree_of eqs v) (bound_tree (bound t') i).

Lemma stands_later eqs t t' v i : extends t t' -> stands_for eqs t v i -> stands_for eqs t' v i.
Proof.
  intros [m E] [Hi H]. split; [rewrite E, app_length; lia|]. rewrite E, bound_tree_later by exact Hi. exact H.
Qed.

Section Laid.
Variable t0 : table.

Definition lays (t : table) (v : value) : Prop :=
  let (t', i) := lay t v in sound t' /\ extends t t' /\ stands_for (bound t0) t' v i.

Lemma list_lays xs : (forall v, In v xs -> forall t, sound t -> extends t0 t -> lays t v) -> forall t, sound t -> extends t0 t ->
  let (t', is) := walk_list lay t xs in
  sound t' /\ extends t t' /\ exists z, xs = map fst z /\ is = map snd z /\ forall p, In p z -> stands_for (bound t0) t' (fst p) (snd p).
Proof.
  induction xs as [|x xs IH]; intros H t S E; cbn [walk_list].
  - split; [exact S|]. split; [apply extends_refl|]. exists []. do 2 (split; [reflexivity|]). intros p [].
  - assert (H1 := H x (or_introl eq_refl) t S E). unfold lays in H1. destruct (lay t x) as [t1 i]. destruct H1 as (S1 & E1 & P1).
    assert (H2 := IH (fun v Hv => H v (or_intror Hv)) t1 S1 (extends_trans _ _ _ E E1)). destruct (walk_list lay t1 xs) as [t2 is].
    destruct H2 as (S2 & E2 & z & -> & -> & P2). split; [exact S2|]. split; [exact (extends_trans _ _ _ E1 E2)|].
    exists ((x, i) :: z). do 2 (split; [reflexivity|]). intros p [<-|Hp]; [exact (stands_later _ _ _ _ _ E2 P1)|now apply P2].
Qed.

Lemma operands_lay op : (forall v, In v (operands op) -> forall t, sound t -> extends t0 t -> lays t v) -> forall t, sound t -> extends t0 t ->
  let (t', e) := walk lay t op in
  sound t' /\ extends t t' /\ exists z, op = map_operands fst z /\ e = map_operands snd z /\
  forall p, In p (operands z) -> stands_for (bound t0) t' (fst p) (snd p).
Proof.
  intros H t S E.
  assert (none : forall q : operation (value * nat), operands q = [] -> sound t /\ extends t t /\
    exists z, map_operands fst q = map_operands fst z /\ map_operands snd q = map_operands snd z /\
    forall p, In p (operands z) -> stands_for (bound t0) t (fst p) (snd p)).
  { intros q Hq. split; [exact S|]. split; [apply extends_refl|]. exists q. rewrite Hq. do 2 (split; [reflexivity|]). intros p []. }
  assert (one : forall x (f : forall A, A -> operation A), In x (operands op) ->
    (forall A (a : A), operands (f A a) = [a]) -> (forall A B (g : A -> B) a, map_operands g (f A a) = f B (g a)) ->
    let (t', e) := let (t1, i) := lay t x in (t1, f nat i) in sound t' /\ extends t t' /\
    exists z, f value x = map_operands fst z /\ e = map_operands snd z /\
    forall p, In p (operands z) -> stands_for (bound t0) t' (fst p) (snd p)).
  { intros x f Hx Ho Hm. assert (H1 := H x Hx t S E). unfold lays in H1. destruct (lay t x) as [t1 i]. destruct H1 as (S1 & E1 & P1).
    split; [exact S1|]. split; [exact E1|]. exists (f _ (x, i)). rewrite !Hm, Ho.
    do 2 (split; [reflexivity|]). intros p [<-|[]]. exact P1. }
  assert (two : forall x y (f : forall A, A -> A -> operation A), In x (operands op) -> In y (operands op) ->
    (forall A (a b : A), operands (f A a b) = [a; b]) -> (forall A B (g : A -> B) a b, map_operands g (f A a b) = f B (g a) (g b)) ->
    let (t', e) := let (t1, i) := lay t x in let (t2, j) := lay t1 y in (t2, f nat i j) in sound t' /\ extends t t' /\
    exists z, f value x y = map_operands fst z /\ e = map_operands snd z /\
    forall p, In p (operands z) -> stands_for (bound t0) t' (fst p) (snd p)).
  { intros x y f Hx Hy Ho Hm. assert (H1 := H x Hx t S E). unfold lays in H1. destruct (lay t x) as [t1 i]. destruct H1 as (S1 & E1 & P1).
    assert (H2 := H y Hy t1 S1 (extends_trans _ _ _ E E1)). unfold lays in H2. destruct (lay t1 y) as [t2 j]. destruct H2 as (S2 & E2 & P2).
    split; [exact S2|]. split; [exact (extends_trans _ _ _ E1 E2)|]. exists (f _ (x, i) (y, j)). rewrite !Hm, Ho. do 2 (split; [reflexivity|]).
    intros p [<-|[<-|[]]]; [exact (stands_later _ _ _ _ _ E2 P1)|exact P2]. }
  destruct op; cbn [walk operands] in *.
  - exact (none (Input n t1) eq_refl).
  - exact (none (Weight n t1) eq_refl).
  - exact (none (Constant c) eq_refl).
  - apply (two kernel field (fun A => @Correlate A)); cbn; auto.
  - apply (two kernel field (fun A => @CorrelateTransposed A)); cbn; auto.
  - apply (two field cotangent (fun A => @KernelGradient A size)); cbn; auto.
  - apply (two left right (fun A => @Add A)); cbn; auto.
  - apply (two left right (fun A => @Multiply A)); cbn; auto.
  - apply (two factor value0 (fun A => @Scale A)); cbn; auto.
  - apply (one value0 (fun A => @Tanh A)); cbn; auto.
  - apply (one value0 (fun A => @Reciprocal A)); cbn; auto.
  - apply (one value0 (fun A => @Sqrt A)); cbn; auto.
  - apply (two left right (fun A => @Contract A)); cbn; auto.
  - apply (two amplitude vector (fun A => @Modulate A)); cbn; auto.
  - apply (one value0 (fun A => @Total A)); cbn; auto.
  - apply (one scalar (fun A => @Fill A t1)); cbn; auto.
  - apply (one field (fun A => @SumSites A)); cbn; auto.
  - apply (one bias (fun A => @Broadcast A components)); cbn; auto.
  - assert (L := list_lays parts H t S E). destruct (walk_list lay t parts) as [t' is]. destruct L as (S' & E' & z & -> & -> & P).
    split; [exact S'|]. split; [exact E'|]. exists (Concat z). do 2 (split; [reflexivity|]). exact P.
  - apply (one field (fun A => @Slice A from to)); cbn; auto.
Qed.

End Laid.

(** Laid out, with equal equations bound once and operands in order, a value is what it was. *)
Theorem laying_out_keeps_values t0 v : within (length (bound t0)) v -> well_formed (tree_of (bound t0) v) = true ->
  forall t, sound t -> extends t0 t -> lays t0 t v.
Proof.
  induction 1 as [i Hi|op Hw IH]; intros W t S E; unfold lays; cbn [lay].
  - split; [exact S|]. split; [apply extends_refl|]. apply (stands_later _ t0); [exact E|]. split; [exact Hi|]. now apply same_tree_refl.
  - cbn [tree_of] in W. destruct (node_type _ W) as [Wo Ti]. rewrite operands_map in Wo.
    assert (L := operands_lay t0 op (fun v Hv => IH v Hv (Wo _ (in_map _ _ _ Hv))) t S E). destruct (walk lay t op) as [t' e].
    destruct L as (S' & E' & z & -> & -> & P). cbn [tree_of]. rewrite map_map_operands in *.
    assert (M : same_tree (Node (map_operands (fun p => tree_of (bound t0) (fst p)) z)) (Node (map_operands (bound_tree (bound t')) (map_operands snd z)))).
    { rewrite map_map_operands. apply same_node; [|exact W]. intros p Hp. apply (P p Hp). }
    assert (C := commuting_keeps_values (bound_tree (bound t')) _ (proj1 M)). destruct (node_type _ (proj1 C)) as [_ Tc]. rewrite map_map_operands in Tc.
    assert (Hj : forall j, In j (operands (commuted (map_operands snd z))) -> j < length (bound t')).
    { intros j Hj. apply commuted_operands in Hj. rewrite operands_map in Hj. apply in_map_iff in Hj. destruct Hj as (p & <- & Hp). apply (P p Hp). }
    assert (Tj : forall j, In j (operands (commuted (map_operands snd z))) -> tree_type (bound_tree (bound t') j) = nth j (bound_types t') Scalar).
    { intros j Hx. apply (bound_tree_typed _ _ S'). now apply Hj. }
    rewrite (map_operands_ext _ _ _ _ _ Tj) in Tc.
    assert (B := sharing_keeps_values t' _ _ S' Hj Tc). destruct (bind t' _) as [t'' i]. destruct B as (S'' & E'' & Hi & B).
    split; [exact S''|]. split; [exact (extends_trans _ _ _ E' E'')|]. split; [exact Hi|]. rewrite B. cbn [tree_of].
    rewrite map_map_operands. exact (same_tree_trans _ _ _ M C).
Qed.

(** The declarations inside of a value are among these. *)
Inductive declares (among : equation -> Prop) : value -> Prop :=
  | declares_bound i : declares among (Bound i)
  | declares_new op : (forall q, declaration op = Some q -> among q) -> (forall v, In v (operands op) -> declares among v) -> declares among (New op).

Lemma declaration_map A B (f : A -> B) op : declaration (map_operands f op) = declaration op.
Proof. now destruct op. Qed.

Lemma declaration_commuted e : declaration (commuted e) = declaration e.
Proof. destruct e; cbn [commuted]; try reflexivity; now destruct (_ <=? _). Qed.

(** Whatever binding keeps, laying out keeps. *)
Section Kept.
Variable among : equation -> Prop.
Variable kept : table -> Prop.
Hypothesis binding_keeps : forall t e, (forall q, declaration e = Some q -> among q) -> kept t -> kept (fst (bind t e)).

Lemma lay_keeps v : declares among v -> forall t, kept t -> kept (fst (lay t v)).
Proof.
  induction 1 as [i|op D _ IH]; intros t K; [exact K|]. cbn [lay].
  assert (W : kept (fst (walk lay t op)) /\ declaration (snd (walk lay t op)) = declaration op).
  { assert (one : forall x (f : nat -> equation), In x (operands op) -> (forall i, declaration (f i) = declaration op) ->
      let p := let (t1, i) := lay t x in (t1, f i) in kept (fst p) /\ declaration (snd p) = declaration op).
    { intros x f Hx Hf. specialize (IH x Hx t K). destruct (lay t x). split; [exact IH|apply Hf]. }
    assert (two : forall x y (f : nat -> nat -> equation), In x (operands op) -> In y (operands op) -> (forall i j, declaration (f i j) = declaration op) ->
      let p := let (t1, i) := lay t x in let (t2, j) := lay t1 y in (t2, f i j) in kept (fst p) /\ declaration (snd p) = declaration op).
    { intros x y f Hx Hy Hf. assert (K1 := IH x Hx t K). destruct (lay t x) as [t1 i]. specialize (IH y Hy t1 K1).
      destruct (lay t1 y). split; [exact IH|apply Hf]. }
    destruct op; cbn [walk operands] in *; try (split; [exact K|reflexivity]); try (apply one; cbn; auto; fail); try (apply two; cbn; auto; fail).
    assert (L : forall xs, (forall x, In x xs -> In x parts) -> forall t, kept t -> kept (fst (walk_list lay t xs))).
    { clear t K one two. induction xs as [|x xs IHxs]; intros Hx t K; [exact K|]. cbn [walk_list].
      assert (K1 := IH x (Hx x (or_introl eq_refl)) t K). destruct (lay t x) as [t1 i].
      specialize (IHxs (fun y Hy => Hx y (or_intror Hy)) t1 K1). now destruct (walk_list lay t1 xs). }
    specialize (L parts (fun x Hx => Hx) t K). destruct (walk_list lay t parts). split; [exact L|reflexivity]. }
  destruct (walk lay t op) as [t' e]. destruct W as [K' E]. cbn [fst snd] in K', E. apply binding_keeps; [|exact K'].
  intros q Hq. rewrite declaration_commuted, E in Hq. now apply D.
Qed.
End Kept.

Lemma find_none e eqs : forall i, find e eqs i = None -> ~ In e eqs.
Proof.
  induction eqs as [|q eqs IH]; intros i H; [intros []|]. cbn [find] in H. destruct (same_equation q e) as [_|Hne]; [discriminate|].
  intros [->|I]; [now apply Hne|exact (IH _ H I)].
Qed.

Lemma NoDup_app_one {A} (l : list A) x : NoDup l -> ~ In x l -> NoDup (l ++ [x]).
Proof.
  intros N H. apply (NoDup_Add (a := x) (l := l)); [|now split]. rewrite <- (app_nil_r l) at 1. apply Add_app.
Qed.

(** No two equations are equal. *)
Theorem equations_are_bound_once v : forall t, NoDup (bound t) -> NoDup (bound (fst (lay t v))).
Proof.
  apply (lay_keeps (fun _ => True) (fun t => NoDup (bound t))).
  - intros t e _ K. unfold bind. destruct (find e (bound t) 0) eqn:F; [exact K|]. cbn [fst bound].
    apply NoDup_app_one; [exact K|exact (find_none _ _ _ F)].
  - induction v as [i|op IH] using value_induction; constructor; auto.
Qed.

(** Nothing is declared that was not. *)
Lemma declarations_are_known among v : declares among v -> forall t,
  (forall e q, In e (bound t) -> declaration e = Some q -> among q) ->
  forall e q, In e (bound (fst (lay t v))) -> declaration e = Some q -> among q.
Proof.
  intro D. apply (lay_keeps among (fun t => forall e q, In e (bound t) -> declaration e = Some q -> among q)); [|exact D].
  intros t e De K. unfold bind. destruct (find e (bound t) 0); [exact K|]. cbn [fst bound]. intros e' q Hi Hq.
  apply in_app_or in Hi. destruct Hi as [Hi|[<-|[]]]; [exact (K e' q Hi Hq)|exact (De q Hq)].
Qed.
