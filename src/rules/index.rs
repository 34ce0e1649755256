//! Where each line of `grammar/identities.rules` may apply, as lists that the compiler makes: most lines are never needed
//! in one run.

use super::glance::{FUNCTIONS, Kind, Line, PI, classify, next_line};
use crate::expr::Function;

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
    let (mut lines, mut count, mut at) = ([Line::EMPTY; COUNT], 0, 0);
    while let Some((start, end, next)) = next_line(at) {
        lines[count] = classify(start, end);
        count += 1;
        at = next;
    }
    lines
};

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

#[cfg(test)]
mod tests {
    use super::super::glance::{FILE, Shape};
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
