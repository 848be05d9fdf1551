(** Dual numbers x + x' eps, eps^2 = 0: evaluated over them, a program gives its derivative along a direction.

    tanh, 1/x and the square root are extended by the derivatives 1 - tanh^2, -1/x^2 and 1/(2 sqrt x), as
    [src/number/dual.ts] does. Over the reals these are theorems of analysis; here they are the definition. *)
From Efnn Require Export Meaning.

Section Dual.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

Definition dual_carrier : Type := (R * R)%type.
Implicit Types x y : dual_carrier.

Definition dual_add x y : dual_carrier := (fst x + fst y, snd x + snd y).
Definition dual_mul x y : dual_carrier := (fst x * fst y, fst x * snd y + snd x * fst y).
Definition dual_sub x y : dual_carrier := (fst x - fst y, snd x - snd y).
Definition dual_opp x : dual_carrier := (- fst x, - snd x).

Definition dual_tanh x : dual_carrier := let t := tanh_of (fst x) in (t, snd x * (1 - t * t)).
Definition dual_reciprocal x : dual_carrier := let i := reciprocal_of (fst x) in (i, - (snd x * (i * i))).
Definition dual_sqrt x : dual_carrier := let s := sqrt_of (fst x) in (s, half * (snd x * reciprocal_of s)).

Lemma dual_is_ring :
  ring_theory (0, 0) (1, 0) dual_add dual_mul dual_sub dual_opp (@eq dual_carrier).
Proof.
  constructor; intros; repeat match goal with x : dual_carrier |- _ => destruct x | x : prod _ _ |- _ => destruct x end;
    unfold dual_add, dual_mul, dual_sub, dual_opp; cbn; f_equal; ring.
Qed.

Lemma dual_two_halves : dual_add (half, 0) (half, 0) = (1, 0).
Proof. unfold dual_add. cbn. f_equal; [apply two_halves|ring]. Qed.

Definition dual : numbers :=
  Numbers dual_carrier (0, 0) (1, 0) (half, 0) dual_add dual_mul dual_sub dual_opp dual_tanh dual_reciprocal dual_sqrt
    dual_is_ring dual_two_halves.

(** x and x' of a tensor of dual numbers. *)
Definition value_part (x : tensor dual) : tensor R := fun a b r => fst (x a b r).
Definition dual_part (x : tensor dual) : tensor R := fun a b r => snd (x a b r).

Lemma fst_sum {A} (l : list A) (f : A -> dual) : fst (sum dual l f) = sum R l (fun a => fst (f a)).
Proof. induction l as [|a l IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

Lemma snd_sum {A} (l : list A) (f : A -> dual) : snd (sum dual l f) = sum R l (fun a => snd (f a)).
Proof. induction l as [|a l IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

Lemma of_positive_dual p : of_positive dual p = (of_positive R p, 0).
Proof.
  induction p as [p IH|p IH|]; cbn [of_positive]; [rewrite IH..|reflexivity];
    cbn; unfold dual_add, dual_mul; cbn; f_equal; ring.
Qed.

Lemma power_dual (c : R) n : power dual (c, 0) n = (power R c n, 0).
Proof. induction n as [|n IH]; cbn [power]; [reflexivity|]. rewrite IH. cbn. unfold dual_mul. cbn. f_equal. ring. Qed.

(** Constants have no derivative. *)
Lemma of_dyadic_dual c : of_dyadic dual c = (of_dyadic R c, 0).
Proof.
  unfold of_dyadic. assert (two : add (n := dual) one one = (1 + 1, 0)) by (cbn; unfold dual_add; cbn; f_equal; ring).
  rewrite two. change (half (n := dual)) with (@pair R R half 0). rewrite !power_dual.
  assert (I : of_integer dual (mantissa c) = (of_integer R (mantissa c), 0)).
  { destruct (mantissa c) as [|p|p]; cbn [of_integer]; [reflexivity|apply of_positive_dual|].
    rewrite of_positive_dual. cbn. unfold dual_opp. cbn. f_equal. ring. }
  rewrite I. cbn. unfold dual_mul. cbn. f_equal. ring.
Qed.

End Dual.

(** What each operation does to value and derivative. *)
Section DualMeaning.
Variables (R : numbers) (N : nat).
Add Ring ring_of_numbers' : (is_ring R).
Local Open Scope numbers_scope.

Notation value_part := (value_part R).
Notation dual_part := (dual_part R).

Lemma correlate_dual ni s K x k o r :
  snd (correlate (dual R) N ni s K x k o r) =
  correlate R N ni s (value_part K) (dual_part x) k o r + correlate R N ni s (dual_part K) (value_part x) k o r.
Proof.
  unfold correlate. rewrite snd_sum, <- sum_add. apply sum_ext. intros i _. rewrite snd_sum, <- sum_add. apply sum_ext.
  intros d _. reflexivity.
Qed.

Lemma correlate_transposed_dual no s K y k i r :
  snd (correlate_transposed (dual R) N no s K y k i r) =
  correlate_transposed R N no s (value_part K) (dual_part y) k i r +
  correlate_transposed R N no s (dual_part K) (value_part y) k i r.
Proof.
  unfold correlate_transposed. rewrite snd_sum, <- sum_add. apply sum_ext. intros o _. rewrite snd_sum, <- sum_add.
  apply sum_ext. intros d _. reflexivity.
Qed.

Lemma kernel_gradient_dual nk s x y o i d :
  snd (kernel_gradient (dual R) N nk s x y o i d) =
  kernel_gradient R N nk s (dual_part x) (value_part y) o i d + kernel_gradient R N nk s (value_part x) (dual_part y) o i d.
Proof.
  unfold kernel_gradient. rewrite snd_sum, <- sum_add. apply sum_ext. intros k _. rewrite snd_sum, <- sum_add.
  apply sum_ext. intros r _. reflexivity.
Qed.

Lemma contract_dual nk x y a c r :
  snd (contract (dual R) nk x y a c r) =
  contract R nk (value_part x) (dual_part y) a c r + contract R nk (dual_part x) (value_part y) a c r.
Proof. unfold contract. rewrite snd_sum, <- sum_add. apply sum_ext. intros k _. reflexivity. Qed.

Lemma total_dual t x : snd (total (dual R) N t x) = total R N t (dual_part x).
Proof.
  unfold total. rewrite snd_sum. apply sum_ext. intros a _. rewrite snd_sum. apply sum_ext. intros b _. now rewrite snd_sum.
Qed.

Lemma total_value t x : fst (total (dual R) N t x) = total R N t (value_part x).
Proof.
  unfold total. rewrite fst_sum. apply sum_ext. intros a _. rewrite fst_sum. apply sum_ext. intros b _. now rewrite fst_sum.
Qed.

Lemma sum_sites_dual nk x a c r : snd (sum_sites (dual R) N nk x a c r) = sum_sites R N nk (dual_part x) a c r.
Proof. unfold sum_sites. rewrite snd_sum. apply sum_ext. intros k _. now rewrite snd_sum. Qed.

Lemma concatenated_dual parts k c r :
  snd (concatenated (dual R) parts k c r) = concatenated R (map (fun p => (fst p, dual_part (snd p))) parts) k c r.
Proof.
  revert c. induction parts as [|[t x] rest IH]; intro c; cbn; [reflexivity|].
  destruct (channels t) as [|n]; [apply IH|]. now destruct (c <=? n); [|apply IH].
Qed.

Lemma concatenated_value parts k c r :
  fst (concatenated (dual R) parts k c r) = concatenated R (map (fun p => (fst p, value_part (snd p))) parts) k c r.
Proof.
  revert c. induction parts as [|[t x] rest IH]; intro c; cbn; [reflexivity|].
  destruct (channels t) as [|n]; [apply IH|]. now destruct (c <=? n); [|apply IH].
Qed.

Lemma concatenated_ext (parts parts' : list (value_type * tensor R)) k c r :
  Forall2 (fun p q => fst p = fst q /\ forall a b r, snd p a b r = snd q a b r) parts parts' ->
  concatenated R parts k c r = concatenated R parts' k c r.
Proof.
  intro H. revert c. induction H as [|[t x] [t' x'] l l' [Ht Hx] _ IH]; intro c; cbn; [reflexivity|].
  cbn in Ht, Hx. subst. destruct (channels t') as [|n]; [apply IH|]. now destruct (c <=? n); [apply Hx|apply IH].
Qed.

(** Values go their own way: the first part of an operation on dual numbers is the operation on first parts. *)
Theorem define_value (given : arguments R) (given' : arguments (dual R)) (T : nat -> value_type) (x : nat -> tensor R)
    (X : nat -> tensor (dual R)) (op : operation nat) :
  (forall n a b r, fst (given' n a b r) = given n a b r) ->
  (forall j, In j (operands op) -> forall a b r, fst (X j a b r) = x j a b r) ->
  forall a b r, fst (define (dual R) N given' (map_operands (fun j => (T j, X j)) op) a b r) =
    define R N given (map_operands (fun j => (T j, x j)) op) a b r.
Proof.
  intros G H a b r. destruct op; cbn [map_operands define operands] in *; try (apply G);
    try (assert (H1 := H _ (or_introl eq_refl)); try (assert (H2 := H _ (or_intror (or_introl eq_refl))))).
  - now rewrite of_dyadic_dual.
  - unfold correlate. rewrite fst_sum. apply sum_ext. intros i _. rewrite fst_sum. apply sum_ext. intros d _. cbn.
    now rewrite H1, H2.
  - unfold correlate_transposed. rewrite fst_sum. apply sum_ext. intros i _. rewrite fst_sum. apply sum_ext. intros d _. cbn.
    now rewrite H1, H2.
  - unfold kernel_gradient. rewrite fst_sum. apply sum_ext. intros i _. rewrite fst_sum. apply sum_ext. intros d _. cbn.
    now rewrite H1, H2.
  - cbn. now rewrite H1, H2.
  - cbn. now rewrite H1, H2.
  - unfold entry. cbn. now rewrite H1, H2.
  - cbn. now rewrite H1.
  - cbn. now rewrite H1.
  - cbn. now rewrite H1.
  - unfold contract. rewrite fst_sum. apply sum_ext. intros k _. cbn. now rewrite H1, H2.
  - cbn. now rewrite H1, H2.
  - rewrite total_value. unfold total. apply sum_ext. intros i _. apply sum_ext. intros j _. apply sum_ext. intros q _.
    apply H1.
  - apply H1.
  - unfold sum_sites. rewrite fst_sum. apply sum_ext. intros k _. rewrite fst_sum. apply sum_ext. intros q _. apply H1.
  - apply H1.
  - rewrite concatenated_value. apply concatenated_ext. clear -H. induction parts as [|j parts IH]; cbn; constructor.
    + split; [reflexivity|]. cbn. apply H. now left.
    + apply IH. intros i Hi. apply H. now right.
  - apply H1.
Qed.

End DualMeaning.
