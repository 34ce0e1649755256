//! Random expressions for property tests.

use gradus::expr::Id;
use gradus::{Expr, Function, Graph, Rational};
use proptest::prelude::*;
use proptest::sample::Index;

/// How to build an expression: leaves, then operations on what stands before them. Shrinks by leaving steps out.
#[derive(Clone)]
pub struct Recipe(Vec<Step>);

/// Shows the expression, not the way to it.
impl std::fmt::Debug for Recipe {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", self.build(&Graph::new()))
    }
}

#[derive(Clone, Debug)]
enum Step {
    Variable(&'static str),
    Number(i64, i64),
    Decimal(f64),
    Constant(u8),
    Arithmetic(u8, Index, Index),
    Power(Index, i64, i64),
    Call(Function, Index),
    Call2(Function, Index, Index),
    Choice(Index, Index, Index),
}

/// Functions that are analytic, save for single points and branch cuts.
#[allow(dead_code)]
pub const SMOOTH: &[Function] = &[
    Function::Exp,
    Function::Log,
    Function::Sin,
    Function::Cos,
    Function::Tan,
    Function::Atan,
    Function::Sinh,
    Function::Tanh,
    Function::Sigmoid,
    Function::Erf,
    Function::Hypot,
];

/// Any expression over x, y, z that the constructors can build from these functions in at most `size` operations.
///
/// With [`Function::ALL`] every kind of node occurs: choices, comparisons, complex and decimal numbers.
pub fn arbitrary_expression(
    functions: &'static [Function],
    size: usize,
) -> impl Strategy<Value = Recipe> {
    let everything = functions.len() == Function::ALL.len();
    let leaf = prop_oneof![
        6 => prop::sample::select(&["x", "y", "z"][..]).prop_map(Step::Variable),
        3 => (-4i64..=4, prop::sample::select(vec![1i64, 1, 1, 2, 3, 4])).prop_map(|(p, q)| Step::Number(p, q)),
        1 => prop::sample::select(vec![0.1, 0.25, -1.5, 2.0, 1e30, 1.38e-23]).prop_map(Step::Decimal),
        1 => (0u8..if everything { 4 } else { 2 }).prop_map(Step::Constant),
    ];
    let operand = any::<Index>;
    let operation = prop_oneof![
        8 => (0u8..7, operand(), operand()).prop_map(|(op, a, b)| Step::Arithmetic(op, a, b)),
        3 => (operand(), -3i64..=3, 1i64..=3).prop_map(|(a, p, q)| Step::Power(a, p, q)),
        3 => (prop::sample::select(functions), operand(), operand()).prop_map(|(f, a, b)| match f.arity() {
            1 => Step::Call(f, a),
            _ => Step::Call2(f, a, b),
        }),
        usize::from(everything) as u32 => (operand(), operand(), operand()).prop_map(|(c, a, b)| Step::Choice(c, a, b)),
    ];
    let leaves = prop::collection::vec(leaf, 1..6);
    let operations = prop::collection::vec(operation, 0..=size);
    (leaves, operations).prop_map(|(leaves, operations)| Recipe([leaves, operations].concat()))
}

impl Recipe {
    /// The expression in a graph.
    pub fn build<'g>(&self, graph: &'g Graph) -> Expr<'g> {
        let mut arena = graph.arena_mut();
        let mut built: Vec<Id> = Vec::new();
        // Recent results twice as often as old ones, so that expressions grow.
        let pick = |built: &[Id], index: &Index| {
            let at = index.index(2 * built.len());
            built[if at < built.len() {
                at
            } else {
                built.len() - 1 - (at - built.len()) / 3
            }]
        };
        for step in &self.0 {
            let id = match step {
                Step::Variable(name) => arena.symbol(name),
                Step::Number(p, q) => arena.number(Rational::ratio(*p, *q).expect("not 0")),
                Step::Decimal(value) => arena.decimal(Rational::from_f64(*value).expect("finite")),
                Step::Constant(0) => arena.pi(),
                Step::Constant(1) => {
                    let one = arena.number(1);
                    arena.call(Function::Exp, one)
                }
                Step::Constant(2) => arena.imaginary_unit(),
                Step::Constant(_) => arena.number(i64::MAX),
                Step::Arithmetic(op, a, b) => {
                    let (a, b) = (pick(&built, a), pick(&built, b));
                    match op {
                        0 => arena.add(a, b),
                        1 => arena.sub(a, b),
                        2 => arena.mul(a, b),
                        3 => arena.div(a, b),
                        4 => arena.pow(a, b),
                        5 => arena.neg(a),
                        _ => arena.recip(a),
                    }
                }
                Step::Power(a, p, q) => {
                    let exponent = arena.number(Rational::ratio(*p, *q).expect("not 0"));
                    arena.pow(pick(&built, a), exponent)
                }
                Step::Call(f, a) => arena.call(*f, pick(&built, a)),
                Step::Call2(f, a, b) => arena.call2(*f, pick(&built, a), pick(&built, b)),
                Step::Choice(c, a, b) => {
                    let (c, a, b) = (pick(&built, c), pick(&built, a), pick(&built, b));
                    arena.choice(c, a, b)
                }
            };
            built.push(id);
        }
        drop(arena);
        graph.expr(*built.last().expect("there is a first step"))
    }
}
