(** Continued functions a_1 phi_1(a_2 phi_2(..)), the EFNN's recursion as one, and the renormalization group as a
    semigroup. Code: [src/continued/continued-function.ts], [src/continued/flow.ts]. *)
From Coq Require Import List.
Import ListNotations.

Section ContinuedFunction.
(** Whatever a layer's state is: a number, a field of spins, a power series. Nothing is asked of the product. *)
Variables (S : Type) (mul : S -> S -> S).

Record level := Level { amplitude : S; phi : S -> S }.

(** The outermost level first: u -> a_k phi_k(u) for k = n, .., 1. *)
Definition continued_function (innermost : S) (levels : list level) : S :=
  fold_right (fun l u => mul (amplitude l) (phi l u)) innermost levels.

(** f_{i-1} and g_i of a layer. *)
Record layer := Layer { f : S -> S; g : S -> S }.

(** S_i = g_i(S_0) * f_{i-1}(S_{i-1}), i = 1, .., n: as [src/network/efnn.ts] writes it. *)
Definition efnn (layers : list layer) (S0 : S) : S :=
  fold_left (fun Si l => mul (g l S0) (f l Si)) layers S0.

(** Amplitudes g_i(S_0), functions f_{i-1}, the last layer outermost. *)
Definition recursion_levels (layers : list layer) (S0 : S) : list level :=
  map (fun l => Level (g l S0) (f l)) (rev layers).

(** An EFNN of any depth, with any maps, is a continued function of S_0. *)
Theorem efnn_is_a_continued_function layers S0 :
  efnn layers S0 = continued_function S0 (recursion_levels layers S0).
Proof.
  unfold efnn, continued_function, recursion_levels.
  rewrite <- fold_left_rev_right.
  generalize (rev layers). intro l. induction l as [|x l IH]; cbn; [reflexivity|]. now rewrite IH.
Qed.

(** Phi^n: n layers with the same weights. *)
Definition flow (Phi : S -> S) (n : nat) : S -> S := Nat.iter n Phi.

(** Phi(S) = g(S_0) * f(S). *)
Definition tied_layer (l : layer) (S0 : S) : S -> S := fun Si => mul (g l S0) (f l Si).

(** Phi^(p + k) = Phi^p after Phi^k. *)
Theorem semigroup_law Phi p k s : flow Phi (p + k) s = flow Phi p (flow Phi k s).
Proof. induction p as [|p IH]; [reflexivity|]. change (Phi (flow Phi (p + k) s) = Phi (flow Phi p (flow Phi k s))). now rewrite IH. Qed.

Theorem no_layers_change_nothing Phi s : flow Phi 0 s = s.
Proof. reflexivity. Qed.

(** An EFNN whose n layers have the same weights is the n-th power of one map. *)
Theorem tied_efnn_is_a_flow l n S0 : efnn (repeat l n) S0 = flow (tied_layer l S0) n S0.
Proof.
  rewrite efnn_is_a_continued_function. unfold recursion_levels.
  assert (rev_repeat : forall m, rev (repeat l m) = repeat l m).
  { intro m. induction m as [|m IH]; cbn; [reflexivity|]. rewrite IH. clear IH.
    induction m as [|m IH]; cbn; [reflexivity|]. now rewrite IH. }
  rewrite rev_repeat. induction n as [|n IH]; [reflexivity|].
  change (tied_layer l S0 (continued_function S0 (map (fun l => Level (g l S0) (f l)) (repeat l n))) =
    tied_layer l S0 (flow (tied_layer l S0) n S0)).
  now rewrite IH.
Qed.

(** A state that one layer keeps, every number of layers keeps: fixed points solve S = g(S_0) * f(S). *)
Theorem fixed_points_stay Phi s n : Phi s = s -> flow Phi n s = s.
Proof.
  intro H. induction n as [|n IH]; [reflexivity|]. change (Phi (flow Phi n s) = s). now rewrite IH.
Qed.

End ContinuedFunction.
