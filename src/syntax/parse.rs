//! From text to tree: limits first, then the grammar, then the builder.

use std::thread;

use pest::Parser as _;
use pest::error::InputLocation;

use super::brackets;
use super::build::Builder;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::explain::explain;
use super::names::FunctionNames;
use super::tree::{Span, Tree};

/// The longest text that [`parse`] reads: 16 MiB.
pub const MAX_INPUT_BYTES: usize = 16 << 20;

/// How many brackets (parentheses, bars, a list) may be open at once.
pub const MAX_NESTING: usize = 10_000;

/// Up to this nesting the parse runs on the caller's stack.
const NESTING_ON_CALLERS_STACK: usize = 64;

/// What pest may need of the stack for one bracket: 400 to 800 bytes measured, 3100 in a build without optimisation.
const STACK_PER_LEVEL: usize = 8 << 10;

/// What the parse needs besides, pest's own reserve of 64 KiB included.
const STACK_BASE: usize = 1 << 20;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/gradus.pest"]
struct Grammar;

/// Reads a text: definitions, then one expression or a list of expressions.
///
/// The answer is faithful to the text; that a called name is a function at all is not checked here.
pub fn parse(text: &str, names: &dyn FunctionNames) -> Result<Tree, SyntaxError> {
    if text.len() > MAX_INPUT_BYTES {
        let message = format!("the input is longer than {} MiB", MAX_INPUT_BYTES >> 20);
        return Err(SyntaxError::new(
            SyntaxErrorKind::TooLong,
            Span::new(0, 0),
            message,
        ));
    }
    let nesting = brackets::check(text)?;
    if nesting <= NESTING_ON_CALLERS_STACK {
        return parse_here(text, names);
    }
    let stack = STACK_BASE + nesting * STACK_PER_LEVEL;
    thread::scope(|scope| {
        let parsed = thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, || parse_here(text, names));
        match parsed.map(|thread| thread.join()) {
            Ok(Ok(parsed)) => parsed,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(too_deep_here(nesting)),
        }
    })
}

fn parse_here(text: &str, names: &dyn FunctionNames) -> Result<Tree, SyntaxError> {
    match Grammar::parse(Rule::program, text) {
        Ok(pairs) => Builder::new(text, names).build(pairs.tokens()),
        Err(error) => {
            if let pest::error::ErrorVariant::CustomError { .. } = error.variant {
                return Err(too_deep_here(brackets::check(text)?)); // pest: "stack limit reached"
            }
            let (InputLocation::Pos(place) | InputLocation::Span((place, _))) = error.location;
            Err(explain(text, place))
        }
    }
}

fn too_deep_here(nesting: usize) -> SyntaxError {
    let message = format!("no memory to follow brackets nested {nesting} deep");
    SyntaxError::new(SyntaxErrorKind::TooDeep, Span::new(0, 0), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sin;

    impl FunctionNames for Sin {
        fn is_function(&self, name: &str) -> bool {
            name == "sin"
        }

        fn all(&self) -> Vec<&str> {
            vec!["sin"]
        }
    }

    /// Twice over: half of what the parse is given must do.
    #[test]
    fn a_level_of_brackets_fits_its_stack() {
        let depth = 4000;
        for (open, close) in [
            ("(", ")"),
            ("sin(1,", ")"),
            ("|", "|"),
            ("-√(1+", ")"),
            ("sin²(", ")"),
            ("2-|", "|"),
        ] {
            let text = format!("{}x{}", open.repeat(depth), close.repeat(depth));
            let parsed = thread::Builder::new()
                .stack_size(STACK_BASE / 2 + depth * STACK_PER_LEVEL / 2)
                .spawn(move || parse_here(&text, &Sin).map(|tree| tree.results.len()))
                .unwrap();
            assert_eq!(parsed.join().unwrap(), Ok(1), "{open}");
        }
    }
}
