//! Expressions in LaTeX, as a person would write them.
//!
//! Faithful to the mathematics, not to the node: sums and products are flattened, factors with a negative exponent
//! stand under one fraction bar. What each function looks like stands in `notation`.

use std::fmt::Write;

use super::notation::{Form, form, symbol, twins, verbatim};
use super::text::parts;
use super::{Level, MAX_TEXT_BYTES, Names, Source, TooLong, infix};
use crate::expr::{Arena, Id, Node, NumberId, Rational, SymbolId};

/// The expression in LaTeX, without dollar signs.
pub fn latex(arena: &Arena, root: Id) -> Result<String, TooLong> {
    write(arena, None, root, String::new())
}

/// Adds the LaTeX of `root` to `out`, with `names` in the place of the parts they stand for.
pub(super) fn write(
    arena: &Arena,
    names: Option<&Names>,
    root: Id,
    out: String,
) -> Result<String, TooLong> {
    let mut printer = Printer {
        source: Source { arena, names, root },
        out,
        stack: vec![Piece::Expr(root, Level::Or)],
    };
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
}

/// What is still to be written.
#[derive(Clone, Copy)]
enum Piece {
    Text(&'static str),
    /// The expression, in parentheses if it binds less tightly.
    Expr(Id, Level),
    /// A term that is not the first one.
    Term(Id),
    /// A factor, behind another one if the flag is set, as tight as asked.
    Factor(Factor, bool, Level),
    /// The denominator of a coefficient.
    Denominator(NumberId),
    /// `^{n}`, without the sign of n.
    Exponent(NumberId),
}

#[derive(Clone, Copy)]
enum Factor {
    Plain(Id),
    /// The base and the exponent, whose sign is dropped: the factor stands under the fraction bar.
    Inverse(Id, NumberId),
}

impl Printer<'_> {
    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.out.push_str(text),
            Piece::Expr(id, level) => self.expr(id, level),
            Piece::Term(id) => self.term(id),
            Piece::Factor(factor, behind, level) => {
                if behind {
                    let dot = self.starts_with_digit(factor);
                    self.out.push_str(if dot { r" \cdot " } else { " " });
                }
                match factor {
                    Factor::Plain(id) => self.expr(id, level),
                    Factor::Inverse(base, n) => self.power(base, n, level),
                }
            }
            Piece::Denominator(c) => {
                let _ = write!(self.out, "{}", self.source.value(c).denominator());
            }
            Piece::Exponent(n) => {
                self.out.push_str("^{");
                match self.source.decimal(n) {
                    Some(decimal) => self.decimal(&decimal),
                    None => {
                        let _ = write!(self.out, "{}", self.source.value(n).abs());
                    }
                }
                self.out.push('}');
            }
        }
    }

    /// A variable. `x2` and `x_2` look alike, and so do `lambda` and `λ`: of those the oldest one has the look, the others
    /// stand as they are written.
    fn variable(&mut self, variable: SymbolId) {
        let arena = self.source.arena;
        let name = arena.symbol_name(variable);
        let is_older = |twin: String| {
            arena
                .find_symbol(&twin)
                .is_some_and(|other| other < variable)
        };
        match twins(name).into_iter().any(is_older) {
            true => verbatim(name, &mut self.out),
            false => symbol(name, &mut self.out),
        }
    }

    fn expr(&mut self, id: Id, level: Level) {
        use Piece::{Expr, Term, Text};
        if let Some(number) = self.source.name(id) {
            let prefix = self.source.names.map_or("", |n| &n.prefix);
            return symbol(&format!("{prefix}{number}"), &mut self.out);
        }
        if self.level(id) < level {
            self.out.push_str(r"\left(");
            self.stack.push(Text(r"\right)"));
        }
        match self.source.arena.node(id) {
            Node::Number(n) => self.number(n, self.source.value(n).is_negative()),
            Node::Symbol(s) => self.variable(s),
            Node::Pi => self.out.push_str(r"\pi"),
            Node::ImaginaryUnit => self.out.push('i'),
            Node::Add(a, b) => self.stack.extend([Term(b), Expr(a, Level::Sum)]),
            Node::Mul(..) => match self.source.scaled(id) {
                Some((c, rest)) => self.product(Some(c), rest, self.source.value(c).is_negative()),
                None => self.product(None, id, false),
            },
            Node::Pow(..) if self.inverse(id).is_some() => self.product(None, id, false),
            Node::Pow(base, exponent) => match self.source.arena.node(exponent) {
                Node::Number(n) => self.power(base, n, Level::Or),
                _ => {
                    let exponent = [Text("}"), Expr(exponent, Level::Or), Text("^{")];
                    self.raised(base, &exponent);
                }
            },
            Node::Call(..) if self.source.is_e(id) => self.out.push('e'),
            Node::Call(f, a) => match form(f) {
                Form::Name(name) | Form::Applied(name) => {
                    self.out.extend([name, r"\left("]);
                    self.stack.extend([Text(r"\right)"), Expr(a, Level::Or)]);
                }
                Form::Around(before, after, _) => {
                    self.out.push_str(before);
                    // `1 + u` and `not u` ask more of u than brackets do.
                    let inside = match (before, after) {
                        (_, "") => Level::Atom,
                        (before, _) if before.ends_with("+ ") => Level::Product,
                        _ => Level::Or,
                    };
                    self.stack.extend([Text(after), Expr(a, inside)]);
                }
                Form::Infix(_) | Form::Mixfix(..) => unreachable!("{f} takes two arguments"),
            },
            Node::Call2(f, a, b) => match form(f) {
                Form::Name(name) | Form::Applied(name) => {
                    self.out.extend([name, r"\left("]);
                    self.stack.extend([
                        Text(r"\right)"),
                        Expr(b, Level::Or),
                        Text(", "),
                        Expr(a, Level::Or),
                    ]);
                }
                Form::Infix(sign) => {
                    let (_, _, left, right) = infix(f).expect("the language has it infix too");
                    self.stack
                        .extend([Expr(b, right), Text(sign), Expr(a, left)]);
                }
                Form::Mixfix(before, between, after, _) => {
                    let open = |empty| if empty { Level::Power } else { Level::Or };
                    self.stack.extend([
                        Text(after),
                        Expr(b, open(after.is_empty())),
                        Text(between),
                        Expr(a, open(before.is_empty())),
                        Text(before),
                    ]);
                }
                Form::Around(..) => unreachable!("{f} takes one argument"),
            },
            Node::If(..) => self.cases(id),
        }
    }

    /// A choice, and the choices in its last branch as further lines.
    fn cases(&mut self, id: Id) {
        use Piece::{Expr, Text};
        self.out.push_str(r"\begin{cases} ");
        let mut pieces = Vec::new();
        let mut last = id;
        let mut open = Some(self.source.arena.node(id));
        while let Some(Node::If(c, a, b)) = open {
            pieces.extend([
                Expr(a, Level::Or),
                Text(r" & \text{if } "),
                Expr(c, Level::Or),
                Text(r" \\ "),
            ]);
            last = b;
            open = self.source.open(b);
        }
        pieces.extend([
            Expr(last, Level::Or),
            Text(r" & \text{otherwise} \end{cases}"),
        ]);
        self.stack.extend(pieces.into_iter().rev());
    }

    fn term(&mut self, id: Id) {
        if let Some(Node::Add(a, b)) = self.source.open(id) {
            return self.stack.extend([Piece::Term(b), Piece::Term(a)]);
        }
        if let Some((c, rest)) = self.source.scaled(id)
            && self.source.value(c).is_negative()
        {
            self.out.push_str(" - ");
            return self.product(Some(c), rest, false);
        }
        match self.source.arena.node(id) {
            Node::Number(n) if self.source.value(n).is_negative() => {
                self.out.push_str(" - ");
                self.number(n, false);
            }
            _ => {
                self.out.push_str(" + ");
                self.expr(id, Level::Product);
            }
        }
    }

    /// `c*product` with the sign asked for: all factors in one line, or over and under one bar.
    fn product(&mut self, c: Option<NumberId>, product: Id, minus: bool) {
        let (mut over, mut under) = (Vec::new(), Vec::new());
        for factor in self.split(product) {
            match factor {
                Factor::Plain(_) => over.push(factor),
                Factor::Inverse(base, n) => {
                    let inner = match self.source.open(base) {
                        Some(Node::Mul(..)) if *self.source.value(n) == Rational::MINUS_ONE => {
                            self.split(base)
                        }
                        _ => Vec::new(),
                    };
                    // `x/(y*z)` has three factors; `x/(y/z)` keeps its second bar.
                    if inner.is_empty() || inner.iter().any(|f| matches!(f, Factor::Inverse(..))) {
                        under.push(factor);
                    } else {
                        under.extend(inner);
                    }
                }
            }
        }
        let decimal = c.and_then(|c| self.source.decimal(c));
        let q = c.filter(|&c| decimal.is_none() && !self.source.value(c).is_integer());
        let bar = q.is_some() || !under.is_empty();
        if bar {
            if let Some(c) = q {
                self.stack.push(Piece::Text("}"));
                self.row(&under, true, bar);
                self.stack.push(Piece::Denominator(c));
            } else {
                self.stack.push(Piece::Text("}"));
                self.row(&under, false, bar);
            }
            self.stack.push(Piece::Text("}{"));
        }
        self.out.push_str(if minus { "-" } else { "" });
        self.out.push_str(if bar { r"\frac{" } else { "" });
        let p = c.map_or(Rational::ONE, |c| parts(self.source.value(c)).0);
        let mut number = true;
        match decimal {
            Some(decimal) if decimal != "1" => self.decimal(&decimal),
            None if !p.is_one() => {
                let _ = write!(self.out, "{p}");
            }
            _ if over.is_empty() => self.out.push('1'),
            _ => number = false,
        }
        self.row(&over, number, bar);
    }

    /// The factors of a product, in order, however they are grouped.
    fn split(&self, product: Id) -> Vec<Factor> {
        let mut factors = Vec::new();
        let mut stack = vec![product];
        while let Some(id) = stack.pop() {
            match self.source.open(id) {
                Some(Node::Mul(a, b)) => stack.extend([b, a]),
                _ => factors.push(match self.inverse(id) {
                    Some((base, n)) => Factor::Inverse(base, n),
                    None => Factor::Plain(id),
                }),
            }
        }
        factors
    }

    /// Factors in one line; a single one between the braces of a fraction needs no brackets.
    fn row(&mut self, factors: &[Factor], number: bool, braces: bool) {
        let alone = factors.len() == 1 && !number && braces;
        let level = if alone { Level::Or } else { Level::Power };
        for (at, &factor) in factors.iter().enumerate().rev() {
            let behind = number || at > 0;
            self.stack.push(Piece::Factor(factor, behind, level));
        }
    }

    /// The base and the exponent of a power with a negative number as exponent.
    fn inverse(&self, id: Id) -> Option<(Id, NumberId)> {
        match self.source.open(id)? {
            Node::Pow(base, exponent) => match self.source.arena.node(exponent) {
                Node::Number(n) if self.source.value(n).is_negative() => Some((base, n)),
                _ => None,
            },
            _ => None,
        }
    }

    /// `base^|n|`; the level is asked of the base where the exponent vanishes.
    fn power(&mut self, base: Id, n: NumberId, level: Level) {
        let exponent = self.source.value(n).abs();
        if exponent.is_one() {
            self.expr(base, level);
        } else if exponent == Rational::HALF {
            self.out.push_str(r"\sqrt{");
            self.stack
                .extend([Piece::Text("}"), Piece::Expr(base, Level::Or)]);
        } else {
            self.raised(base, &[Piece::Exponent(n)]);
        }
    }

    /// The base with what raises it (pieces, last first) behind it, or behind the name of a function.
    fn raised(&mut self, base: Id, exponent: &[Piece]) {
        if let Some(Node::Call(f, a)) = self.source.open(base)
            && let Form::Name(name) = form(f)
        {
            self.out.push_str(name);
            self.stack.extend([
                Piece::Text(r"\right)"),
                Piece::Expr(a, Level::Or),
                Piece::Text(r"\left("),
            ]);
            self.stack.extend(exponent);
        } else {
            self.stack.extend(exponent);
            self.stack.push(Piece::Expr(base, Level::Atom));
        }
    }

    fn number(&mut self, n: NumberId, minus: bool) {
        self.out.push_str(if minus { "-" } else { "" });
        if let Some(decimal) = self.source.decimal(n) {
            return self.decimal(&decimal);
        }
        let (p, q) = parts(self.source.value(n));
        let _ = if q.is_one() {
            write!(self.out, "{p}")
        } else {
            write!(self.out, r"\frac{{{p}}}{{{q}}}")
        };
    }

    /// `1.38e-23` as a product with a power of ten.
    fn decimal(&mut self, decimal: &str) {
        match decimal.split_once('e') {
            Some(("1", exponent)) => self.out.extend(["10^{", exponent, "}"]),
            Some((mantissa, exponent)) => {
                (self.out).extend([mantissa, r" \cdot 10^{", exponent, "}"]);
            }
            None => self.out.push_str(decimal),
        }
    }

    /// Would the factor, behind another one, be read as the digits of a number?
    fn starts_with_digit(&self, factor: Factor) -> bool {
        let (base, exponent) = match factor {
            Factor::Inverse(base, n) => (base, Some(self.source.value(n))),
            Factor::Plain(id) => match self.source.open(id) {
                Some(Node::Pow(base, exponent)) => (base, self.source.arena.as_number(exponent)),
                _ => (id, None),
            },
        };
        exponent.is_none_or(|e| e.abs() != Rational::HALF) && self.is_bare_number(base)
    }

    fn is_bare_number(&self, id: Id) -> bool {
        self.source.is_number(id) && self.level(id) == Level::Atom
    }

    fn level(&self, id: Id) -> Level {
        match self.source.arena.node(id) {
            Node::Number(n) => {
                let value = self.source.value(n);
                let bare = match self.source.decimal(n) {
                    Some(decimal) => !decimal.contains('e'),
                    None => value.is_integer(),
                };
                if bare && !value.is_negative() {
                    Level::Atom
                } else {
                    Level::Product
                }
            }
            Node::Add(..) => Level::Sum,
            Node::Mul(..) | Node::If(..) => Level::Product,
            Node::Pow(_, exponent) => match self.source.arena.as_number(exponent) {
                Some(n) if *n == Rational::HALF => Level::Atom,
                Some(n) if n.is_negative() => Level::Product,
                _ => Level::Power,
            },
            Node::Call(..) if self.source.is_e(id) => Level::Atom,
            Node::Call(f, _) | Node::Call2(f, ..) => match form(f) {
                Form::Name(_) | Form::Applied(_) => Level::Atom,
                Form::Around(.., level) | Form::Mixfix(.., level) => level,
                Form::Infix(_) => infix(f).map_or(Level::Or, |(_, level, ..)| level),
            },
            Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => Level::Atom,
        }
    }
}
