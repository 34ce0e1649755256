//! Products and sums in one instruction, rounded once.

use super::Op;
use super::draft::{Draft, Step, Value};

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
/// Where both terms are products nothing is done: `x*x - y*y` is 0 at x = y, and would be the rounding error of y*y with
/// one of them rounded and the other not.
pub(super) fn fuse(draft: &mut Draft, outputs: &[Value]) {
    let uses = count_uses(draft, outputs);
    for at in 0..draft.steps.len() {
        let Step::Compute(op @ (Op::Add | Op::Sub), [a, b, _]) = draft.steps[at] else {
            continue;
        };
        if uses[at] == 0 || is_product(draft, a) == is_product(draft, b) {
            continue;
        }
        let (product, rest, first) = match is_product(draft, a) {
            true => (a, b, true),
            false => (b, a, false),
        };
        let Some([p, q, _]) = draft.made_by(Op::Mul, product) else {
            continue;
        };
        if uses[product as usize] > 1 {
            continue;
        }
        let fused = match (op, first) {
            (Op::Add, _) => Op::MulAdd,
            (_, true) => Op::MulSub,
            (_, false) => Op::NegMulAdd,
        };
        draft.steps[at] = Step::Compute(fused, [p, q, rest]);
    }
}

fn is_product(draft: &Draft, value: Value) -> bool {
    match draft.step(value) {
        Step::Compute(Op::Mul, _) => true,
        Step::Compute(Op::Neg, [inner, ..]) => draft.made_by(Op::Mul, inner).is_some(),
        _ => false,
    }
}
