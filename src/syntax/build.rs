//! From the flat list of the grammar to the tree: brackets and values; operators are joined in `operators.rs`.
//!
//! The shunting-yard method: operands and operators wait on two stacks, and an operator that comes later sends those
//! before it that bind at least as tightly to the tree. Brackets open a frame; nothing recurses.

use pest::Token;
use pest::iterators::Tokens;

use super::error::SyntaxError;
use super::judge::Function;
use super::names::FunctionNames;
use super::operators::{Operator, Waiting, infix, rank};
use super::parse::Rule;
use super::scope::Scope;
use super::tree::{BinaryOp, Definition, Kind, NodeId, Parameter, Span, Tree, TreeNode, UnaryOp};

pub(super) struct Builder<'t> {
    pub(super) text: &'t str,
    pub(super) tree: Tree,
    pub(super) scope: Scope<'t>,
    pub(super) frames: Vec<Frame>,
    pub(super) operands: Vec<Operand>,
    pub(super) operators: Vec<Operator>,
    /// Where the operators of the expression at hand start.
    pub(super) base: usize,
    /// Whether the expression at hand has just had a value.
    pub(super) after_value: bool,
    /// A name that is a call if arguments follow.
    pub(super) name: Option<Span>,
    /// Whether names are those of a definition.
    pub(super) in_header: bool,
    /// A comparison of a comparison.
    pub(super) chain: Option<Chain>,
    /// An error that was worth waiting for.
    pub(super) failure: Option<SyntaxError>,
}

#[derive(Clone, Copy)]
pub(super) struct Chain {
    pub(super) first: Span,
    pub(super) second: Span,
}

#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) node: NodeId,
    /// Brackets around it included.
    pub(super) span: Span,
    pub(super) bracketed: bool,
}

/// What is open; `outer_base` is where the operators around it start.
pub(super) enum Frame {
    /// Brackets around one expression.
    Group { start: usize, outer_base: usize },
    /// The brackets of a call; in `sin²(x)` they come after the power.
    Arguments {
        name: Span,
        power: Option<Span>,
        first: usize,
        outer_base: usize,
    },
    /// The whole result.
    List,
    /// The name, where it has been read.
    Definition {
        name: Option<Span>,
        parameters: Option<Vec<Parameter>>,
    },
}

pub(super) type Done = Result<(), SyntaxError>;

impl<'t> Builder<'t> {
    pub fn new(text: &'t str, names: &'t dyn FunctionNames) -> Builder<'t> {
        Builder {
            text,
            tree: Tree {
                source: text.to_string(),
                ..Tree::default()
            },
            scope: Scope::new(names),
            frames: Vec::with_capacity(16),
            operands: Vec::with_capacity(16),
            operators: Vec::with_capacity(16),
            base: 0,
            after_value: false,
            name: None,

            in_header: false,
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
        let frame = match rule {
            Rule::group => {
                let start = start - 1; // its bracket
                self.finish_name();
                let function = if self.after_value {
                    self.function_at_top()
                } else {
                    None
                };
                match function {
                    Some(Function {
                        name,
                        power: Some(power),
                        is_negative: false,
                        is_rooted: false,
                    }) => {
                        self.take_back(name);
                        let first = self.operands.len();
                        Frame::Arguments {
                            name: name.span,
                            power: Some(power),
                            first,
                            outer_base: self.base,
                        }
                    }
                    _ => {
                        self.start_operand(Span::new(start, start))?;
                        Frame::Group {
                            start,
                            outer_base: self.base,
                        }
                    }
                }
            }
            Rule::bars => Frame::Group {
                start,
                outer_base: self.base,
            },
            Rule::arguments => {
                let Some(name) = self.name.take() else {
                    return Ok(());
                };
                Frame::Arguments {
                    name,
                    power: None,
                    first: self.operands.len(),
                    outer_base: self.base,
                }
            }
            Rule::list => {
                self.tree.is_list = true;
                Frame::List
            }
            Rule::definition => Frame::Definition {
                name: None,
                parameters: None,
            },
            Rule::header => {
                self.in_header = true;
                return Ok(());
            }
            Rule::parameters => {
                if let Some(Frame::Definition { parameters, .. }) = self.frames.last_mut() {
                    *parameters = Some(Vec::new());
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.frames.push(frame);
        self.base = self.operators.len();
        self.after_value = false;
        Ok(())
    }

    /// A rule ends; `span` is right for the rules without parts.
    fn close(&mut self, rule: Rule, span: Span) -> Done {
        match rule {
            Rule::name => self.read_name(span)?,
            Rule::number | Rule::fraction => self.push_number(span)?,
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
                    _ => self.push_superscript(span)?,
                }
            }
            Rule::comma => {
                self.finish_expression();
                self.after_value = false;
            }
            Rule::group | Rule::bars | Rule::arguments | Rule::list | Rule::definition => {
                self.finish_expression();
                match self.frames.pop() {
                    Some(Frame::Group { start, outer_base }) => {
                        self.base = outer_base;
                        self.close_group(rule, Span::new(start, span.end as usize));
                    }
                    Some(Frame::Arguments {
                        name,
                        power,
                        first,
                        outer_base,
                    }) => {
                        self.base = outer_base;
                        self.close_arguments(name, power, first, span.end)?;
                    }
                    Some(Frame::Definition {
                        name: Some(name),
                        parameters,
                    }) => {
                        self.close_definition(name, parameters);
                    }
                    _ => {}
                }
            }
            Rule::header => self.in_header = false,
            Rule::EOI => self.finish_expression(),
            _ => {}
        }
        Ok(())
    }

    /// Nothing of the expression at hand waits any longer.
    fn finish_expression(&mut self) {
        self.finish_name();
        while self.operators.len() > self.base {
            self.reduce();
        }
    }

    // ---- Operands ----------------------------------------------------------------------------------------------------

    pub(super) fn add(&mut self, kind: Kind, span: Span) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(TreeNode { kind, span });
        id
    }

    pub(super) fn kind(&self, node: NodeId) -> Kind {
        self.tree.node(node).kind
    }

    /// Called where an operand starts: directly after a value, it is a factor.
    pub(super) fn start_operand(&mut self, span: Span) -> Done {
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
    pub(super) fn push_operand(&mut self, mut operand: Operand) {
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

    pub(super) fn push_plain(&mut self, kind: Kind, span: Span) {
        let node = self.add(kind, span);
        self.push_operand(Operand {
            node,
            span,
            bracketed: false,
        });
    }

    pub(super) fn push_number(&mut self, span: Span) -> Done {
        self.finish_name();
        if self.after_value {
            self.check_function(span)?;
            // `(x+1)2` can be nothing but a product; `x 2` and `2 3` may be slips.
            let before = self.operands.last().map_or("", |o| o.span.text(self.text));
            if !before.ends_with([')', '|', '!']) {
                return Err(self.adjacent_number(span));
            }
            self.start_operand(span)?;
        }
        self.push_plain(Kind::Number, span);
        Ok(())
    }

    pub(super) fn read_name(&mut self, span: Span) -> Done {
        if let (true, Some(Frame::Definition { name, parameters })) =
            (self.in_header, self.frames.last_mut())
        {
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
    pub(super) fn finish_name(&mut self) {
        if let Some(span) = self.name.take() {
            let name = self.scope.intern(span.text(self.text));
            self.push_plain(Kind::Name(name), span);
        }
    }

    /// Forgets a name, and its power, that turn out to be a call.
    fn take_back(&mut self, name: Operand) {
        // Everything younger than the name belongs to its power.
        self.tree.nodes.truncate(name.node.0 as usize);
        while let Some(operand) = self.operands.pop() {
            if operand.span.start == name.span.start {
                break;
            }
            self.operators.pop();
        }
    }

    fn close_group(&mut self, rule: Rule, span: Span) {
        let Some(inner) = self.operands.pop() else {
            return;
        };
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

    fn close_arguments(
        &mut self,
        name_span: Span,
        power: Option<Span>,
        first: usize,
        end: u32,
    ) -> Done {
        let name = self.scope.intern(name_span.text(self.text));
        let side = self.tree.arguments.len() as u32;
        self.tree
            .arguments
            .extend(self.operands[first..].iter().map(|operand| operand.node));
        self.operands.truncate(first);
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
        if let Some(power) = power {
            let exponent = match power.text(self.text).starts_with(|c: char| c.is_ascii()) {
                true => self.add(Kind::Number, power),
                false => self.superscript(power)?,
            };
            node = self.add(Kind::Binary(BinaryOp::Pow, node, exponent), span);
        }
        self.push_operand(Operand {
            node,
            span,
            bracketed: false,
        });
        Ok(())
    }

    fn close_definition(&mut self, name_span: Span, parameters: Option<Vec<Parameter>>) {
        let Some(body) = self.operands.pop() else {
            return;
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
        self.after_value = false;
    }
}
