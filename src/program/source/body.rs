//! Statements: what is used more than once, or is long, gets a name; the rest stands inside what uses it.

use std::collections::BTreeSet;

use super::names::Names;
use super::steps::{Operand, Steps};
use super::text::Text;
use super::{MAX_SOURCE_BYTES, SourceError};
use crate::program::Op;

/// How a language spells what a program does.
pub(super) trait Spelling {
    /// The longest text that stands inside another one.
    const INLINE: usize = 48;

    /// A number.
    fn constant(&self, number: f64) -> Result<Text, SourceError>;

    /// An operation. Helper functions that it needs are added to the set.
    fn operation(
        &self,
        op: Op,
        operands: &[Text],
        helpers: &mut BTreeSet<&'static str>,
    ) -> Result<Text, SourceError>;

    /// Must this operand be a name or a number, as it is written more than once?
    fn wants_name(&self, _op: Op, _operand: usize) -> bool {
        false
    }

    /// An input, by its name.
    fn input(&self, name: &str) -> Text {
        Text::atom(name)
    }

    /// The result of this number, from 1.
    fn temporary(&self, prefix: &str, number: usize) -> String {
        format!("{prefix}{number}")
    }
}

/// The inside of a function.
pub(super) struct Body {
    /// Names and what they stand for, in order.
    pub(super) statements: Vec<(String, String)>,
    /// Which statements each statement reads, by number.
    pub(super) reads: Vec<Vec<usize>>,
    /// The outputs, in their order.
    pub(super) outputs: Vec<Text>,
    /// Which statements each output reads.
    pub(super) output_reads: Vec<Vec<usize>>,
    /// The helper functions that are called.
    pub(super) helpers: BTreeSet<&'static str>,
    /// By input: is it used?
    pub(super) used: Vec<bool>,
}

/// A result: its text, and the statements that this text reads.
#[derive(Clone)]
struct Piece {
    text: Text,
    reads: Vec<usize>,
}

/// Writes the statements of a program.
pub(super) fn body<S: Spelling>(
    steps: &Steps,
    names: &Names,
    spelling: &S,
) -> Result<Body, SourceError> {
    let (uses, used) = steps.uses();
    let named = wanted_names(steps, spelling);
    let mut is_output = vec![false; steps.steps.len()];
    for &output in &steps.outputs {
        if let Operand::Step(at) = output {
            is_output[at] = true; // it needs no other name
        }
    }
    let mut body = Body {
        statements: Vec::new(),
        reads: Vec::new(),
        outputs: Vec::new(),
        output_reads: Vec::new(),
        helpers: BTreeSet::new(),
        used,
    };
    let mut pieces: Vec<Option<Piece>> = vec![None; steps.steps.len()];
    let mut bytes = 0;
    for (at, step) in steps.steps.iter().enumerate() {
        if uses[at] == 0 {
            continue;
        }
        let (mut texts, mut reads) = (Vec::new(), Vec::new());
        for &operand in &step.operands {
            let piece = piece(operand, &mut pieces, &uses, names, spelling)?;
            texts.push(piece.text);
            reads.extend(piece.reads);
        }
        reads.sort_unstable();
        reads.dedup();
        let text = spelling.operation(step.op, &texts, &mut body.helpers)?;
        bytes += text.text.len();
        if bytes > MAX_SOURCE_BYTES {
            return Err(SourceError::TooLong);
        }
        let stays_inside = uses[at] == 1 && !named[at] && text.text.len() <= S::INLINE;
        pieces[at] = Some(match stays_inside || is_output[at] && uses[at] == 1 {
            true => Piece { text, reads },
            false => {
                body.statements.push((String::new(), text.text));
                body.reads.push(reads);
                let number = body.statements.len();
                let name = spelling.temporary(&names.temporary, number);
                body.statements[number - 1].0.clone_from(&name);
                Piece {
                    text: Text::atom(name),
                    reads: vec![number - 1],
                }
            }
        });
    }
    for &output in &steps.outputs {
        let piece = piece(output, &mut pieces, &uses, names, spelling)?;
        body.outputs.push(piece.text);
        body.output_reads.push(piece.reads);
    }
    Ok(body)
}

/// The text of an operand. One that is used once is handed over, not copied.
fn piece<S: Spelling>(
    operand: Operand,
    pieces: &mut [Option<Piece>],
    uses: &[u32],
    names: &Names,
    spelling: &S,
) -> Result<Piece, SourceError> {
    let text = match operand {
        Operand::Step(at) => {
            let piece = match uses[at] {
                1 => pieces[at].take(),
                _ => pieces[at].clone(),
            };
            return Ok(piece.expect("operands are older, and used as often as was counted"));
        }
        Operand::Input(at) => spelling.input(&names.inputs[at]),
        Operand::Constant(number) => spelling.constant(number)?,
    };
    Ok(Piece {
        text,
        reads: Vec::new(),
    })
}

/// By step: must it have a name?
fn wanted_names<S: Spelling>(steps: &Steps, spelling: &S) -> Vec<bool> {
    let mut named = vec![false; steps.steps.len()];
    for step in &steps.steps {
        for (place, operand) in step.operands.iter().enumerate() {
            if let Operand::Step(at) = *operand
                && spelling.wants_name(step.op, place)
            {
                named[at] = true;
            }
        }
    }
    named
}
