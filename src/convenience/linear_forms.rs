//! Linear forms of columns in a formula: `w1*x1 + w2*x2 + ... + b` as one variable, so that passes over the rows take it as
//! such. The formula of that variable is short, and so are its derivatives, however many columns there are.

use rustc_hash::FxHashMap;

use crate::descend::rows::{Form, Term};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node, SymbolId};

/// Sums with fewer products stay as they are.
const FEWEST_PRODUCTS: usize = 4;

/// Whose terms are looked for.
pub(super) struct Names<'a> {
    /// The place of each parameter, and of each result of a reduction.
    pub numbers: &'a FxHashMap<SymbolId, usize>,
    /// The place of each column.
    pub columns: &'a FxHashMap<SymbolId, usize>,
}

/// Puts variables in the place of the terms `±number*column` and `±number` of each sum that has several of them. `None`
/// if there is no such sum.
pub(super) fn replace(
    arena: &mut Arena,
    of: Id,
    names: &Names<'_>,
    prefix: &str,
) -> Option<(Id, Vec<Form>)> {
    let order = Order::of(arena, &[of]);
    let inner = inner_sums(arena, &order);
    let mut forms: Vec<Form> = Vec::new();
    let mut new: Vec<Id> = Vec::with_capacity(order.len());
    for (at, &id) in order.ids.iter().enumerate() {
        let node = arena.node(id);
        let mut result = None;
        if matches!(node, Node::Add(..)) && !inner[at] {
            let (terms, rest) = divide(arena, id, &order, &inner, names);
            let products = terms.iter().filter(|term| term.column.is_some()).count();
            if products >= FEWEST_PRODUCTS {
                // No name of the language has a space.
                let name = format!("{prefix} {}", forms.len());
                let variable = arena.symbol_id(&name);
                let mut sum = arena.symbol_node(variable);
                for part in rest {
                    sum = arena.add(new[order.position(part)], sum);
                }
                forms.push(Form { variable, terms });
                result = Some(sum);
            }
        }
        new.push(match result {
            Some(sum) => sum,
            None => arena.rebuild(node, |child| new[order.position(child)]),
        });
    }
    let of = new[order.position(of)];
    (!forms.is_empty()).then_some((of, forms))
}

/// By position: is it a sum that occurs once, in another sum?
fn inner_sums(arena: &Arena, order: &Order) -> Vec<bool> {
    let mut uses = vec![0u32; order.len()];
    let mut in_sum = vec![false; order.len()];
    for &id in &order.ids {
        let node = arena.node(id);
        for child in node.children() {
            let at = order.position(child);
            uses[at] += 1;
            in_sum[at] = matches!(node, Node::Add(..));
        }
    }
    let is_sum = |id: &Id| matches!(arena.node(*id), Node::Add(..));
    (order.ids.iter().enumerate())
        .map(|(at, id)| uses[at] == 1 && in_sum[at] && is_sum(id))
        .collect()
}

/// The terms of a sum: those of the linear form, and the others.
fn divide(
    arena: &Arena,
    sum: Id,
    order: &Order,
    inner: &[bool],
    names: &Names<'_>,
) -> (Vec<Term>, Vec<Id>) {
    let (mut terms, mut rest) = (Vec::new(), Vec::new());
    let mut open = vec![sum];
    while let Some(id) = open.pop() {
        match arena.node(id) {
            Node::Add(a, b) if id == sum || inner[order.position(id)] => open.extend([b, a]),
            _ => match term(arena, id, names) {
                Some(term) => terms.push(term),
                None => rest.push(id),
            },
        }
    }
    (terms, rest)
}

fn term(arena: &Arena, id: Id, names: &Names<'_>) -> Option<Term> {
    let (negative, id) = match arena.node(id) {
        Node::Mul(a, b) if arena.as_integer(a) == Some(-1) => (true, b),
        _ => (false, id),
    };
    let symbol = |id: Id| match arena.node(id) {
        Node::Symbol(symbol) => Some(symbol),
        _ => None,
    };
    let number = |id: Id| names.numbers.get(&symbol(id)?).copied();
    let column = |id: Id| names.columns.get(&symbol(id)?).copied();
    let (number, column) = match arena.node(id) {
        Node::Mul(a, b) => match (number(a), column(b)) {
            (Some(number), Some(column)) => (number, Some(column)),
            _ => (number(b)?, Some(column(a)?)),
        },
        _ => (number(id)?, None),
    };
    Some(Term {
        number,
        column,
        negative,
    })
}
