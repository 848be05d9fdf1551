(** The numbers that programs are evaluated over, and finite sums of them.

    A commutative ring with 1/2, since the constants of programs are binary fractions, and three functions of one
    number. Nothing is asked of the functions: what is proven holds whatever tanh, 1/x and the square root are. What
    their derivatives are stands in [Dual.v]. *)
From Coq Require Export List Arith Lia Ring Bool ZArith.
Export ListNotations.

Record numbers := Numbers {
  carrier :> Type;
  zero : carrier;
  one : carrier;
  half : carrier;
  add : carrier -> carrier -> carrier;
  mul : carrier -> carrier -> carrier;
  sub : carrier -> carrier -> carrier;
  opp : carrier -> carrier;
  tanh_of : carrier -> carrier;
  reciprocal_of : carrier -> carrier;
  sqrt_of : carrier -> carrier;
  is_ring : ring_theory zero one add mul sub opp (@eq carrier);
  two_halves : add half half = one;
}.

Arguments zero {_}. Arguments one {_}. Arguments half {_}. Arguments add {_} _ _. Arguments mul {_} _ _.
Arguments sub {_} _ _. Arguments opp {_} _. Arguments tanh_of {_} _. Arguments reciprocal_of {_} _.
Arguments sqrt_of {_} _.

Declare Scope numbers_scope.
Delimit Scope numbers_scope with num.
Infix "+" := add : numbers_scope.
Infix "*" := mul : numbers_scope.
Infix "-" := sub : numbers_scope.
Notation "- x" := (opp x) : numbers_scope.
Notation "0" := zero : numbers_scope.
Notation "1" := one : numbers_scope.

Section Sums.
Variable R : numbers.
Add Ring ring_of_numbers : (is_ring R).
Local Open Scope numbers_scope.

(** sum over x in l of f(x). *)
Fixpoint sum {A} (l : list A) (f : A -> R) : R :=
  match l with
  | [] => 0
  | x :: rest => f x + sum rest f
  end.

Definition product {A} (l : list A) (f : A -> R) : R := fold_right (fun x p => f x * p) 1 l.

Lemma sum_ext {A} (l : list A) (f g : A -> R) : (forall x, In x l -> f x = g x) -> sum l f = sum l g.
Proof.
  induction l as [|x l IH]; intro H; cbn; [reflexivity|].
  rewrite (H x) by (now left). f_equal. apply IH. intros y Hy. apply H. now right.
Qed.

Lemma sum_zero {A} (l : list A) (f : A -> R) : (forall x, In x l -> f x = 0) -> sum l f = 0.
Proof.
  induction l as [|x l IH]; intro H; cbn; [reflexivity|].
  rewrite (H x) by (now left). rewrite IH by (intros y Hy; apply H; now right). ring.
Qed.

Lemma sum_add {A} (l : list A) (f g : A -> R) : sum l (fun x => f x + g x) = sum l f + sum l g.
Proof. induction l as [|x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma sum_opp {A} (l : list A) (f : A -> R) : sum l (fun x => - f x) = - sum l f.
Proof. induction l as [|x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma sum_mul_l {A} (l : list A) c (f : A -> R) : sum l (fun x => c * f x) = c * sum l f.
Proof. induction l as [|x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma sum_mul_r {A} (l : list A) c (f : A -> R) : sum l (fun x => f x * c) = sum l f * c.
Proof. induction l as [|x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma sum_swap {A B} (l : list A) (m : list B) (f : A -> B -> R) :
  sum l (fun x => sum m (fun y => f x y)) = sum m (fun y => sum l (fun x => f x y)).
Proof.
  induction l as [|x l IH]; cbn.
  - symmetry. now apply sum_zero.
  - rewrite IH. symmetry. apply sum_add.
Qed.

Lemma sum_app {A} (l m : list A) (f : A -> R) : sum (l ++ m) f = sum l f + sum m f.
Proof. induction l as [|x l IH]; cbn; [ring|]. rewrite IH. ring. Qed.

Lemma sum_map {A B} (g : A -> B) (l : list A) (f : B -> R) : sum (map g l) f = sum l (fun x => f (g x)).
Proof. induction l as [|x l IH]; cbn; [reflexivity|]. now rewrite IH. Qed.

Lemma sum_flat_map {A B} (g : A -> list B) (l : list A) (f : B -> R) :
  sum (flat_map g l) f = sum l (fun x => sum (g x) f).
Proof. induction l as [|x l IH]; cbn; [reflexivity|]. now rewrite sum_app, IH. Qed.

Lemma sum_prod {A B} (l : list A) (m : list B) (f : A * B -> R) :
  sum (list_prod l m) f = sum l (fun x => sum m (fun y => f (x, y))).
Proof.
  induction l as [|x l IH]; cbn; [reflexivity|]. now rewrite sum_app, sum_map, IH.
Qed.

(** A sum of which one term alone is left. *)
Lemma sum_single {A} (dec : forall x y : A, {x = y} + {x <> y}) (l : list A) a (f : A -> R) :
  NoDup l -> In a l -> sum l (fun x => if dec x a then f x else 0) = f a.
Proof.
  induction l as [|x l IH]; cbn; [tauto|]. intros N [->|I]; inversion N; subst.
  - destruct (dec a a); [|congruence]. rewrite sum_zero; [ring|].
    intros y Hy. destruct (dec y a); [subst; contradiction|reflexivity].
  - destruct (dec x a); [subst; contradiction|]. rewrite IH by assumption. ring.
Qed.

Lemma product_ext {A} (l : list A) (f g : A -> R) : (forall x, In x l -> f x = g x) -> product l f = product l g.
Proof.
  induction l as [|x l IH]; intro H; cbn; [reflexivity|].
  rewrite (H x) by (now left). f_equal. apply IH. intros y Hy. apply H. now right.
Qed.

Lemma halves (x : R) : half * x + half * x = x.
Proof. transitivity ((half + half) * x); [ring|]. rewrite two_halves. ring. Qed.

End Sums.
