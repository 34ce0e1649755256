//! The reading of formulas: what a text means, what is wrong with it, and how much of it may be written.

use gradus::syntax::{BinaryOp, FunctionNames, Kind, NodeId, SyntaxError, Tree, UnaryOp, parse, render};

struct Names;

const FUNCTIONS: &[&str] = &[
    "sin", "cos", "tan", "asin", "acos", "atan", "arcsin", "sinh", "exp", "log", "ln", "sqrt", "cbrt", "abs", "max",
    "min", "mod", "gamma", "erf", "hypot", "floor",
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
        steps.extend([Step::Text("; "), Step::Node(definition.body), Step::Text(" = ")]);
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
            kind @ Kind::Call { name, .. } => (tree.name(name).to_string(), tree.arguments(kind).to_vec()),
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
        Err(error) => panic!("reading {input:?}\n{}", render(&error, input, "input", false)),
    }
}

/// The kind, the place (the text marked), the message and the hint of an error.
#[track_caller]
fn refuse(input: &str, kind: &str, marked: &str, message: &str, hint: &str) {
    match read(input) {
        Ok(tree) => panic!("{input:?} is read as {}", shape(&tree)),
        Err(error) => {
            let hint_found = error.hint.clone().unwrap_or_default();
            let found = (error.kind.as_str(), error.span.text(input), error.message.as_str(), hint_found.as_str());
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
    check("a < b and b <= c or not d == e", "(or (and (< a b) (<= b c)) (not (== d e)))");
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
    check("2gamma", "(. 2 gamma)");
    check("1/(gamma - 1)", "(/ 1 (- gamma 1))");
}

#[test]
fn easily_misread_forms_carry_a_note() {
    for (input, shape_, notes) in [
        ("1/2x", "(. (/ 1 2) x)", &["`1/2x` is read as `(1/2)*x`"][..]),
        ("6/2(1+2)", "(. (/ 6 2) (+ 1 2))", &["`6/2(1+2)` is read as `(6/2)*(1+2)`"]),
        ("a/b c", "(. (/ a b) c)", &["`a/b c` is read as `(a/b)*c`"]),
        ("2.5 / 5 kg", "(. (/ 2.5 5) kg)", &["`2.5 / 5 kg` is read as `(2.5 / 5)*kg`"]),
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
        let found: Vec<&str> = tree.notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(found, notes, "{input}");
    }
}

#[test]
fn powers_of_functions() {
    check("sin^2(x)", "(^ (sin x) 2)");
    check("sin**2(x)", "(^ (sin x) 2)");
    check("sin²(x)", "(^ (sin x) 2)");
    check("sin²(x) + cos²(x)", "(+ (^ (sin x) 2) (^ (cos x) 2))");
    check("-2sin^2(x)^3", "(. (neg 2) (^ (^ (sin x) 2) 3))");
    check("√sin²(x)", "(√ (^ (sin x) 2))");
    check("max^2(a, b)", "(^ (max a b) 2)");
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
    check("-x²", "(neg (^ x 2))");
    check("2^x²", "(^ 2 (^ x 2))");
    check("√2", "(√ 2)");
    check("√(x+1)", "(√ (+ x 1))");
    check("∛√x", "(∛ (√ x))");
    check("π r²", "(. π (^ r 2))");
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
    for number in ["0", "007", ".5", "2.", "1E-3", "1e+30", "9007199254740993", "0.1", "1.50"] {
        check(number, number);
    }
}

#[test]
fn definitions_and_lists() {
    check("r = sqrt(x^2+y^2); exp(-r)", "r = (sqrt (+ (^ x 2) (^ y 2))); (exp (neg r))");
    check("f(t, s) = t^2 + s; f(sin(x), 2)", "f(t s) = (+ (^ t 2) s); (f (sin x) 2)");
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
    let texts: Vec<&str> = tree.nodes.iter().map(|node| node.span.text(input)).collect();
    let expected =
        ["a", "b", "c", "b*c", "2", "(b*c)^2", "a + (b*c)^2", "x", "sin( x )", "a + (b*c)^2 - sin( x )"];
    assert_eq!(texts, expected);
}

#[test]
fn every_node_but_the_last_of_a_body_has_one_parent() {
    for input in ["sin^2(x)(y)", "x^2(y)", "f(t)=t²; [f(1), -2x⁻²ⁿ + |y|!]", "√x² + ∛(1/2x)", "max^2(a,b) y"] {
        let tree = read(input).unwrap();
        let mut parents = vec![0; tree.nodes.len()];
        let bodies = tree.definitions.iter().map(|d| d.body).chain(tree.results.iter().copied());
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
        assert!(parents.iter().all(|&count| count == 1), "{input}: {parents:?}");
    }
}
