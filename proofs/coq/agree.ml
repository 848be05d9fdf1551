(* Reads programs as lines of integers, and prints what the proven functions say of each: types, representations, the
   equations of the gradient, and the simplified program. The encoding is that of agreement.ts. *)
open Proven

let rec positive n = if n = 1 then XH else if n land 1 = 1 then XI (positive (n lsr 1)) else XO (positive (n lsr 1))

let integer n = if n = 0 then Z0 else if n > 0 then Zpos (positive n) else Zneg (positive (-n))

let rec of_positive = function XH -> 1 | XO p -> 2 * of_positive p | XI p -> (2 * of_positive p) + 1

let of_integer = function Z0 -> 0 | Zpos p -> of_positive p | Zneg p -> -of_positive p

let float_of { mantissa; exponent } = ldexp (float_of_int (of_integer mantissa)) (of_integer exponent)

(* The mantissa is odd or 0, so that equal numbers are equal. *)
let dyadic_of x =
  let rec odd m e = if m land 1 = 0 then odd (m asr 1) (e + 1) else { mantissa = integer m; exponent = integer e } in
  let fraction, e = frexp x in
  if x = 0. then { mantissa = Z0; exponent = Z0 } else odd (int_of_float (ldexp fraction 53)) (e - 53)

(* What float64 makes of two constants, where that is finite. *)
let by_float64 f a b =
  let x = f (float_of a) (float_of b) in
  if Float.is_finite x then Some (dyadic_of x) else None

let simplified = simplify (by_float64 ( +. )) (by_float64 ( *. )) rewritings

let rec take n next = if n = 0 then [] else let x = next () in x :: take (n - 1) next

let read_type next = match next () with
  | 0 -> let k = next () in let c = next () in Field (k, c)
  | 1 -> let o = next () in let i = next () in let s = next () in Kernel (o, i, s)
  | 2 -> Bias (next ())
  | _ -> Scalar

let read_equation next =
  let one f = f (next ()) in
  let two f = let x = next () in let y = next () in f x y in
  match next () with
  | 0 -> let n = next () in Input (n, read_type next)
  | 1 -> let n = next () in Weight (n, read_type next)
  | 2 -> let m = next () in let e = next () in Constant { mantissa = integer m; exponent = integer e }
  | 3 -> two (fun x y -> Correlate (x, y))
  | 4 -> two (fun x y -> CorrelateTransposed (x, y))
  | 5 -> let s = next () in two (fun x y -> KernelGradient (s, x, y))
  | 6 -> two (fun x y -> Add (x, y))
  | 7 -> two (fun x y -> Multiply (x, y))
  | 8 -> two (fun x y -> Scale (x, y))
  | 9 -> one (fun x -> Tanh x)
  | 10 -> one (fun x -> Reciprocal x)
  | 11 -> one (fun x -> Sqrt x)
  | 12 -> two (fun x y -> Contract (x, y))
  | 13 -> two (fun x y -> Modulate (x, y))
  | 14 -> one (fun x -> Total x)
  | 15 -> let t = read_type next in one (fun x -> Fill (t, x))
  | 16 -> one (fun x -> SumSites x)
  | 17 -> let k = next () in one (fun x -> Broadcast (k, x))
  | 18 -> let n = next () in Concat (take n next)
  | 19 -> let a = next () in let b = next () in one (fun x -> Slice (a, b, x))
  | tag -> failwith (Printf.sprintf "expected the number of an operation, got %d" tag)

let of_type = function
  | Field (k, c) -> [ 0; k; c ]
  | Kernel (o, i, s) -> [ 1; o; i; s ]
  | Bias c -> [ 2; c ]
  | Scalar -> [ 3 ]

let of_equation = function
  | Input (n, t) -> 0 :: n :: of_type t
  | Weight (n, t) -> 1 :: n :: of_type t
  | Constant { mantissa; exponent } -> [ 2; of_integer mantissa; of_integer exponent ]
  | Correlate (x, y) -> [ 3; x; y ]
  | CorrelateTransposed (x, y) -> [ 4; x; y ]
  | KernelGradient (s, x, y) -> [ 5; s; x; y ]
  | Add (x, y) -> [ 6; x; y ]
  | Multiply (x, y) -> [ 7; x; y ]
  | Scale (x, y) -> [ 8; x; y ]
  | Tanh x -> [ 9; x ]
  | Reciprocal x -> [ 10; x ]
  | Sqrt x -> [ 11; x ]
  | Contract (x, y) -> [ 12; x; y ]
  | Modulate (x, y) -> [ 13; x; y ]
  | Total x -> [ 14; x ]
  | Fill (t, x) -> (15 :: of_type t) @ [ x ]
  | SumSites x -> [ 16; x ]
  | Broadcast (k, x) -> [ 17; k; x ]
  | Concat xs -> 18 :: List.length xs :: xs
  | Slice (a, b, x) -> [ 19; a; b; x ]

(* Equal operations are one node, as `record` binds equal equations once. *)
let nodes () =
  let known = Hashtbl.create 64 and made = ref [] in
  let mk op =
    match Hashtbl.find_opt known op with
    | Some id -> id
    | None ->
        let id = Hashtbl.length known in
        Hashtbl.add known op id;
        made := op :: !made;
        id
  in
  (mk, fun () -> List.rev !made)

let of_list xs = List.length xs :: xs

let of_equations equations = List.length equations :: List.concat_map of_equation equations

let answer next =
  let equations = take (next ()) (fun () -> read_equation next) in
  let outputs = take (next ()) next in
  let output = next () in
  let variables = take (next ()) (fun () -> let n = next () in (n, read_type next)) in
  match typecheck equations with
  | None -> [ -1 ]
  | Some types ->
      let representations =
        match symmetry equations with
        | None -> [ -1 ]
        | Some judged -> of_list (List.map (function Invariant -> 0 | Vector -> 1 | Zero -> 2) judged)
      in
      let gradient =
        if output < 0 then [ 0; 0; 0 ]
        else
          let mk, made = nodes () in
          let places = expressions mk equations in
          let derivatives = List.map (fun (v, t) -> derivative mk equations types output v t) variables in
          of_equations (made ()) @ of_list places @ of_list derivatives
      in
      let simple, places = simplified equations outputs in
      (List.length types :: List.concat_map of_type types) @ representations @ gradient @ of_equations simple @ of_list places

let () =
  try
    while true do
      let numbers = ref (List.map int_of_string (String.split_on_char ' ' (input_line stdin))) in
      let next () = match !numbers with [] -> failwith "expected another integer, got the end of the line" | x :: rest -> numbers := rest; x in
      print_endline (String.concat " " (List.map string_of_int (answer next)))
    done
  with End_of_file -> ()
