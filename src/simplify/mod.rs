//! Simplification: what a textbook would print, and never another value.
//!
//! [`simplify`] brings an expression into a normal form bottom-up: sums of collected terms ([`terms`](self)), products of
//! collected powers, identities of `grammar/identities.rules` where their conditions hold, and, where that is shorter,
//! products multiplied out or common factors taken out. Each rewrite holds for every complex value on principal branches
//! wherever its left side is defined; assumptions that the user declared open more of them. The work is bounded by a
//! budget; what is left when it is spent stays as it was, and the answer says so.

mod cancel;
mod common;
mod coprime;
mod expand;
mod factors;
mod identities;
mod image;
mod kernel;
mod matching;
mod multivariate;
mod order;
pub mod polynomial;
mod properties;
mod roots;
mod shared;
mod sign;
mod terms;

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};

use crate::expr::{Arena, Expr, Function, Id, Node};
use crate::functions;

/// Steps (terms and factors looked at) that one call may take, whatever the size of its input.
pub const STEP_BUDGET: usize = 4_000_000;

/// Rewrites may call for further simplification this deep; then their result stays as it is.
const MAX_DEPTH: usize = 6;

/// A simplified expression, and whether the budget sufficed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simplified {
    /// The result; the same value as the input wherever that is defined.
    pub id: Id,
    /// False where the budget was spent before everything was looked at.
    pub complete: bool,
}

/// Simplifies the expression under `root`. Results are remembered in the arena: parts seen before cost nothing.
pub fn simplify(arena: &mut Arena, root: Id) -> Simplified {
    simplify_within(arena, root, STEP_BUDGET)
}

/// As [`simplify`], with a budget of its own.
pub fn simplify_within(arena: &mut Arena, root: Id, steps: usize) -> Simplified {
    let mut simplifier = Simplifier::new(arena, Mode::Shortest, steps);
    simplifier.remembered_answer(root)
}

/// As [`simplify`], for several expressions, such as the partial derivatives of one: what is found out about the parts of one
/// helps with the next. Each has a budget of its own.
///
/// ```
/// use gradus::{calculus, expr::Arena, simplify, syntax};
///
/// let mut arena = Arena::new();
/// let root = syntax::parse_into(&mut arena, "x^2*y^2 + 3*x").unwrap();
/// let variables = ["x", "y"].map(|name| arena.symbol_id(name));
/// let slopes = calculus::gradient(&mut arena, root, &variables).unwrap();
/// let simple = simplify::simplify_all(&mut arena, &slopes);
/// let texts = simple.iter().map(|s| syntax::print::text(&arena, s.id).unwrap());
/// assert!(texts.eq(["2*x*y^2 + 3", "2*x^2*y"]));
/// ```
pub fn simplify_all(arena: &mut Arena, roots: &[Id]) -> Vec<Simplified> {
    let mut simplifier = Simplifier::new(arena, Mode::Shortest, STEP_BUDGET);
    let mut answer = |&root| {
        (simplifier.steps, simplifier.complete) = (STEP_BUDGET, true);
        simplifier.remembered_answer(root)
    };
    roots.iter().map(&mut answer).collect()
}

/// Multiplies out products and whole powers of sums, collecting what meets: `(x + 1)^2` becomes `x^2 + 2*x + 1`.
pub fn expand(arena: &mut Arena, root: Id) -> Simplified {
    Simplifier::new(arena, Mode::Expand, STEP_BUDGET).answer(root)
}

impl<'g> Expr<'g> {
    /// The expression as a textbook would print it; the same value wherever it was defined.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// assert_eq!(((x + 1) * (x - 1) + 1).simplify().to_string(), "x^2");
    /// ```
    pub fn simplify(self) -> Expr<'g> {
        let id = simplify(&mut self.graph().arena_mut(), self.id()).id;
        self.graph().expr(id)
    }

    /// The expression with its products multiplied out.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// assert_eq!((x + 1).powi(3).expand().to_string(), "x^3 + 3*x^2 + 3*x + 1");
    /// ```
    pub fn expand(self) -> Expr<'g> {
        let id = expand(&mut self.graph().arena_mut(), self.id()).id;
        self.graph().expr(id)
    }
}

/// What the simplifier is to bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The shortest form.
    Shortest,
    /// Products multiplied out.
    Expand,
}

/// The parts of a node, with a numeric factor each.
type Operands = SmallVec<[(Id, Id); 16]>;

struct Simplifier<'a> {
    arena: &'a mut Arena,
    /// exp(1)
    e: Id,
    steps: usize,
    depth: usize,
    mode: Mode,
    complete: bool,
    /// While factors are matched, `-u` in a pattern matches what shows no minus, too.
    free_minus: bool,
    /// Answers of [`Mode::Expand`]; those of the other mode stay in the arena.
    expanded: FxHashMap<Id, Id>,
    /// Numerators with denominators from which nothing can be divided: they come up again and again.
    uncommon: FxHashSet<(Id, Id)>,
    coprime: coprime::Seen,
    /// Of the terms of sums that products might be multiplied out by.
    sketches: Vec<expand::Sketch>,
    /// By sum: where its sketches are.
    sketched: FxHashMap<Id, Range<usize>>,
    /// Where products of sketches are made.
    room: expand::Room,
    /// Sums with the opposite sign, as [`Simplifier::scale_sum`] made them.
    opposites: FxHashMap<Id, Id>,
}

impl<'a> Simplifier<'a> {
    fn new(arena: &'a mut Arena, mode: Mode, steps: usize) -> Simplifier<'a> {
        let e = arena.call(Function::Exp, Arena::ONE);
        Simplifier {
            arena,
            e,
            steps,
            depth: 0,
            mode,
            complete: true,
            free_minus: false,
            expanded: FxHashMap::default(),
            uncommon: FxHashSet::default(),
            coprime: coprime::Seen::default(),
            sketches: Vec::new(),
            sketched: FxHashMap::default(),
            room: expand::Room::default(),
            opposites: FxHashMap::default(),
        }
    }

    /// The answer of [`Mode::Shortest`], found before or to be remembered.
    fn remembered_answer(&mut self, root: Id) -> Simplified {
        if let Some(id) = self.arena.simplified(root) {
            return Simplified { id, complete: true };
        }
        let simplified = self.answer(root);
        if !simplified.complete {
            // What was left as it stood must not be taken for an answer by a later call.
            self.arena.forget_simplified();
        }
        simplified
    }

    fn answer(&mut self, root: Id) -> Simplified {
        let id = self.run(root);
        Simplified {
            id,
            complete: self.complete,
        }
    }

    fn known(&self, id: Id) -> Option<Id> {
        let found = match self.mode {
            Mode::Shortest => self.arena.simplified(id),
            Mode::Expand => self.expanded.get(&id).copied(),
        };
        // A number or a name is its own answer.
        found.or_else(|| self.arena.node(id).is_leaf().then_some(id))
    }

    fn remember(&mut self, id: Id, result: Id) {
        match self.mode {
            Mode::Shortest => self.arena.remember_simplified(id, result),
            Mode::Expand => {
                self.expanded.insert(id, result);
                self.expanded.insert(result, result);
            }
        }
    }

    fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_sub(steps + 1);
        if self.steps == 0 {
            self.complete = false;
        }
    }

    fn within_budget(&self) -> bool {
        self.steps > 0
    }

    fn budget_left(&self) -> usize {
        self.steps
    }

    /// Bottom-up over everything that has no answer yet; nested sums and products are taken as one.
    fn run(&mut self, root: Id) -> Id {
        // Each node that waits for its operands has them in `operands` from its mark on, those of the last one on top.
        let mut stack: SmallVec<[(Id, Option<usize>); 32]> = smallvec![(root, None)];
        let mut operands = Operands::new();
        while let Some(top) = stack.last_mut() {
            let (id, mark) = *top;
            if let Some(from) = mark {
                stack.pop();
                let result = self.combine(id, &operands[from..]);
                operands.truncate(from);
                self.remember(id, result);
            } else if self.known(id).is_some() {
                stack.pop();
            } else {
                let from = operands.len();
                top.1 = Some(from);
                self.operands(id, &mut operands);
                let unknown = (operands[from..].iter()).filter(|o| self.known(o.1).is_none());
                stack.extend(unknown.map(|o| (o.1, None)));
            }
        }
        self.known(root)
            .expect("the loop ends when the root has an answer")
    }

    /// The parts of a node that are simplified on their own, with a numeric factor in sums. Nested sums are one sum.
    fn operands(&mut self, id: Id, parts: &mut Operands) {
        let node = self.arena.node(id);
        let flatten = self.within_budget();
        match node {
            Node::Add(..) if flatten => {
                let mut stack: SmallVec<[(Id, Id); 16]> = smallvec![(Arena::ONE, id)];
                while let Some((scale, id)) = stack.pop() {
                    match self.arena.node(id) {
                        Node::Add(a, b) if self.known(id).is_none() => {
                            stack.push((scale, b));
                            stack.push((scale, a));
                        }
                        Node::Mul(c, rest)
                            if self.arena.as_number(c).is_some() && self.known(rest).is_none() =>
                        {
                            let scale = self.arena.mul(scale, c);
                            match self.arena.node(rest) {
                                Node::Add(a, b) => {
                                    stack.push((scale, b));
                                    stack.push((scale, a));
                                }
                                _ => parts.push((scale, rest)),
                            }
                        }
                        _ => parts.push((scale, id)),
                    }
                }
            }
            Node::Mul(..) if flatten => {
                let mut stack: SmallVec<[Id; 16]> = smallvec![id];
                while let Some(id) = stack.pop() {
                    match self.arena.node(id) {
                        Node::Mul(a, b) if self.known(id).is_none() => {
                            stack.push(b);
                            stack.push(a);
                        }
                        _ => parts.push((Arena::ONE, id)),
                    }
                }
            }
            node => parts.extend(node.children().map(|c| (Arena::ONE, c))),
        }
        self.spend(parts.len());
    }

    /// The answer for a node whose operands have theirs.
    fn combine(&mut self, id: Id, operands: &[(Id, Id)]) -> Id {
        let node = self.arena.node(id);
        let done = |s: &Self, id: Id| s.known(id).expect("operands come first");
        if !self.within_budget() {
            let answers: Vec<(Id, Id)> = node
                .children()
                .map(|c| (c, self.known(c).unwrap_or(c)))
                .collect();
            return self.arena.rebuild(node, |c| {
                answers.iter().find(|a| a.0 == c).expect("a child").1
            });
        }
        match node {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => id,
            Node::Add(..) => {
                let mut terms = terms::Terms::new();
                for &(scale, part) in operands {
                    let part = done(self, part);
                    self.push_terms(part, scale, &mut terms);
                }
                self.sum(terms)
            }
            Node::Mul(..) => {
                let parts: SmallVec<[Id; 8]> =
                    operands.iter().map(|&(_, part)| done(self, part)).collect();
                self.product_of(&parts)
            }
            Node::Pow(a, b) => {
                let (a, b) = (done(self, a), done(self, b));
                self.power(a, b)
            }
            Node::Call(f, a) => {
                let a = done(self, a);
                self.function(f, &[a])
            }
            Node::Call2(f, a, b) => {
                let (a, b) = (done(self, a), done(self, b));
                self.function(f, &[a, b])
            }
            Node::If(c, a, b) => {
                let (c, a, b) = (done(self, c), done(self, a), done(self, b));
                self.arena.choice(c, a, b)
            }
        }
    }

    /// `base ^ exponent`, both simplified.
    fn power(&mut self, base: Id, exponent: Id) -> Id {
        if base == self.e {
            return self.function(Function::Exp, &[exponent]);
        }
        if self.arena.as_integer(exponent).is_some() {
            if let Node::Symbol(_) = self.arena.node(base) {
                return self.arena.pow(base, exponent);
            }
            let (mut coefficient, mut factors) = (Arena::ONE, factors::Factors::new());
            self.push_factors(base, Some(exponent), &mut coefficient, &mut factors);
            return self.product(coefficient, factors);
        }
        let power = self.arena.pow(base, exponent);
        let Node::Pow(base, exponent) = self.arena.node(power) else {
            return power;
        };
        if let Some(result) = self.rewrite(power) {
            return result;
        }
        let Some(e) = self.arena.as_number(exponent).cloned() else {
            return power;
        };
        match self.arena.node(base) {
            // (c*u)^e = c^e * u^e for a positive number c, where c^e is exact.
            Node::Mul(c, rest) if self.arena.as_number(c).is_some() => {
                let magnitude = self.arena.as_number(c).expect("just seen").abs();
                let magnitude = self.arena.number(magnitude);
                let outside = self.arena.pow(magnitude, exponent);
                if magnitude != Arena::ONE && self.arena.as_number(outside).is_some() {
                    let inside = if magnitude == c {
                        rest
                    } else {
                        self.arena.neg(rest)
                    };
                    let inside = self.power(inside, exponent);
                    return self.product_of(&[outside, inside]);
                }
                power
            }
            // (u^p)^e = u^(p*e) while the argument of u^p stays between -pi and pi: -1 < p <= 1.
            Node::Pow(u, p) => match self.arena.as_number(p) {
                Some(p) if p.abs() < crate::expr::Rational::ONE => {
                    let combined = p.checked_mul(&e);
                    match combined {
                        Some(combined) => {
                            let combined = self.arena.number(combined);
                            self.power(u, combined)
                        }
                        None => power,
                    }
                }
                _ => power,
            },
            Node::Number(_) | Node::Add(..) => {
                let factors = smallvec![factors::Factor { base, exponent }];
                self.product(Arena::ONE, factors)
            }
            _ => power,
        }
    }

    /// `f(args)`, the arguments simplified: exact values, then identities.
    fn function(&mut self, f: Function, args: &[Id]) -> Id {
        let numbers: Option<SmallVec<[_; 2]>> = args
            .iter()
            .map(|&a| self.arena.as_number(a).cloned())
            .collect();
        if let Some(numbers) = numbers
            && let Some(value) = functions::exact(f, &numbers)
        {
            return self.arena.number(value);
        }
        let call = match *args {
            [a] => self.arena.call(f, a),
            [a, b] => self.arena.call2(f, a, b),
            _ => unreachable!("functions take one or two arguments"),
        };
        self.rewrite(call).unwrap_or(call)
    }
}
