//! What a line of `grammar/identities.rules` is about, read off its left side without parsing it. The compiler does this
//! (`const fn`): to look through the file was a fifth of a short command.

use crate::expr::Function;

pub(super) const FILE: &str = include_str!("../../grammar/identities.rules");

pub(super) const FUNCTIONS: usize = Function::ALL.len();

/// Where an identity applies, by the form of its left side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A call of this function.
    Call(Function),
    /// A power whose exponent is not a plain whole number.
    Power,
    /// Factors of a product (or one whole power).
    Product,
    /// Two terms of a sum, with any common cofactor.
    Sum,
}

/// Stands beside the bits of functions: the constant pi, which few formulas have and many identities are about.
pub const PI: u128 = 1 << 127;

/// The form of the argument of a call, as far as it can be read off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything: a hole, one of two arguments, or all of a line about a constant.
    Any,
    /// `-u`
    Minus,
    /// `u + v`
    Sum,
    /// `u*v`
    Product,
    /// `u^v`
    Power,
    /// `f(u)`
    Call(Function),
}

/// A line of the file. It names no address, so that the program starts without looking at it.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Where it stands in the file, without blanks and comments.
    start: u32,
    end: u32,
    pub kind: Kind,
    /// Of a call: the form of what the function is called with.
    pub argument: Shape,
    /// Of a product: how many factors it has besides a number.
    pub factors: u8,
    /// The functions that its left side needs, a bit each, and [`PI`].
    pub functions: u128,
    /// Is it about more than constants?
    pub has_hole: bool,
}

impl Line {
    pub const EMPTY: Line = Line {
        start: 0,
        end: 0,
        kind: Kind::Power,
        argument: Shape::Any,
        factors: 0,
        functions: 0,
        has_hole: false,
    };

    pub fn text(&self) -> &'static str {
        &FILE[self.start as usize..self.end as usize]
    }
}

/// The next line from `at` on that holds something besides a comment: its start, its end without blanks, and where the
/// search goes on.
pub(super) const fn next_line(mut at: usize) -> Option<(usize, usize, usize)> {
    let bytes = FILE.as_bytes();
    while at < bytes.len() {
        let mut start = at;
        while at < bytes.len() && bytes[at] != b'\n' && bytes[at] != b'#' {
            at += 1;
        }
        let mut end = at;
        while at < bytes.len() && bytes[at] != b'\n' {
            at += 1;
        }
        at += 1;
        while start < end && bytes[start].is_ascii_whitespace() {
            start += 1;
        }
        while start < end && bytes[end - 1].is_ascii_whitespace() {
            end -= 1;
        }
        if start < end {
            return Some((start, end, at));
        }
    }
    None
}

/// The kind of a line by the loosest operator of its left side outside brackets.
pub(super) const fn classify(start_of_line: usize, end_of_line: usize) -> Line {
    let bytes = part(FILE.as_bytes(), start_of_line, end_of_line);
    let (mut depth, mut functions, mut first) = (0, 0u128, None);
    let (mut sum, mut product, mut power_at) = (false, false, None);
    let (mut before, mut has_hole) = (b' ', false);
    // Factors that end here or before, and whether the one at hand is more than a number.
    let (mut factors, mut is_factor) = (0, false);
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at];
        if c == b'-' && at + 1 < bytes.len() && bytes[at + 1] == b'>' {
            break;
        }
        if c.is_ascii_alphanumeric() {
            let start = at;
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                at += 1;
            }
            before = bytes[at - 1];
            let word = part(bytes, start, at);
            is_factor |= !c.is_ascii_digit();
            if let Some(f) = function(word) {
                functions |= 1 << f as u32;
                if start == 0 {
                    first = Some(f);
                }
            } else {
                if matches!(word, b"pi") {
                    functions |= PI;
                }
                has_hole |= !(c.is_ascii_digit() || matches!(word, b"pi" | b"e" | b"sqrt"));
            }
            continue;
        }
        match c {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'+' | b'-' if depth == 0 && at > 0 && before != b'^' => sum = true,
            b'*' | b'/' if depth == 0 => {
                product = true;
                factors += is_factor as u8;
                is_factor = false;
            }
            b'^' if depth == 0 => power_at = Some(at + 1),
            _ => {}
        }
        if c != b' ' {
            before = c;
        }
        at += 1;
    }
    let whole_power = match power_at {
        Some(from) => is_whole(part(bytes, from, at)),
        None => false,
    };
    let kind = match (sum, product || whole_power, power_at, first) {
        (true, ..) => Kind::Sum,
        (_, true, ..) => Kind::Product,
        (_, _, None, Some(f)) => Kind::Call(f),
        _ => Kind::Power,
    };
    let argument = match kind {
        Kind::Call(f) if has_hole => argument(part(bytes, f.name().len() + 1, at)),
        _ => Shape::Any,
    };
    Line {
        start: start_of_line as u32,
        end: end_of_line as u32,
        kind,
        argument,
        factors: factors + is_factor as u8,
        functions,
        has_hole,
    }
}

/// The form of the argument that the text begins with, up to its bracket.
const fn argument(bytes: &[u8]) -> Shape {
    let (mut depth, mut at, mut first) = (0, 0, None);
    let (mut sum, mut product, mut power) = (false, false, false);
    loop {
        match bytes[at] {
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            b',' if depth == 0 => return Shape::Any,
            b'+' | b'-' if depth == 0 && at > 0 => sum = true,
            b'*' | b'/' if depth == 0 => product = true,
            b'^' if depth == 0 => power = true,
            _ => {}
        }
        if depth == 1 && bytes[at] == b'(' && first.is_none() {
            first = function(part(bytes, 0, at));
        }
        at += 1;
    }
    match (sum, bytes[0], first) {
        (true, ..) => Shape::Sum,
        (_, b'-', _) => Shape::Minus,
        _ if product => Shape::Product,
        _ if power => Shape::Power,
        (_, _, Some(f)) => Shape::Call(f),
        _ => Shape::Any,
    }
}

const fn part(bytes: &[u8], start: usize, end: usize) -> &[u8] {
    bytes.split_at(end).0.split_at(start).1
}

/// The function of that name; identities are written with first names, not with aliases.
const fn function(word: &[u8]) -> Option<Function> {
    let mut f = 0;
    while f < FUNCTIONS {
        if is_equal(Function::ALL[f].name().as_bytes(), word) {
            return Some(Function::ALL[f]);
        }
        f += 1;
    }
    None
}

const fn is_equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Is it a whole number, with or without a sign?
const fn is_whole(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let digits = match text {
        [b'-' | b'+', digits @ ..] => digits,
        digits => digits,
    };
    let mut at = 0;
    while at < digits.len() {
        if !digits[at].is_ascii_digit() {
            return false;
        }
        at += 1;
    }
    !digits.is_empty()
}
