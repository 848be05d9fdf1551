(** The meaning of programs over any numbers, on an N x N lattice: a transcription of [definitions] in
    [src/program/evaluate.ts].

    What differs: a tensor is a function of its indices rather than an array; what it is outside of its shape nobody reads.
    tanh, 1/x and the square root have a value everywhere, where the code refuses 1/0 and what has no root. *)
From Efnn Require Export Numbers Algebra.

(** A row and a column. *)
Notation site := (nat * nat)%type.

(** Field: component, channel, site. Kernel: output, input, tap. Bias: 0, channel, (0, 0). Scalar: 0, 0, (0, 0). *)
Definition tensor (R : numbers) := nat -> nat -> site -> R.

Definition upto (n : nat) : list nat := seq 0 n.

Definition square (n : nat) : list site := list_prod (upto n) (upto n).

(** How far the three indices of a type go. *)
Definition first_extent (t : value_type) : nat := match t with Field k _ => k | Kernel o _ _ => o | Bias _ | Scalar => 1 end.
Definition second_extent (t : value_type) : nat := match t with Field _ c => c | Kernel _ i _ => i | Bias c => c | Scalar => 1 end.
Definition side (N : nat) (t : value_type) : nat := match t with Field _ _ => N | Kernel _ _ s => s | Bias _ | Scalar => 1 end.

(** Sites wrap around the torus. *)
Definition wrapped (N : nat) (z : Z) : nat := Z.to_nat (z mod Z.of_nat N).

(** The offset of a tap from the centre of its kernel. *)
Definition offset (size tap : nat) : Z := Z.of_nat tap - Z.of_nat ((size - 1) / 2).

Definition moved (N : nat) (r : site) (rows columns : Z) : site :=
  (wrapped N (Z.of_nat (fst r) + rows), wrapped N (Z.of_nat (snd r) + columns)).

(** r + d and r - d. *)
Definition plus (N size : nat) (r d : site) : site := moved N r (offset size (fst d)) (offset size (snd d)).
Definition minus (N size : nat) (r d : site) : site := moved N r (- offset size (fst d)) (- offset size (snd d)).

Section Meaning.
Variables (R : numbers) (N : nat).
Local Open Scope numbers_scope.

Notation sum := (sum R).

Fixpoint of_positive (p : positive) : R :=
  match p with
  | xH => 1
  | xO q => (1 + 1) * of_positive q
  | xI q => 1 + (1 + 1) * of_positive q
  end.

Definition of_integer (z : Z) : R :=
  match z with Z0 => 0 | Zpos p => of_positive p | Zneg p => - of_positive p end.

Fixpoint power (x : R) (n : nat) : R := match n with O => 1 | S m => x * power x m end.

Definition of_dyadic (c : dyadic) : R :=
  of_integer (mantissa c) * (power (1 + 1) (Z.to_nat (exponent c)) * power half (Z.to_nat (- exponent c))).

Definition entry (x : tensor R) : R := x 0%nat 0%nat (0%nat, 0%nat).

Definition correlate (inputs size : nat) (K x : tensor R) : tensor R := fun k o r =>
  sum (upto inputs) (fun i => sum (square size) (fun d => K o i d * x k i (plus N size r d))).

Definition correlate_transposed (outputs size : nat) (K y : tensor R) : tensor R := fun k i r =>
  sum (upto outputs) (fun o => sum (square size) (fun d => K o i d * y k o (minus N size r d))).

Definition kernel_gradient (components size : nat) (x y : tensor R) : tensor R := fun o i d =>
  sum (upto components) (fun k => sum (square N) (fun r => y k o r * x k i (plus N size r d))).

Definition contract (components : nat) (x y : tensor R) : tensor R := fun _ c r =>
  sum (upto components) (fun k => x k c r * y k c r).

(** The sum of all entries. *)
Definition total (t : value_type) (x : tensor R) : R :=
  sum (upto (first_extent t)) (fun a => sum (upto (second_extent t)) (fun b => sum (square (side N t)) (fun r => x a b r))).

Definition sum_sites (components : nat) (x : tensor R) : tensor R := fun _ c _ =>
  sum (upto components) (fun k => sum (square N) (fun r => x k c r)).

(** The channels of several fields, one after the other. *)
Fixpoint concatenated (parts : list (value_type * tensor R)) : tensor R := fun k c r =>
  match parts with
  | [] => 0
  | (t, x) :: rest => if (c <? channels t)%nat then x k c r else concatenated rest k (c - channels t)%nat r
  end.

(** What a program is evaluated at: the values of its inputs and weights, by name. *)
Definition arguments := name -> tensor R.

(** The meaning of each operation; an operand comes with its type. *)
Definition define (given : arguments) (op : operation (value_type * tensor R)) : tensor R :=
  match op with
  | Input n _ => given n
  | Weight n _ => given n
  | Constant c => fun _ _ _ => of_dyadic c
  | Correlate (tK, K) (_, x) => correlate (inputs tK) (size tK) K x
  | CorrelateTransposed (tK, K) (_, y) => correlate_transposed (outputs tK) (size tK) K y
  | KernelGradient size (tx, x) (_, y) => kernel_gradient (components tx) size x y
  | Add (_, x) (_, y) => fun a b r => x a b r + y a b r
  | Multiply (_, x) (_, y) => fun a b r => x a b r * y a b r
  | Scale (_, s) (_, x) => fun a b r => entry s * x a b r
  | Tanh (_, x) => fun a b r => tanh_of (x a b r)
  | Reciprocal (_, x) => fun a b r => reciprocal_of (x a b r)
  | Sqrt (_, x) => fun a b r => sqrt_of (x a b r)
  | Contract (tx, x) (_, y) => contract (components tx) x y
  | Modulate (_, a) (_, v) => fun k c r => a 0%nat c r * v k c r
  | Total (t, x) => fun _ _ _ => total t x
  | Fill _ (_, s) => fun _ _ _ => entry s
  | SumSites (t, x) => sum_sites (components t) x
  | Broadcast _ (_, b) => fun _ c _ => b 0%nat c (0, 0)%nat
  | Concat parts => concatenated parts
  | Slice from _ (_, x) => fun k c r => x k (from + c)%nat r
  end.

(** The type of an operation's value; only where [infer] has one is it meant. *)
Definition type_of (op : operation value_type) : value_type := match infer op with Some t => t | None => Scalar end.

Definition no_value : value_type * tensor R := (Scalar, fun _ _ _ => 0).

(** The values of all equations, with their types. *)
Definition evaluate (given : arguments) : list equation -> list (value_type * tensor R) :=
  fold no_value (fun op => (type_of (map_operands fst op), define given op)).

(** The type that [evaluate] gives a value is that of [typecheck], and its value is what its equation says. *)
Lemma evaluated_type given eqs types i : typecheck eqs = Some types ->
  fst (nth i (evaluate given eqs) no_value) = nth i types Scalar.
Proof.
  intro W. destruct (typecheck_promises _ _ W) as [O P]. assert (L := typecheck_length _ _ W).
  induction i as [i IH] using lt_wf_ind. destruct (nth_error eqs i) as [e|] eqn:H.
  - unfold evaluate. rewrite (fold_equation _ _ _ O i e H). cbn [fst]. rewrite map_map_operands. unfold type_of.
    rewrite (map_operands_ext _ _ _ (fun j => nth j types Scalar)) by (intros j Hj; apply IH; exact (O i e H j Hj)).
    now rewrite (P i e H).
  - apply nth_error_None in H. rewrite !nth_overflow; try reflexivity; [lia|]. unfold evaluate. rewrite fold_length. lia.
Qed.

Lemma evaluated_equation given eqs types : typecheck eqs = Some types -> forall i e, nth_error eqs i = Some e ->
  snd (nth i (evaluate given eqs) no_value) =
  define given (map_operands (fun j => (nth j types Scalar, snd (nth j (evaluate given eqs) no_value))) e).
Proof.
  intros W i e H. destruct (typecheck_promises _ _ W) as [O _]. unfold evaluate at 1. rewrite (fold_equation _ _ _ O i e H).
  cbn [snd]. f_equal. apply map_operands_ext. intros j _. rewrite <- (evaluated_type given eqs types j W).
  unfold evaluate. now destruct (nth j _ _).
Qed.

(** sum over all indices of a type of x y. *)
Definition inner (t : value_type) (x y : tensor R) : R := total t (fun a b r => x a b r * y a b r).

End Meaning.
