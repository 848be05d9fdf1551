(** Degrees of networks with affine maps: an EFNN of n layers has degree n + 1 at most, while a DNN, a ResNet and a
    DenseNet stay affine at every depth. Text: [proofs/exact-reduction.md], part 2. *)
From Efnn Require Import Numbers.

Section Degree.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

(** Spins by site; a layer's state by neuron, each a function of the spins. *)
Definition spins := nat -> R.
Definition state := nat -> spins -> R.

(** Polynomials in the spins of degree d at most. *)
Inductive degree_at_most : nat -> (spins -> R) -> Prop :=
  | of_constant c : degree_at_most 0%nat (fun _ => c)
  | of_spin i : degree_at_most 1%nat (fun s => s i)
  | of_sum d f g : degree_at_most d f -> degree_at_most d g -> degree_at_most d (fun s => f s + g s)
  | of_product d e f g : degree_at_most d f -> degree_at_most e g -> degree_at_most (d + e) (fun s => f s * g s)
  | of_less d e f : d <= e -> degree_at_most d f -> degree_at_most e f.

(** W x + b, from [inputs] neurons. *)
Record affine := Affine { inputs : nat; weight : nat -> nat -> R; bias : nat -> R }.

Definition apply (m : affine) (x : state) : state :=
  fun o s => sum R (seq 0 (inputs m)) (fun i => weight m o i * x i s) + bias m o.

Definition the_spins : state := fun i s => s i.

Record field_particle_layer := Layer { f : affine; g : affine }.

(** S_i = g_i(S_0) * f_{i-1}(S_{i-1}). *)
Definition efnn_state (layers : list field_particle_layer) : state :=
  fold_left (fun S l => fun o s => apply (g l) the_spins o s * apply (f l) S o s) layers the_spins.

(** S_i = g_i(f_{i-1}(S_{i-1})). *)
Definition dnn_state (layers : list field_particle_layer) : state :=
  fold_left (fun S l => apply (g l) (apply (f l) S)) layers the_spins.

(** S_1 = P(S_0) + f_0(S_0), S_{i+1} = S_i + f_i(S_i). *)
Definition resnet_state (projection first : affine) (rest : list affine) : state :=
  fold_left (fun S m => fun o s => S o s + apply m S o s) rest
    (fun o s => apply projection the_spins o s + apply first the_spins o s).

(** The neurons of x, [channels] of them, then those of y. *)
Definition concatenated (channels : nat) (x y : state) : state :=
  fun c => if c <? channels then x c else y (c - channels)%nat.

(** F_1 = f_0(S_0), F_{i+1} = f_i([S_0, F_1, .., F_i]): each map comes with the number of channels known before it. *)
Definition densenet_state (sites : nat) (first : affine) (rest : list (nat * affine)) : state :=
  fold_left (fun known m => concatenated (fst m) known (apply (snd m) known)) rest
    (concatenated sites the_spins (apply first the_spins)).

(** q: the sum over the neurons. *)
Definition energy (width : nat) (x : state) (s : spins) : R := sum R (seq 0 width) (fun i => x i s).

Definition state_degree (d : nat) (x : state) : Prop := forall o, degree_at_most d (x o).

Lemma sum_degree d (l : list nat) (x : nat -> spins -> R) :
  (forall i, degree_at_most d (x i)) -> degree_at_most d (fun s => sum R l (fun i => x i s)).
Proof.
  intro H. induction l as [|i l IH]; cbn.
  - apply of_less with 0%nat; [lia|apply of_constant].
  - apply of_sum; [apply H|exact IH].
Qed.

Lemma apply_degree d m x : state_degree d x -> state_degree d (apply m x).
Proof.
  intros H o. apply of_sum.
  - apply sum_degree. intro i. change d with (0 + d)%nat. apply of_product; [apply of_constant|apply H].
  - apply of_less with 0%nat; [lia|apply of_constant].
Qed.

Lemma spins_degree : state_degree 1 the_spins.
Proof. intro o. apply of_spin. Qed.

(** Each layer multiplies by one more affine function of S_0. *)
Theorem efnn_degree layers width : degree_at_most (length layers + 1) (energy width (efnn_state layers)).
Proof.
  apply sum_degree. enough (H : forall d x, state_degree d x -> state_degree (length layers + d)
    (fold_left (fun S l => fun o s => apply (g l) the_spins o s * apply (f l) S o s) layers x)) by
    exact (H 1%nat the_spins spins_degree).
  induction layers as [|l layers IH]; intros d x Hx; cbn; [exact Hx|].
  replace (S (length layers + d)) with (length layers + S d)%nat by lia. apply IH.
  intro o. change (S d) with (1 + d)%nat. apply of_product; [apply apply_degree, spins_degree|now apply apply_degree].
Qed.

Theorem dnn_degree layers width : degree_at_most 1 (energy width (dnn_state layers)).
Proof.
  apply sum_degree. unfold dnn_state. generalize spins_degree. generalize the_spins.
  induction layers as [|l layers IH]; intros x Hx; cbn; [exact Hx|].
  apply IH. now apply apply_degree, apply_degree.
Qed.

Theorem resnet_degree projection first rest width :
  degree_at_most 1 (energy width (resnet_state projection first rest)).
Proof.
  apply sum_degree. unfold resnet_state.
  enough (H : forall x, state_degree 1 x ->
    state_degree 1 (fold_left (fun S m => fun o s => S o s + apply m S o s) rest x)).
  { apply H. intro o. apply of_sum; apply apply_degree, spins_degree. }
  induction rest as [|m rest IH]; intros x Hx; cbn; [exact Hx|].
  apply IH. intro o. apply of_sum; [apply Hx|now apply apply_degree].
Qed.

Lemma concatenated_degree d channels x y :
  state_degree d x -> state_degree d y -> state_degree d (concatenated channels x y).
Proof. intros Hx Hy o. unfold concatenated. destruct (o <? channels); [apply Hx|apply Hy]. Qed.

Theorem densenet_degree sites first rest width :
  degree_at_most 1 (energy width (densenet_state sites first rest)).
Proof.
  apply sum_degree. unfold densenet_state.
  enough (H : forall x, state_degree 1 x ->
    state_degree 1 (fold_left (fun known m => concatenated (fst m) known (apply (snd m) known)) rest x)).
  { apply H. apply concatenated_degree; [apply spins_degree|apply apply_degree, spins_degree]. }
  induction rest as [|m rest IH]; intros x Hx; cbn; [exact Hx|].
  apply IH. apply concatenated_degree; [exact Hx|now apply apply_degree].
Qed.

(** What degree 1 means: E(s + t) - E(s) - E(t) + E(0) = 0. *)
Theorem degree_one_is_affine e : degree_at_most 1 e ->
  forall s t, e (fun i => s i + t i) + e (fun _ => 0) = e s + e t.
Proof.
  intros He s t. remember 1%nat as d eqn:Hd. assert (Hle : (d <= 1)%nat) by lia. clear Hd.
  enough (H : (d = 0%nat -> forall u v, e u = e v) /\ e (fun i => s i + t i) + e (fun _ => 0) = e s + e t) by apply H.
  induction He as [c|i|d f g Hf IHf Hg IHg|d d' f g Hf IHf Hg IHg|d d' f Hdd' Hf IHf].
  - split; [reflexivity|ring].
  - split; [discriminate|ring].
  - destruct (IHf Hle) as [f0 f1], (IHg Hle) as [g0 g1]. split.
    + intros H u v. now rewrite (f0 H u v), (g0 H u v).
    + transitivity ((f (fun i => s i + t i) + f (fun _ => 0)) + (g (fun i => s i + t i) + g (fun _ => 0))); [ring|].
      rewrite f1, g1. ring.
  - destruct (IHf ltac:(lia)) as [f0 f1], (IHg ltac:(lia)) as [g0 g1]. split.
    + intros H u v. now rewrite (f0 ltac:(lia) u v), (g0 ltac:(lia) u v).
    + destruct (Nat.eq_dec d 0) as [H|H].
      * rewrite (f0 H _ (fun _ => 0)), (f0 H s (fun _ => 0)), (f0 H t (fun _ => 0)).
        transitivity (f (fun _ => 0) * (g (fun i => s i + t i) + g (fun _ => 0))); [ring|]. rewrite g1. ring.
      * assert (H' : d' = 0%nat) by lia.
        rewrite (g0 H' _ (fun _ => 0)), (g0 H' s (fun _ => 0)), (g0 H' t (fun _ => 0)).
        transitivity ((f (fun i => s i + t i) + f (fun _ => 0)) * g (fun _ => 0)); [ring|]. rewrite f1. ring.
  - destruct (IHf ltac:(lia)) as [f0 f1]. split; [|exact f1]. intros H u v. apply f0. lia.
Qed.

(** Hence no such network equals a product of two spins, unless 1 = 0. *)
Theorem no_affine_network_is_a_bond e : degree_at_most 1 e -> (forall s, e s = s 0%nat * s 1%nat) -> 1 = zero (n := R).
Proof.
  intros He H. assert (A := degree_one_is_affine e He (fun i => if Nat.eqb i 0 then 1 else 0) (fun i => if Nat.eqb i 1 then 1 else 0)).
  rewrite !H in A. cbn in A. ring_simplify in A. exact A.
Qed.

End Degree.
