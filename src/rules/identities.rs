//! Identities: one line of `grammar/identities.rules` a rewrite, with the condition under which it holds.

use std::sync::OnceLock;

use crate::expr::walk::{Template, symbols};
use crate::expr::{Arena, Function, Id, Node, Rational, SymbolId};
use crate::functions;
use crate::syntax;

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

/// What must be known of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// `real(u)`
    Real,
    /// `positive(u)`
    Positive,
    /// `nonnegative(u)`
    Nonnegative,
    /// `integer(u)`
    Integer,
}

/// One condition of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What must hold
    pub property: Property,
    /// of which hole (position in [`Identity::holes`]).
    pub hole: usize,
}

/// A pattern factor: base (a node of the identity's arena) and whole exponent.
pub type PatternFactor = (Id, i64);

/// A product of pattern factors.
pub struct Part {
    /// Its numeric coefficient.
    pub coefficient: Rational,
    /// Its factors.
    pub factors: Vec<PatternFactor>,
    /// The functions among the factors, a bit each.
    pub functions: u128,
}

/// A rewrite `left -> right`.
pub struct Identity {
    /// The line as it stands in the file.
    pub text: &'static str,
    /// Holds the left side.
    pub arena: Arena,
    /// The left side.
    pub left: Id,
    /// The names that match anything.
    pub holes: Vec<SymbolId>,
    /// The right side.
    pub right: Template,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// For sums: both terms. For products: one entry.
    pub parts: Vec<Part>,
}

struct Line {
    text: &'static str,
    kind: Kind,
    /// In a box: most lines are never needed in one run.
    identity: OnceLock<Box<Identity>>,
}

struct Index {
    lines: Vec<Line>,
    /// By function.
    calls: Vec<Vec<Entry>>,
    /// Those of them that are not about constants.
    calls_with_holes: Vec<Vec<Entry>>,
    powers: Vec<Entry>,
    products: List,
    sums: List,
}

/// The lines of one kind, found by the functions that are there: a product has few, and few lines are about them.
struct List {
    entries: Vec<Entry>,
    /// By function: the entries whose left side needs it, a bit each.
    needing: Vec<u128>,
    /// The entries whose left side needs no function.
    free: u128,
}

impl List {
    fn new() -> List {
        List {
            entries: Vec::new(),
            needing: vec![0; Function::ALL.len()],
            free: 0,
        }
    }

    fn push(&mut self, entry: Entry) {
        assert!(
            self.entries.len() < 128,
            "a bit each has room for 128 lines"
        );
        let bit = 1 << self.entries.len();
        for (function, entries) in self.needing.iter_mut().enumerate() {
            if entry.functions >> function & 1 != 0 {
                *entries |= bit;
            }
        }
        if entry.functions == 0 {
            self.free |= bit;
        }
        self.entries.push(entry);
    }

    /// The entries that need no function outside `functions`, in the order of the file.
    fn among(&self, functions: u128) -> impl Iterator<Item = &Entry> {
        let candidates =
            bits(functions).fold(self.free, |list, function| list | self.needing[function]);
        (bits(candidates).map(|at| &self.entries[at]))
            .filter(move |entry| entry.functions & !functions == 0)
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

/// Where a line stands, with the functions that its left side needs: most lines are passed over at a glance.
#[derive(Clone, Copy)]
struct Entry {
    functions: u128,
    line: usize,
}

impl Line {
    fn identity(&self) -> &Identity {
        self.identity.get_or_init(|| Box::new(read(self.text)))
    }
}

/// Every identity of the file, for tests.
pub fn all() -> impl Iterator<Item = (Kind, &'static Identity)> {
    index()
        .lines
        .iter()
        .map(|line| (line.kind, line.identity()))
}

/// The identities whose left side is a call of `f` that needs no function outside `functions` (a bit each); those about
/// constants (`sin(pi/6)`) only where the call has no variable.
pub fn by_function(
    f: Function,
    functions: u128,
    has_variable: bool,
) -> impl Iterator<Item = &'static Identity> {
    let index = index();
    let calls = match has_variable {
        true => &index.calls_with_holes,
        false => &index.calls,
    };
    (calls[f as usize].iter())
        .filter(move |entry| entry.functions & !functions == 0)
        .map(|entry| index.lines[entry.line].identity())
}

/// The identities whose left side is a power.
pub fn of_powers() -> impl Iterator<Item = &'static Identity> {
    let index = index();
    (index.powers.iter()).map(|entry| index.lines[entry.line].identity())
}

/// The identities of products whose left side needs no function outside `functions` (a bit each).
pub fn of_products(functions: u128) -> impl Iterator<Item = &'static Identity> {
    let index = index();
    (index.products.among(functions)).map(|entry| index.lines[entry.line].identity())
}

/// As [`of_products`], for sums of two terms.
pub fn of_sums(functions: u128) -> impl Iterator<Item = &'static Identity> {
    let index = index();
    (index.sums.among(functions)).map(|entry| index.lines[entry.line].identity())
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Index {
            lines: Vec::new(),
            calls: vec![Vec::new(); Function::ALL.len()],
            calls_with_holes: vec![Vec::new(); Function::ALL.len()],
            powers: Vec::new(),
            products: List::new(),
            sums: List::new(),
        };
        for text in syntax::rule_lines(FILE) {
            let (kind, functions, has_hole) = classify(text);
            let entry = Entry {
                functions,
                line: index.lines.len(),
            };
            match kind {
                Kind::Call(f) => {
                    index.calls[f as usize].push(entry);
                    if has_hole {
                        index.calls_with_holes[f as usize].push(entry);
                    }
                }
                Kind::Power => index.powers.push(entry),
                Kind::Product => index.products.push(entry),
                Kind::Sum => index.sums.push(entry),
            }
            index.lines.push(Line {
                text,
                kind,
                identity: OnceLock::new(),
            });
        }
        index
    })
}

/// The kind of a line by the loosest operator of its left side outside brackets, without a full parse: most lines are
/// never needed in one run.
fn classify(line: &str) -> (Kind, u128, bool) {
    let (mut depth, mut functions, mut first) = (0, 0u128, None);
    let (mut sum, mut product, mut power_at) = (false, false, None);
    let (mut before, mut has_hole) = (b' ', false);
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let c = bytes[at];
        if c == b'-' && bytes.get(at + 1) == Some(&b'>') {
            break;
        }
        if c.is_ascii_alphanumeric() {
            let start = at;
            let is_in_word = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_';
            at += bytes[at..].iter().take_while(|c| is_in_word(c)).count();
            before = bytes[at - 1];
            let word = &line[start..at];
            if let Some(f) = functions::lookup(word) {
                functions |= 1 << f as u32;
                if start == 0 {
                    first = Some(f);
                }
            } else {
                has_hole |= !c.is_ascii_digit() && !["pi", "e", "sqrt"].contains(&word);
            }
            continue;
        }
        match c {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'+' | b'-' if depth == 0 && at > 0 && before != b'^' => sum = true,
            b'*' | b'/' if depth == 0 => product = true,
            b'^' if depth == 0 => power_at = Some(at + 1),
            _ => {}
        }
        if c != b' ' {
            before = c;
        }
        at += 1;
    }
    let power = power_at.map(|from| &line[from..at]);
    let whole = |exponent: &str| exponent.trim().parse::<i64>().is_ok();
    let kind = match (sum, product, power, first) {
        (true, ..) => Kind::Sum,
        (_, true, ..) => Kind::Product,
        (_, _, Some(exponent), _) if whole(exponent) => Kind::Product,
        (_, _, Some(_), _) | (_, _, _, None) => Kind::Power,
        (.., Some(f)) => Kind::Call(f),
    };
    (kind, functions, has_hole)
}

fn read(text: &'static str) -> Identity {
    let fail = |what: &str| -> ! { panic!("identities.rules: {what} in `{text}`") };
    let Some((left_text, rest)) = text.split_once("->") else {
        fail("no `->`")
    };
    let (right_text, condition_text) = rest.split_once(" if ").unwrap_or((rest, ""));
    let mut arena = Arena::with_room(16);
    let mut parse =
        |part: &str| syntax::parse_into(&mut arena, part).unwrap_or_else(|e| fail(&e.to_string()));
    let (left, right) = (parse(left_text), parse(right_text));
    let holes = symbols(&arena, &[left]);
    let hole = |name: &str| {
        holes
            .iter()
            .position(|&h| arena.symbol_name(h) == name)
            .unwrap_or_else(|| fail("an unknown hole"))
    };
    let conditions = (condition_text
        .split(" and ")
        .map(str::trim)
        .filter(|c| !c.is_empty()))
    .map(|condition| {
        let Some((property, name)) = condition.strip_suffix(')').and_then(|c| c.split_once('('))
        else {
            fail("a condition")
        };
        let property = match property {
            "real" => Property::Real,
            "positive" => Property::Positive,
            "nonnegative" => Property::Nonnegative,
            "integer" => Property::Integer,
            _ => fail("an unknown property"),
        };
        Condition {
            property,
            hole: hole(name),
        }
    })
    .collect();
    let terms = match arena.node(left) {
        Node::Add(a, b) => vec![a, b],
        _ => vec![left],
    };
    let parts = terms
        .into_iter()
        .map(|term| pattern_factors(&arena, term))
        .collect();
    let right = Template::cut(&arena, &[right], &holes);
    Identity {
        text,
        arena,
        left,
        holes,
        right,
        conditions,
        parts,
    }
}

fn pattern_factors(arena: &Arena, term: Id) -> Part {
    let mut factors = Vec::new();
    let mut coefficient = Rational::ONE;
    let mut stack = vec![term];
    while let Some(id) = stack.pop() {
        match arena.node(id) {
            Node::Mul(a, b) => stack.extend([b, a]),
            Node::Number(_) => coefficient = arena.as_number(id).expect("a number").clone(),
            Node::Pow(base, e) if arena.as_integer(e).is_some() => {
                factors.push((base, arena.as_integer(e).expect("just seen")))
            }
            _ => factors.push((id, 1)),
        }
    }
    // An exponential is matched when the other factors have said what the holes stand for.
    factors.sort_by_key(|f| matches!(arena.node(f.0), Node::Call(Function::Exp, _)));
    let bit = |id: Id| match arena.node(id) {
        Node::Call(f, _) | Node::Call2(f, ..) => 1 << f as u32,
        _ => 0,
    };
    let functions = factors.iter().fold(0, |bits, f| bits | bit(f.0));
    Part {
        coefficient,
        factors,
        functions,
    }
}
