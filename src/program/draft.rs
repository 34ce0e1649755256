//! A program in the making: values in single assignment, each held once.
//!
//! A value is made through [`Draft::compute`] or one of the constructors of arithmetic, which number it, fold constants
//! and choose the shorter of two equal forms. All of this keeps results to the last bit, the sign of zero included; what
//! changes the last bits for the better stands in `careful.rs`. Operands are always older than what is made of them.

use hashbrown::HashTable;
use rustc_hash::FxHashMap;

use super::Op;
use super::careful::Forms;
use super::run::apply;
use crate::expr::Function;

/// The number of a value.
pub(super) type Value = u32;

/// How a value comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An entry of [`Draft::constants`].
    Constant(u32),
    Input(u32),
    /// Operands beyond the arity are 0.
    Compute(Op, [Value; 3]),
}

impl Step {
    pub(super) fn operands(&self) -> &[Value] {
        match self {
            Step::Compute(op, operands) => &operands[..op.arity()],
            _ => &[],
        }
    }

    fn hash(&self) -> u32 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let (tag, [a, b, c]) = match *self {
            Step::Constant(at) => (0, [at, 0, 0]),
            Step::Input(at) => (1, [at, 0, 0]),
            Step::Compute(op, operands) => (2 + op.code(), operands),
        };
        let first = u64::from(a) << 32 | u64::from(b);
        let hash = (first ^ tag << 20).wrapping_mul(ODD).rotate_left(29) ^ u64::from(c);
        (hash.wrapping_mul(ODD) >> 32) as u32
    }
}

/// All values so far.
pub(super) struct Draft {
    pub(super) steps: Vec<Step>,
    pub(super) constants: Vec<f64>,
    /// By bits: the value of a constant.
    known: FxHashMap<u64, Value>,
    /// The other values, found by their step. The hash stands beside the value, so that growing touches no steps.
    table: HashTable<(Value, u32)>,
    /// `None` where the program may run at complex points, at which the careful forms are not the same function.
    pub(super) forms: Option<Forms>,
}

/// The 64 bits that the table wants, from the 32 that are kept.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Draft {
    /// An empty draft with room for about so many values.
    pub(super) fn new(size: usize, forms: Option<Forms>) -> Draft {
        Draft {
            steps: Vec::with_capacity(size),
            constants: Vec::new(),
            known: FxHashMap::default(),
            table: HashTable::with_capacity(size),
            forms,
        }
    }

    pub(super) fn step(&self, value: Value) -> Step {
        self.steps[value as usize]
    }

    /// The operands of a value, if it is made by this operation.
    pub(super) fn made_by(&self, op: Op, value: Value) -> Option<[Value; 3]> {
        match self.step(value) {
            Step::Compute(found, operands) if found == op => Some(operands),
            _ => None,
        }
    }

    /// `f(u)`: the u.
    pub(super) fn argument(&self, f: Function, value: Value) -> Option<Value> {
        self.made_by(Op::Call(f), value).map(|[u, ..]| u)
    }

    pub(super) fn constant_of(&self, value: Value) -> Option<f64> {
        match self.step(value) {
            Step::Constant(at) => Some(self.constants[at as usize]),
            _ => None,
        }
    }

    /// The value of a step, which is new or was there before.
    fn number(&mut self, step: Step) -> Value {
        let (hash, steps) = (step.hash(), &self.steps);
        let same = |&(value, other): &(Value, u32)| other == hash && steps[value as usize] == step;
        if let Some(&(value, _)) = self.table.find(spread(hash), same) {
            return value;
        }
        let value = self.push(step);
        self.table
            .insert_unique(spread(hash), (value, hash), |&(_, hash)| spread(hash));
        value
    }

    fn push(&mut self, step: Step) -> Value {
        self.steps.push(step);
        (self.steps.len() - 1) as Value
    }

    pub(super) fn input(&mut self, at: u32) -> Value {
        self.number(Step::Input(at))
    }

    /// 0 and -0 are two constants, all NaN are one.
    pub(super) fn constant(&mut self, number: f64) -> Value {
        let number = if number.is_nan() { f64::NAN } else { number };
        if let Some(&value) = self.known.get(&number.to_bits()) {
            return value;
        }
        let value = self.push(Step::Constant(self.constants.len() as u32));
        self.constants.push(number);
        self.known.insert(number.to_bits(), value);
        value
    }

    /// The value of an operation: found, folded or new.
    pub(super) fn compute(&mut self, op: Op, operands: &[Value]) -> Value {
        let mut list = [0; 3];
        list[..operands.len()].copy_from_slice(operands);
        if is_commutative(op) && list[0] > list[1] {
            list.swap(0, 1);
        }
        if let Some(folded) = self.fold(op, operands) {
            return self.constant(folded);
        }
        self.number(Step::Compute(op, list))
    }

    /// The number that an operation on constants gives, where it is the same number in every kind of arithmetic.
    fn fold(&self, op: Op, operands: &[Value]) -> Option<f64> {
        let mut numbers = [0.0; 3];
        for (number, &value) in numbers.iter_mut().zip(operands) {
            *number = self.constant_of(value)?;
        }
        let result = apply(op, |which| numbers[which]);
        let arithmetic = matches!(op, Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Div);
        // log(-1) is NaN only on the real line.
        let real = self.forms.is_some() && op != Op::ImaginaryUnit;
        (real || arithmetic && result.is_finite()).then_some(result)
    }

    pub(super) fn neg(&mut self, a: Value) -> Value {
        match self.made_by(Op::Neg, a) {
            Some([inner, ..]) => inner,
            None => self.compute(Op::Neg, &[a]),
        }
    }

    pub(super) fn add(&mut self, a: Value, b: Value) -> Value {
        if let Some(careful) = self.careful_sum(a, b) {
            return careful;
        }
        if let Some(b) = self.negated(b) {
            return self.sub(a, b);
        }
        if let Some(a) = self.negated(a) {
            return self.sub(b, a);
        }
        let sum = self.compute(Op::Add, &[a, b]);
        self.remember_sum(sum, Op::Add, a, b);
        sum
    }

    pub(super) fn sub(&mut self, a: Value, b: Value) -> Value {
        if let Some(careful) = self.careful_difference(a, b) {
            return careful;
        }
        if let Some(b) = self.negated(b) {
            return self.add(a, b);
        }
        let difference = self.compute(Op::Sub, &[a, b]);
        self.remember_sum(difference, Op::Sub, a, b);
        difference
    }

    /// The u of `-u`, or `k*u` of `-k*u`.
    fn negated(&mut self, value: Value) -> Option<Value> {
        if let Some([inner, ..]) = self.made_by(Op::Neg, value) {
            return Some(inner);
        }
        let [a, b, _] = self.made_by(Op::Mul, value)?;
        let (k, u) = match (self.constant_of(a), self.constant_of(b)) {
            (Some(k), _) => (k, b),
            (None, Some(k)) => (k, a),
            (None, None) => return None,
        };
        (k < 0.0).then(|| {
            let k = self.constant(-k);
            self.compute(Op::Mul, &[k, u])
        })
    }

    pub(super) fn mul(&mut self, a: Value, b: Value) -> Value {
        if let Some(careful) = self.careful_product(a, b) {
            return careful;
        }
        self.plain_mul(a, b)
    }

    /// The product, without looking for careful forms.
    pub(super) fn plain_mul(&mut self, a: Value, b: Value) -> Value {
        for (k, u) in [(a, b), (b, a)] {
            match self.constant_of(k) {
                Some(1.0) => return u,
                Some(-1.0) => return self.neg(u),
                _ => {}
            }
        }
        self.compute(Op::Mul, &[a, b])
    }

    pub(super) fn div(&mut self, a: Value, b: Value) -> Value {
        if let Some(careful) = self.careful_quotient(a, b) {
            return careful;
        }
        self.plain_div(a, b)
    }

    /// The quotient, without looking for careful forms. By a power of two it is a product, and exact.
    pub(super) fn plain_div(&mut self, a: Value, b: Value) -> Value {
        match self.constant_of(b) {
            Some(k) if is_power_of_two(k) => {
                let inverse = self.constant(k.recip());
                self.plain_mul(a, inverse)
            }
            _ => self.compute(Op::Div, &[a, b]),
        }
    }

    /// `u^n` by repeated squares, in the same order as a schedule does it: to the last bit the same.
    pub(super) fn whole_power(&mut self, u: Value, n: i8) -> Value {
        let (mut square, mut rest) = (u, n.unsigned_abs());
        let mut product = None;
        while rest > 0 {
            if rest & 1 == 1 {
                product = Some(match product {
                    Some(product) => self.mul(product, square),
                    None => square,
                });
            }
            rest >>= 1;
            if rest > 0 {
                square = self.mul(square, square);
            }
        }
        let one = self.constant(1.0);
        let product = product.unwrap_or(one);
        if n < 0 {
            self.div(one, product)
        } else {
            product
        }
    }

    pub(super) fn call(&mut self, f: Function, a: Value) -> Value {
        match self.careful_call(f, a) {
            Some(careful) => careful,
            None => self.compute(Op::Call(f), &[a]),
        }
    }
}

/// Do the operands commute to the last bit? (min and max return the first of 0 and -0.)
fn is_commutative(op: Op) -> bool {
    use Function::{And, Equal, NotEqual, Or};
    match op {
        Op::Add | Op::Mul => true,
        Op::Call(f) => matches!(f, And | Or | Equal | NotEqual),
        _ => false,
    }
}

/// Is it a power of two whose reciprocal is a normal number too?
pub(super) fn is_power_of_two(k: f64) -> bool {
    let mantissa = k.to_bits() & ((1 << 52) - 1);
    mantissa == 0 && k.is_normal() && k.recip().is_normal()
}
