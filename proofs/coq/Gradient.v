(** Reverse-mode differentiation, a transcription of [src/program/gradient.ts], and its proof: for every well-typed
    program, lattice and commutative ring, the gradient is the transpose of the derivative.

    Expressions are of any type [E] with a constructor [mk]; the theorem holds for all, so the same function runs on the
    trees of [Expression.v] and, extracted, on nodes that share their operands as those of the TypeScript do. *)
From Efnn Require Export Dual Adjoint.

Definition minus_one : dyadic := Dyadic (-1) 0.
Definition zero_constant : dyadic := Dyadic 0 0.
Definition one_constant : dyadic := Dyadic 1 0.
Definition one_half : dyadic := Dyadic 1 (-1).

Section Transcription.
Context {E : Type}.
Variable mk : operation E -> E.

Definition constant (c : dyadic) : E := mk (Constant c).
Definition negative (x : E) : E := mk (Scale (constant minus_one) x).
Definition zeros (t : value_type) : E := mk (Fill t (constant zero_constant)).

(** The sum of products of all entries. Vectors meet in contract. *)
Definition inner_product (v : E * value_type) (other : E) : E :=
  mk (Total (mk (if is_field (snd v) then Contract (fst v) other else Multiply (fst v) other))).

Fixpoint slices (c : E) (from : nat) (parts : list (E * value_type)) : list E :=
  match parts with
  | [] => []
  | (_, t) :: rest => mk (Slice from (from + channels t) c) :: slices c (from + channels t) rest
  end.

Definition padding (components channels : nat) : list E :=
  if 1 <=? channels then [zeros (Field components channels)] else [].

(** A cotangent c of y pulled back to the operands. *)
Definition pullback (op : operation (E * value_type)) (y c : E) : list E :=
  match op with
  | Input _ _ | Weight _ _ | Constant _ => []
  | Correlate (K, tK) (x, _) => [mk (KernelGradient (size tK) x c); mk (CorrelateTransposed K c)]
  | CorrelateTransposed (K, tK) (x, _) => [mk (KernelGradient (size tK) c x); mk (Correlate K c)]
  | KernelGradient _ (x, _) (y', _) => [mk (CorrelateTransposed c y'); mk (Correlate c x)]
  | Add _ _ => [c; c]
  | Multiply (l, _) (r, _) => [mk (Multiply c r); mk (Multiply c l)]
  | Scale (s, _) v => [inner_product v c; mk (Scale s c)]
  | Tanh _ => [mk (Add c (negative (mk (Multiply c (mk (Multiply y y))))))]
  | Reciprocal _ => [negative (mk (Multiply c (mk (Multiply y y))))]
  | Sqrt _ => [mk (Scale (constant one_half) (mk (Multiply c (mk (Reciprocal y)))))]
  | Contract (l, _) (r, _) => [mk (Modulate c r); mk (Modulate c l)]
  | Modulate (a, _) (v, _) => [mk (Contract c v); mk (Modulate a c)]
  | Total (_, t) => [mk (Fill t c)]
  | Fill _ _ => [mk (Total c)]
  | SumSites (_, t) => [mk (Broadcast (components t) c)]
  | Broadcast _ _ => [mk (SumSites c)]
  | Concat parts => slices c 0 parts
  | Slice from to (_, t) =>
      [mk (Concat (padding (components t) from ++ [c] ++ padding (components t) (channels t - to)))]
  end.

(** The cotangents that are known, by the values that they belong to. *)
Definition cotangents := nat -> option E.

(** What comes from several uses of one value adds up. *)
Definition contribute (known : cotangents) (contribution : nat * E) : cotangents :=
  let sum := match known (fst contribution) with None => snd contribution | Some before => mk (Add before (snd contribution)) end in
  fun j => if j =? fst contribution then Some sum else known j.

(** The sweep, from the last equation to the first: [reversed] has the equations that are left, the last one first. *)
Fixpoint sweep (value : nat -> E * value_type) (reversed : list equation) (known : cotangents) : cotangents :=
  match reversed with
  | [] => known
  | e :: rest =>
      let id := length rest in
      sweep value rest
        match known id with
        | None => known
        | Some c => fold_left contribute (combine (operands e) (pullback (map_operands value e) (fst (value id)) c)) known
        end
  end.

Definition seed (output : nat) : cotangents := fun j => if j =? output then Some (constant one_constant) else None.

(** The expressions of a program's values. *)
Definition expressions (eqs : list equation) : list E := fold (constant zero_constant) mk eqs.

Definition values (eqs : list equation) (types : list value_type) (j : nat) : E * value_type :=
  (nth j (expressions eqs) (constant zero_constant), nth j types Scalar).

Definition is_called (v : name) (e : equation) : bool :=
  match e with Input n _ | Weight n _ => n =? v | _ => false end.

(** The values that a name stands for: one in a recorded program. *)
Definition bound_to (v : name) (eqs : list equation) : list nat :=
  filter (fun i => match nth_error eqs i with Some e => is_called v e | None => false end) (seq 0 (length eqs)).

Definition sum_of_known (known : cotangents) (ids : list nat) : option E :=
  fold_left (fun sum i =>
    match known i, sum with
    | None, _ => sum
    | Some c, None => Some c
    | Some c, Some before => Some (mk (Add before c))
    end) ids None.

(** The derivative of an output by a variable of some type. *)
Definition derivative (eqs : list equation) (types : list value_type) (output : nat) (v : name) (t : value_type) : E :=
  match sum_of_known (sweep (values eqs types) (rev eqs) (seed output)) (bound_to v eqs) with
  | Some c => c
  | None => zeros t
  end.

End Transcription.

Section Correctness.
Variables (R : numbers) (N : nat).
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Notation inner := (inner R N).
Notation value_part := (value_part R).
Notation dual_part := (dual_part R).

(** What the program is evaluated at, and the same with a direction. *)
Variables (given : arguments R) (given' : arguments (dual R)).
Hypothesis same_values : forall n a b r, fst (given' n a b r) = given n a b r.

(** Expressions, their types and values. *)
Variables (E : Type) (mk : operation E -> E) (ty : E -> value_type) (den : E -> tensor R) (ok : E -> Prop).
Hypothesis den_mk : forall op, den (mk op) = define R N given (map_operands (fun e => (ty e, den e)) op).
Hypothesis ok_mk : forall op t,
  (forall e, In e (operands op) -> ok e) -> infer (map_operands ty op) = Some t -> ok (mk op) /\ ty (mk op) = t.
Hypothesis ok_declared : forall e, ok e -> declared (ty e) = Some (ty e).

Definition typed (e : E) (t : value_type) : Prop := ok e /\ ty e = t.

Lemma typed_declared e t : typed e t -> declared t = Some t.
Proof. intros [H <-]. now apply ok_declared. Qed.

Lemma same_type_refl t : same_type t t = true.
Proof. now apply same_type_eq. Qed.

Ltac one_operation :=
  intros; repeat match goal with H : typed _ _ |- _ => destruct H end; apply ok_mk; cbn [operands map_operands In infer];
  [intros ? ?; repeat match goal with H : _ \/ _ |- _ => destruct H end; subst; try contradiction; assumption|];
  repeat match goal with H : ty _ = _ |- _ => rewrite H; clear H end;
  cbn [infer]; unfold same_types; rewrite ?same_type_refl, ?Nat.eqb_refl; try reflexivity.

Lemma typed_constant c : typed (constant mk c) Scalar.
Proof. one_operation. Qed.

Lemma typed_add x y t : typed x t -> typed y t -> typed (mk (Add x y)) t.
Proof. one_operation. Qed.

Lemma typed_multiply x y t : typed x t -> typed y t -> typed (mk (Multiply x y)) t.
Proof. one_operation. Qed.

Lemma typed_scale s x t : typed s Scalar -> typed x t -> typed (mk (Scale s x)) t.
Proof. one_operation. Qed.

Lemma typed_reciprocal x t : typed x t -> typed (mk (Reciprocal x)) t.
Proof. one_operation. Qed.

Lemma typed_negative x t : typed x t -> typed (negative mk x) t.
Proof. intro H. apply typed_scale; [apply typed_constant|exact H]. Qed.

Lemma typed_total x t : typed x t -> typed (mk (Total x)) Scalar.
Proof. one_operation. Qed.

Lemma typed_fill s t : declared t = Some t -> typed s Scalar -> typed (mk (Fill t s)) t.
Proof. one_operation. assumption. Qed.

Lemma typed_zeros t : declared t = Some t -> typed (zeros mk t) t.
Proof. intro H. apply typed_fill; [exact H|apply typed_constant]. Qed.

Lemma typed_contract x y k c : typed x (Field k c) -> typed y (Field k c) -> typed (mk (Contract x y)) (Field 1 c).
Proof. one_operation. Qed.

Lemma typed_modulate a v k c : typed a (Field 1 c) -> typed v (Field k c) -> typed (mk (Modulate a v)) (Field k c).
Proof. one_operation. Qed.

Lemma typed_correlate K x k o i s : typed K (Kernel o i s) -> typed x (Field k i) -> typed (mk (Correlate K x)) (Field k o).
Proof. one_operation. Qed.

Lemma typed_transposed K y k o i s :
  typed K (Kernel o i s) -> typed y (Field k o) -> typed (mk (CorrelateTransposed K y)) (Field k i).
Proof. one_operation. Qed.

Lemma typed_kernel_gradient x y k o i s :
  is_odd s = true -> typed x (Field k i) -> typed y (Field k o) -> typed (mk (KernelGradient s x y)) (Kernel o i s).
Proof.
  one_operation. match goal with H : is_odd _ = true |- _ => rewrite H end. cbn. reflexivity.
Qed.

Lemma typed_broadcast b k c : declared (Field k c) = Some (Field k c) -> typed b (Bias c) -> typed (mk (Broadcast k b)) (Field k c).
Proof. one_operation. assumption. Qed.

Lemma typed_sum_sites x k c : typed x (Field k c) -> typed (mk (SumSites x)) (Bias c).
Proof. one_operation. Qed.

Lemma typed_slice x k c from to :
  (1 <= to - from)%nat -> (to <= c)%nat -> typed x (Field k c) -> typed (mk (Slice from to x)) (Field k (to - from)).
Proof.
  one_operation. unfold is_count. replace (1 <=? to - from)%nat with true by (symmetry; now apply Nat.leb_le).
  replace (to <=? c)%nat with true by (symmetry; now apply Nat.leb_le). reflexivity.
Qed.

Lemma typed_inner_product v t x : typed v t -> typed x t -> typed (inner_product mk (v, t) x) Scalar.
Proof.
  intros Hv Hx. unfold inner_product. cbn [fst snd]. destruct t; cbn [is_field].
  - eapply typed_total. eapply typed_contract; eassumption.
  - eapply typed_total. eapply typed_multiply; eassumption.
  - eapply typed_total. eapply typed_multiply; eassumption.
  - eapply typed_total. eapply typed_multiply; eassumption.
Qed.

Lemma kernel_is_odd K o i s : typed K (Kernel o i s) -> is_odd s = true.
Proof.
  intro H. assert (D := typed_declared _ _ H). cbn in D. destruct (is_odd s); [reflexivity|].
  now rewrite andb_false_r in D.
Qed.

(** The value of what a rule makes, unfolded by one operation after the other. *)
Ltac unfold_values := unfold negative, zeros, constant; rewrite ?den_mk; cbn [map_operands define].

Lemma den_minus_one c : of_dyadic R minus_one * c = - c.
Proof. unfold of_dyadic. cbn. ring. Qed.

Lemma den_one : of_dyadic R one_constant = 1.
Proof. unfold of_dyadic. cbn. ring. Qed.

Lemma den_zero : of_dyadic R zero_constant = 0.
Proof. unfold of_dyadic. cbn. ring. Qed.

Lemma den_half : of_dyadic R one_half = half.
Proof.
  unfold of_dyadic. change (1 * (1 * (half * 1)) = half :> R). ring.
Qed.

Definition is_variable {A} (op : operation A) : bool := match op with Input _ _ | Weight _ _ => true | _ => false end.

(** sum over operands and what is handed to them of <contribution, derivative of the operand>. *)
Definition handed (T : nat -> value_type) (X : nat -> tensor (dual R)) (contributions : list (nat * E)) : R :=
  sum R contributions (fun p => inner (T (fst p)) (den (snd p)) (dual_part (X (fst p)))).

Section OneOperation.
Variables (value : nat -> E) (X : nat -> tensor (dual R)) (op : operation nat) (t : value_type) (y c : E).
Notation T := (fun j => ty (value j)).
Hypothesis operands_ok : forall j, In j (operands op) -> ok (value j).
Hypothesis operands_values : forall j, In j (operands op) -> forall a b r, fst (X j a b r) = den (value j) a b r.
Hypothesis inferred : infer (map_operands T op) = Some t.
Hypothesis y_typed : typed y t.
Hypothesis y_value : forall a b r,
  den y a b r = fst (define (dual R) N given' (map_operands (fun j => (T j, X j)) op) a b r).
Hypothesis c_typed : typed c t.

Notation pulled_back := (pullback mk (map_operands (fun j => (value j, T j)) op) y c).
Notation derivative_of_value := (dual_part (define (dual R) N given' (map_operands (fun j => (T j, X j)) op))).

Lemma operand_value j : In j (operands op) -> forall a b r, value_part (X j) a b r = den (value j) a b r.
Proof. exact (operands_values j). Qed.

(** What is to be shown for an operation: its pullback has the operands' types, and is the transpose of its derivative. *)
Definition pullback_is_right : Prop :=
  length pulled_back = length (operands op) /\
  (forall j e, In (j, e) (combine (operands op) pulled_back) -> typed e (T j)) /\
  inner t (den c) derivative_of_value = handed T X (combine (operands op) pulled_back).

End OneOperation.

Lemma trilinear_ext nk no ni s K K' x x' y y' :
  (forall a b r, K a b r = K' a b r) -> (forall a b r, x a b r = x' a b r) -> (forall a b r, y a b r = y' a b r) ->
  trilinear R N nk no ni s K x y = trilinear R N nk no ni s K' x' y'.
Proof.
  intros HK Hx Hy. repeat (apply sum_ext; intros ? _). now rewrite HK, Hx, Hy.
Qed.

Lemma contract_comm nk x y a c r : contract R nk x y a c r = contract R nk y x a c r.
Proof. apply sum_ext. intros. ring. Qed.

(** One operation after the other. *)
Section Cases.
Variables (value : nat -> E) (X : nat -> tensor (dual R)).
Notation T := (fun j => ty (value j)).

Definition rule_is_right (op : operation nat) : Prop := forall t y c,
  (forall j, In j (operands op) -> ok (value j)) ->
  (forall j, In j (operands op) -> forall a b r, fst (X j a b r) = den (value j) a b r) ->
  infer (map_operands T op) = Some t -> typed y t ->
  (forall a b r, den y a b r = fst (define (dual R) N given' (map_operands (fun j => (T j, X j)) op) a b r)) ->
  typed c t -> pullback_is_right value X op t y c.

Ltac each_operand := intros ? ? Hin; repeat (destruct Hin as [Hin|Hin]; [injection Hin as <- <-|]); [..|destruct Hin].

Ltac start :=
  intros t y c Ho Hx Ht Hy Hyv Hc; unfold pullback_is_right; cbn [map_operands pullback operands combine length];
  split; [reflexivity|].

Ltac operand_facts j H V :=
  assert (H : ok (value j)) by (match goal with Ho : forall i, In i _ -> ok _ |- _ => apply Ho; cbn; tauto end);
  assert (V : forall a b r, value_part (X j) a b r = den (value j) a b r) by (intros; match goal with Hx : forall i, In i _ -> forall a b r, fst _ = _ |- _ => apply Hx; cbn; tauto end).

Ltac meaning := unfold handed; cbn [fst snd Numbers.sum]; rewrite ?den_mk; cbn [map_operands define].

Lemma constant_is_right number : rule_is_right (Constant number).
Proof.
  start. split; [intros ? ? []|]. unfold handed. cbn [Numbers.sum map_operands define]. apply inner_zero_r. intros.
  unfold Dual.dual_part. now rewrite of_dyadic_dual.
Qed.

Lemma correlate_is_right K x : rule_is_right (Correlate K x).
Proof.
  start. operand_facts K OK VK. operand_facts x Ox Vx. cbn in Ht.
  destruct (ty (value K)) as [|o i s| |] eqn:TK; try discriminate. destruct (ty (value x)) as [k ch| | |] eqn:Tx; try discriminate.
  destruct (i =? ch)%nat eqn:Ei; [|discriminate]. apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-.
  assert (tK : typed (value K) (Kernel o i s)) by (now split). assert (tx : typed (value x) (Field k i)) by (now split). split.
  - each_operand; rewrite ?TK, ?Tx; cbn [size].
    + eapply typed_kernel_gradient; eauto using kernel_is_odd.
    + eapply typed_transposed; eassumption.
  - meaning. rewrite TK, Tx. destruct Hc as [_ Tc]. rewrite ?Tc. cbn [inputs outputs size components].
    erewrite (inner_ext R N _ _ (dual_part _)); [|reflexivity|intros a b r; apply correlate_dual].
    rewrite inner_add_r, !correlate_is_trilinear, (inner_comm R N (Kernel _ _ _)), kernel_gradient_is_trilinear,
      (inner_comm R N _ _ (dual_part (X x))), correlate_transposed_is_trilinear.
    rewrite (trilinear_ext _ _ _ _ (value_part (X K)) (den (value K)) (dual_part (X x)) (dual_part (X x)) (den c) (den c)) by auto.
    rewrite (trilinear_ext _ _ _ _ (dual_part (X K)) (dual_part (X K)) (value_part (X x)) (den (value x)) (den c) (den c)) by auto.
    ring.
Qed.

Lemma correlate_transposed_is_right K x : rule_is_right (CorrelateTransposed K x).
Proof.
  start. operand_facts K OK VK. operand_facts x Ox Vx. cbn in Ht.
  destruct (ty (value K)) as [|o i s| |] eqn:TK; try discriminate. destruct (ty (value x)) as [k ch| | |] eqn:Tx; try discriminate.
  destruct (o =? ch)%nat eqn:Ei; [|discriminate]. apply Nat.eqb_eq in Ei. subst ch. injection Ht as <-.
  assert (tK : typed (value K) (Kernel o i s)) by (now split). assert (tx : typed (value x) (Field k o)) by (now split). split.
  - each_operand; rewrite ?TK, ?Tx; cbn [size].
    + eapply typed_kernel_gradient; eauto using kernel_is_odd.
    + eapply typed_correlate; eassumption.
  - meaning. rewrite TK, Tx. destruct Hc as [_ Tc]. rewrite ?Tc. cbn [inputs outputs size components].
    erewrite (inner_ext R N _ _ (dual_part _)); [|reflexivity|intros a b r; apply correlate_transposed_dual].
    rewrite inner_add_r, !correlate_transposed_is_trilinear, (inner_comm R N (Kernel _ _ _)), kernel_gradient_is_trilinear,
      (inner_comm R N _ _ (dual_part (X x))), correlate_is_trilinear.
    rewrite (trilinear_ext _ _ _ _ (value_part (X K)) (den (value K)) (den c) (den c) (dual_part (X x)) (dual_part (X x))) by auto.
    rewrite (trilinear_ext _ _ _ _ (dual_part (X K)) (dual_part (X K)) (den c) (den c) (value_part (X x)) (den (value x))) by auto.
    ring.
Qed.

Lemma kernel_gradient_is_right s x z : rule_is_right (KernelGradient s x z).
Proof.
  start. operand_facts x Ox Vx. operand_facts z Oz Vz. cbn in Ht.
  destruct (ty (value x)) as [k ci| | |] eqn:Tx; try discriminate. destruct (ty (value z)) as [k' co| | |] eqn:Tz; try discriminate.
  destruct (is_odd s) eqn:Os; [|discriminate]. destruct (k =? k')%nat eqn:Ek; [|discriminate]. apply Nat.eqb_eq in Ek. subst k'.
  injection Ht as <-.
  assert (tx : typed (value x) (Field k ci)) by (now split). assert (tz : typed (value z) (Field k co)) by (now split). split.
  - each_operand; rewrite ?Tx, ?Tz.
    + eapply typed_transposed; eassumption.
    + eapply typed_correlate; eassumption.
  - meaning. rewrite Tx, Tz. destruct Hc as [_ Tc]. rewrite ?Tc. cbn [inputs outputs size components].
    erewrite (inner_ext R N _ _ (dual_part _)); [|reflexivity|intros a b r; apply kernel_gradient_dual].
    rewrite inner_add_r, !kernel_gradient_is_trilinear, (inner_comm R N _ _ (dual_part (X x))), correlate_transposed_is_trilinear,
      (inner_comm R N _ _ (dual_part (X z))), correlate_is_trilinear.
    rewrite (trilinear_ext _ _ _ _ (den c) (den c) (dual_part (X x)) (dual_part (X x)) (value_part (X z)) (den (value z))) by auto.
    rewrite (trilinear_ext _ _ _ _ (den c) (den c) (value_part (X x)) (den (value x)) (dual_part (X z)) (dual_part (X z))) by auto.
    ring.
Qed.

Lemma add_is_right l r : rule_is_right (Add l r).
Proof.
  start. cbn in Ht. unfold same_types in Ht. destruct (same_type _ _) eqn:S; [|discriminate]. apply same_type_eq in S.
  injection Ht as <-. split.
  - each_operand; [|rewrite <- S]; assumption.
  - meaning. rewrite <- S. transitivity (inner (ty (value l)) (den c) (dual_part (X l)) + inner (ty (value l)) (den c) (dual_part (X r))); [|ring].
    rewrite <- inner_add_r. reflexivity.
Qed.

Lemma multiply_is_right l r : rule_is_right (Multiply l r).
Proof.
  start. operand_facts l Ol Vl. operand_facts r Or Vr. cbn in Ht. unfold same_types in Ht.
  destruct (same_type _ _) eqn:S; [|discriminate]. apply same_type_eq in S. injection Ht as <-.
  assert (tr : typed (value r) (ty (value l))) by (now split). assert (tl : typed (value l) (ty (value l))) by (now split). split.
  - each_operand; [|rewrite <- S]; now apply typed_multiply.
  - meaning. rewrite <- S.
    match goal with |- _ = ?x + (?z + 0) => transitivity (x + z); [|ring] end.
    unfold Meaning.inner. rewrite <- total_add. apply total_ext. intros a b q _ _ _. rewrite <- Vl, <- Vr.
    unfold Dual.value_part, Dual.dual_part. cbn. ring.
Qed.

Lemma scale_is_right s x : rule_is_right (Scale s x).
Proof.
  start. operand_facts s Os Vs. operand_facts x Ox Vx. cbn in Ht.
  destruct (ty (value s)) eqn:Ts; try discriminate. injection Ht as <-.
  assert (ts : typed (value s) Scalar) by (now split). assert (tx : typed (value x) (ty (value x))) by (now split). split.
  - each_operand.
    + rewrite Ts. now apply typed_inner_product.
    + now apply typed_scale.
  - assert (I : entry R (den (inner_product mk (value x, ty (value x)) c)) = inner (ty (value x)) (den (value x)) (den c)).
    { unfold inner_product. cbn [fst snd]. destruct Hc as [Oc Tc]. destruct (ty (value x)) as [k ch|outputs inputs size|channels|] eqn:Tx; cbn [is_field].
      - unfold entry. rewrite den_mk. cbn [map_operands define].
        destruct (typed_contract (value x) c k ch) as [_ ->]; [now split|now split|].
        rewrite den_mk. cbn [map_operands define]. rewrite Tx. apply total_contract.
      - unfold entry. rewrite den_mk. cbn [map_operands define].
        destruct (typed_multiply (value x) c (Kernel outputs inputs size)) as [_ ->]; [now split|now split|]. now rewrite den_mk.
      - unfold entry. rewrite den_mk. cbn [map_operands define].
        destruct (typed_multiply (value x) c (Bias channels)) as [_ ->]; [now split|now split|]. now rewrite den_mk.
      - unfold entry. rewrite den_mk. cbn [map_operands define].
        destruct (typed_multiply (value x) c (Scalar)) as [_ ->]; [now split|now split|]. now rewrite den_mk. }
    unfold handed. cbn [fst snd Numbers.sum]. rewrite Ts, inner_scalar, I. rewrite den_mk. cbn [map_operands define].
    rewrite inner_mul_l, (inner_comm R N _ (den (value x))).
    assert (Vse : entry R (den (value s)) = fst (entry (dual R) (X s))) by (unfold entry; now rewrite <- Vs).
    transitivity (fst (entry (dual R) (X s)) * inner (ty (value x)) (den c) (dual_part (X x)) +
      snd (entry (dual R) (X s)) * inner (ty (value x)) (den c) (den (value x))).
    + rewrite <- !(inner_mul_l R N _ _ (den c)). unfold Meaning.inner. rewrite <- total_add. apply total_ext. intros a b q _ _ _.
      rewrite <- Vx. unfold Dual.dual_part, Dual.value_part. cbn. ring.
    + rewrite Vse. unfold entry, Dual.dual_part. ring.
Qed.

Lemma tanh_is_right x : rule_is_right (Tanh x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. injection Ht as <-. split.
  - each_operand. apply typed_add; [assumption|]. apply typed_negative. now repeat apply typed_multiply.
  - meaning. unfold negative, constant. rewrite !den_mk. cbn [map_operands define]. rewrite !den_mk. cbn [map_operands define].
    unfold entry. rewrite !den_mk. cbn [map_operands define].
    match goal with |- _ = ?x + 0 => transitivity x; [|ring] end.
    apply total_ext. intros a b q _ _ _. rewrite den_minus_one, Hyv. unfold Dual.dual_part. cbn. ring.
Qed.

Lemma reciprocal_is_right x : rule_is_right (Reciprocal x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. injection Ht as <-. split.
  - each_operand. apply typed_negative. now repeat apply typed_multiply.
  - meaning. unfold negative, constant. rewrite !den_mk. cbn [map_operands define]. rewrite !den_mk. cbn [map_operands define].
    unfold entry. rewrite !den_mk. cbn [map_operands define].
    match goal with |- _ = ?x + 0 => transitivity x; [|ring] end.
    apply total_ext. intros a b q _ _ _. rewrite den_minus_one, Hyv. unfold Dual.dual_part. cbn. ring.
Qed.

Lemma sqrt_is_right x : rule_is_right (Sqrt x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. injection Ht as <-. split.
  - each_operand. apply typed_scale; [apply typed_constant|]. apply typed_multiply; [assumption|]. now apply typed_reciprocal.
  - meaning. unfold constant. rewrite !den_mk. cbn [map_operands define]. rewrite !den_mk. cbn [map_operands define].
    unfold entry. rewrite ?den_mk. cbn [map_operands define].
    match goal with |- _ = ?x + 0 => transitivity x; [|ring] end.
    apply total_ext. intros a b q _ _ _. rewrite den_half, Hyv. unfold Dual.dual_part. cbn. ring.
Qed.

Lemma contract_is_right l r : rule_is_right (Contract l r).
Proof.
  start. operand_facts l Ol Vl. operand_facts r Or Vr. cbn [map_operands infer] in Ht.
  destruct (ty (value l)) as [k ch| | |] eqn:Tl; try discriminate. destruct (same_type (Field k ch) (ty (value r))) eqn:S; [|discriminate].
  apply same_type_eq in S. injection Ht as <-. symmetry in S.
  assert (tl : typed (value l) (Field k ch)) by (now split). assert (tr : typed (value r) (Field k ch)) by (now split). split.
  - each_operand; rewrite ?Tl, ?S; now apply typed_modulate.
  - meaning. rewrite Tl, S. cbn [components].
    erewrite (inner_ext R N _ _ (dual_part _)); [|reflexivity|intros a b q; apply contract_dual].
    rewrite inner_add_r. rewrite contract_is_inner.
    erewrite (inner_ext R N (Field 1 ch) _ (contract R k (dual_part (X l)) (value_part (X r)))); [|reflexivity|intros; apply contract_comm].
    rewrite contract_is_inner.
    rewrite (inner_ext R N (Field k ch) (fun k0 c0 r0 => den c 0%nat c0 r0 * value_part (X l) k0 c0 r0) (dual_part (X r))
      (fun k0 c0 r0 => den c 0%nat c0 r0 * den (value l) k0 c0 r0) (dual_part (X r))) by (intros; rewrite ?Vl; reflexivity).
    rewrite (inner_ext R N (Field k ch) (fun k0 c0 r0 => den c 0%nat c0 r0 * value_part (X r) k0 c0 r0) (dual_part (X l))
      (fun k0 c0 r0 => den c 0%nat c0 r0 * den (value r) k0 c0 r0) (dual_part (X l))) by (intros; rewrite ?Vr; reflexivity).
    ring.
Qed.

Lemma modulate_is_right l r : rule_is_right (Modulate l r).
Proof.
  start. operand_facts l Ol Vl. operand_facts r Or Vr. cbn in Ht.
  destruct (ty (value l)) as [k1 ch| | |] eqn:Tl; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
  destruct (ty (value r)) as [k ch'| | |] eqn:Tr; try discriminate. destruct (ch =? ch')%nat eqn:E1; [|discriminate].
  apply Nat.eqb_eq in E1. subst ch'. injection Ht as <-.
  assert (tl : typed (value l) (Field 1 ch)) by (now split). assert (tr : typed (value r) (Field k ch)) by (now split). split.
  - each_operand; rewrite ?Tl, ?Tr; [eapply typed_contract|eapply typed_modulate]; eassumption.
  - meaning. rewrite Tl, Tr. destruct Hc as [_ Tc]. rewrite Tc. cbn [components].
    rewrite (inner_comm R N (Field 1 ch)), contract_is_inner.
    match goal with |- _ = ?x + (?z + 0) => transitivity (x + z); [|ring] end.
    unfold Meaning.inner. rewrite <- total_add. apply total_ext. intros a b q _ _ _. rewrite <- Vl, <- Vr.
    unfold Dual.value_part, Dual.dual_part. cbn. ring.
Qed.

Lemma total_is_right x : rule_is_right (Total x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. injection Ht as <-.
  assert (tx : typed (value x) (ty (value x))) by (now split). split.
  - each_operand. apply typed_fill; [now apply typed_declared with (value x)|assumption].
  - meaning. rewrite inner_scalar, (inner_comm R N (ty (value x))), fill_is_total. unfold entry at 2, Dual.dual_part at 1. cbn.
    rewrite total_dual. ring.
Qed.

Lemma fill_is_right t0 x : rule_is_right (Fill t0 x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. destruct (ty (value x)) eqn:Tx; try discriminate.
  assert (t = t0) by (destruct t0; cbn in Ht; repeat match type of Ht with (if ?b then _ else _) = _ => destruct b; try discriminate end; now injection Ht).
  subst t0. split.
  - each_operand. rewrite Tx. now apply typed_total with t.
  - meaning. rewrite Tx, inner_scalar. destruct Hc as [_ Tc]. rewrite Tc.
    change (dual_part (fun _ _ _ => entry (dual R) (X x))) with (fun (_ _ : nat) (_ : nat * nat) => entry R (dual_part (X x))).
    rewrite fill_is_total. unfold entry at 2. ring.
Qed.

Lemma sum_sites_is_right x : rule_is_right (SumSites x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. destruct (ty (value x)) as [k ch| | |] eqn:Tx; try discriminate. injection Ht as <-.
  assert (tx : typed (value x) (Field k ch)) by (now split). split.
  - each_operand. rewrite Tx. cbn [components]. apply typed_broadcast; [now apply typed_declared with (value x)|assumption].
  - meaning. rewrite Tx. cbn [components].
    rewrite (inner_ext R N _ _ (dual_part _) (den c) (sum_sites R N k (dual_part (X x)))); [|reflexivity|intros; apply sum_sites_dual].
    rewrite (inner_comm R N (Field k ch)), broadcast_is_sum_sites, (inner_comm R N (Bias ch)). ring.
Qed.

Lemma broadcast_is_right k x : rule_is_right (Broadcast k x).
Proof.
  start. operand_facts x Ox Vx. cbn in Ht. destruct (ty (value x)) as [| |ch|] eqn:Tx; try discriminate.
  assert (t = Field k ch) by (unfold declared in Ht; destruct (_ && _)%bool; [now injection Ht|discriminate]). subst t.
  assert (tx : typed (value x) (Bias ch)) by (now split). split.
  - each_operand. rewrite Tx. now apply typed_sum_sites with k.
  - meaning. rewrite Tx. destruct Hc as [_ Tc]. rewrite Tc. cbn [components].
    change (dual_part (fun _ c0 _ => X x 0%nat c0 (0, 0)%nat)) with (fun (_ c0 : nat) (_ : nat * nat) => dual_part (X x) 0%nat c0 (0, 0)%nat).
    rewrite broadcast_is_sum_sites. ring.
Qed.

Lemma slices_are_right k S c (tc : typed c (Field k S)) (parts : list nat) from :
  (forall j, In j parts -> ok (value j)) ->
  (forall j, In j parts -> exists ch, T j = Field k ch) ->
  (from + sum_of_channels (map T parts) <= S)%nat ->
  let pulled := slices mk c from (map (fun j => (value j, T j)) parts) in
  length pulled = length parts /\
  (forall j e, In (j, e) (combine parts pulled) -> typed e (T j)) /\
  inner_of_parts R N k (map (fun j => (T j, dual_part (X j))) parts) from (den c) = handed T X (combine parts pulled).
Proof.
  revert from. induction parts as [|j parts IH]; intros from Ho Hf Hs.
  - cbn. split; [reflexivity|]. split; [intros ? ? []|reflexivity].
  - destruct (Hf j (or_introl eq_refl)) as [ch Tj].
    assert (Hs' : (from + (channels (ty (value j)) + sum_of_channels (map T parts)) <= S)%nat) by exact Hs.
    cbn [map slices combine length] in *.
    destruct (IH (from + channels (ty (value j)))%nat) as (L & Ty & I).
    { intros i Hi. apply Ho. now right. } { intros i Hi. apply Hf. now right. } { lia. }
    assert (D := ok_declared _ (Ho j (or_introl eq_refl))). cbn beta in Tj. rewrite Tj in *. cbn [channels] in *.
    assert (Hch : (1 <= ch)%nat). { cbn in D. destruct k, ch; cbn in D; try discriminate; lia. }
    assert (tS : typed (mk (Slice from (from + ch) c)) (Field k ch)).
    { replace (Field k ch) with (Field k (from + ch - from)) by (f_equal; lia). apply typed_slice with S; [lia|lia|exact tc]. }
    split; [now rewrite L|]. split.
    + intros i e [H|H]; [injection H as <- <-; rewrite Tj; exact tS|now apply Ty].
    + cbn [inner_of_parts channels]. rewrite I. unfold handed. cbn [Numbers.sum fst snd]. f_equal.
      rewrite Tj, den_mk. cbn [map_operands define]. apply inner_comm.
Qed.

Lemma concat_is_right parts : rule_is_right (Concat parts).
Proof.
  intros t y c Ho Hx Ht Hy Hyv Hc. unfold pullback_is_right. cbn [map_operands pullback operands] in *.
  destruct (infer_fields _ _ Ht) as (k & -> & Hf).
  destruct (slices_are_right k _ c Hc parts 0%nat Ho) as (L & Ty & I); [|lia|].
  { intros j Hj. apply Hf. apply in_map_iff. now exists j. }
  split; [exact L|]. split; [exact Ty|]. rewrite <- I. cbn [define].
  rewrite (inner_comm R N (Field k _)).
  rewrite (inner_ext R N _ (dual_part _) (den c) (concatenated R (map (fun j => (T j, dual_part (X j))) parts))
    (fun k0 c0 r0 => den c k0 (0 + c0)%nat r0)).
  - rewrite <- (concat_is_sum_of_parts R N k). rewrite map_map. reflexivity.
  - intros a b r. unfold Dual.dual_part at 1. rewrite concatenated_dual, map_map. reflexivity.
  - reflexivity.
Qed.

Lemma padded_is_right k ch from to c : declared (Field k ch) = Some (Field k ch) ->
  (1 <= to - from)%nat -> (to <= ch)%nat -> typed c (Field k (to - from)) ->
  let padded := mk (Concat (padding mk k from ++ [c] ++ padding mk k (ch - to))) in
  typed padded (Field k ch) /\
  forall z, inner (Field k ch) (den padded) z = inner (Field k (to - from)) (den c) (fun k0 c0 r0 => z k0 (from + c0)%nat r0).
Proof.
  intros D Hft Hto Hc padded.
  assert (Hk : forall n, (1 <= n)%nat -> declared (Field k n) = Some (Field k n)).
  { intros n Hn. cbn in *. destruct k; [discriminate|]. destruct n; [lia|]. reflexivity. }
  assert (Tz : forall n, (1 <= n)%nat -> typed (zeros mk (Field k n)) (Field k n)) by (intros; apply typed_zeros, Hk; assumption).
  assert (Vz : forall t a b r, den (zeros mk t) a b r = 0).
  { intros t a b r. unfold zeros, constant. rewrite den_mk. cbn [map_operands define]. unfold entry. rewrite den_mk.
    cbn [map_operands define]. apply den_zero. }
  assert (Oc := proj1 Hc). assert (Tc := proj2 Hc).
  assert (P : forall n, padding mk k n = if (1 <=? n)%nat then [zeros mk (Field k n)] else []) by reflexivity.
  assert (All : (forall e, In e (padding mk k from ++ [c] ++ padding mk k (ch - to)) -> ok e) /\
    infer (Concat (map ty (padding mk k from ++ [c] ++ padding mk k (ch - to)))) = Some (Field k ch) /\
    forall z, inner_of_parts R N k (map (fun e => (ty e, den e)) (padding mk k from ++ [c] ++ padding mk k (ch - to))) 0 z =
      inner (Field k (to - from)) (den c) (fun k0 c0 r0 => z k0 (from + c0)%nat r0)).
  { rewrite !P. destruct (1 <=? from)%nat eqn:F; destruct (1 <=? ch - to)%nat eqn:G;
      first [apply Nat.leb_le in F|apply Nat.leb_gt in F]; first [apply Nat.leb_le in G|apply Nat.leb_gt in G]; cbn [app map In].
    all: split; [intros e He; repeat (destruct He as [He|He]; [rewrite <- He; first [exact Oc|apply Tz; lia]|]); destruct He|].
    all: try rewrite (proj2 (Tz _ F)); try rewrite (proj2 (Tz _ G)); rewrite Tc.
    all: split; [cbn [infer forallb is_field components]; rewrite Nat.eqb_refl; cbn [andb]; do 2 f_equal; cbn [sum_of_channels fold_right channels]; lia|].
    all: intro z; cbn [inner_of_parts channels]; rewrite ?(inner_zero_l R N _ (den (zeros mk _))) by (apply Vz).
    - replace (0 + from)%nat with from by lia. ring.
    - replace (0 + from)%nat with from by lia. ring.
    - replace from with 0%nat by lia. ring.
    - replace from with 0%nat by lia. ring. }
  destruct All as (A1 & A2 & A3). split.
  - now apply ok_mk.
  - intro z. unfold padded. rewrite den_mk. cbn [map_operands define].
    rewrite <- A3, <- (concat_is_sum_of_parts R N k). destruct (infer_fields _ _ A2) as (k' & Hk' & _).
    assert (Hch : sum_of_channels (map ty (padding mk k from ++ [c] ++ padding mk k (ch - to))) = ch) by (now injection Hk').
    rewrite map_map. cbn [fst]. change (map (fun x => ty x)) with (map ty). rewrite Hch. reflexivity.
Qed.

Lemma slice_is_right from to x : rule_is_right (Slice from to x).
Proof.
  start. operand_facts x Ox Vx. cbn [map_operands infer] in Ht. destruct (ty (value x)) as [k ch| | |] eqn:Tx; try discriminate.
  destruct (is_count (to - from)) eqn:C1; [|discriminate]. destruct (to <=? ch)%nat eqn:C2; [|discriminate].
  apply Nat.leb_le in C1, C2. injection Ht as <-.
  assert (tx : typed (value x) (Field k ch)) by (now split). assert (D := typed_declared _ _ tx).
  destruct (padded_is_right k ch from to c D C1 C2 Hc) as [P1 P2]. cbn [components channels]. split.
  - each_operand. rewrite Tx. exact P1.
  - unfold handed. cbn [Numbers.sum fst snd]. rewrite Tx, P2. cbn [define]. ring_simplify. reflexivity.
Qed.

(** The pullback of every operation is the transpose of its derivative. *)
Theorem pullbacks_are_adjoint op : is_variable op = false -> rule_is_right op.
Proof.
  destruct op; intro H; try discriminate H; auto using constant_is_right, correlate_is_right, correlate_transposed_is_right,
    kernel_gradient_is_right, add_is_right, multiply_is_right, scale_is_right, tanh_is_right, reciprocal_is_right,
    sqrt_is_right, contract_is_right, modulate_is_right, total_is_right, fill_is_right, sum_sites_is_right,
    broadcast_is_right, concat_is_right, slice_is_right.
Qed.

End Cases.

(** The sweep. *)
Section Sweep.
Variables (eqs : list equation) (types : list value_type).
Hypothesis well_typed : typecheck eqs = Some types.

Definition T (i : nat) : value_type := nth i types Scalar.
Definition value (i : nat) : E := nth i (expressions mk eqs) (constant mk zero_constant).
Definition X (i : nat) : tensor (dual R) := snd (nth i (evaluate (dual R) N given' eqs) (no_value (dual R))).

Lemma equations_in_order i e j : nth_error eqs i = Some e -> In j (operands e) -> (j < i)%nat.
Proof. intros H Hj. destruct (typecheck_promises _ _ well_typed) as [O _]. exact (O i e H j Hj). Qed.

Lemma equation_typed i e : nth_error eqs i = Some e -> infer (map_operands T e) = Some (T i).
Proof. destruct (typecheck_promises _ _ well_typed) as [_ H]. apply H. Qed.

Lemma value_equation i e : nth_error eqs i = Some e -> value i = mk (map_operands value e).
Proof.
  intro H. destruct (typecheck_promises _ _ well_typed) as [O _]. unfold value, expressions.
  now rewrite (fold_equation _ _ _ O i e H) at 1.
Qed.

Lemma X_equation i e : nth_error eqs i = Some e ->
  X i = define (dual R) N given' (map_operands (fun j => (T j, X j)) e).
Proof.
  exact (evaluated_equation (dual R) N given' eqs types well_typed i e).
Qed.

Lemma value_typed i : (i < length eqs)%nat -> typed (value i) (T i).
Proof.
  induction i as [i IH] using lt_wf_ind. intro Hi. destruct (nth_error eqs i) as [e|] eqn:H; [|apply nth_error_None in H; lia].
  rewrite (value_equation i e H). apply ok_mk.
  - intros v Hv. rewrite operands_map in Hv. apply in_map_iff in Hv. destruct Hv as (j & <- & Hj).
    assert (Hji := equations_in_order i e j H Hj). now apply IH; lia.
  - rewrite map_map_operands, <- (equation_typed i e H). f_equal. apply map_operands_ext. intros j Hj.
    assert (Hji := equations_in_order i e j H Hj). now apply IH; lia.
Qed.

Lemma value_means i : (i < length eqs)%nat -> forall a b r, fst (X i a b r) = den (value i) a b r.
Proof.
  induction i as [i IH] using lt_wf_ind. intros Hi a b r. destruct (nth_error eqs i) as [e|] eqn:H; [|apply nth_error_None in H; lia].
  rewrite (value_equation i e H), den_mk, map_map_operands, (X_equation i e H).
  rewrite (define_value R N given given' T (fun j => den (value j)) X) by
    (try exact same_values; intros j Hj; assert (Hji := equations_in_order i e j H Hj); apply IH; lia).
  f_equal. apply map_operands_ext. intros j Hj. assert (Hji := equations_in_order i e j H Hj).
  now rewrite (proj2 (value_typed j ltac:(lia))).
Qed.

(** <cotangent of value i, derivative of value i>; 0 where there is no cotangent. *)
Definition weight (known : cotangents) (i : nat) : R :=
  match known i with Some c => inner (T i) (den c) (dual_part (X i)) | None => 0 end.

Definition all_typed (known : cotangents) : Prop := forall i c, known i = Some c -> typed c (T i).

Lemma contribute_adds known j e m : (j < m)%nat -> all_typed known -> typed e (T j) ->
  all_typed (contribute mk known (j, e)) /\
  (forall i, i <> j -> contribute mk known (j, e) i = known i) /\
  sum R (upto m) (weight (contribute mk known (j, e))) = sum R (upto m) (weight known) + inner (T j) (den e) (dual_part (X j)).
Proof.
  intros Hj K He. unfold contribute. cbn [fst snd]. split; [|split].
  - intros i c. destruct (i =? j)%nat eqn:Ei; [|apply K]. apply Nat.eqb_eq in Ei. subst i. intro H. injection H as <-.
    destruct (known j) as [b|] eqn:Kj; [|exact He]. apply typed_add; [now apply K|exact He].
  - intros i Hi. now rewrite (proj2 (Nat.eqb_neq i j) Hi).
  - transitivity (sum R (upto m) (weight known) + sum R (upto m) (fun i => if Nat.eq_dec i j then inner (T i) (den e) (dual_part (X i)) else 0)).
    + rewrite <- sum_add. apply sum_ext. intros i _. unfold weight. destruct (Nat.eq_dec i j) as [->|Hne].
      * rewrite Nat.eqb_refl. destruct (known j) as [b|]; [|ring]. rewrite den_mk. cbn [map_operands define].
        rewrite inner_add_l. reflexivity.
      * rewrite (proj2 (Nat.eqb_neq i j) Hne). ring.
    + f_equal. apply (sum_single R Nat.eq_dec (upto m) j (fun i => inner (T i) (den e) (dual_part (X i)))); [apply seq_NoDup|].
      apply in_seq. lia.
Qed.

Lemma contributions_add contributions : forall known m, all_typed known ->
  (forall j e, In (j, e) contributions -> (j < m)%nat /\ typed e (T j)) ->
  let after := fold_left (contribute mk) contributions known in
  all_typed after /\ (forall i, (m <= i)%nat -> after i = known i) /\
  sum R (upto m) (weight after) = sum R (upto m) (weight known) + handed T X contributions.
Proof.
  induction contributions as [|[j e] rest IH]; intros known m K H; cbn [fold_left].
  - split; [exact K|]. split; [reflexivity|]. unfold handed. cbn. ring.
  - destruct (H j e (or_introl eq_refl)) as [Hj He].
    destruct (contribute_adds known j e m Hj K He) as (K' & U & S).
    destruct (IH (contribute mk known (j, e)) m K') as (K'' & U' & S').
    { intros i e' Hi. apply H. now right. }
    split; [exact K''|]. split.
    + intros i Hi. rewrite U' by exact Hi. apply U. lia.
    + cbn zeta in S'. rewrite S', S. unfold handed. cbn [Numbers.sum fst snd]. ring.
Qed.

Definition variable_at (i : nat) : bool := match nth_error eqs i with Some e => is_variable e | None => false end.

Lemma sum_next_index m (f : nat -> R) : sum R (upto (S m)) f = sum R (upto m) f + f m.
Proof. unfold upto. rewrite seq_S, sum_app. cbn. ring. Qed.

Lemma variable_has_no_operands {A} (op : operation A) : is_variable op = true -> operands op = [].
Proof. now destruct op. Qed.

(** What the sweep keeps: the derivative of the output is the sum over what is left of <cotangent, derivative>. *)
Lemma sweep_keeps_derivative reversed : forall rest known,
  eqs = rev reversed ++ rest -> all_typed known ->
  let final := sweep mk (values mk eqs types) reversed known in
  all_typed final /\ (forall i, (length reversed <= i)%nat -> final i = known i) /\
  sum R (upto (length reversed)) (weight known) =
    sum R (upto (length reversed)) (fun i => if variable_at i then weight final i else 0).
Proof.
  induction reversed as [|e reversed IH]; intros rest known Heqs K; cbn [sweep length].
  - split; [exact K|]. split; [reflexivity|]. reflexivity.
  - set (m := length reversed). cbn [rev] in Heqs. rewrite <- app_assoc in Heqs. cbn [app] in Heqs.
    assert (He : nth_error eqs m = Some e).
    { rewrite Heqs, nth_error_app2, rev_length; [|rewrite rev_length; unfold m; lia]. unfold m. now rewrite Nat.sub_diag. }
    assert (Hm : (m < length eqs)%nat) by (apply nth_error_Some; now rewrite He).
    set (known' := match known m with None => known | Some c => fold_left (contribute mk)
      (combine (operands e) (pullback mk (map_operands (values mk eqs types) e) (fst (values mk eqs types m)) c)) known end).
    assert (step : all_typed known' /\ (forall i, (m <= i)%nat -> known' i = known i) /\
      sum R (upto m) (weight known') = sum R (upto m) (weight known) + (if is_variable e then 0 else weight known m)).
    { unfold known'. destruct (known m) as [c|] eqn:Km.
      - destruct (is_variable e) eqn:V.
        + rewrite (variable_has_no_operands e V). cbn [combine fold_left]. split; [exact K|]. split; [reflexivity|]. ring.
        + assert (Ho : forall j, In j (operands e) -> (j < m)%nat) by (intros j Hj; exact (equations_in_order m e j He Hj)).
          assert (types_agree : map_operands (values mk eqs types) e = map_operands (fun j => (value j, ty (value j))) e).
          { apply map_operands_ext. intros j Hj. unfold values. f_equal. symmetry. apply (value_typed j). specialize (Ho j Hj). lia. }
          assert (X_agree : map_operands (fun j => (ty (value j), X j)) e = map_operands (fun j => (T j, X j)) e).
          { apply map_operands_ext. intros j Hj. f_equal. apply (value_typed j). specialize (Ho j Hj). lia. }
          destruct (pullbacks_are_adjoint value X e V (T m) (value m) c) as (L & Ty & Ad).
          * intros j Hj. apply (value_typed j). specialize (Ho j Hj). lia.
          * intros j Hj. apply value_means. specialize (Ho j Hj). lia.
          * rewrite <- (equation_typed m e He). f_equal. apply map_operands_ext. intros j Hj. apply (value_typed j).
            specialize (Ho j Hj). lia.
          * now apply value_typed.
          * intros a b r. rewrite X_agree, <- (X_equation m e He). symmetry. now apply value_means.
          * now apply K.
          * rewrite types_agree. change (fst (values mk eqs types m)) with (value m).
            set (contributions := combine (operands e) (pullback mk (map_operands (fun j => (value j, ty (value j))) e) (value m) c)) in *.
            assert (C : forall j e', In (j, e') contributions -> (j < m)%nat /\ typed e' (T j)).
            { intros j e' Hj. assert (Hje := in_combine_l _ _ _ _ Hj). specialize (Ho j Hje). split; [exact Ho|].
              rewrite <- (proj2 (value_typed j ltac:(lia))). now apply Ty. }
            destruct (contributions_add contributions known m K C) as (A1 & A2 & A3).
            split; [exact A1|]. split; [exact A2|]. cbn zeta in A3. rewrite A3. f_equal. unfold weight. rewrite Km.
            rewrite (X_equation m e He), <- X_agree, Ad. unfold handed. apply sum_ext. intros [j e'] Hj. cbn [fst snd].
            assert (Hje := in_combine_l _ _ _ _ Hj). specialize (Ho j Hje). now rewrite (proj2 (value_typed j ltac:(lia))).
      - split; [exact K|]. split; [reflexivity|]. unfold weight at 3. rewrite Km. destruct (is_variable e); ring. }
    destruct step as (K' & U & S). destruct (IH (e :: rest) known' Heqs K') as (KF & UF & SF). cbn zeta in KF, UF, SF.
    split; [exact KF|]. split.
    + intros i Hi. rewrite UF by (unfold m in *; lia). apply U. unfold m in *. lia.
    + rewrite !sum_next_index. fold m in SF, UF. rewrite <- SF, S.
      unfold variable_at at 1. rewrite He. destruct (is_variable e).
      * unfold weight at 4. rewrite UF, U by lia. fold (weight known m). ring.
      * ring.
Qed.

(** A name has one type, as typecheck asks. *)
Definition named (v : name) (t : value_type) : Prop :=
  forall i e, nth_error eqs i = Some e -> is_called v e = true -> T i = t.

Lemma sum_filter {A} (p : A -> bool) (l : list A) (f : A -> R) :
  sum R (filter p l) f = sum R l (fun x => if p x then f x else 0).
Proof. induction l as [|x l IH]; cbn; [reflexivity|]. destruct (p x); cbn; rewrite IH; ring. Qed.

Lemma sum_of_known_typed known t ids : all_typed known -> (forall i, In i ids -> T i = t) ->
  forall c, sum_of_known mk known ids = Some c -> typed c t.
Proof.
  intros K Ht. unfold sum_of_known. assert (H : forall start, (forall c, start = Some c -> typed c t) ->
    forall c, fold_left (fun s i => match known i, s with None, _ => s | Some c, None => Some c | Some c, Some b => Some (mk (Add b c)) end)
      ids start = Some c -> typed c t).
  { induction ids as [|i ids IH]; intros start Hs; cbn [fold_left]; [exact Hs|]. apply IH.
    - intros j Hj. apply Ht. now right.
    - intros c Hc. destruct (known i) as [d|] eqn:Ki; [|now apply Hs].
      assert (Td : typed d t) by (rewrite <- (Ht i (or_introl eq_refl)); now apply K).
      destruct start as [b|]; injection Hc as <-; [|exact Td]. apply typed_add; [now apply Hs|exact Td]. }
  apply H. discriminate.
Qed.

Lemma sum_of_known_means known t d ids : (forall i, In i ids -> T i = t) ->
  match sum_of_known mk known ids with Some c => inner t (den c) d | None => 0 end =
  sum R ids (fun i => match known i with Some c => inner t (den c) d | None => 0 end).
Proof.
  intro Ht. unfold sum_of_known. assert (H : forall start,
    match fold_left (fun s i => match known i, s with None, _ => s | Some c, None => Some c | Some c, Some b => Some (mk (Add b c)) end)
      ids start with Some c => inner t (den c) d | None => 0 end =
    match start with Some c => inner t (den c) d | None => 0 end +
    sum R ids (fun i => match known i with Some c => inner t (den c) d | None => 0 end)).
  { clear Ht. induction ids as [|i ids IH]; intro start; cbn [fold_left Numbers.sum]; [ring|]. rewrite IH.
    destruct (known i) as [c|]; [|ring]. destruct start as [b|]; [|ring].
    rewrite den_mk. cbn [map_operands define]. rewrite inner_add_l. ring. }
  rewrite H. ring.
Qed.

(** The derivative of a scalar output along a direction of one variable is <gradient, direction>: for every well-typed
    program, every lattice, all numbers, whatever the functions of one number are. *)
Theorem gradient_is_the_adjoint output v t :
  (output < length eqs)%nat -> T output = Scalar -> named v t -> declared t = Some t ->
  (forall n, n <> v -> forall a b r, snd (given' n a b r) = 0) ->
  typed (derivative mk eqs types output v t) t /\
  entry R (dual_part (X output)) = inner t (den (derivative mk eqs types output v t)) (dual_part (given' v)).
Proof.
  intros Hout Tout Hname Hdecl Hdir.
  assert (S0 : all_typed (seed mk output)).
  { intros i c. unfold seed. destruct (i =? output)%nat eqn:Ei; [|discriminate]. apply Nat.eqb_eq in Ei. subst i.
    intro H. injection H as <-. rewrite Tout. apply typed_constant. }
  destruct (sweep_keeps_derivative (rev eqs) [] (seed mk output)) as (KF & _ & SF);
    [now rewrite rev_involutive, app_nil_r|exact S0|]. cbn zeta in KF, SF. rewrite rev_length in SF.
  set (final := sweep mk (values mk eqs types) (rev eqs) (seed mk output)) in *.
  assert (ids_typed : forall i, In i (bound_to v eqs) -> T i = t).
  { intros i Hi. unfold bound_to in Hi. apply filter_In in Hi. destruct Hi as [_ Hi].
    destruct (nth_error eqs i) as [e|] eqn:He; [|discriminate]. now apply (Hname i e He). }
  split.
  - unfold derivative. fold final. destruct (sum_of_known mk final (bound_to v eqs)) as [c|] eqn:Hc.
    + now apply sum_of_known_typed with final (bound_to v eqs).
    + now apply typed_zeros.
  - transitivity (sum R (upto (length eqs)) (weight (seed mk output))).
    + transitivity (sum R (upto (length eqs)) (fun i => if Nat.eq_dec i output then entry R (dual_part (X i)) else 0)).
      * symmetry. apply (sum_single R Nat.eq_dec _ output (fun i => entry R (dual_part (X i)))); [apply seq_NoDup|apply in_seq; lia].
      * apply sum_ext. intros i _. unfold weight, seed. destruct (Nat.eq_dec i output) as [->|Hne].
        -- rewrite Nat.eqb_refl, Tout, inner_scalar. unfold constant, entry at 2. rewrite den_mk. cbn [map_operands define].
           rewrite den_one. ring.
        -- now rewrite (proj2 (Nat.eqb_neq i output) Hne).
    + rewrite SF. unfold derivative. fold final.
      transitivity (sum R (bound_to v eqs) (fun i => match final i with Some c => inner t (den c) (dual_part (given' v)) | None => 0 end)).
      * unfold bound_to. rewrite sum_filter. apply sum_ext. intros i _. unfold variable_at, weight.
        destruct (nth_error eqs i) as [e|] eqn:He; [|reflexivity].
        destruct (is_variable e) eqn:V.
        -- assert (XE := X_equation i e He). destruct (is_called v e) eqn:C.
           ++ rewrite (Hname i e He C). destruct e; try discriminate V; cbn in C; apply Nat.eqb_eq in C; subst; cbn in XE;
                now rewrite XE.
           ++ destruct (final i) as [c|]; [|reflexivity]. rewrite XE. apply inner_zero_r. intros a b r. unfold Dual.dual_part.
              destruct e; try discriminate V; cbn in C |- *; apply Nat.eqb_neq in C; now apply Hdir.
        -- destruct (is_called v e) eqn:C; [|reflexivity]. destruct e; discriminate.
      * rewrite <- (sum_of_known_means final t (dual_part (given' v)) _ ids_typed).
        destruct (sum_of_known mk final (bound_to v eqs)) as [c|]; [reflexivity|].
        symmetry. apply inner_zero_l. intros a b r. unfold zeros, constant. rewrite den_mk. cbn [map_operands define].
        unfold entry. rewrite den_mk. cbn [map_operands define]. apply den_zero.
Qed.

End Sweep.
End Correctness.
