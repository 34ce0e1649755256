//! Tree to graph: names get their meaning, sugar its definition, the user's functions their bodies.
//!
//! Functions that are only sugar (`sqrt`, `log(x, b)`, `clamp`) are definitions in the language, one line each in
//! `grammar/definitions.rules`; a function that a user defines works in the same way. A body is lowered once, with holes
//! for its parameters, and filled at each call: no recursion, no repeated reading.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::definitions;
use super::error::{SyntaxError, SyntaxErrorKind, shown};
use super::names::FunctionNames;
use super::own_functions::OwnFunction;
use super::reductions::{self, Reduced, Reductions};
use super::run_together;
use super::tree::{BinaryOp, Kind, NameId, NodeId, Note, Span, Tree, TreeNode, UnaryOp};
use crate::expr::{Arena, Function, Id, MAX_NUMBER_BITS, Node, Rational};
use crate::functions;

/// What a text says, as nodes of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The result, or the entries of the list.
    pub results: Vec<Id>,
    /// Was the result written as a list?
    pub is_list: bool,
    /// Remarks on readings taken.
    pub notes: Vec<Note>,
}

/// The names of the function table and of the definitions, for hints.
pub(super) struct KnownNames;

impl FunctionNames for KnownNames {
    fn is_function(&self, name: &str) -> bool {
        name == "if" || functions::lookup(name).is_some() || definitions::is_defined(name)
    }

    fn all(&self) -> Vec<&str> {
        functions::names()
            .chain(definitions::names())
            .chain(["if"])
            .collect()
    }
}

/// Reads a text into an arena.
///
/// `variables` are names that are variables whatever else they mean: who gives a value for `i` has a variable in mind.
pub fn read(arena: &mut Arena, text: &str, variables: &[&str]) -> Result<Reading, SyntaxError> {
    let tree = super::parse(text, &KnownNames)?;
    lower(arena, &tree, variables)
}

/// As [`read`], for formulas over the rows of a table: `mean`, `sum`, `var`, `std`, and `min` and `max` of one argument
/// go over all rows. Each becomes a variable for its result, named as it is written, and an entry of the list; what one
/// contains stands before it there.
pub fn read_over_rows(
    arena: &mut Arena,
    text: &str,
    variables: &[&str],
) -> Result<(Reading, Vec<Reduced>), SyntaxError> {
    let tree = super::parse(text, &KnownNames)?;
    let mut pass = Pass::new(&tree, variables);
    pass.reductions = Some(Reductions::default());
    let reading = pass.read(arena)?;
    let reductions = pass.reductions.take().expect("it was put there");
    let used = reductions.used_by(arena, &reading.results);
    Ok((reading, used))
}

/// Where a name stands outside all of `mean`, `sum` and the like in a formula over rows: the first such place.
pub fn outside_reductions(text: &str, name: &str) -> Option<Span> {
    let tree = super::parse(text, &KnownNames).ok()?;
    reductions::outside_reductions(&tree, name)
}

/// Reads one expression into an arena.
pub fn parse_into(arena: &mut Arena, text: &str) -> Result<Id, SyntaxError> {
    single(read(arena, text, &[])?, text)
}

/// The one expression of a reading; a list is an error.
pub fn single(reading: Reading, text: &str) -> Result<Id, SyntaxError> {
    if reading.is_list {
        let message = "one expression is wanted here, not a list";
        return Err(SyntaxError::new(
            SyntaxErrorKind::Unexpected,
            Span::new(0, text.len()),
            message,
        )
        .with_hint("write the expression without `[` and `]`"));
    }
    Ok(reading.results[0])
}

/// Lowers a tree that [`parse`](super::parse) made.
pub fn lower(arena: &mut Arena, tree: &Tree, variables: &[&str]) -> Result<Reading, SyntaxError> {
    Pass::new(tree, variables).read(arena)
}

/// The calls of a text's own functions may write out this many nodes together.
pub const MAX_FILLED_NODES: usize = 2_000_000;

/// Begins the names of variables that stand for parameters; no text can write it.
const HIDDEN: char = '\u{1}';

struct Pass<'t> {
    tree: &'t Tree,
    variables: FxHashSet<&'t str>,
    /// Of the definition at hand; they hide values of the same name.
    parameters: FxHashMap<NameId, Id>,
    /// Defined values.
    values: FxHashMap<NameId, Id>,
    functions: FxHashMap<NameId, OwnFunction>,
    /// Nodes that calls of the text's own functions have written out so far.
    filled: usize,
    /// By name: its variable or constant, where it has been met.
    named: Vec<Option<Id>>,
    /// By tree node: its graph node.
    lowered: Vec<Id>,
    /// Where formulas go over rows.
    reductions: Option<Reductions>,
}

impl<'t> Pass<'t> {
    fn new(tree: &'t Tree, variables: &'t [&'t str]) -> Pass<'t> {
        Pass {
            tree,
            variables: variables.iter().copied().collect(),
            parameters: FxHashMap::default(),
            values: FxHashMap::default(),
            functions: FxHashMap::default(),
            filled: 0,
            named: vec![None; tree.names.len()],
            lowered: Vec::with_capacity(tree.nodes.len()),
            reductions: None,
        }
    }

    fn read(&mut self, arena: &mut Arena) -> Result<Reading, SyntaxError> {
        for definition in &self.tree.definitions {
            let parameters = definition.parameters.as_deref().unwrap_or_default();
            for parameter in parameters {
                let hole = arena.symbol(&format!("{HIDDEN}{}", self.tree.name(parameter.name)));
                self.parameters.insert(parameter.name, hole);
            }
            self.run(arena, definition.body)?;
            let body = self.lowered(definition.body);
            if definition.parameters.is_none() {
                self.values.insert(definition.name, body);
                continue;
            }
            let holes: Vec<Id> = parameters
                .iter()
                .map(|p| self.parameters[&p.name])
                .collect();
            self.parameters.clear();
            let function = OwnFunction::new(arena, self.reductions.as_ref(), holes, body);
            self.functions.insert(definition.name, function);
        }
        let last = self.tree.results.last().expect("a tree has a result");
        self.run(arena, *last)?;
        let results = self.tree.results.iter().map(|&r| self.lowered(r)).collect();
        let mut notes = self.tree.notes.clone();
        notes.extend(run_together::notes(self.tree, &self.free_variables(arena)));
        Ok(Reading {
            results,
            is_list: self.tree.is_list,
            notes,
        })
    }

    /// The names that turned out to be variables, and were not said to be.
    fn free_variables(&self, arena: &Arena) -> Vec<NameId> {
        let names = (0..self.named.len() as u32).map(NameId);
        let is_variable = |&name: &NameId| {
            let met = self.named[name.0 as usize];
            met.is_some_and(|id| matches!(arena.node(id), Node::Symbol(_)))
                && !self.variables.contains(self.tree.name(name))
        };
        names.filter(is_variable).collect()
    }

    fn lowered(&self, node: NodeId) -> Id {
        self.lowered[node.0 as usize]
    }

    /// Lowers the nodes up to and including `last`.
    fn run(&mut self, arena: &mut Arena, last: NodeId) -> Result<(), SyntaxError> {
        for at in self.lowered.len()..=last.0 as usize {
            let id = self.node(arena, self.tree.nodes[at])?;
            self.lowered.push(id);
        }
        Ok(())
    }

    fn node(
        &mut self,
        arena: &mut Arena,
        TreeNode { kind, span }: TreeNode,
    ) -> Result<Id, SyntaxError> {
        Ok(match kind {
            Kind::Number => self.number(arena, span)?,
            Kind::Name(name) => self.name(arena, name, span)?,
            Kind::Unary(op, operand) => {
                let operand = self.lowered(operand);
                match op {
                    UnaryOp::Plus => operand,
                    UnaryOp::Neg => arena.neg(operand),
                    UnaryOp::Not => arena.call(Function::Not, operand),
                    UnaryOp::Sqrt => arena.sqrt(operand),
                    UnaryOp::Cbrt => arena.call(Function::Cbrt, operand),
                    UnaryOp::Abs => arena.call(Function::Abs, operand),
                    UnaryOp::Factorial => factorial(arena, operand),
                }
            }
            Kind::Binary(op, left, right) => {
                let (a, b) = (self.lowered(left), self.lowered(right));
                match op {
                    BinaryOp::Add => arena.add(a, b),
                    BinaryOp::Sub => arena.sub(a, b),
                    BinaryOp::Mul | BinaryOp::ImplicitMul => arena.mul(a, b),
                    BinaryOp::Div => arena.div(a, b),
                    BinaryOp::Pow if self.is_euler(left) => arena.call(Function::Exp, b),
                    BinaryOp::Pow => arena.pow(a, b),
                    BinaryOp::Mod => arena.call2(Function::Mod, a, b),
                    BinaryOp::Less => arena.call2(Function::Less, a, b),
                    BinaryOp::LessEqual => arena.call2(Function::LessEqual, a, b),
                    BinaryOp::Greater => arena.call2(Function::Greater, a, b),
                    BinaryOp::GreaterEqual => arena.call2(Function::GreaterEqual, a, b),
                    BinaryOp::Equal => arena.call2(Function::Equal, a, b),
                    BinaryOp::NotEqual => arena.call2(Function::NotEqual, a, b),
                    BinaryOp::And => arena.call2(Function::And, a, b),
                    BinaryOp::Or => arena.call2(Function::Or, a, b),
                }
            }
            Kind::Call { name, .. } => {
                let arguments: SmallVec<[Id; 3]> = self
                    .tree
                    .arguments(kind)
                    .iter()
                    .map(|&a| self.lowered(a))
                    .collect();
                self.call(arena, name, span, &arguments)?
            }
        })
    }

    /// Is the tree node the name `e`? `e^u` is `exp(u)`.
    fn is_euler(&self, node: NodeId) -> bool {
        match self.tree.node(node).kind {
            Kind::Name(name) => self.tree.name(name) == "e" && !self.variables.contains("e"),
            _ => false,
        }
    }

    fn number(&self, arena: &mut Arena, span: Span) -> Result<Id, SyntaxError> {
        let text = self.tree.number(span);
        // A superscript may carry a sign.
        let (digits, negative) = match text.strip_prefix(['-', '⁻']) {
            Some(digits) => (digits, true),
            None => (text.strip_prefix(['+', '⁺']).unwrap_or(&text), false),
        };
        let Some(value) = Rational::from_decimal(digits) else {
            let message = format!("the number needs more than {MAX_NUMBER_BITS} bits");
            return Err(
                SyntaxError::new(SyntaxErrorKind::InvalidNumber, span, message)
                    .with_hint("numbers are exact here, and kept whole"),
            );
        };
        let value = if negative { -&value } else { value };
        let is_decimal = text.contains(['.', 'e', 'E']);
        Ok(if is_decimal {
            arena.decimal(value)
        } else {
            arena.number(value)
        })
    }

    fn name(&mut self, arena: &mut Arena, name: NameId, span: Span) -> Result<Id, SyntaxError> {
        let text = self.tree.name(name);
        if let Some(&id) = self
            .parameters
            .get(&name)
            .or_else(|| self.values.get(&name))
        {
            return Ok(id);
        }
        if let (Some(id), false) = (
            self.named[name.0 as usize],
            self.functions.contains_key(&name),
        ) {
            return Ok(id);
        }
        let id = match text {
            _ if self.variables.contains(text) => arena.symbol(text),
            "pi" | "π" => arena.pi(),
            "tau" => {
                let (two, pi) = (arena.number(2), arena.pi());
                arena.mul(two, pi)
            }
            "e" => arena.call(Function::Exp, Arena::ONE),
            "i" => arena.imaginary_unit(),
            _ if self.functions.contains_key(&name) => {
                return Err(self.no_call(text, span));
            }
            // gamma, beta, psi are Greek letters before they are functions.
            _ if KnownNames.is_function(text) && !GREEK_FUNCTIONS.contains(&text) => {
                return Err(self.no_call(text, span));
            }
            _ => arena.symbol(text),
        };
        self.named[name.0 as usize] = Some(id);
        Ok(id)
    }

    /// A function named without its argument; of `sin^n(x)` the power must come last, of `exp -x` the sign belongs to it.
    fn no_call(&self, name: &str, span: Span) -> SyntaxError {
        let error = SyntaxError::missing_parentheses(name, span);
        let behind = self.tree.source[span.end as usize..].trim_start();
        if functions::lookup(name).is_some_and(|f| f.arity() == 2) {
            return error.with_hint(format!("write `{name}(x, y)`"));
        }
        if behind.starts_with('^') || behind.starts_with("**") {
            return error.with_hint(format!("write `{name}(x)^n`"));
        }
        let signed = behind.strip_prefix('-').map(str::trim_start);
        let end = |text: &str| {
            text.find(|c: char| !c.is_alphanumeric())
                .unwrap_or(text.len())
        };
        match signed.map(|text| &text[..end(text)]) {
            Some(word) if !word.is_empty() => {
                error.with_hint(format!("write `{name}(-{})`", shown(word)))
            }
            _ => error,
        }
    }

    fn call(
        &mut self,
        arena: &mut Arena,
        name: NameId,
        span: Span,
        arguments: &[Id],
    ) -> Result<Id, SyntaxError> {
        let text = self.tree.name(name);
        if let Some(function) = self.functions.get(&name) {
            if function.parameters() != arguments.len() {
                return Err(wrong_count(
                    text,
                    span,
                    &[function.parameters()],
                    arguments.len(),
                ));
            }
            // Before the work: bodies that call each other twice double in size at every definition.
            self.filled += function.size();
            if self.filled > MAX_FILLED_NODES {
                return Err(too_large(span));
            }
            return function.call(arena, self.reductions.as_mut(), arguments, span);
        }
        if let Some(reduction) = reductions::named(text, arguments.len()) {
            match (&mut self.reductions, arguments) {
                (Some(found), &[of]) => return found.reduce(arena, reduction, of, span),
                (None, &[of]) if matches!(text, "min" | "max") => return Ok(of),
                (Some(_), _) => return Err(wrong_count(text, span, &[1], arguments.len())),
                (None, _) => return Err(reductions::no_rows(text, span)),
            }
        }
        let function = functions::lookup(text);
        match (function, arguments) {
            (Some(f), &[a]) if f.arity() == 1 => return Ok(arena.call(f, a)),
            (Some(f), &[a, b]) if f.arity() == 2 => return Ok(arena.call2(f, a, b)),
            (Some(f @ (Function::Min | Function::Max | Function::Hypot)), [a, others @ ..])
                if !others.is_empty() =>
            {
                return Ok(others
                    .iter()
                    .fold(*a, |so_far, &b| arena.call2(f, so_far, b)));
            }
            _ => {}
        }
        if let ("if", &[c, a, b]) = (text, arguments) {
            return Ok(arena.choice(c, a, b));
        }
        if let Some(template) = definitions::find(text, arguments.len()) {
            return Ok(template.fill(arena, arguments));
        }
        let mut counts: Vec<usize> = definitions::argument_counts(text);
        counts.extend(function.map(Function::arity));
        counts.extend((text == "if").then_some(3));
        if !counts.is_empty() {
            counts.sort_unstable();
            return Err(wrong_count(text, span, &counts, arguments.len()));
        }
        let name_span = Span {
            start: span.start,
            end: span.start + text.len().min((span.end - span.start) as usize) as u32,
        };
        let user = self.functions.keys().map(|&n| self.tree.name(n));
        let over_rows = self.reductions.iter().flat_map(|_| reductions::NAMES);
        let known = user.chain(over_rows).chain(KnownNames.all());
        Err(SyntaxError::unknown_function(text, name_span, known))
    }
}

fn too_large(span: Span) -> SyntaxError {
    let message = format!("written out, the definitions need more than {MAX_FILLED_NODES} nodes");
    SyntaxError::new(SyntaxErrorKind::TooLong, span, message)
        .with_hint("definitions that use each other twice double the size at every step")
}

/// Function names that stand for a variable where no parenthesis follows.
const GREEK_FUNCTIONS: [&str; 5] = ["gamma", "beta", "psi", "Gamma", "Phi"];

fn wrong_count(name: &str, span: Span, wanted: &[usize], given: usize) -> SyntaxError {
    let wanted: Vec<String> = wanted.iter().map(usize::to_string).collect();
    let plural = if wanted == ["1"] {
        "argument"
    } else {
        "arguments"
    };
    let message = format!(
        "`{name}` takes {} {plural}, {given} given",
        wanted.join(" or ")
    );
    SyntaxError::new(SyntaxErrorKind::ArgumentCount, span, message)
}

/// `n!` of a whole number is exact; of anything else it is gamma(n + 1).
fn factorial(arena: &mut Arena, operand: Id) -> Id {
    let next = arena.add(operand, Arena::ONE);
    let argument = arena.as_number(next).cloned();
    match argument.and_then(|n| functions::exact(Function::Gamma, &[n])) {
        Some(value) => arena.number(value),
        None => arena.call(Function::Gamma, next),
    }
}
