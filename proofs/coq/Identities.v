(** The identities of [src/program/simplify.ts], transcribed, and that each keeps every value of its type.

    Constants are folded as the code does: by any float64 sum and product, where exact arithmetic says the same. *)
From Efnn Require Export Expression.

(** Exact arithmetic of binary fractions: on mantissas, at the lower of the exponents. *)
Definition lower (a b : dyadic) : Z := Z.min (exponent a) (exponent b).
Definition at_exponent (e : Z) (a : dyadic) : Z := mantissa a * 2 ^ (exponent a - e).
Definition same_number (a b : dyadic) : bool := (at_exponent (lower a b) a =? at_exponent (lower a b) b)%Z.
Definition exact_sum (a b : dyadic) : dyadic := Dyadic (at_exponent (lower a b) a + at_exponent (lower a b) b) (lower a b).
Definition exact_product (a b : dyadic) : dyadic := Dyadic (mantissa a * mantissa b) (exponent a + exponent b).

Section Numbers.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Lemma of_positive_succ p : of_positive R (Pos.succ p) = 1 + of_positive R p.
Proof. induction p as [p IH|p IH|]; cbn [Pos.succ of_positive]; try rewrite IH; ring. Qed.

Lemma of_positive_add p q : of_positive R (p + q) = of_positive R p + of_positive R q.
Proof.
  induction p as [|p IH] using Pos.peano_ind.
  - rewrite Pos.add_1_l, of_positive_succ. reflexivity.
  - rewrite Pos.add_succ_l, !of_positive_succ, IH. ring.
Qed.

Lemma of_positive_mul p q : of_positive R (p * q) = of_positive R p * of_positive R q.
Proof.
  induction p as [|p IH] using Pos.peano_ind.
  - rewrite Pos.mul_1_l. cbn. ring.
  - rewrite Pos.mul_succ_l, of_positive_add, of_positive_succ, IH. ring.
Qed.

Lemma of_integer_opp a : of_integer R (- a) = - of_integer R a.
Proof. destruct a; cbn; ring. Qed.

Lemma of_integer_pos_sub p q : of_integer R (Z.pos_sub p q) = of_positive R p - of_positive R q.
Proof.
  rewrite Z.pos_sub_spec. destruct (Pos.compare_spec p q) as [->|H|H]; cbn [of_integer]; [ring|..].
  - replace q with (q - p + p)%positive at 2 by (apply Pos.sub_add; exact H). rewrite of_positive_add. ring.
  - replace p with (p - q + q)%positive at 2 by (apply Pos.sub_add; exact H). rewrite of_positive_add. ring.
Qed.

Lemma of_integer_add a b : of_integer R (a + b) = of_integer R a + of_integer R b.
Proof.
  destruct a as [|p|p], b as [|q|q]; cbn [Z.add of_integer]; rewrite ?of_integer_pos_sub, ?of_positive_add; ring.
Qed.

Lemma of_integer_mul a b : of_integer R (a * b) = of_integer R a * of_integer R b.
Proof. destruct a as [|p|p], b as [|q|q]; cbn [Z.mul of_integer]; rewrite ?of_positive_mul; ring. Qed.

Lemma power_add (x : R) m n : power R x (m + n) = power R x m * power R x n.
Proof. induction m as [|m IH]; cbn [Nat.add power]; [ring|]. rewrite IH. ring. Qed.

Lemma two_half_powers n : power R (1 + 1) n * power R half n = 1.
Proof.
  induction n as [|n IH]; cbn [power]; [ring|].
  transitivity ((half + half) * (power R (1 + 1) n * power R half n)); [ring|]. rewrite IH, two_halves. ring.
Qed.

(** 2^e for any integer e. *)
Definition scale_of (e : Z) : R := power R (1 + 1) (Z.to_nat e) * power R half (Z.to_nat (- e)).

Lemma scale_of_difference m n : scale_of (Z.of_nat m - Z.of_nat n) = power R (1 + 1) m * power R half n.
Proof.
  unfold scale_of. destruct (le_lt_dec n m) as [H|H].
  - replace (Z.to_nat (- (Z.of_nat m - Z.of_nat n))) with 0%nat by lia. replace (Z.to_nat (Z.of_nat m - Z.of_nat n)) with (m - n)%nat by lia.
    replace m with (m - n + n)%nat at 2 by lia. rewrite power_add. cbn [power].
    transitivity (power R (1 + 1) (m - n) * (power R (1 + 1) n * power R half n)); [rewrite two_half_powers; ring|ring].
  - replace (Z.to_nat (- (Z.of_nat m - Z.of_nat n))) with (n - m)%nat by lia. replace (Z.to_nat (Z.of_nat m - Z.of_nat n)) with 0%nat by lia.
    replace n with (m + (n - m))%nat at 2 by lia. rewrite power_add. cbn [power].
    transitivity ((power R (1 + 1) m * power R half m) * power R half (n - m)); [rewrite two_half_powers; ring|ring].
Qed.

Lemma scale_of_add d e : scale_of (d + e) = scale_of d * scale_of e.
Proof.
  replace d with (Z.of_nat (Z.to_nat d) - Z.of_nat (Z.to_nat (- d)))%Z by lia.
  replace e with (Z.of_nat (Z.to_nat e) - Z.of_nat (Z.to_nat (- e)))%Z by lia.
  set (a := Z.to_nat d). set (b := Z.to_nat (- d)). set (m := Z.to_nat e). set (n := Z.to_nat (- e)).
  replace (Z.of_nat a - Z.of_nat b + (Z.of_nat m - Z.of_nat n))%Z with (Z.of_nat (a + m) - Z.of_nat (b + n))%Z by lia.
  rewrite !scale_of_difference, !power_add. ring.
Qed.

Lemma of_integer_power n : of_integer R (2 ^ Z.of_nat n) = power R (1 + 1) n.
Proof.
  induction n as [|n IH]; [reflexivity|]. rewrite Nat2Z.inj_succ, Z.pow_succ_r by lia. rewrite of_integer_mul, IH. cbn. ring.
Qed.

Lemma of_dyadic_at e a : (e <= exponent a)%Z -> of_dyadic R a = of_integer R (at_exponent e a) * scale_of e.
Proof.
  intro H. unfold of_dyadic, at_exponent. fold (scale_of (exponent a)). rewrite of_integer_mul.
  replace (exponent a) with ((exponent a - e) + e)%Z at 1 by lia. rewrite scale_of_add.
  replace (exponent a - e)%Z with (Z.of_nat (Z.to_nat (exponent a - e))) by lia. rewrite of_integer_power.
  unfold scale_of at 1. replace (Z.to_nat (- Z.of_nat (Z.to_nat (exponent a - e)))) with 0%nat by lia. rewrite Nat2Z.id. cbn [power]. ring.
Qed.

Lemma same_number_means a b : same_number a b = true -> of_dyadic R a = of_dyadic R b.
Proof.
  unfold same_number. intro H. apply Z.eqb_eq in H. rewrite (of_dyadic_at (lower a b) a), (of_dyadic_at (lower a b) b) by (unfold lower; lia).
  now rewrite H.
Qed.

Lemma exact_sum_means a b : of_dyadic R (exact_sum a b) = of_dyadic R a + of_dyadic R b.
Proof.
  rewrite (of_dyadic_at (lower a b) a), (of_dyadic_at (lower a b) b) by (unfold lower; lia).
  unfold of_dyadic, exact_sum. cbn [mantissa exponent]. fold (scale_of (lower a b)). rewrite of_integer_add. ring.
Qed.

Lemma exact_product_means a b : of_dyadic R (exact_product a b) = of_dyadic R a * of_dyadic R b.
Proof.
  unfold of_dyadic, exact_product. cbn [mantissa exponent]. fold (scale_of (exponent a + exponent b)).
  rewrite scale_of_add, of_integer_mul. unfold scale_of. ring.
Qed.

Lemma zero_plus (x : R) : of_dyadic R zero_constant + x = x.
Proof. unfold of_dyadic. cbn. ring. Qed.
Lemma plus_zero (x : R) : x + of_dyadic R zero_constant = x.
Proof. unfold of_dyadic. cbn. ring. Qed.
Lemma one_times (x : R) : of_dyadic R one_constant * x = x.
Proof. unfold of_dyadic. cbn. ring. Qed.
Lemma times_one (x : R) : x * of_dyadic R one_constant = x.
Proof. unfold of_dyadic. cbn. ring. Qed.
Lemma times_times (x y z : R) : x * (y * z) = (x * y) * z.
Proof. ring. Qed.
Lemma times_comm (x y : R) : x * y = y * x.
Proof. ring. Qed.
Lemma total_of_scalar N x : total R N Scalar x = entry R x.
Proof. unfold total. cbn. unfold entry. ring. Qed.

End Numbers.

(** The input or weight that an operation declares. *)
Definition declaration {A} (op : operation A) : option equation :=
  match op with Input n t => Some (Input n t) | Weight n t => Some (Weight n t) | _ => None end.

(** What the identities ask of values, expressions or others: the operation that computes one, its type, and how a new
    one is made of an operation. *)
Class terms (V : Type) := Terms { computed_by : V -> operation V; typed : V -> value_type; make : operation V -> V }.

(** Trees are such values. *)
#[export] Instance trees : terms tree := Terms tree (fun e => match e with Node op => op end) tree_type Node.

Section Transcription.
(** What float64 makes of a sum and a product, where that is finite: any functions. *)
Variables float_sum float_product : dyadic -> dyadic -> option dyadic.

Section Values.
Context {V : Type} {kind : terms V}.

Definition constant_of (v : V) : option dyadic := match computed_by v with Constant c => Some c | _ => None end.

Definition scaled (factor value : V) : V := make (Scale factor value).

(** The scalar that fills a value. *)
Definition filling (v : V) : option V := match computed_by v with Fill _ s => Some s | _ => None end.

Definition is_filled_with (c : dyadic) (v : V) : bool :=
  match (match typed v with Scalar => Some v | _ => filling v end) with
  | Some s => match constant_of s with Some d => same_number d c | None => false end
  | None => false
  end.

Definition is_zero : V -> bool := is_filled_with zero_constant.
Definition is_one : V -> bool := is_filled_with one_constant.
Definition is_minus_one (v : V) : bool := match constant_of v with Some c => same_number c minus_one | None => false end.

(** The constant f(a, b), if float64 computes it without rounding. *)
Definition fold_constants (float : dyadic -> dyadic -> option dyadic) (exact : dyadic -> dyadic -> dyadic) (l r : V) : option V :=
  match constant_of l, constant_of r with
  | Some a, Some b =>
      match float a b with
      | Some c => if same_number c (exact a b) then Some (make (Constant c)) else None
      | None => None
      end
  | _, _ => None
  end.

Definition folded_sum := fold_constants float_sum exact_sum.
Definition folded_product := fold_constants float_product exact_product.

Definition scaled_by_filling (filled value : V) : option V :=
  match filling filled with Some s => Some (scaled s value) | None => None end.

Definition first_of (a b : option V) : option V := match a with Some _ => a | None => b end.

(** A slice that lies within one part of a concatenation is a slice of that part. *)
Fixpoint slice_of_part (from to : nat) (parts : list V) : option V :=
  match parts with
  | [] => None
  | part :: others =>
      let c := channels (typed part) in
      if c <=? from then slice_of_part (from - c) (to - c) others
      else if to <=? c then Some (make (Slice from to part)) else None
  end.

(** One line an operation: another way to compute its value, or nothing. *)
Definition identity (v : V) : option V :=
  match computed_by v with
  | Add l r => if is_zero l then Some r else if is_zero r then Some l else folded_sum l r
  | Multiply l r =>
      if is_one l then Some r else if is_one r then Some l
      else first_of (folded_product l r) (first_of (scaled_by_filling l r) (scaled_by_filling r l))
  | Scale s x =>
      if is_one s then Some x
      else match computed_by x with
        | Scale s' x' =>
            if is_minus_one s || is_minus_one s' then
              match folded_product s s' with Some both => Some (scaled both x') | None => None end
            else folded_product s x
        | _ => folded_product s x
        end
  | Modulate a x => if is_one a then Some x else scaled_by_filling a x
  | Total x => match typed x with Scalar => Some x | _ => None end
  | Fill Scalar s => Some s
  | Concat [x] => Some x
  | Slice from to x =>
      if same_type (typed v) (typed x) then Some x
      else match computed_by x with
        | Slice from' _ x' => Some (make (Slice (from' + from) (from' + to) x'))
        | Concat parts => slice_of_part from to parts
        | Fill _ s => Some (make (Fill (typed v) s))
        | _ => None
        end
  | _ => None
  end.

(** As often as they say something, at most so often. *)
Fixpoint rewritten (times : nat) (v : V) : V :=
  match times with
  | O => v
  | S n => match identity v with Some better => rewritten n better | None => v end
  end.

(** What can be said of values and of whatever they are computed from can be said of what takes their place: no identity
    makes a declaration. *)
Section Kept.
Variable kept : V -> Prop.
Hypothesis operands_kept : forall v x, kept v -> In x (operands (computed_by v)) -> kept x.
Hypothesis made_kept : forall op, declaration op = None -> (forall x, In x (operands op) -> kept x) -> kept (make op).

Lemma constant_kept c : kept (make (Constant c)).
Proof. apply made_kept; [reflexivity|]. intros x []. Qed.

Lemma scaled_kept s x : kept s -> kept x -> kept (scaled s x).
Proof. intros Hs Hx. apply made_kept; [reflexivity|]. intros y [<-|[<-|[]]]; assumption. Qed.

Lemma folded_kept float exact l r v : fold_constants float exact l r = Some v -> kept v.
Proof.
  unfold fold_constants. intro F. destruct (constant_of l); [|discriminate]. destruct (constant_of r); [|discriminate].
  destruct (float _ _); [|discriminate]. destruct (same_number _ _); [|discriminate]. injection F as <-. apply constant_kept.
Qed.

Lemma filling_kept x s : kept x -> filling x = Some s -> kept s.
Proof.
  unfold filling. intros K F. destruct (computed_by x) eqn:C; try discriminate. injection F as <-. apply (operands_kept x); [exact K|].
  rewrite C. now left.
Qed.

Lemma scaled_by_filling_kept x y v : kept x -> kept y -> scaled_by_filling x y = Some v -> kept v.
Proof.
  unfold scaled_by_filling. intros Kx Ky F. destruct (filling x) as [s|] eqn:E; [|discriminate]. injection F as <-.
  apply scaled_kept; [now apply (filling_kept x)|exact Ky].
Qed.

Lemma slice_of_part_kept parts : (forall x, In x parts -> kept x) -> forall from to v, slice_of_part from to parts = Some v -> kept v.
Proof.
  induction parts as [|x parts IH]; intros K from to v F; [discriminate|]. cbn [slice_of_part] in F. destruct (_ <=? from).
  - apply (IH (fun y Hy => K y (or_intror Hy)) _ _ _ F).
  - destruct (to <=? _); [|discriminate]. injection F as <-. apply made_kept; [reflexivity|]. intros y [<-|[]]. apply K. now left.
Qed.

Lemma identity_kept v v' : kept v -> identity v = Some v' -> kept v'.
Proof.
  intros K I. assert (O := operands_kept v). unfold identity in I. destruct (computed_by v) eqn:C; try discriminate I; cbn [operands] in O;
    try (assert (K1 := O _ K (or_introl eq_refl)); try (assert (K2 := O _ K (or_intror (or_introl eq_refl))))).
  - destruct (is_zero left); [congruence|]. destruct (is_zero right); [congruence|]. exact (folded_kept _ _ _ _ _ I).
  - destruct (is_one left); [congruence|]. destruct (is_one right); [congruence|].
    destruct (folded_product left right) eqn:F; [injection I as <-; exact (folded_kept _ _ _ _ _ F)|]. cbn [first_of] in I.
    destruct (scaled_by_filling left right) eqn:F'; cbn [first_of] in I.
    + injection I as <-. exact (scaled_by_filling_kept _ _ _ K1 K2 F').
    + exact (scaled_by_filling_kept _ _ _ K2 K1 I).
  - destruct (is_one factor); [congruence|]. assert (P : folded_product factor value = Some v' -> kept v') by apply folded_kept.
    destruct (computed_by value) eqn:C'; auto. destruct (_ || _); auto. destruct (folded_product factor factor0) eqn:F; [|discriminate].
    injection I as <-. apply scaled_kept; [exact (folded_kept _ _ _ _ _ F)|]. apply (operands_kept value); [exact K2|]. rewrite C'. cbn. auto.
  - destruct (is_one amplitude); [congruence|]. exact (scaled_by_filling_kept _ _ _ K1 K2 I).
  - destruct (typed value); try discriminate. congruence.
  - destruct t; try discriminate. congruence.
  - destruct parts as [|x [|y parts]]; try discriminate. injection I as <-. apply O; [exact K|now left].
  - destruct (same_type _ _); [congruence|]. destruct (computed_by field) eqn:C'; try discriminate.
    + injection I as <-. apply made_kept; [reflexivity|]. intros y [<-|[]]. apply (operands_kept field); [exact K1|]. rewrite C'. now left.
    + apply (slice_of_part_kept parts) with (2 := I). intros y Hy. apply (operands_kept field); [exact K1|]. now rewrite C'.
    + injection I as <-. apply made_kept; [reflexivity|]. intros y [<-|[]]. apply (operands_kept field); [exact K1|]. rewrite C'. now left.
Qed.

Lemma rewritten_kept n : forall v, kept v -> kept (rewritten n v).
Proof.
  induction n as [|n IH]; intros v K; cbn [rewritten]; [exact K|]. destruct (identity v) eqn:I; [|exact K]. apply IH.
  exact (identity_kept _ _ K I).
Qed.

End Kept.

(** What takes a value's place has a lower rank, so that rewriting ends. A product stands two above its operands, since a
    multiple, which stands one above, may take its place. *)
Section Ending.
Variable rank : V -> nat.

Definition height {A} (op : operation A) : nat := match op with Multiply _ _ | Modulate _ _ => 2 | _ => 1 end.

Hypothesis rank_positive : forall v, 1 <= rank v.
Hypothesis operands_rank : forall v x, In x (operands (computed_by v)) -> height (computed_by v) + rank x <= rank v.
Hypothesis made_rank : forall op m, (forall x, In x (operands op) -> rank x <= m) -> rank (make op) <= height op + m.

Lemma folded_rank float exact l r v : fold_constants float exact l r = Some v -> rank v = 1.
Proof.
  unfold fold_constants. intro F. destruct (constant_of l); [|discriminate]. destruct (constant_of r); [|discriminate].
  destruct (float _ _); [|discriminate]. destruct (same_number _ _); [|discriminate]. injection F as <-.
  assert (H := made_rank (Constant d1) 0 ltac:(intros x [])). cbn in H. specialize (rank_positive (make (Constant d1))). lia.
Qed.

Lemma scaled_rank s x : rank (scaled s x) <= 1 + Nat.max (rank s) (rank x).
Proof. apply (made_rank (Scale s x)). intros y [<-|[<-|[]]]; lia. Qed.

Lemma scaled_by_filling_rank x y v : scaled_by_filling x y = Some v -> rank v <= 1 + Nat.max (rank x) (rank y).
Proof.
  unfold scaled_by_filling, filling. intro F. destruct (computed_by x) eqn:C; try discriminate. injection F as <-.
  assert (H := operands_rank x scalar). rewrite C in H. specialize (H (or_introl eq_refl)). specialize (scaled_rank scalar y). cbn [height] in H. lia.
Qed.

Lemma slice_of_part_rank m parts : (forall x, In x parts -> rank x <= m) -> forall from to v, slice_of_part from to parts = Some v -> rank v <= 1 + m.
Proof.
  induction parts as [|x parts IH]; intros K from to v F; [discriminate|]. cbn [slice_of_part] in F. destruct (_ <=? from).
  - apply (IH (fun y Hy => K y (or_intror Hy)) _ _ _ F).
  - destruct (to <=? _); [|discriminate]. injection F as <-. apply (made_rank (Slice from to x)). intros y [<-|[]]. apply K. now left.
Qed.

Lemma identity_rank v v' : identity v = Some v' -> rank v' < rank v.
Proof.
  intro I. assert (O := operands_rank v). unfold identity in I. destruct (computed_by v) eqn:C; try discriminate I; cbn [operands height] in O;
    try (assert (K1 := O _ (or_introl eq_refl)); try (assert (K2 := O _ (or_intror (or_introl eq_refl))))).
  - assert (P := rank_positive left). destruct (is_zero left); [injection I as <-; lia|]. destruct (is_zero right); [injection I as <-; lia|].
    apply folded_rank in I. lia.
  - assert (P := rank_positive left). destruct (is_one left); [injection I as <-; lia|]. destruct (is_one right); [injection I as <-; lia|].
    destruct (folded_product left right) eqn:F; [injection I as <-; apply folded_rank in F; lia|]. cbn [first_of] in I.
    destruct (scaled_by_filling left right) eqn:F'; cbn [first_of] in I.
    + injection I as <-. apply scaled_by_filling_rank in F'. lia.
    + apply scaled_by_filling_rank in I. lia.
  - destruct (is_one factor); [injection I as <-; lia|]. assert (Q := rank_positive value).
    assert (P : folded_product factor value = Some v' -> rank v' < rank v) by (intro F; apply folded_rank in F; lia).
    destruct (computed_by value) eqn:C'; auto. destruct (_ || _); auto. destruct (folded_product factor factor0) eqn:F; [|discriminate].
    injection I as <-. apply folded_rank in F. assert (L := operands_rank value value0). rewrite C' in L. specialize (L (or_intror (or_introl eq_refl))).
    cbn [height] in L. specialize (scaled_rank v0 value0). specialize (rank_positive value0). lia.
  - destruct (is_one amplitude); [injection I as <-; lia|]. apply scaled_by_filling_rank in I. lia.
  - destruct (typed value); try discriminate. injection I as <-. lia.
  - destruct t; try discriminate. injection I as <-. lia.
  - destruct parts as [|x [|y parts]]; try discriminate. injection I as <-. specialize (O x (or_introl eq_refl)). lia.
  - destruct (same_type _ _); [injection I as <-; lia|]. assert (L := operands_rank field).
    destruct (computed_by field) eqn:C'; try discriminate; cbn [operands height] in L.
    + injection I as <-. specialize (L scalar (or_introl eq_refl)).
      assert (M := made_rank (Fill (typed v) scalar) (rank scalar) ltac:(intros y [<-|[]]; lia)). cbn [height] in M. lia.
    + apply (slice_of_part_rank (rank field - 1)) in I; [specialize (rank_positive field); lia|]. intros x Hx. specialize (L x Hx). lia.
    + injection I as <-. specialize (L field0 (or_introl eq_refl)).
      assert (M := made_rank (Slice (from0 + from) (from0 + to) field0) (rank field0) ltac:(intros y [<-|[]]; lia)). cbn [height] in M. lia.
Qed.

(** As many times as the rank says, no identity says anything more. *)
Theorem rewriting_ends n : forall v, rank v <= n -> identity (rewritten n v) = None.
Proof.
  induction n as [|n IH]; intros v L; [specialize (rank_positive v); lia|]. cbn [rewritten].
  destruct (identity v) as [v'|] eqn:I; [|exact I]. apply IH. apply identity_rank in I. lia.
Qed.

End Ending.

End Values.

(** What values are made of says nothing to the identities: where one kind of them stands for another, so do the results. *)
Section Standing.
Context {V W : Type} {kind : terms V} {other : terms W}.
Variable stands : V -> W.
Hypothesis same_operation : forall v, computed_by (stands v) = map_operands stands (computed_by v).
Hypothesis same_typed : forall v, typed (stands v) = typed v.
Hypothesis same_make : forall op, stands (make op) = make (map_operands stands op).

Lemma same_constant v : constant_of (stands v) = constant_of v.
Proof. unfold constant_of. rewrite same_operation. now destruct (computed_by v). Qed.

Lemma same_filling v : filling (stands v) = option_map stands (filling v).
Proof. unfold filling. rewrite same_operation. now destruct (computed_by v). Qed.

Lemma same_filled_with c v : is_filled_with c (stands v) = is_filled_with c v.
Proof.
  unfold is_filled_with. rewrite same_typed, same_filling. destruct (typed v); try now rewrite same_constant.
  all: destruct (filling v); cbn [option_map]; try reflexivity; now rewrite same_constant.
Qed.

Lemma same_folded float exact l r : fold_constants float exact (stands l) (stands r) = option_map stands (fold_constants float exact l r).
Proof.
  unfold fold_constants. rewrite !same_constant. destruct (constant_of l); [|reflexivity]. destruct (constant_of r); [|reflexivity].
  destruct (float _ _); [|reflexivity]. destruct (same_number _ _); [|reflexivity]. cbn [option_map]. now rewrite same_make.
Qed.

Lemma same_scaled s x : scaled (stands s) (stands x) = stands (scaled s x).
Proof. unfold scaled. now rewrite same_make. Qed.

Lemma same_scaled_by_filling x y : scaled_by_filling (stands x) (stands y) = option_map stands (scaled_by_filling x y).
Proof. unfold scaled_by_filling. rewrite same_filling. destruct (filling x); [|reflexivity]. cbn [option_map]. now rewrite same_scaled. Qed.

Lemma same_first a b : first_of (option_map stands a) (option_map stands b) = option_map stands (first_of a b).
Proof. now destruct a. Qed.

Lemma same_slice_of_part parts : forall from to,
  slice_of_part from to (map stands parts) = option_map stands (slice_of_part from to parts).
Proof.
  induction parts as [|x parts IH]; intros from to; [reflexivity|]. cbn [map slice_of_part]. rewrite same_typed, IH.
  destruct (_ <=? from); [reflexivity|]. destruct (to <=? _); [|reflexivity]. cbn [option_map]. now rewrite same_make.
Qed.

Lemma same_identity v : identity (stands v) = option_map stands (identity v).
Proof.
  unfold identity, folded_sum, folded_product, is_zero, is_one, is_minus_one. rewrite same_operation, same_typed.
  destruct (computed_by v) as [| | | | | | | | | | | | | |x|t x| | |parts|]; cbn [map_operands]; try reflexivity;
    rewrite ?same_filled_with, ?same_constant, ?same_folded, ?same_scaled_by_filling, ?same_first.
  - destruct (is_filled_with _ _); [reflexivity|]. now destruct (is_filled_with _ _).
  - destruct (is_filled_with _ _); [reflexivity|]. now destruct (is_filled_with _ _).
  - destruct (is_filled_with _ _); [reflexivity|]. rewrite same_operation. destruct (computed_by value); cbn [map_operands]; try reflexivity.
    rewrite same_constant, same_folded. destruct (_ || _); [|reflexivity]. destruct (fold_constants _ _ _ _); [|reflexivity]. cbn [option_map]. now rewrite same_scaled.
  - now destruct (is_filled_with _ _).
  - rewrite same_typed. now destruct (typed x).
  - now destruct t.
  - now destruct parts as [|x [|y parts]].
  - rewrite same_typed. destruct (same_type _ _); [reflexivity|]. rewrite same_operation. destruct (computed_by field); cbn [map_operands]; try reflexivity.
    + cbn [option_map]. now rewrite same_make.
    + apply same_slice_of_part.
    + cbn [option_map]. now rewrite same_make.
Qed.

Lemma same_rewritten n : forall v, rewritten n (stands v) = stands (rewritten n v).
Proof.
  induction n as [|n IH]; intro v; cbn [rewritten]; [reflexivity|]. rewrite same_identity. destruct (identity v); cbn [option_map]; [apply IH|reflexivity].
Qed.

End Standing.

(** An identity keeps the type, and every value inside of it, whatever the program is evaluated at. *)
Definition same_tree (e e' : tree) : Prop :=
  well_formed e' = true /\ tree_type e' = tree_type e /\
  forall R N given, equal_on R N (tree_type e) (tree_value R N given e) (tree_value R N given e').

Lemma typed_node op t : (forall e, In e (operands op) -> well_formed e = true) -> infer (map_operands tree_type op) = Some t ->
  well_formed (Node op) = true /\ tree_type (Node op) = t.
Proof. exact (made op t). Qed.

Lemma node_type op : well_formed (Node op) = true ->
  (forall e, In e (operands op) -> well_formed e = true) /\ infer (map_operands tree_type op) = Some (tree_type (Node op)).
Proof.
  intro W. apply well_formed_node in W. destruct W as [Wo [t Ht]]. split; [exact Wo|]. cbn [tree_type]. unfold type_of. now rewrite Ht.
Qed.

Lemma constant_is c e : constant_of e = Some c -> e = Node (Constant c).
Proof. destruct e as [op]. destruct op; cbn; intro H; try discriminate. now injection H as ->. Qed.

Lemma filled_value R N given c e a b r : is_filled_with c e = true -> tree_value R N given e a b r = of_dyadic R c.
Proof.
  unfold is_filled_with. cbn [typed trees]. intro H. destruct (tree_type e) eqn:T;
    try (destruct e as [op]; destruct op; cbn [filling computed_by trees] in H; try discriminate H;
      destruct (constant_of scalar) as [d|] eqn:C; [|discriminate]; apply constant_is in C; subst scalar;
      apply (same_number_means R) in H; exact H).
  destruct (constant_of e) as [d|] eqn:C; [|discriminate]. apply constant_is in C. subst e. apply (same_number_means R) in H. exact H.
Qed.

Lemma folded_means float exact l r e' : fold_constants float exact l r = Some e' ->
  exists a b c, l = Node (Constant a) /\ r = Node (Constant b) /\ e' = Node (Constant c) /\ same_number c (exact a b) = true.
Proof.
  unfold fold_constants. destruct (constant_of l) as [a|] eqn:A; [|discriminate]. destruct (constant_of r) as [b|] eqn:B; [|discriminate].
  destruct (float a b) as [c|]; [|discriminate]. destruct (same_number c (exact a b)) eqn:S; [|discriminate]. intro H. injection H as <-.
  exists a, b, c. apply constant_is in A, B. auto.
Qed.

Lemma filling_is e s : filling e = Some s -> exists t, e = Node (Fill t s).
Proof. destruct e as [op]. destruct op; cbn; intro H; try discriminate. injection H as ->. now eexists. Qed.

Lemma filled_scalar t s : well_formed (Node (Fill t s)) = true -> well_formed s = true /\ tree_type s = Scalar.
Proof.
  intro W. apply node_type in W. destruct W as [Wo Ht]. split; [apply Wo; cbn; auto|]. cbn [map_operands infer] in Ht.
  now destruct (tree_type s).
Qed.

Lemma scaled_typed s x : well_formed s = true -> tree_type s = Scalar -> well_formed x = true ->
  well_formed (scaled s x) = true /\ tree_type (scaled s x) = tree_type x.
Proof.
  intros Ws Ts Wx. apply typed_node; [intros e [<-|[<-|[]]]; assumption|]. cbn [map_operands infer]. now rewrite Ts.
Qed.

Lemma add_identity l r e' : well_formed (Node (Add l r)) = true -> identity (Node (Add l r)) = Some e' -> same_tree (Node (Add l r)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. assert (Wl := Wo l (or_introl eq_refl)). assert (Wr := Wo r (or_intror (or_introl eq_refl))).
  cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (tree_type l) (tree_type r)) eqn:S; [|discriminate].
  apply same_type_eq in S. assert (Te : tree_type (Node (Add l r)) = tree_type l) by congruence. unfold same_tree. rewrite Te. cbn [identity computed_by typed make trees] in H.
  destruct (is_zero l) eqn:Zl; [|destruct (is_zero r) eqn:Zr].
  - injection H as <-. split; [exact Wr|]. split; [now symmetry|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. rewrite (filled_value R N given zero_constant l a b q Zl). apply zero_plus.
  - injection H as <-. split; [exact Wl|]. split; [reflexivity|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. rewrite (filled_value R N given zero_constant r a b q Zr). apply plus_zero.
  - apply folded_means in H. destruct H as (a & b & c & -> & -> & -> & Sc). split; [reflexivity|]. split; [reflexivity|].
    intros R N given i j q _. cbn [tree_value map_operands define]. rewrite (same_number_means R _ _ Sc). symmetry. apply exact_sum_means.
Qed.

Lemma scaled_by_filling_means x y e' : scaled_by_filling x y = Some e' -> well_formed x = true -> well_formed y = true ->
  well_formed e' = true /\ tree_type e' = tree_type y /\
  forall R N given a b q, tree_value R N given e' a b q = mul (tree_value R N given x a b q) (tree_value R N given y a b q).
Proof.
  unfold scaled_by_filling. destruct (filling x) as [s|] eqn:F; [|discriminate]. intros H Wx Wy. injection H as <-.
  destruct (filling_is _ _ F) as [t ->]. destruct (filled_scalar _ _ Wx) as [Ws Ts]. destruct (scaled_typed s y Ws Ts Wy) as [A B].
  split; [exact A|]. split; [exact B|]. reflexivity.
Qed.

Lemma multiply_identity l r e' : well_formed (Node (Multiply l r)) = true -> identity (Node (Multiply l r)) = Some e' ->
  same_tree (Node (Multiply l r)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. assert (Wl := Wo l (or_introl eq_refl)). assert (Wr := Wo r (or_intror (or_introl eq_refl))).
  cbn [map_operands infer] in Ht. unfold same_types in Ht. destruct (same_type (tree_type l) (tree_type r)) eqn:S; [|discriminate].
  apply same_type_eq in S. assert (Te : tree_type (Node (Multiply l r)) = tree_type l) by congruence. unfold same_tree. rewrite Te. cbn [identity computed_by typed make trees] in H.
  destruct (is_one l) eqn:Zl; [|destruct (is_one r) eqn:Zr].
  - injection H as <-. split; [exact Wr|]. split; [now symmetry|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. rewrite (filled_value R N given one_constant l a b q Zl). apply one_times.
  - injection H as <-. split; [exact Wl|]. split; [reflexivity|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. rewrite (filled_value R N given one_constant r a b q Zr). apply times_one.
  - destruct (folded_product l r) as [f|] eqn:F; cbn [first_of] in H; [|destruct (scaled_by_filling l r) as [f|] eqn:F'; cbn [first_of] in H].
    + injection H as <-. apply folded_means in F. destruct F as (a & b & c & -> & -> & -> & Sc). split; [reflexivity|]. split; [reflexivity|].
      intros R N given i j q _. cbn [tree_value map_operands define]. rewrite (same_number_means R _ _ Sc). symmetry. apply exact_product_means.
    + injection H as <-. destruct (scaled_by_filling_means _ _ _ F' Wl Wr) as (A & B & C). split; [exact A|]. split; [congruence|].
      intros R N given a b q _. symmetry. apply C.
    + destruct (scaled_by_filling_means _ _ _ H Wr Wl) as (A & B & C). split; [exact A|]. split; [exact B|].
      intros R N given a b q _. rewrite C. apply times_comm.
Qed.

Lemma scale_identity s x e' : well_formed (Node (Scale s x)) = true -> identity (Node (Scale s x)) = Some e' -> same_tree (Node (Scale s x)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. assert (Ws := Wo s (or_introl eq_refl)). assert (Wx := Wo x (or_intror (or_introl eq_refl))).
  cbn [map_operands infer] in Ht. destruct (tree_type s) eqn:Ts; try discriminate.
  assert (Te : tree_type (Node (Scale s x)) = tree_type x) by congruence. unfold same_tree. rewrite Te.
  assert (product : forall f, folded_product s x = Some f -> well_formed f = true /\ tree_type f = tree_type x /\
    forall R N given, equal_on R N (tree_type x) (tree_value R N given (Node (Scale s x))) (tree_value R N given f)).
  { intros f F. apply folded_means in F. destruct F as (a & b & c & -> & -> & -> & Sc). split; [reflexivity|]. split; [reflexivity|].
    intros R N given i j q _. cbn [tree_value map_operands define]. rewrite (same_number_means R _ _ Sc). symmetry. apply exact_product_means. }
  cbn [identity computed_by typed make trees] in H. destruct (is_one s) eqn:Zs.
  - injection H as <-. split; [exact Wx|]. split; [reflexivity|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. unfold entry. rewrite (filled_value R N given one_constant s _ _ _ Zs). apply one_times.
  - destruct x as [op]. destruct op; try (now apply product).
    destruct (is_minus_one s || is_minus_one factor); [|now apply product].
    destruct (folded_product s factor) as [both|] eqn:F; [|discriminate]. injection H as <-. apply folded_means in F.
    destruct F as (a & b & c & -> & -> & -> & Sc). destruct (node_type _ Wx) as [Wo' _]. assert (Wv := Wo' value (or_intror (or_introl eq_refl))).
    destruct (scaled_typed (Node (Constant c)) value eq_refl eq_refl Wv) as [A B]. split; [exact A|]. split; [exact B|].
    intros R N given i j q _. cbn [tree_value map_operands define scaled]. unfold entry. rewrite times_times.
    f_equal. rewrite (same_number_means R _ _ Sc). symmetry. apply exact_product_means.
Qed.

Lemma modulate_identity s x e' : well_formed (Node (Modulate s x)) = true -> identity (Node (Modulate s x)) = Some e' -> same_tree (Node (Modulate s x)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. assert (Ws := Wo s (or_introl eq_refl)). assert (Wx := Wo x (or_intror (or_introl eq_refl))).
  cbn [map_operands infer] in Ht. destruct (tree_type s) as [k1 c| | |] eqn:Ts; try discriminate. destruct k1 as [|[|k1]]; try discriminate.
  destruct (tree_type x) as [k c'| | |] eqn:Tx; try discriminate. destruct (c =? c') eqn:C; [|discriminate].
  assert (Te : tree_type (Node (Modulate s x)) = Field k c') by congruence. unfold same_tree. rewrite Te. cbn [identity computed_by typed make trees] in H.
  destruct (is_one s) eqn:Zs.
  - injection H as <-. split; [exact Wx|]. split; [exact Tx|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. rewrite (filled_value R N given one_constant s _ _ _ Zs). apply one_times.
  - destruct (scaled_by_filling_means _ _ _ H Ws Wx) as (A & B & D). split; [exact A|]. split; [congruence|].
    intros R N given a b q _. rewrite D. unfold scaled_by_filling in H. destruct (filling s) as [f|] eqn:F; [|discriminate].
    destruct (filling_is _ _ F) as [t ->]. reflexivity.
Qed.

Lemma total_identity x e' : well_formed (Node (Total x)) = true -> identity (Node (Total x)) = Some e' -> same_tree (Node (Total x)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo _]. cbn [identity computed_by typed make trees] in H. destruct (tree_type x) eqn:T; try discriminate. injection H as <-.
  split; [apply Wo; cbn; auto|]. split; [exact T|]. intros R N given a b q (Ia & Ib & Iq). cbn [tree_type type_of infer map_operands first_extent second_extent side] in *.
  cbn [tree_value map_operands define]. rewrite T, total_of_scalar. cbn in Ia, Ib, Iq. destruct Iq as [<-|[]].
  replace a with 0 by lia. replace b with 0 by lia. reflexivity.
Qed.

Lemma fill_identity t s e' : well_formed (Node (Fill t s)) = true -> identity (Node (Fill t s)) = Some e' -> same_tree (Node (Fill t s)) e'.
Proof.
  intros W H. destruct (filled_scalar _ _ W) as [Ws Ts]. cbn [identity computed_by typed make trees] in H. destruct t; try discriminate. injection H as <-.
  assert (Te : tree_type (Node (Fill Scalar s)) = Scalar) by (cbn [tree_type map_operands]; unfold type_of; cbn [infer]; now rewrite Ts).
  unfold same_tree. rewrite Te. split; [exact Ws|]. split; [exact Ts|]. intros R N given a b q (Ia & Ib & Iq). cbn in Ia, Ib, Iq.
  destruct Iq as [<-|[]]. replace a with 0 by lia. replace b with 0 by lia. reflexivity.
Qed.

Lemma concat_identity parts e' : well_formed (Node (Concat parts)) = true -> identity (Node (Concat parts)) = Some e' -> same_tree (Node (Concat parts)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. cbn [identity computed_by typed make trees] in H. destruct parts as [|x [|y parts]]; try discriminate. injection H as <-.
  cbn [map_operands map] in Ht. destruct (infer_fields _ _ Ht) as (k & Hk & Hf). destruct (Hf _ (or_introl eq_refl)) as [ch Tx].
  unfold same_tree. rewrite Hk, Tx. cbn [sum_of_channels fold_right channels]. rewrite Nat.add_0_r. split; [apply Wo; cbn; auto|]. split; [reflexivity|].
  intros R N given a b q (Ia & Ib & Iq). cbn [tree_value map_operands map define concatenated]. rewrite Tx. cbn [channels] in *. cbn in Ib.
  now replace (b <? ch) with true by (symmetry; apply Nat.ltb_lt; exact Ib).
Qed.

Lemma slice_of_part_means k parts : (forall x, In x parts -> well_formed x = true /\ exists c, tree_type x = Field k c) ->
  forall from to e', 1 <= to - from -> slice_of_part from to parts = Some e' ->
  well_formed e' = true /\ tree_type e' = Field k (to - from) /\
  forall R N given a b q, b < to - from ->
    concatenated R (map (fun x => (tree_type x, tree_value R N given x)) parts) a (from + b) q = tree_value R N given e' a b q.
Proof.
  induction parts as [|x parts IH]; intros Hp from to e' Hft H; [discriminate|]. cbn [slice_of_part typed make trees] in H.
  destruct (Hp x (or_introl eq_refl)) as [Wx [c Tx]]. destruct (channels (tree_type x) <=? from) eqn:C.
  - apply Nat.leb_le in C. assert (Hft' : 1 <= (to - channels (tree_type x)) - (from - channels (tree_type x))) by lia.
    destruct (IH (fun y Hy => Hp y (or_intror Hy)) _ _ _ Hft' H) as (A & B & D). split; [exact A|].
    split; [rewrite B; f_equal; lia|]. intros R N given a b q Hb. cbn [map concatenated].
    replace (from + b <? channels (tree_type x)) with false by (symmetry; apply Nat.ltb_ge; lia).
    rewrite <- D by lia. f_equal. lia.
  - apply Nat.leb_gt in C. destruct (to <=? channels (tree_type x)) eqn:C'; [|discriminate]. apply Nat.leb_le in C'. injection H as <-.
    rewrite Tx in *. cbn [channels] in *.
    destruct (typed_node (Slice from to x) (Field k (to - from))) as [A B].
    { intros y [<-|[]]. exact Wx. }
    { cbn [map_operands infer]. rewrite Tx. unfold is_count. replace (1 <=? to - from) with true by (symmetry; now apply Nat.leb_le).
      replace (to <=? c) with true by (symmetry; now apply Nat.leb_le). reflexivity. }
    split; [exact A|]. split; [exact B|]. intros R N given a b q Hb. cbn [map concatenated]. rewrite Tx. cbn [channels].
    now replace (from + b <? c) with true by (symmetry; apply Nat.ltb_lt; lia).
Qed.

Lemma slice_identity from to x e' : well_formed (Node (Slice from to x)) = true -> identity (Node (Slice from to x)) = Some e' ->
  same_tree (Node (Slice from to x)) e'.
Proof.
  intros W H. destruct (node_type _ W) as [Wo Ht]. assert (Wx := Wo x (or_introl eq_refl)). cbn [map_operands infer] in Ht.
  destruct (tree_type x) as [k c| | |] eqn:Tx; try discriminate. destruct (is_count (to - from)) eqn:C1; [|discriminate].
  destruct (to <=? c) eqn:C2; [|discriminate]. apply Nat.leb_le in C1, C2.
  assert (Te : tree_type (Node (Slice from to x)) = Field k (to - from)) by (now injection Ht). unfold same_tree. cbn [identity computed_by typed make trees] in H. rewrite Te, Tx in H. rewrite Te.
  destruct (same_type (Field k (to - from)) (Field k c)) eqn:S.
  - apply same_type_eq in S. injection S as S. injection H as <-. split; [exact Wx|]. split; [rewrite Tx; f_equal; lia|]. intros R N given a b q _.
    cbn [tree_value map_operands define]. now replace (from + b) with b by lia.
  - destruct x as [op]. destruct op; try discriminate.
    + injection H as <-. destruct (filled_scalar _ _ Wx) as [Ws Ts]. assert (D := well_formed_declared _ Wx). rewrite Tx in D.
      destruct (typed_node (Fill (Field k (to - from)) scalar) (Field k (to - from))) as [A B].
      { intros y [<-|[]]. exact Ws. }
      { cbn [map_operands infer]. rewrite Ts. cbn [declared] in *. unfold is_count at 2. replace (1 <=? to - from) with true by (symmetry; now apply Nat.leb_le).
        destruct (is_count k); [reflexivity|discriminate]. }
      split; [exact A|]. split; [exact B|]. intros R N given a b q _. reflexivity.
    + destruct (node_type _ Wx) as [Wp Hp]. rewrite Tx in Hp. cbn [map_operands] in Hp. destruct (infer_fields _ _ Hp) as (k' & Hk' & Hf). injection Hk' as <- _.
      destruct (slice_of_part_means k parts) with (from := from) (to := to) (e' := e') as (A & B & D); [|exact C1|exact H|].
      { intros y Hy. split; [now apply Wp|]. apply Hf. now apply in_map. }
      split; [exact A|]. split; [exact B|]. intros R N given a b q (Ia & Ib & Iq). cbn in Ib. cbn [tree_value map_operands define].
      now apply D.
    + injection H as <-. destruct (node_type _ Wx) as [Wy Hy]. assert (Wf := Wy field (or_introl eq_refl)). cbn [map_operands infer] in Hy.
      rewrite Tx in Hy. destruct (tree_type field) as [k' c'| | |] eqn:Tf; try discriminate. destruct (is_count (to0 - from0)) eqn:C3; [|discriminate].
      destruct (to0 <=? c') eqn:C4; [|discriminate]. apply Nat.leb_le in C3, C4. injection Hy as Hk Hc. subst k'. assert (Hc2 : to0 - from0 = c) by exact Hc. clear Hc.
      destruct (typed_node (Slice (from0 + from) (from0 + to) field) (Field k (to - from))) as [A B].
      { intros y [<-|[]]. exact Wf. }
      { cbn [map_operands infer]. rewrite Tf. unfold is_count. replace (1 <=? from0 + to - (from0 + from)) with true by (symmetry; apply Nat.leb_le; lia).
        replace (from0 + to <=? c') with true by (symmetry; apply Nat.leb_le; lia).
        replace (from0 + to - (from0 + from)) with (to - from) by lia. reflexivity. }
      split; [exact A|]. split; [exact B|]. intros R N given a b q _. cbn [tree_value map_operands define]. now rewrite Nat.add_assoc.
Qed.

(** Every identity of [simplify] keeps the type and the value of every expression, over all numbers, on all lattices. *)
Theorem identities_keep_values e e' : well_formed e = true -> identity e = Some e' -> same_tree e e'.
Proof.
  intros W H. destruct e as [op]. destruct op; try discriminate H.
  - now apply add_identity.
  - now apply multiply_identity.
  - now apply scale_identity.
  - now apply modulate_identity.
  - now apply total_identity.
  - now apply fill_identity.
  - now apply concat_identity.
  - now apply slice_identity.
Qed.

Theorem rewriting_keeps_values n : forall e, well_formed e = true -> same_tree e (rewritten n e).
Proof.
  induction n as [|n IH]; intros e W; cbn [rewritten].
  - split; [exact W|]. split; [reflexivity|]. intros R N given. apply equal_on_refl.
  - destruct (identity e) as [better|] eqn:I.
    + destruct (identities_keep_values e better W I) as (A & B & D). destruct (IH better A) as (A' & B' & D').
      split; [exact A'|]. split; [congruence|]. intros R N given. apply equal_on_trans with (tree_value R N given better); [apply D|].
      rewrite <- B. apply D'.
    + split; [exact W|]. split; [reflexivity|]. intros R N given. apply equal_on_refl.
Qed.

End Transcription.
