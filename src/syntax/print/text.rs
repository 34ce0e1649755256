//! Expressions as text of the language, faithful to the node: reading the text through the folding constructors gives
//! the same node.
//!
//! That rests on one property of the constructors: a stored node is what they make of its children. So every form that
//! names the operations in their order is safe (`a/b*c`, parentheses around a product on the right). Three forms do
//! more: `p*f/(q*d)` for the coefficient `p/q` and a last factor `1/d`, `a - c*t` for a negative coefficient, and
//! `1/u^n` for a negative exponent; the reader multiplies the numbers together again and pulls them to the front.

use std::fmt::Write;

use super::{Level, MAX_TEXT_BYTES, Names, Source, TooLong, infix};
use crate::expr::{Arena, Function, Id, Node, NumberId, Rational};

/// The expression as text that reads back as the same node.
pub fn text(arena: &Arena, root: Id) -> Result<String, TooLong> {
    let room = 4 * (arena.facts(root).size as usize).clamp(16, 4096);
    write(arena, None, root, String::with_capacity(room))
}

/// Adds the text of `root` to `out`, with `names` in the place of the parts they stand for.
pub(super) fn write(
    arena: &Arena,
    names: Option<&Names>,
    root: Id,
    out: String,
) -> Result<String, TooLong> {
    let mut printer = Printer {
        source: Source { arena, names, root },
        out,
        stack: Vec::with_capacity(32),
        written: [(Arena::ZERO, 0, 0); REMEMBERED],
    };
    printer.stack.push(Piece::Expr(root, Level::Or));
    while let Some(piece) = printer.stack.pop() {
        printer.piece(piece);
        if printer.out.len() > MAX_TEXT_BYTES {
            return Err(TooLong);
        }
    }
    Ok(printer.out)
}

struct Printer<'a> {
    source: Source<'a>,
    out: String,
    stack: Vec<Piece>,
    /// Parts that have been written, and where their text begins and ends, each at the place that its id says: those
    /// that come again are copied. A derivative repeats what it was made of.
    written: [(Id, usize, usize); REMEMBERED],
}

/// How many parts are remembered; a later one may take the place of an earlier one.
const REMEMBERED: usize = 32;

/// Smaller parts are written again.
const MIN_REMEMBERED_SIZE: u32 = 6;

/// What is still to be written.
#[derive(Clone, Copy)]
enum Piece {
    Text(&'static str),
    /// The expression, in parentheses if it binds less tightly.
    Expr(Id, Level),
    /// ` + t` or ` - t`
    Term(Id),
    /// `*f` or `/d`
    Factor(Id),
    /// `/q` for the denominator of a coefficient.
    Over(NumberId),
    /// `/(q*d)` for the denominator of a coefficient and the factor `1/d`.
    OverBoth(NumberId, Id),
    /// What stands before `^`.
    Base(Id),
    /// `^n` or, where the flag is set, `^-n`.
    Exponent(NumberId, bool),
    /// The part whose text begins there has been written.
    Written(Id, usize),
}

/// What stands before the first factor of a product.
#[derive(Clone, Copy, PartialEq)]
enum Lead {
    Nothing,
    Minus,
    Number,
}

impl Printer<'_> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.out.push_str(text),
            Piece::Expr(id, level) => self.expr(id, level),
            Piece::Term(id) => self.term(id),
            Piece::Factor(id) => match self.source.reciprocal(id) {
                Some((base, n)) => {
                    self.out.push('/');
                    self.power(base, n, true);
                }
                None => {
                    self.out.push('*');
                    self.expr(id, Level::Power);
                }
            },
            Piece::Over(c) => {
                self.out.push('/');
                self.denominator(c);
            }
            Piece::OverBoth(c, factor) => {
                let (base, n) = self.source.reciprocal(factor).expect("seen before");
                self.out.push_str("/(");
                self.denominator(c);
                self.stack.push(Piece::Text(")"));
                if *self.source.value(n) == Rational::MINUS_ONE {
                    self.factors(base, Lead::Number, None);
                } else {
                    self.out.push('*');
                    self.power(base, n, true);
                }
            }
            Piece::Base(id) => {
                // The reader takes `e^x` for exp(x), which is another node.
                if self.source.name(id).is_none() && self.source.is_e(id) {
                    self.out.push_str("exp(1)");
                } else {
                    self.expr(id, Level::Atom);
                }
            }
            Piece::Exponent(n, negate) => {
                let value = self.source.value(n);
                let minus = value.is_negative() != negate;
                let bare = !minus && (value.is_integer() || self.source.decimal(n).is_some());
                self.out.push_str(if bare { "^" } else { "^(" });
                self.number(n, minus);
                self.out.push_str(if bare { "" } else { ")" });
            }
            Piece::Written(id, start) => {
                self.written[id.index() % REMEMBERED] = (id, start, self.out.len());
            }
        }
    }

    fn expr(&mut self, id: Id, level: Level) {
        use Piece::{Base, Expr, Term, Text};
        if let (Some(names), Some(number)) = (self.source.names, self.source.name(id)) {
            return names.write(number, &mut self.out);
        }
        if self.level(id) < level {
            self.out.push('(');
            self.stack.push(Text(")"));
        }
        let node = self.source.arena.node(id);
        // A sum within a sum is no part that comes again, but the beginning of one.
        let is_part =
            matches!(node, Node::Call(..)) || matches!(node, Node::Add(..)) && level != Level::Sum;
        if is_part && self.source.arena.facts(id).size >= MIN_REMEMBERED_SIZE {
            let (known, start, end) = self.written[id.index() % REMEMBERED];
            if known == id {
                return self.out.extend_from_within(start..end);
            }
            self.stack.push(Piece::Written(id, self.out.len()));
        }
        match node {
            Node::Number(n) => self.number(n, self.source.value(n).is_negative()),
            Node::Symbol(s) => self.out.push_str(self.source.arena.symbol_name(s)),
            Node::Pi => self.out.push_str("pi"),
            Node::ImaginaryUnit => self.out.push('i'),
            Node::Add(a, b) => self.stack.extend([Term(b), Expr(a, Level::Sum)]),
            Node::Mul(a, b) => match self.source.scaled(id) {
                Some((c, rest)) => self.product(c, rest, self.source.value(c).is_negative()),
                // A product of numbers that is too large to fold.
                None if self.source.is_number(a) => {
                    self.stack
                        .extend([Expr(b, Level::Power), Text("*"), Expr(a, Level::Product)]);
                }
                None => self.factors(id, Lead::Nothing, None),
            },
            Node::Pow(base, exponent) => match self.source.arena.node(exponent) {
                Node::Number(n) => match self.source.reciprocal(id) {
                    Some(_) => self.factors(id, Lead::Nothing, None),
                    None => self.power(base, n, false),
                },
                _ => {
                    self.stack
                        .extend([Expr(exponent, Level::Power), Text("^"), Base(base)]);
                }
            },
            Node::Call(Function::Exp, a) if self.source.arena.is_one(a) => self.out.push('e'),
            Node::Call(Function::Not, a) => {
                self.out.push_str("not ");
                self.stack.push(Expr(a, Level::Atom));
            }
            Node::Call(f, a) => {
                self.out.push_str(f.name());
                self.out.push('(');
                self.stack.extend([Text(")"), Expr(a, Level::Or)]);
            }
            Node::Call2(f, a, b) => match infix(f) {
                Some((sign, _, left, right)) => {
                    self.stack
                        .extend([Expr(b, right), Text(sign), Expr(a, left)]);
                }
                None => {
                    self.out.push_str(f.name());
                    self.out.push('(');
                    self.arguments(&[a, b]);
                }
            },
            Node::If(c, a, b) => {
                self.out.push_str("if(");
                self.arguments(&[c, a, b]);
            }
        }
    }

    fn arguments(&mut self, list: &[Id]) {
        self.stack.push(Piece::Text(")"));
        for (at, &id) in list.iter().enumerate().rev() {
            self.stack.push(Piece::Expr(id, Level::Or));
            if at > 0 {
                self.stack.push(Piece::Text(", "));
            }
        }
    }

    fn term(&mut self, id: Id) {
        if let Some((c, rest)) = self.source.scaled(id)
            && self.source.value(c).is_negative()
        {
            self.out.push_str(" - ");
            return self.product(c, rest, false);
        }
        match self.source.arena.node(id) {
            Node::Number(n) if self.source.value(n).is_negative() => {
                self.out.push_str(" - ");
                self.number(n, false);
            }
            _ => {
                self.out.push_str(" + ");
                // A sum on the right is another node than a sum on the left.
                self.expr(id, Level::Product);
            }
        }
    }

    /// `c*rest` with the sign asked for, as `p*rest/q`.
    fn product(&mut self, c: NumberId, rest: Id, minus: bool) {
        let value = self.source.value(c);
        self.out.push_str(if minus { "-" } else { "" });
        let mut lead = if minus { Lead::Minus } else { Lead::Nothing };
        if let Some(decimal) = self.source.decimal(c) {
            if decimal != "1" {
                self.out.push_str(&decimal);
                lead = Lead::Number;
            }
            return self.factors(rest, lead, None);
        }
        let (p, q) = parts(value);
        if !p.is_one() {
            self.magnitude(&p);
            lead = Lead::Number;
        }
        self.factors(rest, lead, (!q.is_one()).then_some(c));
    }

    /// The factors of a product, then `over` for the denominator of its coefficient.
    fn factors(&mut self, product: Id, lead: Lead, over: Option<NumberId>) {
        let source = self.source;
        let reciprocal = |id| source.reciprocal(id);
        // Only a factor 1/0 cannot take a number beside it: 2*0 would fold.
        let takes_number = |id| reciprocal(id).is_some_and(|(base, _)| !source.arena.is_zero(base));
        let (mut first, mut over) = (product, over);
        loop {
            let next = match source.open(first) {
                Some(Node::Mul(left, right)) if !source.is_number(left) => Some((left, right)),
                _ => None,
            };
            let last = next.map_or(first, |(_, right)| right);
            match over.take() {
                Some(c) if takes_number(last) => {
                    self.stack.push(Piece::OverBoth(c, last));
                    if next.is_none() {
                        if lead != Lead::Number {
                            self.out.push('1');
                        }
                        return;
                    }
                }
                c => {
                    self.stack.extend(c.map(Piece::Over));
                    if next.is_some() {
                        self.stack.push(Piece::Factor(last));
                    }
                }
            }
            match next {
                Some((left, _)) => first = left,
                None => break,
            }
        }
        match (reciprocal(first).is_some(), lead) {
            (true, Lead::Nothing | Lead::Minus) => {
                self.out.push('1');
                self.stack.push(Piece::Factor(first));
            }
            (_, Lead::Number) => self.stack.push(Piece::Factor(first)),
            (false, Lead::Minus) => self.stack.push(Piece::Expr(first, Level::Power)),
            (false, Lead::Nothing) => self.stack.push(Piece::Expr(first, Level::Product)),
        }
    }

    /// `base^n` or, where `negate` is set, `base^-n`.
    fn power(&mut self, base: Id, n: NumberId, negate: bool) {
        let value = self.source.value(n);
        if negate && *value == Rational::MINUS_ONE {
            self.expr(base, Level::Power);
        } else if value.abs() == Rational::HALF && value.is_negative() == negate {
            self.out.push_str("sqrt(");
            self.stack
                .extend([Piece::Text(")"), Piece::Expr(base, Level::Or)]);
        } else {
            self.stack
                .extend([Piece::Exponent(n, negate), Piece::Base(base)]);
        }
    }

    fn number(&mut self, n: NumberId, minus: bool) {
        self.out.push_str(if minus { "-" } else { "" });
        match self.source.decimal(n) {
            Some(decimal) => self.out.push_str(&decimal),
            None => self.magnitude(&self.source.value(n).abs()),
        }
    }

    fn denominator(&mut self, c: NumberId) {
        self.magnitude(&self.source.value(c).denominator());
    }

    /// A number that is not negative.
    fn magnitude(&mut self, value: &Rational) {
        // Most numbers of a formula have one digit, and to format one takes longer than the rest of its piece.
        match value.as_small() {
            Some((digit @ 0..10, 1)) => self.out.push(char::from(b'0' + digit as u8)),
            _ => {
                let _ = write!(self.out, "{value}");
            }
        }
    }

    fn level(&self, id: Id) -> Level {
        match self.source.arena.node(id) {
            Node::Number(n) => {
                let value = self.source.value(n);
                let fraction = !value.is_integer() && self.source.decimal(n).is_none();
                if fraction || value.is_negative() {
                    Level::Product
                } else {
                    Level::Atom
                }
            }
            Node::Add(..) => Level::Sum,
            Node::Mul(..) => Level::Product,
            Node::Pow(_, exponent) => match self.source.arena.as_number(exponent) {
                Some(n) if *n == Rational::HALF => Level::Atom,
                Some(_) if self.source.reciprocal(id).is_some() => Level::Product,
                _ => Level::Power,
            },
            Node::Call(Function::Not, _) => Level::Not,
            Node::Call2(f, ..) => infix(f).map_or(Level::Atom, |(_, level, ..)| level),
            Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit | Node::Call(..) | Node::If(..) => {
                Level::Atom
            }
        }
    }
}

/// The absolute value of the numerator, and the denominator.
pub(super) fn parts(value: &Rational) -> (Rational, Rational) {
    (value.numerator().abs(), value.denominator())
}
