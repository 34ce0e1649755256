//! The reading of formulas: what a text means, what is wrong with it, and how much of it may be written.

use gradus::syntax::{
    BinaryOp, FunctionNames, Kind, MAX_INPUT_BYTES, MAX_NESTING, NodeId, Span, SyntaxError,
    SyntaxErrorKind, Tree, UnaryOp, parse, render,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

struct Names;

const FUNCTIONS: &[&str] = &[
    "sin", "cos", "tan", "asin", "acos", "atan", "arcsin", "sinh", "exp", "log", "ln", "sqrt",
    "cbrt", "abs", "max", "min", "mod", "gamma", "erf", "hypot", "floor",
];

impl FunctionNames for Names {
    fn is_function(&self, name: &str) -> bool {
        FUNCTIONS.contains(&name)
    }

    fn all(&self) -> Vec<&str> {
        FUNCTIONS.to_vec()
    }
}

fn read(input: &str) -> Result<Tree, SyntaxError> {
    parse(input, &Names)
}

/// The tree as `(operator operand ...)`; an implicit product is `(. 2 x)`.
fn shape(tree: &Tree) -> String {
    enum Step<'t> {
        Node(NodeId),
        Text(&'t str),
    }
    let mut steps = Vec::new();
    for (count, &result) in tree.results.iter().rev().enumerate() {
        if count > 0 {
            steps.push(Step::Text(", "));
        }
        steps.push(Step::Node(result));
    }
    if tree.is_list {
        steps.insert(0, Step::Text("]"));
        steps.push(Step::Text("["));
    }
    for definition in tree.definitions.iter().rev() {
        steps.extend([
            Step::Text("; "),
            Step::Node(definition.body),
            Step::Text(" = "),
        ]);
        if let Some(parameters) = &definition.parameters {
            steps.push(Step::Text(")"));
            for (count, parameter) in parameters.iter().rev().enumerate() {
                if count > 0 {
                    steps.push(Step::Text(" "));
                }
                steps.push(Step::Text(tree.name(parameter.name)));
            }
            steps.push(Step::Text("("));
        }
        steps.push(Step::Text(tree.name(definition.name)));
    }
    let mut shape = String::new();
    while let Some(step) = steps.pop() {
        let node = match step {
            Step::Text(text) => {
                shape.push_str(text);
                continue;
            }
            Step::Node(id) => tree.node(id),
        };
        let (head, children) = match node.kind {
            Kind::Number => (tree.number(node.span).into_owned(), vec![]),
            Kind::Name(name) => (tree.name(name).to_string(), vec![]),
            Kind::Unary(op, a) => (unary(op).to_string(), vec![a]),
            Kind::Binary(op, a, b) => (binary(op).to_string(), vec![a, b]),
            kind @ Kind::Call { name, .. } => {
                (tree.name(name).to_string(), tree.arguments(kind).to_vec())
            }
        };
        if children.is_empty() {
            shape.push_str(&head);
            continue;
        }
        shape.push('(');
        shape.push_str(&head);
        steps.push(Step::Text(")"));
        for child in children.into_iter().rev() {
            steps.extend([Step::Node(child), Step::Text(" ")]);
        }
    }
    shape
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "neg",
        UnaryOp::Plus => "plus",
        UnaryOp::Not => "not",
        UnaryOp::Sqrt => "√",
        UnaryOp::Cbrt => "∛",
        UnaryOp::Abs => "||",
        UnaryOp::Factorial => "!",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::ImplicitMul => ".",
        BinaryOp::Div => "/",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "^",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}

#[track_caller]
fn check(input: &str, expected: &str) {
    match read(input) {
        Ok(tree) => assert_eq!(shape(&tree), expected, "reading {input:?}"),
        Err(error) => panic!(
            "reading {input:?}\n{}",
            render(&error, input, "input", false)
        ),
    }
}

/// The kind, the place (the text marked), the message and the hint of an error.
#[track_caller]
fn refuse(input: &str, kind: &str, marked: &str, message: &str, hint: &str) {
    match read(input) {
        Ok(tree) => panic!("{input:?} is read as {}", shape(&tree)),
        Err(error) => {
            let hint_found = error.hint.clone().unwrap_or_default();
            let found = (
                error.kind.as_str(),
                error.span.text(input),
                error.message.as_str(),
                hint_found.as_str(),
            );
            assert_eq!(found, (kind, marked, message, hint), "refusing {input:?}");
        }
    }
}

// ---- What a text means -----------------------------------------------------------------------------------------------

#[test]
fn ranks() {
    check("-2^2", "(neg (^ 2 2))");
    check("-x^2", "(neg (^ x 2))");
    check("-2.^2", "(neg (^ 2. 2))");
    check("2^3^2", "(^ 2 (^ 3 2))");
    check("2**3**2", "(^ 2 (^ 3 2))");
    check("2.^x", "(^ 2. x)");
    check("x.^2", "(^ x 2)");
    check("2^-3", "(^ 2 (neg 3))");
    check("2^-3^2*4", "(* (^ 2 (neg (^ 3 2))) 4)");
    check("1-(-2*x)", "(- 1 (* (neg 2) x))");
    check("1/2/3", "(/ (/ 1 2) 3)");
    check("8 - 2 - 2", "(- (- 8 2) 2)");
    check("1 -- -1", "(- 1 (neg (neg 1)))");
    check("+++2", "(plus (plus (plus 2)))");
    check("a+b*c^d", "(+ a (* b (^ c d)))");
    check("a*-b*c", "(* (* a (neg b)) c)");
    check("10 % 3 .* 2", "(* (% 10 3) 2)");
    check("8 mod 3 ./ 2", "(/ (% 8 3) 2)");
    check("8 mod 3 + 2", "(+ (% 8 3) 2)");
    check("mod(8, 3) mod 2", "(% (mod 8 3) 2)");
    check("x mod (3)", "(% x 3)");
    check("-5!^2", "(neg (^ (! 5) 2))");
    check("x!=y", "(!= x y)");
    check("x! != y", "(!= (! x) y)");
}

#[test]
fn comparisons_and_logic() {
    check(
        "a < b and b <= c or not d == e",
        "(or (and (< a b) (<= b c)) (not (== d e)))",
    );
    check("not not a", "(not (not a))");
    check("not(a) and b", "(and (not a) b)");
    check("a ≤ b", "(<= a b)");
    check("(a < b) < c", "(< (< a b) c)");
    check("if(x > 0, sqrt(x), 0)", "(if (> x 0) (sqrt x) 0)");
    check("android + nothing + order", "(+ (+ android nothing) order)");
}

#[test]
fn juxtaposition() {
    check("2x", "(. 2 x)");
    check("2(x+1)", "(. 2 (+ x 1))");
    check("(x+1)(x-1)", "(. (+ x 1) (- x 1))");
    check("2 sin(x)", "(. 2 (sin x))");
    check("x y", "(. x y)");
    check("(x+1) y", "(. (+ x 1) y)");
    check("2x^2", "(. 2 (^ x 2))");
    check("x^2y", "(. (^ x 2) y)");
    check("x^2(y+1)", "(. (^ x 2) (+ y 1))");
    check("x^-2(y+1)^3", "(. (^ x (neg 2)) (^ (+ y 1) 3))");
    check("x²(y+1)", "(. (^ x 2) (+ y 1))");
    check("2e", "(. 2 e)");
    check("2e3", "2e3");
    check("2ex", "(. 2 ex)");
    check("xy", "xy");
    check("x₁x₂", "(. x_1 x_2)");
    check("5!x", "(. (! 5) x)");
    check("|x|y", "(. (|| x) y)");
    check("2 √x", "(. 2 (√ x))");
    check("(2a)^3", "(^ (. 2 a) 3)");
    check("2.sin(x)", "(. 2. (sin x))");
    check("(x+1)2", "(. (+ x 1) 2)");
    check("(x+1)2^3", "(. (+ x 1) (^ 2 3))");
    check("6/(1+2)2", "(. (/ 6 (+ 1 2)) 2)");
    check("|x|2", "(. (|| x) 2)");
    check("sin(x) 2", "(. (sin x) 2)");
    check("3!10", "(. (! 3) 10)");
    check("2gamma", "(. 2 gamma)");
    check("1/(gamma - 1)", "(/ 1 (- gamma 1))");
}

#[test]
fn easily_misread_forms_carry_a_note() {
    for (input, shape_, notes) in [
        (
            "1/2x",
            "(. (/ 1 2) x)",
            &["`1/2x` is read as `(1/2)*x`"][..],
        ),
        (
            "6/2(1+2)",
            "(. (/ 6 2) (+ 1 2))",
            &["`6/2(1+2)` is read as `(6/2)*(1+2)`"],
        ),
        ("a/b c", "(. (/ a b) c)", &["`a/b c` is read as `(a/b)*c`"]),
        (
            "2.5 / 5 kg",
            "(. (/ 2.5 5) kg)",
            &["`2.5 / 5 kg` is read as `(2.5 / 5)*kg`"],
        ),
        ("√x^2", "(^ (√ x) 2)", &["`√x^2` is read as `(√x)^2`"]),
        ("√x²", "(^ (√ x) 2)", &["`√x²` is read as `(√x)²`"]),
        ("√2x", "(. (√ 2) x)", &["`√2x` is read as `(√2)*x`"]),
        ("(1/2)x", "(. (/ 1 2) x)", &[]),
        ("1/2*x", "(* (/ 1 2) x)", &[]),
        ("2x/3", "(/ (. 2 x) 3)", &[]),
        ("√(x+1) y", "(. (√ (+ x 1)) y)", &[]),
    ] {
        check(input, shape_);
        let tree = read(input).unwrap();
        let found: Vec<&str> = tree
            .notes
            .iter()
            .map(|note| note.message.as_str())
            .collect();
        assert_eq!(found, notes, "{input}");
    }
}

#[test]
fn names_that_look_like_two_carry_a_note() {
    for (input, note) in [
        ("sinx", Some("`sinx` is read as one name, not as `sin(x)`")),
        (
            "1 + cos2x",
            Some("`cos2x` is read as one name, not as `cos(2x)`"),
        ),
        (
            "sqrtx",
            Some("`sqrtx` is read as one name, not as `sqrt(x)`"),
        ),
        (
            "log2x",
            Some("`log2x` is read as one name, not as `log2(x)`"),
        ),
        ("lnp + p", Some("`lnp` is read as one name, not as `ln(p)`")),
        ("xy", Some("`xy` is read as one name, not as `x*y`")),
        ("a*b + ab", Some("`ab` is read as one name, not as `a*b`")),
        (
            "f(s) = s; f(xy)",
            Some("`xy` is read as one name, not as `x*y`"),
        ),
        ("ab", None),
        ("log1x + cost + cos1x", None),
        ("expr + logp + theta + x1 + maxx", None),
        ("f(xy) = xy^2; f(x)", None),
        ("xy = x*y; xy^2", None),
        ("x*y", None),
    ] {
        let mut arena = gradus::expr::Arena::new();
        let notes = |variables: &[&str], arena: &mut _| {
            let reading = gradus::syntax::read(arena, input, variables).unwrap();
            reading
                .notes
                .into_iter()
                .map(|n| n.message)
                .collect::<Vec<_>>()
        };
        assert_eq!(notes(&[], &mut arena), Vec::from_iter(note), "{input}");
        // Who names the variable knows.
        let known = ["sinx", "cos2x", "sqrtx", "log2x", "lnp", "xy", "ab"];
        assert_eq!(notes(&known, &mut arena), [""; 0], "{input}");
    }
}

#[test]
fn powers_of_functions() {
    check("sin^2(x)", "(^ (sin x) 2)");
    check("sin**2(x)", "(^ (sin x) 2)");
    check("sin²(x)", "(^ (sin x) 2)");
    check("sin²(x) + cos²(x)", "(+ (^ (sin x) 2) (^ (cos x) 2))");
    check("-2sin^2(x)^3", "(. (neg 2) (^ (^ (sin x) 2) 3))");
    check("√(sin²(x))", "(√ (^ (sin x) 2))");
    check("x + sin ⁿ (y)", "(+ x (^ (sin y) n))");
    check("2^sin^2(x)", "(^ 2 (^ (sin x) 2))");
    check("f(t) = t; f^2(x)", "f(t) = t; (^ (f x) 2)");
    check("gamma = 2; gamma^2(x)", "gamma = 2; (. (^ gamma 2) x)");
}

#[test]
fn unicode() {
    check("2·x×y⋅z÷w−1–2", "(- (- (/ (* (* (* 2 x) y) z) w) 1) 2)");
    check("x²³", "(^ x 23)");
    check("x⁻¹", "(^ x (neg 1))");
    check("xⁿ", "(^ x n)");
    check("e⁻²ˣ", "(^ e (neg (. 2 x)))");
    check("n xⁿ⁻¹", "(. n (^ x (- n 1)))");
    check("x²ⁿ⁺¹", "(^ x (+ (. 2 n) 1))");
    check("x⁻ⁿ⁻¹⁺ᵏ", "(^ x (+ (- (neg n) 1) k))");
    check("eˣʸ", "(^ e (. x y))");
    check("x¹ᐟ²", "(^ x (/ 1 2))");
    check("x⁻²ⁿᐟ³", "(^ x (neg (/ (. 2 n) 3)))");
    check("sinⁿ⁻¹(x)", "(^ (sin x) (- n 1))");
    check("-x²", "(neg (^ x 2))");
    check("2^x²", "(^ 2 (^ x 2))");
    check("√2", "(√ 2)");
    check("√(x+1)", "(√ (+ x 1))");
    check("∛√x", "(∛ (√ x))");
    check("π r²", "(. π (^ r 2))");
    check("2πr", "(. (. 2 π) r)");
    check("πr²h", "(. (. π (^ r 2)) h)");
    check("rπ", "(. r π)");
    check("2ππ", "(. (. 2 π) π)");
    check("𝜋𝑟²", "(. π (^ r 2))");
    check("αβπγ", "(. (. αβ π) γ)");
    check("π_1 + π₁", "(+ π_1 π_1)");
    check("m_π c", "(. m_π c)");
    check("θ_π1 + π_π", "(+ θ_π1 π_π)");
    check("α + größe + 数", "(+ (+ α größe) 数)");
    check("x₁ + x_1", "(+ x_1 x_1)");
    check("1\u{A0}+\u{2009}x\n+\ty\r\n", "(+ (+ 1 x) y)");
    check("2e−3", "2e-3");
    check("a ≥ b", "(>= a b)");
    check("a ≠ b", "(!= a b)");
}

#[test]
fn bars() {
    check("|x|", "(|| x)");
    check("|x| + |y|", "(+ (|| x) (|| y))");
    check("|x - |y||", "(|| (- x (|| y)))");
    check("||x|-1|", "(|| (- (|| x) 1))");
    check("2*|-x|^2", "(* 2 (^ (|| (neg x)) 2))");
    check("(|x + (|y|)|)", "(|| (+ x (|| y)))");
    check("|x mod |y||", "(|| (% x (|| y)))");
    check("|a and |b||", "(|| (and a (|| b)))");
    check("sin(|x|)", "(sin (|| x))");
}

#[test]
fn numbers_keep_their_digits() {
    for number in [
        "0",
        "007",
        ".5",
        "2.",
        "1E-3",
        "1e+30",
        "9007199254740993",
        "0.1",
        "1.50",
    ] {
        check(number, number);
    }
}

#[test]
fn definitions_and_lists() {
    check(
        "r = sqrt(x^2+y^2); exp(-r)",
        "r = (sqrt (+ (^ x 2) (^ y 2))); (exp (neg r))",
    );
    check(
        "f(t, s) = t^2 + s; f(sin(x), 2)",
        "f(t s) = (+ (^ t 2) s); (f (sin x) 2)",
    );
    check("a = 1; b = a == 1; b", "a = 1; b = (== a 1); b");
    check("[f, g(x)]", "[f, (g x)]");
    check("[x]", "[x]");
    check("u = x; [u, u^2]", "u = x; [u, (^ u 2)]");
    check("f(x)", "(f x)");
    check("f (x)", "(f x)");
}

#[test]
fn spans_cover_what_was_written() {
    let input = "a + (b*c)^2 - sin( x )";
    let tree = read(input).unwrap();
    let texts: Vec<&str> = tree
        .nodes
        .iter()
        .map(|node| node.span.text(input))
        .collect();
    let expected = [
        "a",
        "b",
        "c",
        "b*c",
        "2",
        "(b*c)^2",
        "a + (b*c)^2",
        "x",
        "sin( x )",
        "a + (b*c)^2 - sin( x )",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn every_node_but_the_last_of_a_body_has_one_parent() {
    for input in [
        "sin^2(x)(y)",
        "x^2(y)",
        "f(t)=t²; [f(1), -2x⁻²ⁿ + |y|!]",
        "√x² + ∛(1/2x)",
        "y + 2sin²ⁿ(a)",
        "a^sin^2(x)!",
        "sin²(x)(y)²(z)",
    ] {
        let tree = read(input).unwrap();
        let mut parents = vec![0; tree.nodes.len()];
        let bodies = tree
            .definitions
            .iter()
            .map(|d| d.body)
            .chain(tree.results.iter().copied());
        bodies.for_each(|id| parents[id.0 as usize] += 1);
        for (index, node) in tree.nodes.iter().enumerate() {
            let children = match node.kind {
                Kind::Unary(_, a) => vec![a],
                Kind::Binary(_, a, b) => vec![a, b],
                kind => tree.arguments(kind).to_vec(),
            };
            for child in children {
                assert!((child.0 as usize) < index, "{input}");
                parents[child.0 as usize] += 1;
            }
        }
        assert!(
            parents.iter().all(|&count| count == 1),
            "{input}: {parents:?}"
        );
    }
}

// ---- What is wrong with a text ---------------------------------------------------------------------------------------

/// One line an error: the text, the kind, the place marked, the message, the hint.
#[test]
#[rustfmt::skip]
fn errors() {
    refuse("", "empty", "", "the input is empty", "write an expression, such as `x^2 + 1`");
    refuse("   \n", "empty", "", "the input is empty", "write an expression, such as `x^2 + 1`");
    refuse("(x+1", "unclosed_bracket", "(", "unclosed parenthesis opened here", "");
    refuse("sin(x", "unclosed_bracket", "(", "unclosed parenthesis opened here", "");
    refuse("[x, y", "unclosed_bracket", "[", "unclosed bracket opened here", "");
    refuse("|x", "unclosed_bracket", "|", "unclosed bar opened here", "");
    refuse("x+1)", "unexpected_bracket", ")", "unexpected `)`: nothing is open here", "");
    refuse("(x]", "unexpected_bracket", "]", "unexpected `]`", "close it with `)`");
    refuse("x]", "unexpected_bracket", "]", "unexpected `]`: nothing is open here", "");
    refuse("2|x|", "unexpected_bracket", "|", "unexpected `|` after a value", "write `*` before it for a product, as in `2*|x|`");
    refuse("|x||y|", "unexpected_bracket", "|", "unexpected `|` after a value", "write `*` before it for a product, as in `2*|x|`");
    refuse("(|x)|", "unexpected_bracket", ")", "unexpected `)`", "close it with `|`");
    for (text, power) in [("eˣ²", "ˣ²"), ("x¹ᐟ²ⁿ", "¹ᐟ²ⁿ"), ("x²ᐟ", "²ᐟ"), ("x¹ᐟ²ᐟ³", "¹ᐟ²ᐟ³")] {
        let message = format!("`{power}` is not clear as an exponent");
        refuse(text, "ambiguous", power, &message, "write the exponent in brackets: `x^(2*n)`, `x^(n^2)`, `x^(1/(2*n))`");
    }
    refuse("2 3", "adjacent_number", "2 3", "two numbers side by side", "write `2*3` for a product, or `23` for one number");
    refuse("1 000", "adjacent_number", "1 000", "two numbers side by side", "write `1*000` for a product, or `1000` for one number");
    refuse("x 2", "adjacent_number", "x 2", "the number `2` stands directly after a value", "write `*` before it for a product, `x*2`");
    refuse("1.2.3", "invalid_number", "1.2.3", "`1.2.3` is not a number", "a number has one decimal point, and a whole exponent: `1.5e-3`");
    refuse("1..2", "invalid_number", "1..2", "`1..2` is not a number", "a number has one decimal point, and a whole exponent: `1.5e-3`");
    refuse("3e-0.5", "invalid_number", "3e-0.5", "`3e-0.5` is not a number", "a number has one decimal point, and a whole exponent: `1.5e-3`");
    refuse("1e5.5", "invalid_number", "1e5.5", "`1e5.5` is not a number", "a number has one decimal point, and a whole exponent: `1.5e-3`");
    refuse("0xff", "invalid_number", "0xff", "`0xff` is not a number", "numbers are decimal; for a product write `0*xff`");
    refuse("0xg", "invalid_number", "0xg", "`0xg` is not a number", "numbers are decimal; for a product write `0*xg`");
    refuse("0o", "invalid_number", "0o", "`0o` is not a number", "numbers are decimal; for a product write `0*o`");
    refuse("0b123.45", "invalid_number", "0b123", "`0b123` is not a number", "numbers are decimal; for a product write `0*b123`");
    refuse("1_000", "invalid_number", "1_000", "digits cannot be grouped by `_`", "write `1000`");
    refuse("1,5", "invalid_number", "1,5", "`1,5` is not a number", "write a decimal point: `1.5`");
    refuse("(1,2,3)", "unexpected", ",", "unexpected `,`", "write `[f, g]` for several results");
    refuse("x, y", "unexpected", ",", "unexpected `,`", "write `[f, g]` for several results");
    refuse("a.b", "unexpected", ".", "unexpected `.` after `a`", "for a product write `*`");
    refuse("sin x", "missing_parentheses", "sin x", "the function `sin` needs its argument in parentheses", "write `sin(x)`");
    refuse("2 sin x", "missing_parentheses", "sin x", "the function `sin` needs its argument in parentheses", "write `sin(x)`");
    refuse("sin 2", "missing_parentheses", "sin 2", "the function `sin` needs its argument in parentheses", "write `sin(2)`");
    refuse("sin √x", "missing_parentheses", "sin √", "the function `sin` needs its argument in parentheses", "write `sin(x)`");
    refuse("sin^2 x", "missing_parentheses", "sin^2 x", "the function `sin` needs its argument in parentheses", "write `sin(x)^2`");
    refuse("sin² x", "missing_parentheses", "sin² x", "the function `sin` needs its argument in parentheses", "write `sin(x)^2`");
    refuse("√sin²(x)", "missing_parentheses", "sin²", "the function `sin` needs its argument in parentheses", "write `√(sin(x)^2)`");
    refuse("sin^-1(x)", "ambiguous_inverse", "sin^-1", "`sin^-1` could be an inverse or a reciprocal", "write `asin(x)` for the inverse or `1/sin(x)` for the reciprocal");
    refuse("sin⁻¹(x)", "ambiguous_inverse", "sin⁻¹", "`sin⁻¹` could be an inverse or a reciprocal", "write `asin(x)` for the inverse or `1/sin(x)` for the reciprocal");
    refuse("sin^-2(x)", "ambiguous_inverse", "sin^-2", "`sin^-2` could be an inverse or a reciprocal", "write `1/sin(x)^2` for the reciprocal");
    refuse("exp^-1(x)", "ambiguous_inverse", "exp^-1", "`exp^-1` could be an inverse or a reciprocal", "write `1/exp(x)` for the reciprocal");
    refuse("a < b < c", "chained_comparison", "<", "comparisons cannot be chained", "write `a < b and b < c`");
    refuse("a == b + 1 != c + 2", "chained_comparison", "!=", "comparisons cannot be chained", "write `a == b + 1 and b + 1 != c + 2`");
    refuse("x + y = 3", "single_equals", "=", "`=` cannot stand inside an expression", "write `==` to compare, or `name = value; ...` to define a name");
    refuse("if(x = 3, 1, 2)", "single_equals", "=", "`=` cannot stand inside an expression", "write `==` to compare, or `name = value; ...` to define a name");
    refuse("f(2) = 3; x", "single_equals", "=", "`=` cannot stand inside an expression", "write `==` to compare, or `name = value; ...` to define a name");
    refuse("a && b", "foreign_operator", "&&", "`&&` is not an operator of this language", "write `and`");
    refuse("a || b", "foreign_operator", "||", "`||` is not an operator of this language", "write `or`");
    refuse("!a", "foreign_operator", "!", "`!` is not an operator of this language", "write `not`");
    refuse("c ? a : b", "foreign_operator", "?", "`?` is not an operator of this language", "write `if(c, a, b)` for a choice");
    refuse("a <> b", "foreign_operator", "<>", "`<>` is not an operator of this language", "write `!=`");
    refuse("a => b", "foreign_operator", "=>", "`=>` is not an operator of this language", "write `>=`");
    refuse("a =< b", "foreign_operator", "=<", "`=<` is not an operator of this language", "write `<=`");
    refuse("x not y", "unexpected", "not", "unexpected `not` after a value", "write `and not` or `or not`");
    refuse("2 * not x", "ambiguous", "not", "`not` cannot follow an operator that binds more tightly", "put it in parentheses: `(not x)`");
    refuse("-not x", "ambiguous", "not", "`not` cannot follow an operator that binds more tightly", "put it in parentheses: `(not x)`");
    refuse("√-1", "expected_value", "-", "expected a value after `√`, found `-`", "write parentheses: `√(-x)`");
    refuse("5!!", "ambiguous", "5!!", "`!!` could be the double factorial or the factorial of a factorial", "for the factorial of a factorial write `(n!)!`");
    refuse("2 + ", "unexpected_end", "", "unexpected end after `+`", "a value must follow");
    refuse("2^", "unexpected_end", "", "unexpected end after `^`", "a value must follow");
    refuse("√", "unexpected_end", "", "unexpected end after `√`", "a value must follow");
    refuse("8 mod", "unexpected_end", "", "unexpected end after `mod`", "a value must follow");
    refuse("x and", "unexpected_end", "", "unexpected end after `and`", "a value must follow");
    refuse("2 * * 3", "expected_value", "*", "expected a value, found `*`", "");
    refuse("2 + / 3", "expected_value", "/", "expected a value, found `/`", "");
    refuse("z+/Q", "expected_value", "/", "expected a value, found `/`", "");
    refuse("sin()", "expected_value", ")", "`sin()` needs an argument", "");
    refuse("sin(,x)", "expected_value", ",", "expected a value, found `,`", "");
    refuse("sin(x,)", "expected_value", ")", "expected a value, found `)`", "");
    refuse("()", "expected_value", ")", "expected a value, found `)`", "");
    refuse("and", "expected_value", "and", "expected a value, found `and`", "");
    refuse("²", "expected_value", "²", "expected a value, found `²`", "");
    refuse("f(t) = t;", "missing_result", "", "there is no result after `;`", "end with the expression that is wanted; after it stands no `;`");
    refuse("a = 1", "missing_result", "", "there is a definition but no result", "add `;` and the expression that is wanted, or leave out what stands before `=`");
    refuse("x;", "missing_result", ";", "there is no result after `;`", "end with the expression that is wanted; after it stands no `;`");
    refuse("x; y", "unexpected", ";", "only definitions may stand before the result", "write `name = ...;` for a definition, or `[f, g]` for several results");
    refuse("(1; 2)", "unexpected", ";", "unexpected `;` after `1`", "");
    refuse(";", "expected_value", ";", "expected a value, found `;`", "");
    refuse("[[1, 2], [3, 4]]", "unexpected", "[", "a list can only be the whole result", "write parentheses `( )` to group");
    refuse("a = [1, 2]; a", "unexpected", "[", "a list can only be the whole result", "write parentheses `( )` to group");
    refuse("x[1]", "unexpected", "[", "a list can only be the whole result", "write parentheses `( )` to group");
    refuse("[]", "expected_value", "]", "expected a value, found `]`", "");
    refuse("{x}", "unexpected_character", "{", "unexpected character `{`", "write parentheses `( )` to group");
    refuse("∫x", "unexpected_character", "∫", "unexpected character `∫`", "");
    refuse("a\0b", "unexpected_character", "\0", "unexpected character U+0000", "");
    refuse("x\u{200b}y", "unexpected_character", "\u{200b}", "unexpected character U+200B", "");
    refuse("x @ y", "unexpected_character", "@", "unexpected character `@`", "formulas are of numbers: write matrices by their entries");
    refuse("x'", "unexpected_character", "'", "unexpected character `'`", "write the formula alone: `gradus diff` gives its derivatives");
    refuse("\\frac{1}{2}", "unexpected_character", "\\", "unexpected character `\\`", "formulas are written as plain text: `sqrt(x)/2`");
    refuse("_x", "unexpected_character", "_x", "unexpected character `_`", "a name starts with a letter");
    refuse("pi = 3; pi", "reserved_name", "pi", "`pi` has a fixed meaning", "take another name, such as `pi_1`");
    refuse("f(e) = e; f(1)", "reserved_name", "e", "`e` has a fixed meaning", "take another name, such as `e_1`");
    refuse("i = 1; i", "reserved_name", "i", "`i` has a fixed meaning", "take another name, such as `i_1`");
    refuse("mod = 3; mod", "reserved_name", "mod", "`mod` has a fixed meaning", "take another name, such as `mod_1`");
    refuse("f(t, t) = t; f(1, 1)", "duplicate_name", "t", "two parameters are called `t`", "");
    refuse("a = 1; a = 2; a", "duplicate_name", "a", "`a` is defined twice", "give the second one another name");
    refuse("x.T", "unexpected", ".", "unexpected `.` after `x`", "formulas are of numbers: write matrices by their entries");
}

#[test]
fn unknown_functions_are_suggested() {
    let span = Span::new(0, 3);
    let error = SyntaxError::unknown_function("sni", span, Names.all());
    assert_eq!(error.to_string(), "there is no function `sni`");
    assert_eq!(error.hint.as_deref(), Some("did you mean `sin`?"));
    let error = SyntaxError::unknown_function("banana", span, Names.all());
    assert_eq!(
        error.hint.as_deref(),
        Some("for a product write `banana*(...)`")
    );
}

#[test]
fn kinds_have_different_names() {
    let names: std::collections::HashSet<&str> = SyntaxErrorKind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    assert_eq!(names.len(), SyntaxErrorKind::ALL.len());
}

#[track_caller]
fn drawn(input: &str, expected: &str) {
    let error = read(input).expect_err(input);
    assert_eq!(
        render(&error, input, "input", false).trim_end(),
        expected.trim_matches('\n'),
        "drawing {input:?}"
    );
}

#[test]
fn errors_are_drawn() {
    drawn(
        "(x+1",
        "
Error: unclosed parenthesis opened here
   ╭─[ input:1:1 ]
   │
 1 │ (x+1
   │ ┬   ┬  
   │ ╰────── opened here
   │     │  
   │     ╰── expected `)` before the end
───╯",
    );
    drawn(
        "größe\t+\u{1b} 1",
        "
Error: unexpected character U+001B
   ╭─[ input:1:8 ]
   │
 1 │ größe +␛ 1
   │        ┬  
   │        ╰── this character
───╯",
    );
    let input = format!("{}x +\n2 sin y\n+ 1", "\n".repeat(122));
    drawn(
        &input,
        "
Error: the function `sin` needs its argument in parentheses
     ╭─[ input:124:3 ]
     │
 124 │ 2 sin y
     │   ──┬──  
     │     ╰──── here
     │ 
     │ Help: write `sin(y)`
─────╯",
    );
}

#[test]
fn a_line_of_a_megabyte_is_drawn_in_a_window() {
    let half = "größe + ".repeat(60_000);
    for input in [
        format!("{half}∫ + {half}1"),
        format!("{half}(1 + {half}1"),
        format!("({half}1)] + {half}1"),
        half.clone(),
        format!("(1 + {half}1)^x 2"),
        format!("{half} {}", "1.".repeat(1000)),
    ] {
        let error = read(&input).unwrap_err();
        for color in [false, true] {
            let drawn = render(&error, &input, "input", color);
            let most = if color { 2500 } else { 1500 };
            assert!(drawn.len() < most, "{} bytes:\n{drawn}", drawn.len());
            let (start, text) = (
                error.span.start as usize,
                &input[..error.span.start as usize],
            );
            assert!(input.is_char_boundary(start));
            assert!(
                drawn.contains(&format!("input:1:{}", text.chars().count() + 1)),
                "{drawn}"
            );
        }
    }
}

// ---- How much may be written -----------------------------------------------------------------------------------------

#[test]
fn deep_nesting_is_read() {
    for depth in [63, 64, 65, 1000, MAX_NESTING] {
        check(&format!("{}x{}", "(".repeat(depth), ")".repeat(depth)), "x");
        let deep =
            |open: &str, close: &str| format!("{}x{}", open.repeat(depth), close.repeat(depth));
        for (input, nodes) in [
            (deep("sin(", ")"), depth + 1),
            (deep("|", "|"), depth + 1),
            (deep("-2(1+", ")"), 5 * depth + 1),
            (deep("sin²(", ")"), 3 * depth + 1),
            (
                deep("max(1, √(", "))")
                    .replacen("max(1, √(", "", depth / 2)
                    .replacen("))", "", depth / 2),
                0,
            ),
        ] {
            let tree = read(&input).unwrap_or_else(|error| panic!("{depth}: {error:?}"));
            assert!(
                nodes == 0 || tree.nodes.len() == nodes,
                "{depth}: {} nodes",
                tree.nodes.len()
            );
        }
    }
}

#[test]
fn deeper_nesting_is_refused() {
    for (open, close) in [("(", ")"), ("sin(", ")"), ("|", "|"), ("(-", ")")] {
        for depth in [MAX_NESTING + 1, 100_000] {
            let error =
                read(&format!("{}x{}", open.repeat(depth), close.repeat(depth))).unwrap_err();
            assert_eq!(error.kind, SyntaxErrorKind::TooDeep, "{depth} times {open}");
            assert_eq!(
                error.span.start as usize,
                MAX_NESTING * open.len() + open.find(['(', '|']).unwrap()
            );
        }
    }
}

#[test]
fn an_error_in_the_depth_is_told() {
    let input = format!("{}2 + * x{}", "(".repeat(5000), ")".repeat(5000));
    let error = read(&input).unwrap_err();
    assert_eq!(
        (error.message.as_str(), error.span.start),
        ("expected a value, found `*`", 5004)
    );
}

#[test]
fn long_flat_texts_are_read() {
    let minuses = read(&format!("{}x", "-".repeat(100_000))).unwrap();
    assert_eq!(minuses.nodes.len(), 100_001);
    let sum = read(&format!("x{}", " + x*2".repeat(170_000))).unwrap();
    assert_eq!(sum.nodes.len(), 1 + 4 * 170_000);
    for repeated in ["^x", "!=y", " y", "√", "not ", "x²+"] {
        let text = repeated.repeat(30_000);
        let _ = read(&format!("x{text}"));
        let _ = read(&format!("{text}x"));
    }
    let calls = read(&format!("max({}1)", "1,".repeat(100_000))).unwrap();
    assert_eq!(calls.nodes.len(), 100_002);
}

#[test]
fn too_long_a_text_is_refused() {
    let error = read(&"x".repeat(MAX_INPUT_BYTES + 1)).unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (SyntaxErrorKind::TooLong, "the input is longer than 16 MiB")
    );
}

/// Alternatives that are tried in vain must not multiply: each of these took exponential time in some draft.
#[test]
fn nothing_takes_exponential_time() {
    for text in [
        "|x| + ", "f(x, ", "(", "sin^2(", "x^2(", "a = (", "f(a) = [", "|", "2(", "√(",
    ] {
        let _ = read(&text.repeat(300));
        let _ = read(&format!("{}1{}", text.repeat(300), ")".repeat(300)));
        let _ = read(&format!("{}∫{}", text.repeat(300), ")".repeat(300)));
    }
}

// ---- Anything may be typed -------------------------------------------------------------------------------------------

const PIECES: &[&str] = &[
    "x", "y_1", "x₁", "sin", "f", "mod", "and", "or", "not", "if", "π", "e", "2", "0.5", "1e3",
    ".", "0x", "(", ")", "[", "]", "|", ",", ";", "=", "==", "!=", "<", ">=", "+", "-", "−", "*",
    "**", "/", "^", "!", "²", "⁻¹", "ⁿ", "√", " ", "\n", "\t", "∫", "\0", "_", "?", "&&", "'",
    "\u{200b}", "日", "{", "%", ".*",
];

fn survives(input: &str) {
    match read(input) {
        Ok(tree) => {
            shape(&tree);
            assert!(tree.is_list || tree.results.len() == 1, "{input:?}");
            for node in &tree.nodes {
                assert!(!node.span.text(input).is_empty(), "{input:?}: {node:?}");
            }
        }
        Err(error) => {
            assert!(
                input.is_char_boundary(error.span.start as usize),
                "{input:?}: {error:?}"
            );
            assert!(
                input.is_char_boundary(error.span.end as usize),
                "{input:?}: {error:?}"
            );
            assert!(error.span.start <= error.span.end, "{input:?}: {error:?}");
            assert!(
                render(&error, input, "input", false).len() < 4000,
                "{input:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_characters_are_read_or_refused(input in "\\PC{0,40}|[\\x00-\\x7f]{0,40}") {
        survives(&input);
    }

    #[test]
    fn any_pieces_are_read_or_refused(pieces in vec(select(PIECES), 0..24)) {
        survives(&pieces.concat());
        survives(&pieces.join(" "));
    }

    /// Bars as people write them are never refused: the scan of brackets and the grammar agree.
    #[test]
    fn formulas_are_read(formula in formulas()) {
        let read = read(&formula);
        prop_assert!(read.is_ok(), "{formula}\n{read:?}");
    }
}

fn formulas() -> impl Strategy<Value = String> {
    let leaf = select(&["x", "2", "a_1", "π", "0.5", "x²", "5!", "-y", "√z", "t⁻¹"][..])
        .prop_map(str::to_string);
    leaf.prop_recursive(6, 40, 3, |inner| {
        let operator = select(&["+", " - ", "*", "/", "^", " mod ", "·"][..]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("{a}{op}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("|{a}|")),
            inner.clone().prop_map(|a| format!("2({a})")),
            inner.clone().prop_map(|a| format!("sin²({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, |{b}|)")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("if(({a}) < {b} and not {b} >= 2, {a}, {b})")),
        ]
    })
}
