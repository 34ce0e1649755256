//! Where each line of `grammar/identities.rules` applies, by a glance at its left side. The compiler does this: most lines
//! are never needed in one run, and to look through them all was a fifth of a short command.

use crate::expr::Function;

const FILE: &str = include_str!("../../grammar/identities.rules");

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
    pub fn text(&self) -> &'static str {
        &FILE[self.start as usize..self.end as usize]
    }
}

/// How many lines hold something.
pub(super) const COUNT: usize = {
    let (mut count, mut at) = (0, 0);
    while let Some((_, _, next)) = next_line(at) {
        count += 1;
        at = next;
    }
    count
};

/// The lines, in the order of the file.
pub(super) static LINES: [Line; COUNT] = LINES_OF_FILE;

#[allow(long_running_const_eval)] // every word is compared with every name of a function
const LINES_OF_FILE: [Line; COUNT] = {
    let empty = Line {
        start: 0,
        end: 0,
        kind: Kind::Power,
        argument: Shape::Any,
        factors: 0,
        functions: 0,
        has_hole: false,
    };
    let (mut lines, mut count, mut at) = ([empty; COUNT], 0, 0);
    while let Some((start, end, next)) = next_line(at) {
        lines[count] = classify(start, end);
        count += 1;
        at = next;
    }
    lines
};

const FUNCTIONS: usize = Function::ALL.len();

/// The lines about calls, by function: those of `f` stand from `.1[f]` to `.1[f + 1]`.
static CALLS: ([u16; COUNT], [u16; FUNCTIONS + 1]) = {
    let (mut lines, mut starts, mut count, mut f) = ([0; COUNT], [0; FUNCTIONS + 1], 0, 0);
    while f < FUNCTIONS {
        let mut line = 0;
        while line < COUNT {
            if let Kind::Call(g) = LINES_OF_FILE[line].kind
                && g as usize == f
            {
                lines[count] = line as u16;
                count += 1;
            }
            line += 1;
        }
        f += 1;
        starts[f] = count as u16;
    }
    (lines, starts)
};

/// The lines whose left side is a call of `f`.
pub(super) fn of_calls(f: Function) -> impl Iterator<Item = usize> {
    let (lines, starts) = &CALLS;
    let range = starts[f as usize] as usize..starts[f as usize + 1] as usize;
    lines[range].iter().map(|&line| line as usize)
}

/// The lines of one kind, found by the functions that are there: a product has few, and few lines are about them.
pub(super) struct List {
    lines: [u16; 128],
    count: usize,
    /// By function: the entries whose left side needs it, a bit each.
    needing: [u128; FUNCTIONS],
    /// The entries whose left side needs no function.
    free: u128,
}

/// The lines about powers.
pub(super) static POWERS: List = List::new(Kind::Power);
/// The lines about products.
pub(super) static PRODUCTS: List = List::new(Kind::Product);
/// The lines about sums.
pub(super) static SUMS: List = List::new(Kind::Sum);

impl List {
    const fn new(kind: Kind) -> List {
        let mut list = List {
            lines: [0; 128],
            count: 0,
            needing: [0; FUNCTIONS],
            free: 0,
        };
        let mut at = 0;
        while at < COUNT {
            let line = LINES_OF_FILE[at];
            let belongs = matches!(
                (kind, line.kind),
                (Kind::Power, Kind::Power)
                    | (Kind::Product, Kind::Product)
                    | (Kind::Sum, Kind::Sum)
            );
            if belongs {
                assert!(list.count < 128, "a bit each has room for 128 lines");
                let bit = 1 << list.count;
                let mut f = 0;
                while f < FUNCTIONS {
                    if line.functions >> f & 1 != 0 {
                        list.needing[f] |= bit;
                    }
                    f += 1;
                }
                if line.functions & !PI == 0 {
                    list.free |= bit;
                }
                list.lines[list.count] = at as u16;
                list.count += 1;
            }
            at += 1;
        }
        list
    }

    /// All of its lines, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = usize> {
        (self.lines[..self.count].iter()).map(|&line| line as usize)
    }

    /// The lines that need no function outside `functions`, in the order of the file.
    pub fn among(&self, functions: u128) -> impl Iterator<Item = usize> {
        let candidates =
            bits(functions & !PI).fold(self.free, |list, function| list | self.needing[function]);
        (bits(candidates).map(|at| self.lines[at] as usize))
            .filter(move |&line| LINES[line].functions & !functions == 0)
    }
}

/// The positions of the bits that are set, ascending.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (set != 0).then(|| {
            let at = set.trailing_zeros() as usize;
            set &= set - 1;
            at
        })
    })
}

/// The next line from `at` on that holds something besides a comment: its start, its end without blanks, and where the
/// search goes on.
const fn next_line(mut at: usize) -> Option<(usize, usize, usize)> {
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
const fn classify(start_of_line: usize, end_of_line: usize) -> Line {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::walk::{Order, symbols};
    use crate::expr::{Arena, Node};
    use crate::syntax::{parse_into, rule_lines};

    #[test]
    fn every_line_of_the_file_is_there() {
        let texts: Vec<&str> = LINES.iter().map(Line::text).collect();
        assert_eq!(texts, rule_lines(FILE).collect::<Vec<_>>());
    }

    /// The glance and the parser agree.
    #[test]
    fn lines_are_what_they_seem() {
        for line in &LINES {
            let left = line.text().split_once("->").expect("a rule").0;
            let mut arena = Arena::new();
            let root = parse_into(&mut arena, left).unwrap();
            let ids = Order::of(&arena, &[root]).ids;
            let functions = (ids.iter()).fold(0, |bits, &id| match arena.node(id) {
                // e is exp(1), and no function that a formula must show.
                Node::Call(Function::Exp, Arena::ONE) => bits,
                Node::Call(f, _) | Node::Call2(f, ..) => bits | 1 << f as u32,
                Node::Pi => bits | PI,
                _ => bits,
            });
            assert_eq!(line.functions, functions, "{}", line.text());
            let has_hole = !symbols(&arena, &[root]).is_empty();
            assert_eq!(line.has_hole, has_hole, "{}", line.text());
            let is_whole = |id| arena.as_integer(id).is_some();
            let kind = match arena.node(root) {
                Node::Add(..) => Kind::Sum,
                Node::Mul(..) => Kind::Product,
                Node::Pow(_, n) if is_whole(n) => Kind::Product,
                Node::Call(f, _) | Node::Call2(f, ..) => Kind::Call(f),
                _ => Kind::Power,
            };
            assert_eq!(line.kind, kind, "{}", line.text());
            let argument = match arena.node(root) {
                Node::Call(_, a) if has_hole => match arena.node(a) {
                    Node::Add(..) => Shape::Sum,
                    Node::Mul(Arena::MINUS_ONE, _) => Shape::Minus,
                    Node::Mul(..) => Shape::Product,
                    Node::Pow(..) => Shape::Power,
                    Node::Call(Function::Exp, Arena::ONE) => Shape::Any,
                    Node::Call(f, _) | Node::Call2(f, ..) => Shape::Call(f),
                    _ => Shape::Any,
                },
                _ => Shape::Any,
            };
            assert_eq!(line.argument, argument, "{}", line.text());
        }
        for (line, (_, identity)) in LINES.iter().zip(crate::rules::identities()) {
            if line.kind == Kind::Product {
                let factors = identity.parts[0].factors.len();
                assert_eq!(usize::from(line.factors), factors, "{}", line.text());
            }
        }
        let listed = [&POWERS, &PRODUCTS, &SUMS].map(|list| list.all().count());
        let calls = (Function::ALL.iter().copied()).flat_map(of_calls).count();
        assert_eq!(listed.iter().sum::<usize>() + calls, COUNT);
    }
}
