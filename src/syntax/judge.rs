//! What the grammar lets through: readings that deserve a note, and texts that are wrong.
//!
//! The builder asks here before it joins two values or applies an operator.

use super::build::{Builder, Chain, Done, Operand};
use super::error::{SyntaxError, SyntaxErrorKind, shown};
use super::operators::rank;
use super::tree::{BinaryOp, Kind, Note, Span, TreeNode, UnaryOp};

/// More remarks than this help nobody.
pub(super) const MOST_NOTES: usize = 24;

/// A function name that a value follows.
pub(super) struct Function {
    pub name: Operand,
    pub power: Option<Span>,
    pub is_negative: bool,
    /// A root has taken the name already: `√sin²(x)`.
    pub is_rooted: bool,
}

impl Builder<'_> {
    // ---- Readings that are easy to get wrong -------------------------------------------------------------------------

    pub(super) fn note(&mut self, span: Span, reading: String) {
        if self.tree.notes.len() < MOST_NOTES {
            let message = format!("`{}` is read as `{reading}`", shown(span.text(self.text)));
            self.tree.notes.push(Note { span, message });
        }
    }

    pub(super) fn note_reading(&mut self, op: BinaryOp, left: Operand, right: Operand) {
        if left.bracketed {
            return;
        }
        let (a, b) = (left.span.text(self.text), right.span.text(self.text));
        match (op, self.kind(left.node)) {
            (BinaryOp::ImplicitMul, Kind::Binary(BinaryOp::Div | BinaryOp::Mod, ..)) => {
                self.note(
                    left.span.to(right.span),
                    format!("({})*{}", shown(a), shown(b)),
                );
            }
            // `√2 x` with a space is plain enough.
            (BinaryOp::ImplicitMul, Kind::Unary(UnaryOp::Sqrt | UnaryOp::Cbrt, _))
                if left.span.end == right.span.start && !a.ends_with(')') =>
            {
                self.note(
                    left.span.to(right.span),
                    format!("({})*{}", shown(a), shown(b)),
                );
            }
            (BinaryOp::Pow, Kind::Unary(UnaryOp::Sqrt | UnaryOp::Cbrt, _)) => {
                self.note(
                    left.span.to(right.span),
                    format!("({})^{}", shown(a), shown(b)),
                );
            }
            _ => {}
        }
    }

    /// `√x²` and `√5!`.
    pub(super) fn note_root(&mut self, operand: Operand, sign: Span) {
        if let (Kind::Unary(UnaryOp::Sqrt | UnaryOp::Cbrt, _), false) =
            (self.kind(operand.node), operand.bracketed)
        {
            let reading = format!(
                "({}){}",
                shown(operand.span.text(self.text)),
                sign.text(self.text)
            );
            self.note(operand.span.to(sign), reading);
        }
    }

    // ---- What the grammar lets through and is wrong ------------------------------------------------------------------

    /// The function name, and its power, that would be multiplied if a value followed now.
    pub(super) fn function_at_top(&self) -> Option<Function> {
        let top = *self.operands.last().filter(|top| !top.bracketed)?;
        let (base, power, is_negative) = match self.kind(top.node) {
            // `sin²`
            Kind::Binary(BinaryOp::Pow, base, power) => {
                let power = self.tree.node(power);
                (
                    base,
                    Some(power.span),
                    matches!(power.kind, Kind::Unary(UnaryOp::Neg, _)),
                )
            }
            // `sin^2`, `sin^-2`: not reduced yet.
            Kind::Number => {
                let waiting = &self.operators[self.base..];
                let signs = waiting
                    .iter()
                    .rev()
                    .take_while(|op| op.rank == rank::SIGN)
                    .count();
                waiting[..waiting.len() - signs]
                    .last()
                    .filter(|op| op.rank == rank::POWER)?;
                let base = self.operands[..self.operands.len() - 1]
                    .last()
                    .filter(|base| !base.bracketed)?;
                (base.node, Some(top.span), signs > 0)
            }
            _ => (top.node, None, false),
        };
        let (mut node, mut is_rooted) = (base, false);
        while let Kind::Unary(UnaryOp::Sqrt | UnaryOp::Cbrt, inner) = self.kind(node) {
            (node, is_rooted) = (inner, true);
        }
        let TreeNode {
            kind: Kind::Name(_),
            span,
        } = self.tree.node(node)
        else {
            return None;
        };
        let name = Operand {
            node,
            span,
            bracketed: false,
        };
        self.scope
            .is_function(span.text(self.text))
            .then_some(Function {
                name,
                power,
                is_negative,
                is_rooted,
            })
    }

    /// Refuses `sin x` and `sin^-1(x)`, where what follows is at the span.
    pub(super) fn check_function(&self, next: Span) -> Done {
        let Some(Function {
            name,
            power,
            is_negative,
            is_rooted,
        }) = self.function_at_top()
        else {
            return Ok(());
        };
        let function = name.span.text(self.text);
        if let (Some(power), true) = (power, is_negative) {
            return Err(self.ambiguous_inverse(name.span, power));
        }
        let is_word = |text: &&str| text.starts_with(char::is_alphanumeric);
        // `sin 2x` means 2x.
        let behind = &self.text[next.start as usize..];
        let end = behind.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '_');
        let word = &behind[..end.unwrap_or(behind.len())];
        let argument = Some(word).filter(is_word).unwrap_or("x");
        let call = format!("{function}({})", shown(argument));
        let hint = match power {
            _ if function == "if" => "write `if(c, a, b)`".to_owned(),
            None => format!("write `{call}`"),
            Some(power) if is_rooted => format!("write `√({call}^{})`", self.tree.number(power)),
            Some(power) => format!("write `{call}^{}`", self.tree.number(power)),
        };
        Err(SyntaxError::missing_parentheses(function, name.span.to(next)).with_hint(hint))
    }

    pub(super) fn ambiguous_inverse(&self, name: Span, power: Span) -> SyntaxError {
        let digits = self.tree.number(power).replace('⁻', "");
        let span = name.to(power);
        let name = name.text(self.text);
        let inverse = Some(format!("a{name}"))
            .filter(|inverse| digits == "1" && self.scope.is_function(inverse));
        let power = if digits == "1" {
            String::new()
        } else {
            format!("^{digits}")
        };
        let hint = match inverse {
            Some(inverse) => {
                format!("write `{inverse}(x)` for the inverse or `1/{name}(x)` for the reciprocal")
            }
            None => format!("write `1/{name}(x){power}` for the reciprocal"),
        };
        let message = format!(
            "`{}` could be an inverse or a reciprocal",
            shown(span.text(self.text))
        );
        SyntaxError::new(SyntaxErrorKind::AmbiguousInverse, span, message).with_hint(hint)
    }

    /// `a < b < c`; seen at the second `<`, told where `c` is known.
    pub(super) fn chained(&self, chain: Chain, left: Operand, right: Operand) -> SyntaxError {
        let middle = Span {
            start: chain.first.end,
            end: left.span.end,
        }
        .text(self.text)
        .trim();
        let (left, right) = (left.span.text(self.text), right.span.text(self.text));
        let second = chain.second.text(self.text);
        let hint = format!(
            "write `{} and {} {second} {}`",
            shown(left),
            shown(middle),
            shown(right)
        );
        let message = "comparisons cannot be chained";
        SyntaxError::new(SyntaxErrorKind::ChainedComparison, chain.second, message).with_hint(hint)
    }

    pub(super) fn adjacent_number(&self, number: Span) -> SyntaxError {
        let before = self.operands.last().copied();
        let (mut span, mut is_number) = (number, false);
        if let Some(before) = before {
            span = before.span.to(number);
            is_number = self.kind(before.node) == Kind::Number && !before.bracketed;
            if is_number && before.span.end == number.start {
                let message = format!("`{}` is not a number", shown(span.text(self.text)));
                return SyntaxError::new(SyntaxErrorKind::InvalidNumber, span, message)
                    .with_hint("a number has one decimal point, and a whole exponent: `1.5e-3`");
            }
        }
        let (value, number) = (
            before.map_or("", |b| b.span.text(self.text)),
            number.text(self.text),
        );
        let (message, hint) = match is_number {
            true => (
                "two numbers side by side".to_string(),
                format!(
                    "write `{a}*{b}` for a product, or `{a}{b}` for one number",
                    a = shown(value),
                    b = shown(number)
                ),
            ),
            false => (
                format!(
                    "the number `{}` stands directly after a value",
                    shown(number)
                ),
                format!(
                    "write `*` before it for a product, `{}*{}`",
                    shown(value),
                    shown(number)
                ),
            ),
        };
        SyntaxError::new(SyntaxErrorKind::AdjacentNumber, span, message).with_hint(hint)
    }

    /// `0xff` would be 0 times `xff`.
    pub(super) fn check_radix(&self, name: Span) -> Done {
        let Some(zero) = self.operands.last().filter(|_| self.after_value) else {
            return Ok(());
        };
        let touches = zero.span.end == name.start && zero.span.text(self.text) == "0";
        if touches
            && name
                .text(self.text)
                .starts_with(['x', 'X', 'o', 'O', 'b', 'B'])
        {
            let span = zero.span.to(name);
            let message = format!("`{}` is not a number", shown(span.text(self.text)));
            return Err(
                SyntaxError::new(SyntaxErrorKind::InvalidNumber, span, message).with_hint(format!(
                    "numbers are decimal; for a product write `0*{}`",
                    shown(name.text(self.text))
                )),
            );
        }
        Ok(())
    }
}
