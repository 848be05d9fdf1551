(** The operations of the algebra, their types, and programs: a transcription of [src/program/operation.ts],
    [value-type.ts], [typecheck.ts] and [program.ts], all operations of them.

    What differs: `parameter` is called Weight, since Coq has taken that word; a name is a number, a constant is a binary
    fraction (every finite float64 is one), and a weight does not carry what its map declares, which no interpreter here
    reads. *)
From Coq Require Export List Arith Lia Bool ZArith.
Export ListNotations.

Inductive value_type :=
  | Field (components channels : nat)
  | Kernel (outputs inputs size : nat)
  | Bias (channels : nat)
  | Scalar.

Definition same_type (a b : value_type) : bool :=
  match a, b with
  | Field k c, Field k' c' => (k =? k') && (c =? c')
  | Kernel o i s, Kernel o' i' s' => (o =? o') && (i =? i') && (s =? s')
  | Bias c, Bias c' => c =? c'
  | Scalar, Scalar => true
  | _, _ => false
  end.

Lemma same_type_eq a b : same_type a b = true <-> a = b.
Proof.
  destruct a, b; cbn; rewrite ?andb_true_iff, ?Nat.eqb_eq; split; intro H; try discriminate; try reflexivity;
    try (inversion H; tauto); repeat match goal with H : _ /\ _ |- _ => destruct H end; now subst.
Qed.

Definition components (t : value_type) : nat := match t with Field k _ => k | _ => 0 end.
Definition channels (t : value_type) : nat := match t with Field _ c => c | Bias c => c | _ => 0 end.
Definition outputs (t : value_type) : nat := match t with Kernel o _ _ => o | _ => 0 end.
Definition inputs (t : value_type) : nat := match t with Kernel _ i _ => i | _ => 0 end.
Definition size (t : value_type) : nat := match t with Kernel _ _ s => s | _ => 0 end.

(** mantissa * 2^exponent. *)
Record dyadic := Dyadic { mantissa : Z; exponent : Z }.

Definition name := nat.

Inductive operation (A : Type) :=
  | Input (n : name) (t : value_type)
  | Weight (n : name) (t : value_type)
  | Constant (c : dyadic)
  | Correlate (kernel field : A)
  | CorrelateTransposed (kernel field : A)
  | KernelGradient (size : nat) (field cotangent : A)
  | Add (left right : A)
  | Multiply (left right : A)
  | Scale (factor value : A)
  | Tanh (value : A)
  | Reciprocal (value : A)
  | Sqrt (value : A)
  | Contract (left right : A)
  | Modulate (amplitude vector : A)
  | Total (value : A)
  | Fill (t : value_type) (scalar : A)
  | SumSites (field : A)
  | Broadcast (components : nat) (bias : A)
  | Concat (parts : list A)
  | Slice (from to : nat) (field : A).

Arguments Input {A}.
Arguments Weight {A}.
Arguments Constant {A}.
Arguments Correlate {A}.
Arguments CorrelateTransposed {A}.
Arguments KernelGradient {A}.
Arguments Add {A}.
Arguments Multiply {A}.
Arguments Scale {A}.
Arguments Tanh {A}.
Arguments Reciprocal {A}.
Arguments Sqrt {A}.
Arguments Contract {A}.
Arguments Modulate {A}.
Arguments Total {A}.
Arguments Fill {A}.
Arguments SumSites {A}.
Arguments Broadcast {A}.
Arguments Concat {A}.
Arguments Slice {A}.

(** The functor: the same operation on other operands. *)
Definition map_operands {A B} (f : A -> B) (op : operation A) : operation B :=
  match op with
  | Input n t => Input n t
  | Weight n t => Weight n t
  | Constant c => Constant c
  | Correlate k x => Correlate (f k) (f x)
  | CorrelateTransposed k x => CorrelateTransposed (f k) (f x)
  | KernelGradient s x y => KernelGradient s (f x) (f y)
  | Add x y => Add (f x) (f y)
  | Multiply x y => Multiply (f x) (f y)
  | Scale s x => Scale (f s) (f x)
  | Tanh x => Tanh (f x)
  | Reciprocal x => Reciprocal (f x)
  | Sqrt x => Sqrt (f x)
  | Contract x y => Contract (f x) (f y)
  | Modulate a v => Modulate (f a) (f v)
  | Total x => Total (f x)
  | Fill t s => Fill t (f s)
  | SumSites x => SumSites (f x)
  | Broadcast k b => Broadcast k (f b)
  | Concat xs => Concat (map f xs)
  | Slice from to x => Slice from to (f x)
  end.

(** The operands, in the order of the table's row. *)
Definition operands {A} (op : operation A) : list A :=
  match op with
  | Input _ _ | Weight _ _ | Constant _ => []
  | Correlate x y | CorrelateTransposed x y | KernelGradient _ x y | Add x y | Multiply x y | Scale x y | Contract x y
  | Modulate x y => [x; y]
  | Tanh x | Reciprocal x | Sqrt x | Total x | Fill _ x | SumSites x | Broadcast _ x | Slice _ _ x => [x]
  | Concat xs => xs
  end.

Lemma map_operands_ext A B (f g : A -> B) op :
  (forall x, In x (operands op) -> f x = g x) -> map_operands f op = map_operands g op.
Proof.
  destruct op; cbn; intro H; try reflexivity; try (f_equal; apply H; tauto).
  f_equal. apply map_ext_in. exact H.
Qed.

Lemma map_map_operands A B C (f : A -> B) (g : B -> C) op :
  map_operands g (map_operands f op) = map_operands (fun x => g (f x)) op.
Proof. destruct op; cbn; try reflexivity. now rewrite map_map. Qed.

Lemma operands_map A B (f : A -> B) op : operands (map_operands f op) = map f (operands op).
Proof. now destruct op. Qed.

(** Types. *)

Definition is_count (n : nat) : bool := 1 <=? n.

Definition is_odd (n : nat) : bool := Nat.odd n.

Definition declared (t : value_type) : option value_type :=
  match t with
  | Field k c => if is_count k && is_count c then Some t else None
  | Kernel o i s => if is_count o && is_count i && is_odd s then Some t else None
  | Bias c => if is_count c then Some t else None
  | Scalar => Some t
  end.

Definition same_types (l r : value_type) : option value_type := if same_type l r then Some l else None.

Definition sum_of_channels (parts : list value_type) : nat := fold_right (fun t n => channels t + n) 0 parts.

Definition is_field (t : value_type) : bool := match t with Field _ _ => true | _ => false end.

(** The type of one operation's result, given the types of its operands. *)
Definition infer (op : operation value_type) : option value_type :=
  match op with
  | Input _ t => declared t
  | Weight _ t => declared t
  | Constant _ => Some Scalar
  | Correlate (Kernel o i _) (Field k c) => if i =? c then Some (Field k o) else None
  | CorrelateTransposed (Kernel o i _) (Field k c) => if o =? c then Some (Field k i) else None
  | KernelGradient s (Field k c) (Field k' c') => if is_odd s && (k =? k') then Some (Kernel c' c s) else None
  | Add l r => same_types l r
  | Multiply l r => same_types l r
  | Scale Scalar t => Some t
  | Tanh t => Some t
  | Reciprocal t => Some t
  | Sqrt t => Some t
  | Contract (Field k c) r => if same_type (Field k c) r then Some (Field 1 c) else None
  | Modulate (Field 1 c) (Field k c') => if c =? c' then Some (Field k c') else None
  | Total _ => Some Scalar
  | Fill t Scalar => declared t
  | SumSites (Field _ c) => Some (Bias c)
  | Broadcast k (Bias c) => declared (Field k c)
  | Concat parts =>
      match parts with
      | Field k _ :: _ =>
          if forallb (fun t => is_field t && (components t =? k)) parts then Some (Field k (sum_of_channels parts)) else None
      | _ => None
      end
  | Slice from to (Field k c) => if is_count (to - from) && (to <=? c) then Some (Field k (to - from)) else None
  | _ => None
  end.

(** Programs: equation i binds value i, from earlier values. *)
Definition equation := operation nat.

Section Fold.
Context {V : Type}.
Variables (default : V) (meaning : operation V -> V).

(** Interprets equations: the meaning of every value, in their order. *)
Definition fold (equations : list equation) : list V :=
  fold_left (fun known e => known ++ [meaning (map_operands (fun j => nth j known default) e)]) equations [].

Lemma fold_snoc eqs e :
  fold (eqs ++ [e]) = fold eqs ++ [meaning (map_operands (fun j => nth j (fold eqs) default) e)].
Proof. unfold fold. now rewrite fold_left_app. Qed.

Lemma fold_length eqs : length (fold eqs) = length eqs.
Proof.
  induction eqs as [|e eqs IH] using rev_ind; [reflexivity|]. rewrite fold_snoc, !app_length, IH. reflexivity.
Qed.

(** Operands are bound before they are read. *)
Definition in_order (eqs : list equation) : Prop :=
  forall i e, nth_error eqs i = Some e -> forall j, In j (operands e) -> j < i.

Lemma in_order_prefix eqs e : in_order (eqs ++ [e]) -> in_order eqs.
Proof.
  intros H i e' Hi. apply (H i e'). rewrite nth_error_app1; [exact Hi|]. now apply nth_error_Some; rewrite Hi.
Qed.

(** Each value is what its equation says of the others. *)
Lemma fold_equation eqs : in_order eqs -> forall i e, nth_error eqs i = Some e ->
  nth i (fold eqs) default = meaning (map_operands (fun j => nth j (fold eqs) default) e).
Proof.
  induction eqs as [|e' eqs IH] using rev_ind; intros O i e Hi; [now destruct i|].
  rewrite fold_snoc. assert (Hlt : i < length (eqs ++ [e'])) by (apply nth_error_Some; now rewrite Hi).
  rewrite app_length in Hlt. cbn in Hlt.
  assert (ext : forall j, j < length eqs -> forall x, nth j (fold eqs ++ [x]) default = nth j (fold eqs) default).
  { intros j Hj x. apply app_nth1. now rewrite fold_length. }
  destruct (Nat.eq_dec i (length eqs)) as [->|Hne].
  - rewrite nth_error_app2, Nat.sub_diag in Hi by lia. cbn in Hi. injection Hi as <-.
    rewrite app_nth2, fold_length, Nat.sub_diag by (rewrite fold_length; lia). cbn [nth]. f_equal. apply map_operands_ext.
    intros j Hj. symmetry. apply ext.
    apply (O (length eqs) e'); [|exact Hj]. now rewrite nth_error_app2, Nat.sub_diag by lia.
  - rewrite nth_error_app1 in Hi by lia. rewrite ext by lia. rewrite (IH (in_order_prefix _ _ O) i e Hi). f_equal.
    apply map_operands_ext. intros j Hj. symmetry. apply ext. assert (B := in_order_prefix _ _ O i e Hi j Hj). lia.
Qed.

End Fold.

Definition type_next (known : option (list value_type)) (e : equation) : option (list value_type) :=
  match known with
  | None => None
  | Some types =>
      if forallb (fun j => j <? length types) (operands e) then
        match infer (map_operands (fun j => nth j types Scalar) e) with
        | Some t => Some (types ++ [t])
        | None => None
        end
      else None
  end.

(** The types of all values, or nothing where an equation has none. *)
Definition typecheck (equations : list equation) : option (list value_type) := fold_left type_next equations (Some []).

Lemma typecheck_snoc eqs e types : typecheck (eqs ++ [e]) = Some types ->
  exists before t, typecheck eqs = Some before /\ types = before ++ [t] /\
    (forall j, In j (operands e) -> j < length before) /\
    infer (map_operands (fun j => nth j before Scalar) e) = Some t.
Proof.
  unfold typecheck at 1. rewrite fold_left_app. fold (typecheck eqs). cbn [fold_left]. unfold type_next.
  destruct (typecheck eqs) as [before|]; [|discriminate].
  destruct (forallb _ (operands e)) eqn:Ho; [|discriminate].
  destruct (infer _) as [t|] eqn:Ht; [|discriminate]. intro H. injection H as <-.
  exists before, t. split; [reflexivity|]. split; [reflexivity|]. split; [|exact Ht].
  intros j Hj. rewrite forallb_forall in Ho. apply Ho in Hj. now apply Nat.ltb_lt.
Qed.

Lemma typecheck_length eqs types : typecheck eqs = Some types -> length types = length eqs.
Proof.
  revert types. induction eqs as [|e eqs IH] using rev_ind; intros types H.
  - injection H as <-. reflexivity.
  - destruct (typecheck_snoc _ _ _ H) as (before & t & Hb & -> & _ & _). rewrite !app_length, (IH _ Hb). reflexivity.
Qed.

(** What typecheck promises of every equation. *)
Theorem typecheck_promises eqs types : typecheck eqs = Some types ->
  in_order eqs /\ forall i e, nth_error eqs i = Some e ->
    infer (map_operands (fun j => nth j types Scalar) e) = Some (nth i types Scalar).
Proof.
  revert types. induction eqs as [|e' eqs IH] using rev_ind; intros types H.
  - split; intros [|i] e Hi; discriminate.
  - destruct (typecheck_snoc _ _ _ H) as (before & t & Hb & -> & Ho & Ht). destruct (IH _ Hb) as [O T].
    assert (L := typecheck_length _ _ Hb). split.
    + intros i e Hi j Hj. destruct (lt_dec i (length eqs)) as [Hlt|Hge].
      * rewrite nth_error_app1 in Hi by exact Hlt. now apply (O i e).
      * rewrite nth_error_app2 in Hi by lia. destruct (i - length eqs) as [|k] eqn:Hk; [|now destruct k].
        cbn in Hi. injection Hi as <-. specialize (Ho j Hj). lia.
    + intros i e Hi. destruct (lt_dec i (length eqs)) as [Hlt|Hge].
      * rewrite nth_error_app1 in Hi by exact Hlt. rewrite (app_nth1 before) by lia. rewrite <- (T i e Hi). f_equal.
        apply map_operands_ext. intros j Hj. apply app_nth1. specialize (O i e Hi j Hj). lia.
      * rewrite nth_error_app2 in Hi by lia. destruct (i - length eqs) as [|k] eqn:Hk; [|now destruct k].
        cbn in Hi. injection Hi as <-. rewrite (app_nth2 before) by lia.
        replace (i - length before) with 0 by lia. cbn [nth]. rewrite <- Ht. f_equal.
        apply map_operands_ext. intros j Hj. apply app_nth1. now apply Ho.
Qed.
