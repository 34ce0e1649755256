//! What is printed: golden pairs of text and LaTeX, and text that reads back as the same node.

mod common;

use std::time::{Duration, Instant};

use gradus::expr::Id;
use gradus::syntax::print::{self, MAX_LET_DEPTH, TooLong};
use gradus::syntax::{BinaryOp, FunctionNames, Kind, Tree, UnaryOp, parse};
use gradus::{Expr, Function as F, Graph, Rational};
use proptest::prelude::*;

// ---- Reading back ---------------------------------------------------------------------------------------------------

struct Names;

impl FunctionNames for Names {
    fn is_function(&self, name: &str) -> bool {
        ["sqrt", "if"].contains(&name) || F::ALL.iter().any(|f| f.name() == name)
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The nodes that a printed text means, through the folding constructors.
fn read(graph: &Graph, text: &str) -> Vec<Id> {
    let tree = parse(text, &Names).unwrap_or_else(|e| panic!("{e:?} in {text}"));
    let mut ids: Vec<Id> = Vec::new();
    for at in 0..tree.nodes.len() {
        let id = read_node(graph, &tree, at, &ids);
        ids.push(id);
    }
    tree.results.iter().map(|r| ids[r.0 as usize]).collect()
}

fn read_node(graph: &Graph, tree: &Tree, at: usize, ids: &[Id]) -> Id {
    let mut arena = graph.arena_mut();
    let node = tree.nodes[at];
    let built = |id: gradus::syntax::NodeId| ids[id.0 as usize];
    match node.kind {
        Kind::Number => {
            let digits = tree.number(node.span);
            let value = Rational::from_decimal(&digits).expect("a number");
            match digits.contains(['.', 'e']) {
                true => arena.decimal(value),
                false => arena.number(value),
            }
        }
        Kind::Name(name) => {
            let mut definitions = tree.definitions.iter();
            match definitions.find(|d| d.name == name && (d.body.0 as usize) < at) {
                Some(definition) => built(definition.body),
                None => match tree.name(name) {
                    "pi" => arena.pi(),
                    "i" => arena.imaginary_unit(),
                    "e" => {
                        let one = arena.number(1);
                        arena.call(F::Exp, one)
                    }
                    name => arena.symbol(name),
                },
            }
        }
        Kind::Unary(UnaryOp::Neg, a) => arena.neg(built(a)),
        Kind::Unary(UnaryOp::Not, a) => arena.call(F::Not, built(a)),
        Kind::Unary(op, _) => panic!("{op:?} is never printed"),
        Kind::Binary(op, a, b) => {
            let euler = matches!(tree.node(a).kind, Kind::Name(n) if tree.name(n) == "e");
            let (a, b) = (built(a), built(b));
            match op {
                BinaryOp::Add => arena.add(a, b),
                BinaryOp::Sub => arena.sub(a, b),
                BinaryOp::Mul => arena.mul(a, b),
                BinaryOp::Div => arena.div(a, b),
                BinaryOp::Pow if euler => arena.call(F::Exp, b),
                BinaryOp::Pow => arena.pow(a, b),
                BinaryOp::Less => arena.call2(F::Less, a, b),
                BinaryOp::LessEqual => arena.call2(F::LessEqual, a, b),
                BinaryOp::Greater => arena.call2(F::Greater, a, b),
                BinaryOp::GreaterEqual => arena.call2(F::GreaterEqual, a, b),
                BinaryOp::Equal => arena.call2(F::Equal, a, b),
                BinaryOp::NotEqual => arena.call2(F::NotEqual, a, b),
                BinaryOp::And => arena.call2(F::And, a, b),
                BinaryOp::Or => arena.call2(F::Or, a, b),
                BinaryOp::ImplicitMul | BinaryOp::Mod => panic!("{op:?} is never printed"),
            }
        }
        Kind::Call { name, .. } => {
            let arguments: Vec<Id> = tree
                .arguments(node.kind)
                .iter()
                .map(|&a| built(a))
                .collect();
            match (tree.name(name), &arguments[..]) {
                ("sqrt", &[a]) => arena.sqrt(a),
                ("if", &[c, a, b]) => arena.choice(c, a, b),
                (name, arguments) => {
                    let f = F::ALL
                        .iter()
                        .find(|f| f.name() == name)
                        .expect("a function");
                    match *arguments {
                        [a] => arena.call(*f, a),
                        [a, b] => arena.call2(*f, a, b),
                        _ => panic!("{name} with {} arguments", arguments.len()),
                    }
                }
            }
        }
    }
}

fn assert_reads_back(graph: &Graph, expr: Expr<'_>, text: &str) {
    let again = read(graph, text);
    let shown = |id| print::text(&graph.arena(), id);
    assert_eq!(again, [expr.id()], "{text} reads as {:?}", shown(again[0]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn text_reads_back_as_the_same_node(recipe in common::arbitrary_expression(F::ALL, 24)) {
        let graph = Graph::new();
        let expr = recipe.build(&graph);
        let text = expr.to_string();
        prop_assume!(text.len() < 100_000);
        assert_reads_back(&graph, expr, &text);
        let lets = expr.to_let_text().unwrap();
        assert_reads_back(&graph, expr, &lets);
        let latex = expr.to_latex().unwrap();
        prop_assert_eq!(latex.matches('{').count(), latex.matches('}').count());
        prop_assert_eq!(latex.matches(r"\left").count(), latex.matches(r"\right").count());
    }
}
