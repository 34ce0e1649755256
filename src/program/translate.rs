//! From a [`Schedule`]'s operations to the values of a draft.

use super::draft::{Draft, Value};
use super::{Op, ProgramError};
use crate::expr::Function;
use crate::numeric::Schedule;
use crate::numeric::schedule::{Hole, Op as Planned, Slot};

/// The values of all outputs, made in `draft`.
pub(super) fn translate(
    schedule: &Schedule,
    draft: &mut Draft,
    most: usize,
) -> Result<Vec<Value>, ProgramError> {
    let mut values: Vec<Value> = Vec::with_capacity(schedule.ops.len());
    for &op in &schedule.ops {
        let at = |slot: Slot| values[slot as usize];
        let value = match op {
            Planned::Constant(c) => draft.constant(c),
            Planned::ImaginaryUnit => draft.compute(Op::ImaginaryUnit, &[]),
            Planned::Variable(v) => draft.input(v),
            Planned::Add(a, b) => draft.add(at(a), at(b)),
            Planned::Mul(a, b) => draft.mul(at(a), at(b)),
            Planned::MulHole(a, b, hole) => {
                let product = draft.mul(at(a), at(b));
                fill(draft, product, &schedule.holes[hole as usize], &values)
            }
            Planned::Div(a, b) => draft.div(at(a), at(b)),
            Planned::WholePower(a, n) => draft.whole_power(at(a), n),
            Planned::Sqrt(a) => draft.compute(Op::Sqrt, &[at(a)]),
            Planned::InverseSqrt(a) => {
                let root = draft.compute(Op::Sqrt, &[at(a)]);
                let one = draft.constant(1.0);
                draft.div(one, root)
            }
            Planned::Pow(a, b) => draft.compute(Op::Pow, &[at(a), at(b)]),
            Planned::Call(f, a) => draft.call(f, at(a)),
            Planned::Call2(f, a, b) => draft.compute(Op::Call(f), &[at(a), at(b)]),
            Planned::If(c, a, b) => draft.compute(Op::Select, &[at(c), at(a), at(b)]),
        };
        values.push(value);
        if draft.steps.len() > most {
            return Err(ProgramError::TooLarge { most });
        }
    }
    Ok(schedule
        .outputs
        .iter()
        .map(|&slot| values[slot as usize])
        .collect())
}

/// The product, with its hole filled where all factors beside the logarithm are finite.
fn fill(draft: &mut Draft, product: Value, hole: &Hole, values: &[Value]) -> Value {
    let at = |slot: Slot| values[slot as usize];
    let (zero, log) = (at(hole.zero), at(hole.log));
    // The sum of 0*factor is 0 where every factor is finite, and NaN elsewhere.
    let nothing = draft.constant(0.0);
    let mut sum = None;
    for other in hole.others.iter().map(|&slot| at(slot)) {
        if draft.constant_of(other).is_some_and(f64::is_finite) {
            continue;
        }
        let vanishing = draft.compute(Op::Mul, &[nothing, other]);
        sum = Some(match sum {
            Some(sum) => draft.compute(Op::Add, &[sum, vanishing]),
            None => vanishing,
        });
    }
    let guarded = match sum {
        Some(sum) => {
            let finite = draft.compute(Op::Call(Function::Equal), &[sum, nothing]);
            let nan = draft.constant(f64::NAN);
            draft.compute(Op::Select, &[finite, zero, nan])
        }
        None => zero,
    };
    draft.compute(Op::Fill, &[product, guarded, log])
}
