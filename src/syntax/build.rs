//! From the flat list of the grammar to the tree: which operator binds first.
//!
//! The shunting-yard method: operands and operators wait on two stacks, and an operator that comes later sends those
//! before it that bind at least as tightly to the tree. Brackets open a frame; nothing recurses.

use pest::Token;
use pest::iterators::Tokens;

use super::error::{SyntaxError, SyntaxErrorKind, shown};
use super::names::FunctionNames;
use super::parse::Rule;
use super::scope::Scope;
use super::tree::{
    BinaryOp, Definition, Kind, NodeId, Note, Parameter, Span, Tree, TreeNode, UnaryOp,
};

/// How tightly the operators bind; `-x^2` is -(x^2), `2^-3` is fine since a sign waits only for what follows it.
mod rank {
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

/// More remarks than this help nobody.
const MOST_NOTES: usize = 24;

pub(super) struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    scope: Scope<'t>,
    frames: Vec<Frame>,
    operands: Vec<Operand>,
    operators: Vec<Operator>,
    /// Where the operators of the expression at hand start.
    base: usize,
    /// Whether the expression at hand has just had a value.
    after_value: bool,
    /// A name that is a call if arguments follow.
    name: Option<Span>,
    /// The exponent between a name and its arguments.
    exponent: Option<Exponent>,
    /// A comparison of a comparison.
    chain: Option<Chain>,
    /// An error that was worth waiting for.
    failure: Option<SyntaxError>,
}

#[derive(Clone, Copy)]
struct Chain {
    first: Span,
    second: Span,
}

#[derive(Clone, Copy)]
struct Operand {
    node: NodeId,
    /// Brackets around it included.
    span: Span,
    bracketed: bool,
}

#[derive(Clone, Copy)]
struct Operator {
    what: Waiting,
    rank: u8,
    span: Span,
}

#[derive(Clone, Copy)]
enum Waiting {
    Unary(UnaryOp),
    Binary(BinaryOp),
}

/// What is open.
enum Frame {
    Expression {
        outer_base: usize,
    },
    Group {
        start: usize,
    },
    Arguments {
        start: usize,
        first: usize,
        call: Option<(Span, Option<Exponent>)>,
    },
    Definition {
        name: Option<Span>,
        parameters: Option<Vec<Parameter>>,
    },
}

#[derive(Clone, Copy, Default)]
struct Exponent {
    sign: Option<Span>,
    operator: Option<Span>,
    value: Span,
    is_superscript: bool,
}

type Done = Result<(), SyntaxError>;

impl<'t> Builder<'t> {
    pub fn new(text: &'t str, names: &'t dyn FunctionNames) -> Builder<'t> {
        Builder {
            text,
            tree: Tree {
                source: text.to_string(),
                ..Tree::default()
            },
            scope: Scope::new(names),
            frames: Vec::new(),
            operands: Vec::new(),
            operators: Vec::new(),
            base: 0,
            after_value: false,
            name: None,
            exponent: None,
            chain: None,
            failure: None,
        }
    }

    pub fn build(mut self, tokens: Tokens<'t, Rule>) -> Result<Tree, SyntaxError> {
        // Every bracket, comma and semicolon aside, a token of the text is two tokens of pest.
        self.tree.nodes.reserve(tokens.len() / 2);
        let mut start = 0;
        for token in tokens {
            match token {
                Token::Start { rule, pos } => {
                    start = pos.pos();
                    self.open(rule, start)?;
                }
                Token::End { rule, pos } => self.close(rule, Span::new(start, pos.pos()))?,
            }
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.tree.results = self.operands.iter().map(|operand| operand.node).collect();
        self.tree.names = self.scope.into_names();
        Ok(self.tree)
    }

    /// A rule begins.
    fn open(&mut self, rule: Rule, start: usize) -> Done {
        match rule {
            Rule::exponent => self.exponent = Some(Exponent::default()),
            Rule::arguments => self.open_arguments(start)?,
            Rule::expression => {
                self.frames.push(Frame::Expression {
                    outer_base: self.base,
                });
                self.base = self.operators.len();
                self.after_value = false;
            }
            Rule::group | Rule::bars => {
                self.finish_name();
                self.start_operand(Span::new(start, start))?;
                self.frames.push(Frame::Group { start });
            }
            Rule::definition => self.frames.push(Frame::Definition {
                name: None,
                parameters: None,
            }),
            Rule::parameters => {
                if let Some(Frame::Definition { parameters, .. }) = self.frames.last_mut() {
                    *parameters = Some(Vec::new());
                }
            }
            Rule::list => self.tree.is_list = true,
            _ => {}
        }
        Ok(())
    }

    /// A rule ends; `span` is right for the rules without parts.
    fn close(&mut self, rule: Rule, span: Span) -> Done {
        if let Some(exponent) = &mut self.exponent {
            match rule {
                Rule::power => exponent.operator = Some(span),
                Rule::minus => exponent.sign = Some(span),
                Rule::number => exponent.value = span,
                Rule::superscript => (exponent.value, exponent.is_superscript) = (span, true),
                _ => {}
            }
            return Ok(());
        }
        match rule {
            Rule::name => self.read_name(span)?,
            Rule::number => self.push_number(span)?,
            Rule::prefix => self.push_prefix(span)?,
            Rule::infix => {
                self.finish_name();
                let (op, rank) = infix(span.text(self.text));
                self.push_infix(op, rank, span)?;
            }
            Rule::postfix => {
                self.finish_name();
                match span.text(self.text) {
                    "!" => self.push_factorial(span)?,
                    _ => self.push_superscript(span),
                }
            }
            Rule::expression => {
                self.finish_name();
                while self.operators.len() > self.base {
                    self.reduce();
                }
                if let Some(Frame::Expression { outer_base }) = self.frames.pop() {
                    self.base = outer_base;
                }
                self.after_value = true;
            }
            Rule::group | Rule::bars => {
                if let (Some(Frame::Group { start }), Some(inner)) =
                    (self.frames.pop(), self.operands.pop())
                {
                    let span = Span::new(start, span.end as usize);
                    let node = match rule {
                        Rule::bars => self.add(Kind::Unary(UnaryOp::Abs, inner.node), span),
                        _ => inner.node,
                    };
                    self.push_operand(Operand {
                        node,
                        span,
                        bracketed: true,
                    });
                }
            }
            Rule::arguments => self.close_arguments(span.end)?,
            Rule::definition => self.close_definition()?,
            _ => {}
        }
        Ok(())
    }

    // ---- Operands ----------------------------------------------------------------------------------------------------

    fn add(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(TreeNode { kind, span });
        id
    }

    fn kind(&self, node: NodeId) -> Kind {
        self.tree.node(node).kind
    }

    /// Called where an operand starts: directly after a value, it is a factor.
    fn start_operand(&mut self, span: Span) -> Done {
        if !self.after_value {
            return Ok(());
        }
        self.check_function(span)?;
        self.push_infix(
            BinaryOp::ImplicitMul,
            rank::PRODUCT,
            Span::new(span.start as usize, span.start as usize),
        )
    }

    /// A value is complete; the roots before it take it.
    fn push_operand(&mut self, mut operand: Operand) {
        while let Some(&Operator {
            what: Waiting::Unary(op),
            rank: rank::ROOT,
            span,
        }) = self.waiting()
        {
            self.operators.pop();
            let span = span.to(operand.span);
            operand = Operand {
                node: self.add(Kind::Unary(op, operand.node), span),
                span,
                bracketed: false,
            };
        }
        self.operands.push(operand);
        self.after_value = true;
    }

    fn push_plain(&mut self, kind: Kind, span: Span) {
        let node = self.add(kind, span);
        self.push_operand(Operand {
            node,
            span,
            bracketed: false,
        });
    }

    fn push_number(&mut self, span: Span) -> Done {
        self.finish_name();
        if self.after_value {
            self.check_function(span)?;
            return Err(self.adjacent_number(span));
        }
        self.push_plain(Kind::Number, span);
        Ok(())
    }

    fn read_name(&mut self, span: Span) -> Done {
        if let Some(Frame::Definition { name, parameters }) = self.frames.last_mut() {
            return match (&name, parameters) {
                (None, _) => {
                    *name = Some(span);
                    self.scope.check_definition(self.text, span)
                }
                (Some(_), Some(parameters)) => {
                    self.scope.add_parameter(self.text, span, parameters)
                }
                (Some(_), None) => Ok(()),
            };
        }
        self.finish_name();
        self.check_radix(span)?;
        self.start_operand(span)?;
        self.name = Some(span);
        Ok(())
    }

    /// The name before is no call.
    fn finish_name(&mut self) {
        if let Some(span) = self.name.take() {
            let name = self.scope.intern(span.text(self.text));
            self.push_plain(Kind::Name(name), span);
        }
    }

    fn open_arguments(&mut self, start: usize) -> Done {
        let exponent = self.exponent.take();
        let Some(name) = self.name else { return Ok(()) };
        let call = match exponent {
            None => Some((name, None)),
            Some(exponent) if self.scope.is_function(name.text(self.text)) => {
                self.check_exponent(name, exponent)?;
                Some((name, Some(exponent)))
            }
            // `x^2(y+1)`: no function, so a product.
            Some(exponent) => {
                self.finish_name();
                if exponent.is_superscript {
                    self.push_superscript(exponent.value);
                } else {
                    self.push_infix(
                        BinaryOp::Pow,
                        rank::POWER,
                        exponent.operator.unwrap_or_default(),
                    )?;
                    if let Some(sign) = exponent.sign {
                        self.push_prefix(sign)?;
                    }
                    self.push_number(exponent.value)?;
                }
                self.start_operand(Span::new(start, start))?;
                None
            }
        };
        self.name = None;
        self.frames.push(Frame::Arguments {
            start,
            first: self.operands.len(),
            call,
        });
        Ok(())
    }

    fn close_arguments(&mut self, end: u32) -> Done {
        let Some(Frame::Arguments { start, first, call }) = self.frames.pop() else {
            return Ok(());
        };
        let Some((name_span, exponent)) = call else {
            let span = Span::new(start, end as usize);
            if self.operands.len() > first + 1 {
                let message = "arguments without a function before them";
                return Err(SyntaxError::new(
                    SyntaxErrorKind::UnknownFunction,
                    span,
                    message,
                ));
            }
            if let Some(inner) = self.operands.pop() {
                self.push_operand(Operand {
                    span,
                    bracketed: true,
                    ..inner
                });
            }
            return Ok(());
        };
        let name = self.scope.intern(name_span.text(self.text));
        let side = self.tree.arguments.len() as u32;
        self.tree
            .arguments
            .extend(self.operands.drain(first..).map(|operand| operand.node));
        let count = self.tree.arguments.len() as u32 - side;
        let span = Span {
            start: name_span.start,
            end,
        };
        let mut node = self.add(
            Kind::Call {
                name,
                first: side,
                count,
            },
            span,
        );
        if let Some(exponent) = exponent {
            let power = match exponent.is_superscript {
                true => self.superscript(exponent.value),
                false => self.add(Kind::Number, exponent.value),
            };
            node = self.add(Kind::Binary(BinaryOp::Pow, node, power), span);
        }
        self.push_operand(Operand {
            node,
            span,
            bracketed: false,
        });
        Ok(())
    }

    fn close_definition(&mut self) -> Done {
        let (
            Some(Frame::Definition {
                name: Some(name_span),
                parameters,
            }),
            Some(body),
        ) = (self.frames.pop(), self.operands.pop())
        else {
            return Ok(());
        };
        let name = self
            .scope
            .define(name_span.text(self.text), parameters.is_some());
        self.tree.definitions.push(Definition {
            name,
            name_span,
            parameters,
            body: body.node,
        });
        Ok(())
    }

    // ---- Operators ---------------------------------------------------------------------------------------------------

    /// The operator that waits nearest in the expression at hand.
    fn waiting(&self) -> Option<&Operator> {
        self.operators[self.base..].last()
    }

    fn push_prefix(&mut self, span: Span) -> Done {
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
            return Err(SyntaxError::new(SyntaxErrorKind::ExpectedValue, span, message)
                .with_hint(format!("write parentheses: `{root}({text}x)`")));
        } else if rank == rank::NOT && before.is_some_and(|before| before.rank > rank::NOT) {
            let message = "`not` cannot follow an operator that binds more tightly";
            return Err(SyntaxError::new(SyntaxErrorKind::Ambiguous, span, message)
                .with_hint("put it in parentheses: `(not x)`"));
        }
        self.operators.push(Operator { what: Waiting::Unary(op), rank, span });
        self.after_value = false;
        Ok(())
    }

    fn push_infix(&mut self, op: BinaryOp, rank: u8, span: Span) -> Done {
        // To the right only `^`: 2^3^2 is 2^(3^2).
        let yields =
            |before: &Operator| before.rank > rank || (before.rank == rank && rank != rank::POWER);
        while let Some(before) = self.waiting().copied().filter(|before| yields(before)) {
            self.reduce();
            if before.rank == rank::COMPARISON && rank == rank::COMPARISON && self.chain.is_none() {
                self.chain = Some(Chain { first: before.span, second: span });
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
    fn reduce(&mut self) {
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

    fn push_factorial(&mut self, sign: Span) -> Done {
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

    fn push_superscript(&mut self, power: Span) {
        let Some(operand) = self.operands.pop() else {
            return;
        };
        self.note_root(operand, power);
        let span = operand.span.to(power);
        let exponent = self.superscript(power);
        let node = self.add(Kind::Binary(BinaryOp::Pow, operand.node, exponent), span);
        self.operands.push(Operand {
            node,
            span,
            bracketed: false,
        });
    }

    /// `⁻²ⁿ`: a sign, digits, a letter, each of them optional.
    fn superscript(&mut self, span: Span) -> NodeId {
        let text = span.text(self.text);
        let signed = text.starts_with(['⁻', '⁺']);
        let digits_start = span.start as usize + if signed { '⁻'.len_utf8() } else { 0 };
        let letter = text
            .chars()
            .next_back()
            .filter(|&c| self.scope.is_superscript_letter(c));
        let digits_end = span.end as usize - letter.map_or(0, char::len_utf8);
        let digits = (digits_start < digits_end).then(|| {
            let span = Span::new(digits_start, digits_end);
            self.add(Kind::Number, span)
        });
        let letter = letter.map(|c| {
            let name = self.scope.intern_superscript(c);
            self.add(Kind::Name(name), Span::new(digits_end, span.end as usize))
        });
        let whole = Span::new(digits_start, span.end as usize);
        let mut node = match (digits, letter) {
            (Some(digits), Some(letter)) => {
                self.add(Kind::Binary(BinaryOp::ImplicitMul, digits, letter), whole)
            }
            (Some(node), None) | (None, Some(node)) => node,
            (None, None) => self.add(Kind::Number, whole),
        };
        if signed {
            let op = if text.starts_with('⁻') {
                UnaryOp::Neg
            } else {
                UnaryOp::Plus
            };
            node = self.add(Kind::Unary(op, node), span);
        }
        node
    }

    // ---- Readings that are easy to get wrong -------------------------------------------------------------------------

    fn note(&mut self, span: Span, reading: String) {
        if self.tree.notes.len() < MOST_NOTES {
            let message = format!("`{}` is read as `{reading}`", shown(span.text(self.text)));
            self.tree.notes.push(Note { span, message });
        }
    }

    fn note_reading(&mut self, op: BinaryOp, left: Operand, right: Operand) {
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
            (BinaryOp::ImplicitMul, Kind::Unary(UnaryOp::Sqrt | UnaryOp::Cbrt, _)) => {
                if left.span.end == right.span.start && !a.ends_with(')') {
                    self.note(
                        left.span.to(right.span),
                        format!("({})*{}", shown(a), shown(b)),
                    );
                }
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
    fn note_root(&mut self, operand: Operand, sign: Span) {
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
    fn function_at_top(&self) -> Option<(Span, Option<Span>)> {
        let function = |operand: &Operand| match self.kind(operand.node) {
            Kind::Name(_) if !operand.bracketed => {
                Some(operand.span).filter(|span| self.scope.is_function(span.text(self.text)))
            }
            _ => None,
        };
        let top = self.operands.last()?;
        if let Some(name) = function(top) {
            return Some((name, None));
        }
        if let (Kind::Binary(BinaryOp::Pow, base, power), false) =
            (self.kind(top.node), top.bracketed)
        {
            let base = Operand {
                node: base,
                span: self.tree.node(base).span,
                bracketed: false,
            };
            return Some((function(&base)?, Some(self.tree.node(power).span)));
        }
        let waits_for_power = self.waiting().is_some_and(|op| op.rank == rank::POWER);
        let base = self
            .operands
            .len()
            .checked_sub(2)
            .filter(|_| waits_for_power)?;
        Some((function(&self.operands[base])?, Some(top.span)))
    }

    /// Refuses `sin x`, where `x` is at the span.
    fn check_function(&self, operand: Span) -> Done {
        let Some((name, power)) = self.function_at_top() else { return Ok(()) };
        let is_word = |text: &&str| text.starts_with(char::is_alphanumeric);
        let argument = Some(operand.text(self.text)).filter(is_word).unwrap_or("x");
        let call = format!("{}({})", name.text(self.text), shown(argument));
        let hint = match power {
            None => format!("write `{call}`"),
            Some(power) => format!("write `{call}^{}`", self.tree.number(power)),
        };
        let error = SyntaxError::missing_parentheses(name.text(self.text), name.to(operand));
        Err(error.with_hint(hint))
    }

    fn check_exponent(&self, name: Span, exponent: Exponent) -> Done {
        let value = exponent.value.text(self.text);
        let negative = exponent.sign.is_some() || value.starts_with('⁻');
        if !negative {
            return Ok(());
        }
        let span = name.to(exponent.value);
        let name = name.text(self.text);
        let is_one = matches!(value, "1" | "⁻¹");
        let message = format!(
            "`{}` could be an inverse or a reciprocal",
            shown(span.text(self.text))
        );
        let inverse =
            Some(format!("a{name}")).filter(|inverse| is_one && self.scope.is_function(inverse));
        let power = if is_one {
            String::new()
        } else {
            format!("^{}", self.tree.number(exponent.value))
        };
        let power = power.replace('⁻', "");
        let hint = match inverse {
            Some(inverse) => {
                format!("write `{inverse}(x)` for the inverse or `1/{name}(x)` for the reciprocal")
            }
            None => format!("write `1/{name}(x){power}` for the reciprocal"),
        };
        Err(SyntaxError::new(SyntaxErrorKind::AmbiguousInverse, span, message).with_hint(hint))
    }

    /// `a < b < c`; seen at the second `<`, told where `c` is known.
    fn chained(&self, chain: Chain, left: Operand, right: Operand) -> SyntaxError {
        let middle = Span { start: chain.first.end, end: left.span.end }.text(self.text).trim();
        let (left, right) = (left.span.text(self.text), right.span.text(self.text));
        let second = chain.second.text(self.text);
        let hint =
            format!("write `{} and {} {second} {}`", shown(left), shown(middle), shown(right));
        let message = "comparisons cannot be chained";
        SyntaxError::new(SyntaxErrorKind::ChainedComparison, chain.second, message).with_hint(hint)
    }

    fn adjacent_number(&self, number: Span) -> SyntaxError {
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
                format!("write `{}*{}` for a product", shown(value), shown(number)),
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
    fn check_radix(&self, name: Span) -> Done {
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
                SyntaxError::new(SyntaxErrorKind::InvalidNumber, span, message)
                    .with_hint(format!("numbers are decimal; for a product write `0*{}`", shown(name.text(self.text)))));
        }
        Ok(())
    }
}

fn infix(text: &str) -> (BinaryOp, u8) {
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
