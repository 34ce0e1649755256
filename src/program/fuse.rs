//! Products and sums in one instruction, rounded once.

use super::Op;
use super::draft::{Draft, Step, Value, is_power_of_two};

/// How often each value is read by what the outputs depend on, outputs included.
pub(super) fn count_uses(draft: &Draft, outputs: &[Value]) -> Vec<u32> {
    let mut uses = vec![0; draft.steps.len()];
    for &output in outputs {
        uses[output as usize] += 1;
    }
    for value in (0..draft.steps.len()).rev() {
        if uses[value] > 0 {
            for &operand in draft.steps[value].operands() {
                uses[operand as usize] += 1;
            }
        }
    }
    uses
}

/// Puts products that are used once into the sums that use them.
///
/// Beside a second product that is rounded nothing is done: `x*x - y*y` is 0 at x = y, and would be the rounding error of
/// y*y with one of them rounded and the other not.
pub(super) fn fuse(draft: &mut Draft, outputs: &[Value]) {
    let uses = count_uses(draft, outputs);
    for at in 0..draft.steps.len() {
        let Step::Compute(op @ (Op::Add | Op::Sub), [a, b, _]) = draft.steps[at] else {
            continue;
        };
        let (left, right) = match op {
            Op::Add => (Op::MulAdd, Op::MulAdd),
            _ => (Op::MulSub, Op::NegMulAdd),
        };
        for (fused, product, rest) in [(left, a, b), (right, b, a)] {
            if let Some([p, q, _]) = draft.made_by(Op::Mul, product)
                && uses[product as usize] == 1
                && !is_rounded_product(draft, rest)
            {
                draft.steps[at] = Step::Compute(fused, [p, q, rest]);
                break;
            }
        }
    }
}

/// Is it a product, or minus a product, but not one by a power of two?
fn is_rounded_product(draft: &Draft, value: Value) -> bool {
    let value = draft.made_by(Op::Neg, value).map_or(value, |[u, ..]| u);
    let exact = |factor| draft.constant_of(factor).is_some_and(is_power_of_two);
    draft
        .made_by(Op::Mul, value)
        .is_some_and(|[a, b, _]| !exact(a) && !exact(b))
}
