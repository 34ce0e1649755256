//! A [`Schedule`]: the nodes some roots depend on as a flat list of operations, for repeated evaluation.
//!
//! The list is shared by every kind of number: real, complex, dual, complex step. What an operation means for a kind of
//! number stands in its [`Scalar`] implementation; here only the choice of operation is made:
//!
//! | node | operation | why |
//! | --- | --- | --- |
//! | `a * b^-1` | a division | one rounding instead of two; 1/b may overflow where a/b does not |
//! | `u^n`, n = -32..32 | products by repeated squares, then at most one division | faster than a logarithm and an exponential |
//! | `u^(1/2)`, `u^(-1/2)` | square root | correctly rounded |
//! | `u^p * log(u)` | a product that knows its hole | its limit at u = 0 is 0, while 0 * -inf is NaN |

use num_complex::Complex64;
use rustc_hash::FxHashMap;

use super::EvalError;
use super::scalar::Scalar;
use crate::expr::{Arena, Function, Id, Node, SymbolId, walk::Order};

/// Where a value is kept: every operation writes the slot of its own number.
pub(crate) type Slot = u32;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    Constant(f64),
    ImaginaryUnit,
    Variable(u32),
    Add(Slot, Slot),
    Mul(Slot, Slot),
    /// A product with a removable hole, which is described under that number.
    MulHole(Slot, Slot, u32),
    Div(Slot, Slot),
    WholePower(Slot, i8),
    Sqrt(Slot),
    InverseSqrt(Slot),
    Pow(Slot, Slot),
    Call(Function, Slot),
    Call2(Function, Slot, Slot),
    If(Slot, Slot, Slot),
}

impl Op {
    /// The slots it reads.
    pub(crate) fn operands(self) -> impl Iterator<Item = Slot> {
        let (list, len) = match self {
            Op::Constant(_) | Op::ImaginaryUnit | Op::Variable(_) => ([0; 3], 0),
            Op::WholePower(a, _) | Op::Sqrt(a) | Op::InverseSqrt(a) | Op::Call(_, a) => {
                ([a, 0, 0], 1)
            }
            Op::Add(a, b)
            | Op::Mul(a, b)
            | Op::MulHole(a, b, _)
            | Op::Div(a, b)
            | Op::Pow(a, b)
            | Op::Call2(_, a, b) => ([a, b, 0], 2),
            Op::If(c, a, b) => ([c, a, b], 3),
        };
        list.into_iter().take(len)
    }

    fn renumber(self, new: impl Fn(Slot) -> Slot) -> Op {
        match self {
            Op::Constant(_) | Op::ImaginaryUnit | Op::Variable(_) => self,
            Op::Add(a, b) => Op::Add(new(a), new(b)),
            Op::Mul(a, b) => Op::Mul(new(a), new(b)),
            Op::MulHole(a, b, hole) => Op::MulHole(new(a), new(b), hole),
            Op::Div(a, b) => Op::Div(new(a), new(b)),
            Op::WholePower(a, n) => Op::WholePower(new(a), n),
            Op::Sqrt(a) => Op::Sqrt(new(a)),
            Op::InverseSqrt(a) => Op::InverseSqrt(new(a)),
            Op::Pow(a, b) => Op::Pow(new(a), new(b)),
            Op::Call(f, a) => Op::Call(f, new(a)),
            Op::Call2(f, a, b) => Op::Call2(f, new(a), new(b)),
            Op::If(c, a, b) => Op::If(new(c), new(a), new(b)),
        }
    }
}

/// In a product `zero * product(others) * log(u)`, where `zero` has a factor u or a power of u.
#[derive(Clone, Debug)]
pub(crate) struct Hole {
    pub(crate) zero: Slot,
    pub(crate) log: Slot,
    pub(crate) others: Vec<Slot>,
}

/// A flat list of operations that evaluates some roots of a graph at points given by the values of its variables.
///
/// ```
/// use gradus::{Graph, numeric::Schedule};
/// let graph = Graph::new();
/// let x = graph.symbol("x");
/// let f = x.powi(2) + x;
/// let arena = graph.arena();
/// let schedule = Schedule::new(&arena, &[f.id()], &[arena.find_symbol("x").unwrap()]).unwrap();
/// let mut scratch = Vec::new();
/// assert_eq!(schedule.run_real(&[2.0], &mut scratch), [6.0]);
/// assert_eq!(schedule.run_real(&[-1.0], &mut scratch), [0.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Schedule {
    pub(crate) ops: Vec<Op>,
    pub(crate) holes: Vec<Hole>,
    /// By slot: the node it holds the value of.
    pub(crate) nodes: Vec<Id>,
    pub(crate) outputs: Vec<Slot>,
    variables: Vec<SymbolId>,
    needs_complex: bool,
}

impl Schedule {
    /// Plans the evaluation of `roots`; a point gives the values of `variables`, in that order.
    ///
    /// # Errors
    /// [`EvalError::MissingVariable`] if a root depends on a variable that is not in the list.
    pub fn new(arena: &Arena, roots: &[Id], variables: &[SymbolId]) -> Result<Schedule, EvalError> {
        Lowering::new(arena, roots, variables).run()
    }

    /// The variables, in the order of a point.
    pub fn variables(&self) -> &[SymbolId] {
        &self.variables
    }

    /// How many values a run gives.
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// How many operations a run takes.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Does the imaginary unit occur? Then a real run gives NaN, and [`run_complex`](Self::run_complex) is the one to call.
    pub fn needs_complex(&self) -> bool {
        self.needs_complex
    }

    /// The values of the roots at a real point. `scratch` may be reused between runs; the values lie at its end.
    ///
    /// # Panics
    /// If the point has fewer numbers than there are variables.
    pub fn run_real<'s>(&self, point: &[f64], scratch: &'s mut Vec<f64>) -> &'s [f64] {
        self.run(|i| point[i], scratch)
    }

    /// The values of the roots at a complex point, principal branches. The signs of zeros say nothing: a real value on a
    /// cut belongs to the side above.
    ///
    /// # Panics
    /// If the point has fewer numbers than there are variables.
    pub fn run_complex<'s>(
        &self,
        point: &[Complex64],
        scratch: &'s mut Vec<Complex64>,
    ) -> &'s [Complex64] {
        self.run(|i| point[i].as_read(), scratch)
    }

    /// The values of floor, ceil and round, and the whole quotients of mod, in the slots that a run has filled: where two
    /// points have others, there is a jump between them.
    pub(crate) fn whole_parts<'s>(&'s self, slots: &'s [f64]) -> impl Iterator<Item = f64> + 's {
        (self.ops.iter().zip(slots)).filter_map(|(&op, &value)| match op {
            Op::Call(Function::Floor | Function::Ceil | Function::Round, _) => Some(value),
            Op::Call2(Function::Mod, a, b) => Some((slots[a as usize] / slots[b as usize]).floor()),
            _ => None,
        })
    }

    /// The one interpreter: fills a slot an operation, then appends the outputs.
    pub(crate) fn run<'s, T: Scalar>(
        &self,
        variable: impl Fn(usize) -> T,
        slots: &'s mut Vec<T>,
    ) -> &'s [T] {
        slots.clear();
        slots.reserve(self.ops.len() + self.outputs.len());
        for &op in &self.ops {
            let at = |slot: Slot| slots[slot as usize];
            let value = match op {
                Op::Constant(c) => T::real(c),
                Op::ImaginaryUnit => T::imaginary_unit(),
                Op::Variable(v) => variable(v as usize),
                Op::Add(a, b) => at(a).add(at(b)),
                Op::Mul(a, b) => at(a).mul(at(b)),
                Op::MulHole(a, b, hole) => {
                    let product = at(a).mul(at(b));
                    match product.is_nan() {
                        true => self.fill(hole, slots).unwrap_or(product),
                        false => product,
                    }
                }
                Op::Div(a, b) => at(a).div(at(b)),
                Op::WholePower(a, n) => whole_power(at(a), n),
                Op::Sqrt(a) => at(a).sqrt(),
                Op::InverseSqrt(a) => T::real(1.0).div(at(a).sqrt()),
                Op::Pow(a, b) => at(a).pow(at(b)),
                Op::Call(f, a) => T::call(f, at(a)),
                Op::Call2(f, a, b) => T::call2(f, at(a), at(b)),
                Op::If(c, a, b) => match at(c).truth() {
                    Some(true) => at(a),
                    Some(false) => at(b),
                    None => T::real(f64::NAN),
                },
            };
            slots.push(value);
        }
        for &output in &self.outputs {
            slots.push(slots[output as usize]);
        }
        &slots[self.ops.len()..]
    }

    /// `0 * log(0)` is 0, unless one of the other factors beside the logarithm is infinite too.
    fn fill<T: Scalar>(&self, hole: u32, slots: &[T]) -> Option<T> {
        let hole = &self.holes[hole as usize];
        let at = |slot: Slot| slots[slot as usize];
        let finite = |&slot: &Slot| !at(slot).is_infinite() && !at(slot).value_is_nan();
        (at(hole.zero).is_zero() && at(hole.log).is_infinite() && hole.others.iter().all(finite))
            .then(|| T::filled(at(hole.zero), at(hole.log)))
    }
}

/// `u^n` by repeated squares: the product of those that the binary digits of n name, smallest first. A negative
/// exponent divides once, at the end.
fn whole_power<T: Scalar>(u: T, n: i8) -> T {
    let (mut square, mut rest) = (u, n.unsigned_abs());
    let mut product = None;
    while rest > 0 {
        if rest & 1 == 1 {
            product = Some(product.map_or(square, |product: T| product.mul(square)));
        }
        rest >>= 1;
        if rest > 0 {
            square = square.mul(square);
        }
    }
    let product = product.unwrap_or(T::real(1.0));
    match n < 0 {
        true => T::real(1.0).div(product),
        false => product,
    }
}

/// Chooses operations from the roots down, so that nodes no operation reads (the -1 of a division) are left out.
struct Lowering<'a> {
    arena: &'a Arena,
    order: Order,
    roots: &'a [Id],
    variables: &'a [SymbolId],
    /// By variable: its place in `variables`.
    places: FxHashMap<SymbolId, u32>,
    holes: Vec<Hole>,
    needed: Vec<bool>,
}

impl<'a> Lowering<'a> {
    fn new(arena: &'a Arena, roots: &'a [Id], variables: &'a [SymbolId]) -> Self {
        let order = Order::of(arena, roots);
        let needed = vec![false; order.len()];
        Lowering {
            arena,
            order,
            roots,
            variables,
            places: (variables.iter().zip(0..))
                .map(|(&v, at)| (v, at))
                .collect(),
            holes: Vec::new(),
            needed,
        }
    }

    fn run(mut self) -> Result<Schedule, EvalError> {
        for &root in self.roots {
            self.need(root);
        }
        let mut list = Vec::new();
        for at in (0..self.order.len()).rev() {
            if self.needed[at] {
                let op = self.lower(self.order.ids[at])?;
                list.push((at, op));
            }
        }
        list.reverse();
        let mut slot_of = vec![0; self.order.len()];
        for (slot, &(at, _)) in list.iter().enumerate() {
            slot_of[at] = slot as Slot;
        }
        let new = |at: Slot| slot_of[at as usize];
        for hole in &mut self.holes {
            (hole.zero, hole.log) = (new(hole.zero), new(hole.log));
            hole.others.iter_mut().for_each(|slot| *slot = new(*slot));
        }
        Ok(Schedule {
            ops: list.iter().map(|&(_, op)| op.renumber(new)).collect(),
            nodes: list.iter().map(|&(at, _)| self.order.ids[at]).collect(),
            outputs: (self.roots.iter())
                .map(|&root| new(self.order.position(root) as Slot))
                .collect(),
            needs_complex: list.iter().any(|&(_, op)| op == Op::ImaginaryUnit),
            holes: self.holes,
            variables: self.variables.to_vec(),
        })
    }

    fn need(&mut self, id: Id) -> Slot {
        let at = self.order.position(id);
        self.needed[at] = true;
        at as Slot
    }

    fn lower(&mut self, id: Id) -> Result<Op, EvalError> {
        Ok(match self.arena.node(id) {
            Node::Number(n) => Op::Constant(self.arena.number_value(n).to_f64()),
            Node::Pi => Op::Constant(std::f64::consts::PI),
            Node::ImaginaryUnit => Op::ImaginaryUnit,
            Node::Symbol(s) => match self.places.get(&s) {
                Some(&index) => Op::Variable(index),
                None => {
                    let name = self.arena.symbol_name(s).to_owned();
                    return Err(EvalError::MissingVariable { name });
                }
            },
            Node::Add(a, b) => Op::Add(self.need(a), self.need(b)),
            Node::Mul(a, b) => self.product(a, b),
            Node::Pow(a, b) => self.power(a, b),
            Node::Call(f, a) => Op::Call(f, self.need(a)),
            Node::Call2(f, a, b) => Op::Call2(f, self.need(a), self.need(b)),
            Node::If(c, a, b) => Op::If(self.need(c), self.need(a), self.need(b)),
        })
    }

    fn power(&mut self, a: Id, b: Id) -> Op {
        match self.arena.as_number(b).and_then(|n| n.as_small()) {
            Some((n @ -32..=32, 1)) => Op::WholePower(self.need(a), n as i8),
            Some((1, 2)) => Op::Sqrt(self.need(a)),
            Some((-1, 2)) => Op::InverseSqrt(self.need(a)),
            _ => Op::Pow(self.need(a), self.need(b)),
        }
    }

    fn product(&mut self, a: Id, b: Id) -> Op {
        if let Some(hole) = self.hole(a, b).or_else(|| self.hole(b, a)) {
            self.holes.push(hole);
            return Op::MulHole(self.need(a), self.need(b), self.holes.len() as u32 - 1);
        }
        let reciprocal = |id: Id| match self.arena.node(id) {
            Node::Pow(base, n) if self.arena.as_integer(n) == Some(-1) => Some(base),
            _ => None,
        };
        match (reciprocal(a), reciprocal(b)) {
            (_, Some(b)) => Op::Div(self.need(a), self.need(b)),
            (Some(a), None) => Op::Div(self.need(b), self.need(a)),
            (None, None) => Op::Mul(self.need(a), self.need(b)),
        }
    }

    /// Is `zero * log_side` of the form `(... u^p ...) * (... log(u) ...)`?
    fn hole(&mut self, zero: Id, log_side: Id) -> Option<Hole> {
        let factors = self.factors(log_side);
        let (log, u) = factors.iter().find_map(|&factor| {
            let argument = self.logarithm(factor)?;
            Some((factor, argument))
        })?;
        let matches = |&factor: &Id| {
            factor == u || matches!(self.arena.node(factor), Node::Pow(base, _) if base == u)
        };
        self.factors(zero).iter().any(matches).then(|| Hole {
            zero: self.need(zero),
            log: self.need(log),
            others: (factors.iter().filter(|&&factor| factor != log))
                .map(|&factor| self.need(factor))
                .collect(),
        })
    }

    /// The argument u of `log(u)` or of a positive power of it, to any of the three bases.
    fn logarithm(&self, factor: Id) -> Option<Id> {
        match self.arena.node(factor) {
            Node::Call(Function::Log | Function::Log2 | Function::Log10, u) => Some(u),
            Node::Pow(base, n) if self.arena.as_number(n).is_some_and(|n| !n.is_negative()) => {
                match self.arena.node(base) {
                    Node::Call(Function::Log | Function::Log2 | Function::Log10, u) => Some(u),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The factors of a product, from the right, at most 9: a bound, so that long products stay linear to plan.
    fn factors(&self, id: Id) -> Vec<Id> {
        let (mut rest, mut found) = (id, Vec::new());
        while let Node::Mul(a, b) = self.arena.node(rest)
            && found.len() < 8
        {
            // A coefficient stands left of everything else.
            let coefficient = self.arena.as_number(a).is_some();
            let (factor, next) = if coefficient { (a, b) } else { (b, a) };
            found.push(factor);
            rest = next;
        }
        found.push(rest);
        found
    }
}
