//! A program read back into single assignment: every result once, under a number of its own, no slot used again.

use super::spelling::comparison;
use crate::expr::Function;
use crate::program::{Instruction, Op, Place, Program};

/// What an operation reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand {
    Constant(f64),
    Input(usize),
    /// The result of the step of this number.
    Step(usize),
}

/// An operation; its operands are older.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) op: Op,
    pub(super) operands: Vec<Operand>,
}

/// A program without registers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    pub(super) outputs: Vec<Operand>,
    pub(super) inputs: usize,
}

impl Steps {
    /// Copies disappear: an output names what it is.
    pub(super) fn new(program: &Program) -> Steps {
        let mut slots = vec![Operand::Constant(f64::NAN); program.slots()];
        let mut outputs = vec![Operand::Constant(f64::NAN); program.outputs()];
        let mut steps = Vec::with_capacity(program.instructions().len());
        for instruction in program.instructions() {
            let mut operands = read(program, instruction, &slots);
            let result = match instruction.op {
                Op::Copy => operands[0],
                op => match known_of_nan(op, &mut operands) {
                    Some(truth) => Operand::Constant(truth),
                    None => {
                        steps.push(Step { op, operands });
                        Operand::Step(steps.len() - 1)
                    }
                },
            };
            match program.place(instruction.target) {
                Place::Slot(at) => slots[at] = result,
                Place::Output(at) => outputs[at] = result,
                Place::Constant(_) | Place::Input(_) => {
                    unreachable!("a program writes slots and outputs only")
                }
            }
        }
        Steps {
            steps,
            outputs,
            inputs: program.inputs(),
        }
    }

    /// With every `Fill` as its first operand: mathematics without doubles has no 0*infinity to be filled.
    pub(super) fn without_fill(mut self) -> Steps {
        let mut stands_for: Vec<Operand> = Vec::with_capacity(self.steps.len());
        for at in 0..self.steps.len() {
            for operand in &mut self.steps[at].operands {
                *operand = resolved(*operand, &stands_for);
            }
            stands_for.push(match self.steps[at].op {
                Op::Fill => self.steps[at].operands[0],
                _ => Operand::Step(at),
            });
        }
        for output in &mut self.outputs {
            *output = resolved(*output, &stands_for);
        }
        self
    }

    /// By step, how often its result is read by what the outputs depend on; and by input, whether it is.
    pub(super) fn uses(&self) -> (Vec<u32>, Vec<bool>) {
        let (mut steps, mut inputs) = (vec![0; self.steps.len()], vec![false; self.inputs]);
        let mut read = |operand: Operand, steps: &mut Vec<u32>| match operand {
            Operand::Step(at) => steps[at] += 1,
            Operand::Input(at) => inputs[at] = true,
            Operand::Constant(_) => {}
        };
        for &output in &self.outputs {
            read(output, &mut steps);
        }
        for at in (0..self.steps.len()).rev() {
            if steps[at] > 0 {
                for &operand in &self.steps[at].operands {
                    read(operand, &mut steps);
                }
            }
        }
        (steps, inputs)
    }
}

fn read(program: &Program, instruction: &Instruction, slots: &[Operand]) -> Vec<Operand> {
    let operand = |&register| match program.place(register) {
        Place::Constant(at) => Operand::Constant(program.constants()[at]),
        Place::Input(at) => Operand::Input(at),
        Place::Slot(at) => slots[at],
        Place::Output(_) => unreachable!("a program reads no outputs"),
    };
    instruction.reads().iter().map(operand).collect()
}

/// What a NaN in the program decides: it compares as no number does, and it is not 0. Compilers warn of such comparisons.
fn known_of_nan(op: Op, operands: &mut [Operand]) -> Option<f64> {
    let Op::Call(f) = op else { return None };
    let is_nan = |operand: &Operand| matches!(operand, Operand::Constant(x) if x.is_nan());
    if comparison(f).is_some() && operands.iter().any(is_nan) {
        return Some(f64::from(f == Function::NotEqual));
    }
    if matches!(f, Function::And | Function::Or) {
        for operand in operands.iter_mut().filter(|operand| is_nan(operand)) {
            *operand = Operand::Constant(1.0);
        }
    }
    None
}

pub(super) fn resolved(operand: Operand, stands_for: &[Operand]) -> Operand {
    match operand {
        Operand::Step(at) => stands_for[at],
        other => other,
    }
}
