//! The remainder in arithmetic, for SQL: PostgreSQL has none of doubles.
//!
//! `a - b*floor(a/b)` alone is wrong where a quotient just below a whole number is rounded to it: `mod(10, 0.1)` would be 0.
//! Here the product is taken apart into four that are not rounded (Dekker, *A floating-point technique for extending the
//! available precision*, Numer. Math. 18, 1971), so that the difference is exact while the quotient is from 1 up to 2^53 (below
//! it is rounded once), and has the wrong sign where the quotient was one too large.

use super::steps::{Operand, Step, Steps, resolved};
use crate::expr::Function;
use crate::program::Op;

/// 2^26: half of the bits of a number.
const HALF: f64 = 67_108_864.0;
/// 2^-28: numbers are smaller than they are while they are split, so that nothing overflows.
const SCALE: f64 = 1.0 / 268_435_456.0;

impl Steps {
    /// With every remainder in other operations.
    pub(super) fn without_remainders(self) -> Steps {
        let mut written = Steps {
            steps: Vec::with_capacity(self.steps.len()),
            outputs: self.outputs,
            inputs: self.inputs,
        };
        let mut stands_for: Vec<Operand> = Vec::with_capacity(self.steps.len());
        for Step { op, operands } in self.steps {
            let operands: Vec<Operand> = (operands.iter())
                .map(|&operand| resolved(operand, &stands_for))
                .collect();
            stands_for.push(match op {
                Op::Call(Function::Mod) => written.remainder(operands[0], operands[1]),
                _ => written.result(op, &operands),
            });
        }
        for output in &mut written.outputs {
            *output = resolved(*output, &stands_for);
        }
        written
    }

    fn remainder(&mut self, a: Operand, b: Operand) -> Operand {
        let quotient = self.result(Op::Div, &[a, b]);
        let quotient = self.floor(quotient);
        let (quotient_high, quotient_low) = {
            let high = self.product(quotient, Operand::Constant(1.0 / HALF));
            let high = self.result(Op::Add, &[high, Operand::Constant(0.5)]);
            let high = self.floor(high);
            let high = self.product(high, Operand::Constant(HALF));
            (high, self.difference(quotient, high))
        };
        let (high, low) = self.split(b);
        let mut remainder = a;
        for part in [high, low] {
            if part == Operand::Constant(0.0) {
                continue; // the divisor is a number of few bits
            }
            for quotient in [quotient_high, quotient_low] {
                let product = self.product(part, quotient);
                remainder = self.difference(remainder, product);
            }
        }
        let sign = self.result(Op::Call(Function::Sign), &[remainder]);
        let sign = self.product(sign, b);
        let is_beyond = [sign, Operand::Constant(0.0)];
        let is_beyond = self.result(Op::Call(Function::Less), &is_beyond);
        let back = self.result(Op::Add, &[remainder, b]);
        self.result(Op::Select, &[is_beyond, back, remainder])
    }

    /// The leading half of the bits of a divisor, and the other half.
    fn split(&mut self, b: Operand) -> (Operand, Operand) {
        let small = self.product(b, Operand::Constant(SCALE));
        let large = self.product(b, Operand::Constant(0.5 + SCALE));
        let rest = self.difference(large, small);
        let high = self.difference(large, rest);
        let high = self.product(high, Operand::Constant(1.0 / SCALE));
        (high, self.difference(b, high))
    }

    fn floor(&mut self, a: Operand) -> Operand {
        self.result(Op::Call(Function::Floor), &[a])
    }

    fn product(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Operand::Constant(a), Operand::Constant(b)) => Operand::Constant(a * b),
            _ => self.result(Op::Mul, &[a, b]),
        }
    }

    fn difference(&mut self, a: Operand, b: Operand) -> Operand {
        match (a, b) {
            (Operand::Constant(a), Operand::Constant(b)) => Operand::Constant(a - b),
            _ => self.result(Op::Sub, &[a, b]),
        }
    }

    fn result(&mut self, op: Op, operands: &[Operand]) -> Operand {
        self.steps.push(Step {
            op,
            operands: operands.to_vec(),
        });
        Operand::Step(self.steps.len() - 1)
    }
}
