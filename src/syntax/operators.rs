//! Which operator binds first, and what each does to the operands that wait.

use super::build::{Builder, Chain, Done, Operand};
use super::error::{SyntaxError, SyntaxErrorKind};
use super::tree::{BinaryOp, Kind, NodeId, Span, UnaryOp};

/// How tightly the operators bind; `-x^2` is -(x^2), `2^-3` is fine since a sign waits only for what follows it.
pub(super) mod rank {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARISON: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const SIGN: u8 = 7;
    pub const POWER: u8 = 8;
    pub const ROOT: u8 = 9;
}

#[derive(Clone, Copy)]
pub(super) struct Operator {
    pub(super) what: Waiting,
    pub(super) rank: u8,
    pub(super) span: Span,
}

#[derive(Clone, Copy)]
pub(super) enum Waiting {
    Unary(UnaryOp),
    Binary(BinaryOp),
}

impl Builder<'_> {
    /// The operator that waits nearest in the expression at hand.
    pub(super) fn waiting(&self) -> Option<&Operator> {
        self.operators[self.base..].last()
    }

    pub(super) fn push_prefix(&mut self, span: Span) -> Done {
        self.finish_name();
        let text = span.text(self.text);
        let (op, rank) = match text {
            "not" => (UnaryOp::Not, rank::NOT),
            "√" => (UnaryOp::Sqrt, rank::ROOT),
            "∛" => (UnaryOp::Cbrt, rank::ROOT),
            "+" => (UnaryOp::Plus, rank::SIGN),
            _ => (UnaryOp::Neg, rank::SIGN),
        };
        let before = self.waiting().copied();
        if rank == rank::ROOT {
            self.start_operand(span)?;
        } else if self.after_value {
            let message = format!("unexpected `{text}` after a value");
            return Err(SyntaxError::new(SyntaxErrorKind::Unexpected, span, message)
                .with_hint(format!("write `and {text}` or `or {text}`")));
        } else if let Some(root) = before.filter(|before| before.rank == rank::ROOT) {
            let root = root.span.text(self.text);
            let message = format!("expected a value after `{root}`, found `{text}`");
            return Err(
                SyntaxError::new(SyntaxErrorKind::ExpectedValue, span, message)
                    .with_hint(format!("write parentheses: `{root}({text}x)`")),
            );
        } else if rank == rank::NOT && before.is_some_and(|before| before.rank > rank::NOT) {
            let message = "`not` cannot follow an operator that binds more tightly";
            return Err(SyntaxError::new(SyntaxErrorKind::Ambiguous, span, message)
                .with_hint("put it in parentheses: `(not x)`"));
        }
        self.operators.push(Operator {
            what: Waiting::Unary(op),
            rank,
            span,
        });
        self.after_value = false;
        Ok(())
    }

    pub(super) fn push_infix(&mut self, op: BinaryOp, rank: u8, span: Span) -> Done {
        // To the right only `^`: 2^3^2 is 2^(3^2).
        let yields =
            |before: &Operator| before.rank > rank || (before.rank == rank && rank != rank::POWER);
        while let Some(before) = self.waiting().copied().filter(|before| yields(before)) {
            self.reduce();
            if before.rank == rank::COMPARISON && rank == rank::COMPARISON && self.chain.is_none() {
                self.chain = Some(Chain {
                    first: before.span,
                    second: span,
                });
            }
        }
        self.operators.push(Operator {
            what: Waiting::Binary(op),
            rank,
            span,
        });
        self.after_value = false;
        Ok(())
    }

    /// The operator that waits nearest takes its operands.
    pub(super) fn reduce(&mut self) {
        let (Some(operator), Some(right)) = (self.operators.pop(), self.operands.pop()) else {
            return;
        };
        let (kind, span) = match operator.what {
            Waiting::Unary(op) => (Kind::Unary(op, right.node), operator.span.to(right.span)),
            Waiting::Binary(op) => {
                let Some(left) = self.operands.pop() else {
                    return;
                };
                self.note_reading(op, left, right);
                if let Some(chain) = self.chain.filter(|chain| chain.second == operator.span) {
                    self.chain = None;
                    let failure = self.chained(chain, left, right);
                    self.failure.get_or_insert(failure);
                }
                (
                    Kind::Binary(op, left.node, right.node),
                    left.span.to(right.span),
                )
            }
        };
        let node = self.add(kind, span);
        self.operands.push(Operand {
            node,
            span,
            bracketed: false,
        });
    }

    pub(super) fn push_factorial(&mut self, sign: Span) -> Done {
        let Some(operand) = self.operands.pop() else {
            return Ok(());
        };
        let span = operand.span.to(sign);
        if let (Kind::Unary(UnaryOp::Factorial, _), false) =
            (self.kind(operand.node), operand.bracketed)
        {
            let message = "`!!` could be the double factorial or the factorial of a factorial";
            return Err(SyntaxError::new(SyntaxErrorKind::Ambiguous, span, message)
                .with_hint("for the factorial of a factorial write `(n!)!`"));
        }
        self.note_root(operand, sign);
        let node = self.add(Kind::Unary(UnaryOp::Factorial, operand.node), span);
        self.operands.push(Operand {
            node,
            span,
            bracketed: false,
        });
        Ok(())
    }

    pub(super) fn push_superscript(&mut self, power: Span) -> Done {
        let Some(operand) = self.operands.pop() else {
            return Ok(());
        };
        self.note_root(operand, power);
        let span = operand.span.to(power);
        let exponent = self.superscript(power)?;
        let node = self.add(Kind::Binary(BinaryOp::Pow, operand.node, exponent), span);
        self.operands.push(Operand {
            node,
            span,
            bracketed: false,
        });
        Ok(())
    }

    /// `⁻²ⁿ`, `ⁿ⁺¹`, `¹ᐟ²`: terms with signs.
    pub(super) fn superscript(&mut self, span: Span) -> Result<NodeId, SyntaxError> {
        const SIGNS: [char; 2] = ['⁺', '⁻'];
        let text = span.text(self.text);
        let mut sum: Option<NodeId> = None;
        let mut from = 0;
        while from < text.len() {
            let signed = text[from..].starts_with(SIGNS);
            let first = from + if signed { '⁻'.len_utf8() } else { 0 };
            let end = text[first..]
                .find(SIGNS)
                .map_or(text.len(), |at| first + at);
            let negative = text[from..].starts_with('⁻');
            let at = |place: usize| span.start as usize + place;
            let term = self.superscript_term(Span::new(at(first), at(end)), span)?;
            let kind = match sum {
                None if negative => Kind::Unary(UnaryOp::Neg, term),
                None => Kind::Unary(UnaryOp::Plus, term),
                Some(sum) if negative => Kind::Binary(BinaryOp::Sub, sum, term),
                Some(sum) => Kind::Binary(BinaryOp::Add, sum, term),
            };
            sum = Some(match sum.is_none() && !signed {
                true => term,
                false => self.add(kind, Span::new(span.start as usize, at(end))),
            });
            from = end;
        }
        sum.ok_or_else(|| self.unclear_superscript(span))
    }

    /// `²ⁿ`, or `ⁿᐟ²`
    fn superscript_term(&mut self, term: Span, whole: Span) -> Result<NodeId, SyntaxError> {
        const SLASH: char = 'ᐟ';
        let text = term.text(self.text);
        let Some(slash) = text.find(SLASH) else {
            return self.superscript_product(term, whole);
        };
        let (start, end) = (term.start as usize, term.end as usize);
        let below = Span::new(start + slash + SLASH.len_utf8(), end);
        let above = self.superscript_product(Span::new(start, start + slash), whole)?;
        let below = self.superscript_product(below, whole)?;
        if let Kind::Binary(..) = self.kind(below) {
            return Err(self.unclear_superscript(whole));
        }
        Ok(self.add(Kind::Binary(BinaryOp::Div, above, below), term))
    }

    /// Digits, then letters, all multiplied. Digits after a letter could be factors or powers.
    fn superscript_product(&mut self, part: Span, whole: Span) -> Result<NodeId, SyntaxError> {
        let text = part.text(self.text);
        let start = part.start as usize;
        let digits = (text.find(|c| self.scope.is_superscript_letter(c))).unwrap_or(text.len());
        let mut product =
            (digits > 0).then(|| self.add(Kind::Number, Span::new(start, start + digits)));
        if text[..digits].contains('ᐟ') {
            return Err(self.unclear_superscript(whole));
        }
        for (at, letter) in text[digits..].char_indices() {
            if !self.scope.is_superscript_letter(letter) {
                return Err(self.unclear_superscript(whole));
            }
            let name = self.scope.intern_superscript(letter);
            let from = start + digits + at;
            let end = from + letter.len_utf8();
            let letter = self.add(Kind::Name(name), Span::new(from, end));
            product = Some(match product {
                None => letter,
                Some(left) => self.add(
                    Kind::Binary(BinaryOp::ImplicitMul, left, letter),
                    Span::new(start, end),
                ),
            });
        }
        product.ok_or_else(|| self.unclear_superscript(whole))
    }

    fn unclear_superscript(&self, span: Span) -> SyntaxError {
        let message = format!("`{}` is not clear as an exponent", span.text(self.text));
        SyntaxError::new(SyntaxErrorKind::Ambiguous, span, message)
            .with_hint("write the exponent in brackets: `x^(2*n)`, `x^(n^2)`, `x^(1/(2*n))`")
    }
}

pub(super) fn infix(text: &str) -> (BinaryOp, u8) {
    match text {
        "+" => (BinaryOp::Add, rank::SUM),
        "-" | "−" | "–" => (BinaryOp::Sub, rank::SUM),
        "/" | "÷" | "./" => (BinaryOp::Div, rank::PRODUCT),
        "%" | "mod" => (BinaryOp::Mod, rank::PRODUCT),
        "^" | "**" | ".^" => (BinaryOp::Pow, rank::POWER),
        "<" => (BinaryOp::Less, rank::COMPARISON),
        "<=" | "≤" => (BinaryOp::LessEqual, rank::COMPARISON),
        ">" => (BinaryOp::Greater, rank::COMPARISON),
        ">=" | "≥" => (BinaryOp::GreaterEqual, rank::COMPARISON),
        "==" => (BinaryOp::Equal, rank::COMPARISON),
        "!=" | "≠" => (BinaryOp::NotEqual, rank::COMPARISON),
        "and" => (BinaryOp::And, rank::AND),
        "or" => (BinaryOp::Or, rank::OR),
        _ => (BinaryOp::Mul, rank::PRODUCT),
    }
}
