//! The order in which a textbook writes terms and factors. It depends on names and structure only, so that equal
//! expressions print alike whatever was built before them.

use std::cmp::Ordering;

use super::factors::{Factor, factors_of};
use crate::expr::{Arena, Id, Node, Rational};

/// Comparisons look this deep into arguments, then fall back on the structural hash.
const MAX_DEPTH: usize = 4;

/// Terms of a sum: higher degree first, powers of variables before functions, numbers after both.
pub fn compare_terms(arena: &Arena, a: Id, b: Id) -> Ordering {
    compare_terms_to(arena, a, b, MAX_DEPTH)
}

fn compare_terms_to(arena: &Arena, a: Id, b: Id, depth: usize) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (fa, fb) = (arena.facts(a), arena.facts(b));
    let by_degree = fb.degree.total_cmp(&fa.degree);
    if by_degree != Ordering::Equal {
        return by_degree;
    }
    if fa.has_symbol != fb.has_symbol {
        return fb.has_symbol.cmp(&fa.has_symbol);
    }
    let is_number = |id| arena.as_number(id).is_some();
    if is_number(a) || is_number(b) {
        return is_number(a).cmp(&is_number(b));
    }
    let (left, right) = (factors_of(arena, a), factors_of(arena, b));
    let pure = |factors: &[Factor]| {
        factors.iter().all(|f| {
            matches!(
                arena.node(f.base),
                Node::Symbol(_) | Node::Number(_) | Node::Pi
            )
        })
    };
    pure(&right)
        .cmp(&pure(&left))
        .then_with(|| compare_products(arena, &left, &right, depth))
        .then_with(|| compare_coefficients(arena, a, b))
        .then(fa.hash.cmp(&fb.hash))
}

/// The larger first: sigmoid(x) before sigmoid(-x).
fn compare_coefficients(arena: &Arena, a: Id, b: Id) -> Ordering {
    let coefficient = |id| {
        let number = arena
            .split_coefficient(id)
            .0
            .and_then(|c| arena.as_number(c));
        number.cloned().unwrap_or(Rational::ONE)
    };
    coefficient(b).cmp(&coefficient(a))
}

fn compare_products(arena: &Arena, a: &[Factor], b: &[Factor], depth: usize) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = compare_factors_to(arena, x.base, y.base, depth).then_with(|| {
            let (p, q) = (arena.as_number(x.exponent), arena.as_number(y.exponent));
            match (p, q) {
                (Some(p), Some(q)) => q.cmp(p),
                _ => p.is_none().cmp(&q.is_none()),
            }
        });
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// Factors of a product, by their bases: constants, variables by name, functions, choices, sums.
pub fn compare_factors(arena: &Arena, a: Id, b: Id) -> Ordering {
    compare_factors_to(arena, a, b, MAX_DEPTH)
}

fn class(arena: &Arena, id: Id) -> u8 {
    match arena.node(id) {
        Node::Number(_) => 0,
        Node::Pi => 1,
        Node::ImaginaryUnit => 2,
        Node::Symbol(_) => 3,
        Node::Pow(base, _) => 10 + class(arena, base).min(9),
        Node::Mul(..) => 5,
        Node::Call(..) | Node::Call2(..) => 6,
        Node::If(..) => 7,
        Node::Add(..) => 8,
    }
}

fn compare_factors_to(arena: &Arena, a: Id, b: Id, depth: usize) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let tie = || arena.facts(a).hash.cmp(&arena.facts(b).hash);
    let by_class = class(arena, a).cmp(&class(arena, b));
    if by_class != Ordering::Equal {
        return by_class;
    }
    if depth == 0 {
        return tie();
    }
    let next = depth - 1;
    match (arena.node(a), arena.node(b)) {
        (Node::Number(m), Node::Number(n)) => arena.number_value(m).cmp(arena.number_value(n)),
        (Node::Symbol(s), Node::Symbol(t)) => arena.symbol_name(s).cmp(arena.symbol_name(t)),
        (Node::Pow(p, e), Node::Pow(q, f)) => compare_factors_to(arena, p, q, next)
            .then_with(|| compare_terms_to(arena, e, f, next))
            .then_with(tie),
        (Node::Call(f, x), Node::Call(g, y)) => f
            .cmp(&g)
            .then_with(|| compare_terms_to(arena, x, y, next))
            .then_with(tie),
        (Node::Call2(f, x, _), Node::Call2(g, y, _)) => f
            .cmp(&g)
            .then_with(|| compare_terms_to(arena, x, y, next))
            .then_with(tie),
        (Node::Call(f, _), Node::Call2(g, ..)) | (Node::Call2(f, ..), Node::Call(g, _)) => {
            f.cmp(&g).then_with(tie)
        }
        (Node::Add(..), Node::Add(..)) => {
            let (x, y) = (arena.facts(a), arena.facts(b));
            y.degree
                .total_cmp(&x.degree)
                .then(x.size.cmp(&y.size))
                .then_with(tie)
        }
        _ => tie(),
    }
}

/// Puts the terms (coefficient, rest) of a sum into textbook order. A sum that would begin with a minus is turned round
/// where that helps: `1 - x`, `2 - x - x^2`.
pub fn arrange(arena: &Arena, terms: &mut [(Id, Id)]) {
    terms.sort_by(|a, b| compare_terms(arena, a.1, b.1));
    let negative = |term: &(Id, Id)| arena.as_number(term.0).is_some_and(Rational::is_negative);
    if let [first, .., last] = terms
        && negative(first)
        && !negative(last)
    {
        terms.reverse();
    }
}
