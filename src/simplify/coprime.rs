//! Have two sums a common factor at all? Told cheaply: most have none. What a kernel is, is said in
//! [`kernel`](super::kernel).

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::factors::each_factor_backwards;
use super::image::{Lines, Room, images_meet};
use super::kernel::{Kernels, atom_bit, is_above_zero, kind_bit};
use super::terms::terms_backwards;
use crate::expr::{Arena, Id, Node, Rational};

/// What was found out about sums: each is one of many numerators and denominators.
#[derive(Default)]
pub(super) struct Seen {
    sums: FxHashMap<Id, Sum>,
    room: Room,
}

/// What can be seen of a sum. Kernels are hashed to a bit each.
#[derive(Clone, Copy, Default)]
struct Sum {
    kernels: u64,
    /// What the kernels are powers of: `x` and `x^(1/2)` have one bit here.
    kinds: u64,
    /// Are two of the kernels powers of the same?
    is_mixed: bool,
    /// The kernels that stand in one place only, as a term of their own: `y` in `x^2 + 3*y`. Linear in one of them, a sum
    /// has no factors, and zeros among the real numbers.
    lonely: u64,
    /// Is it a positive number and even powers with positive coefficients? Then it has no zeros among the real numbers, nor
    /// has any of its factors.
    is_positive: bool,
}

/// What a glance at two sums tells of their common factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// There is none but numbers.
    Coprime,
    /// There may be one.
    MayShare,
    /// There may be one if what stands there are powers of the same kernels, which [`may_share_powers`] looks at.
    Powers,
}

/// Have the polynomials `a` and `b` a common factor?
pub(super) fn glance(arena: &Arena, seen: &mut Seen, a: Id, b: Id) -> Glance {
    let [of_a, of_b] = [a, b].map(|id| *seen.sums.entry(id).or_insert_with(|| look_at(arena, id)));
    let shared = of_a.kernels & of_b.kernels;
    let kinds = of_a.kinds & of_b.kinds;
    let is_mixed = of_a.is_mixed || of_b.is_mixed || shared.count_ones() < kinds.count_ones();
    if kinds != 0 && is_mixed {
        return Glance::Powers; // x - 1 is linear in x, and x^(1/2) - 1 a factor
    }
    // A common factor has shared kernels only.
    let cannot_be = |line: &Sum, other: &Sum| {
        line.lonely & !other.kernels != 0 || line.lonely != 0 && other.is_positive
    };
    if shared == 0 || cannot_be(&of_a, &of_b) || cannot_be(&of_b, &of_a) {
        return Glance::Coprime;
    }
    let is_known = is_coprime_rest(arena, seen, a, b) || is_coprime_rest(arena, seen, b, a);
    match is_known || !images_meet(arena, &mut seen.room, Lines::Atoms(shared), a, b) {
        true => Glance::Coprime,
        false => Glance::MayShare,
    }
}

/// False if two sums, as polynomials in these kernels, are known to have no common factor but numbers.
pub(super) fn may_share_powers(
    arena: &Arena,
    seen: &mut Seen,
    kernels: &Kernels,
    a: Id,
    b: Id,
) -> bool {
    images_meet(arena, &mut seen.room, Lines::Kernels(kernels), a, b)
}

/// Is `sum` a multiple of the sum `divisor` and one more term, which has no common factor with it?
fn is_coprime_rest(arena: &Arena, seen: &mut Seen, sum: Id, divisor: Id) -> bool {
    let Some(rest) = only_term_without(arena, sum, divisor) else {
        return false;
    };
    let is_positive = seen.sums[&divisor].is_positive;
    let mut is_coprime = true;
    each_factor_backwards(arena, rest, |factor| {
        is_coprime &= match arena.node(factor.base) {
            Node::Add(..) if is_above_zero(arena, factor.exponent) => {
                glance(arena, seen, factor.base, divisor) == Glance::Coprime
            }
            // A kernel: where it is 0 a positive sum is not.
            _ => is_positive,
        };
    });
    is_coprime
}

/// The only term of `sum` that `base` is no factor of.
fn only_term_without(arena: &Arena, sum: Id, base: Id) -> Option<Id> {
    let mut only = None;
    for term in terms_backwards(arena, sum) {
        let mut is_multiple = false;
        each_factor_backwards(arena, term, |factor| {
            is_multiple |= factor.base == base && is_above_zero(arena, factor.exponent);
        });
        if !is_multiple && only.replace(term).is_some() {
            return None;
        }
    }
    only
}

fn look_at(arena: &Arena, sum: Id) -> Sum {
    let mut found = Sum::default();
    let (mut are_even, mut has_number) = (true, false);
    let mut stack: SmallVec<[Id; 16]> = SmallVec::new();
    for term in terms_backwards(arena, sum) {
        let (number, rest) = arena.split_coefficient(term);
        are_even &= !number.is_some_and(|c| arena.as_number(c).is_some_and(Rational::is_negative));
        let Some(rest) = rest else {
            has_number = true;
            continue;
        };
        each_factor_backwards(arena, rest, |factor| {
            are_even &= arena
                .as_integer(factor.exponent)
                .is_some_and(|n| n > 0 && n % 2 == 0);
        });
        stack.push(rest);
        while let Some(id) = stack.pop() {
            match arena.node(id) {
                Node::Number(_) => {}
                Node::Add(a, b) | Node::Mul(a, b) => stack.extend([a, b]),
                Node::Pow(a, n) if is_above_zero(arena, n) => stack.push(a),
                _ => {
                    let (bit, kind) = (atom_bit(arena, id), kind_bit(arena, id));
                    let is_new = found.kernels & bit == 0;
                    found.is_mixed |= is_new && found.kinds & kind != 0;
                    found.kernels |= bit;
                    found.kinds |= kind;
                    found.lonely &= !bit;
                    if id == rest && is_new {
                        found.lonely |= bit;
                    }
                }
            }
        }
    }
    found.is_positive = are_even && has_number;
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Graph;

    fn may_share(arena: &Arena, seen: &mut Seen, a: Id, b: Id) -> bool {
        match glance(arena, seen, a, b) {
            Glance::Coprime => false,
            Glance::MayShare => true,
            Glance::Powers => {
                let kernels = Kernels::of(arena, &[a, b]).unwrap();
                may_share_powers(arena, seen, &kernels, a, b)
            }
        }
    }

    #[test]
    fn what_shares_a_factor_is_told_from_what_does_not() {
        let graph = Graph::new();
        for (a, b, shared) in [
            ("x^2 - y^2", "x - y", true),
            ("x^2 + y^2", "x - y", false),
            ("x + y/3", "3*x + y", true),
            ("x + y/3", "3*x - y", false),
            ("sin(x)^2 - y", "sin(x)*y + y", false),
            ("sin(x)*y + sin(x)", "y^2 - 1", true),
            ("(x + y + z)*(x - 2)^3", "(x^2 - 4)*(y + 1)", true),
            ("(x + y + z)*(x - 2)^3", "(x^2 + 4)*(y + 1)", false),
            ("x^40 + 1", "x^41 + 2", false),
            // Without a common kernel; with one that only one of them has, which is linear in it.
            ("x^2 + sin(x)^2", "y^2 + cos(x)", false),
            ("x^2 + 3*y", "x^2*(x + 1)", false),
            ("x*y + y + x^2 + x", "x^2 - 1", true),
            // A number more than a multiple.
            ("x*y + x^2 + 1", "(x*y + x^2 + 1)^2*(x - y) + 5", false),
            ("x*y + x^2 + 1", "(x*y + x^2 + 1)^2*(x - y) + 5*x", false),
            ("x*y + x^2", "(x*y + x^2)^2*(x - y) + 5*x", true),
            // Positive sums have no factor that is 0 anywhere.
            ("x + y^2 - y^3", "x^2*y^4 + (x - 3)^2 + 1", false),
            ("x*y + y", "x^2*y^4 + (x - 3)^2 + 1", false),
            ("x^2*y^2 - 4", "(x*y + 2)^2 - 1", false),
            ("x^2*y^2 - 4", "(x*y + 1)^2 - 1", true),
            ("x + 1", "x^3 + 1", true),
            ("x + 1", "x^2 - 1", true),
            ("x + y", "(x + y)^2*z^2 + (x + y)^4", true),
            // The larger power behind the smaller one.
            ("y + x^2*y", "x^3 + x - x^2*y - y", true),
            // One term more than a multiple: each of its factors may divide.
            ("(y^2 + 1)*(x - y) + x*(x + 2*y)", "y^2 + 1", false),
            ("(x*y + z)*x + (x*y + z*x + x^2)*y", "x*y + z*x + x^2", true),
            (
                "(y/(x + 1) + z/(x + 1))*x + 1/(x + 1)",
                "y/(x + 1) + z/(x + 1)",
                true,
            ),
            // Powers of one kernel.
            ("x - 1", "sqrt(x) - 1", true),
            ("x - 1", "sqrt(x) + 2", false),
            ("sqrt(x)*y + 1", "x^(1/3)*y^2 - 2", false),
            ("sqrt(x)*y + 1", "x*y^2 + x^(3/2)*y^3", true),
            ("sqrt(x) + x^(1/3)", "x^(2/3)*y + x^(5/6)*y + 1", false),
            ("sqrt(x) + x^(1/3)", "x^(2/3)*y + x^(5/6)*y", true),
            ("exp(2*x) - y", "exp(x)*y + y", false),
            ("exp(2*x)*y - y", "exp(x) + y^2 + exp(x)*y^2 + 1", true),
            ("exp(-2*x) - y^2", "exp(-x) + y", true),
            ("exp(2*x) - 2*y*exp(x) + y^2", "exp(-x) - y", false),
            ("x + y*sqrt(x)", "sqrt(x)*z + y*z", true),
            ("exp(2*x) - y^2", "exp(-x) + y", false),
            ("2^(3*x) + 8", "2^x + 2", true),
            ("2^(3*x) + 8", "3^x + 2", false),
            ("x^(2*n) - y^2", "x^n*y + y^2", true),
            ("1/x^2 - 1", "1/x + 1", true),
            ("exp(4) - x^2", "exp(2) + x", true),
            // More than can be told.
            ("x^80 + 1", "x^81 + 2", true),
        ] {
            let [p, q] = [a, b].map(|text| graph.parse(text).unwrap().id());
            let mut seen = Seen::default();
            for (p, q) in [(p, q), (q, p)] {
                let found = may_share(&graph.arena(), &mut seen, p, q);
                assert_eq!(found, shared, "{a} and {b}");
            }
        }
    }
}
