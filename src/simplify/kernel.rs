//! What polynomials are polynomials in: kernels. A name, or anything else that is no sum, product or whole power, is one;
//! what are powers of each other share one. `x` and `x^(1/2)` are powers of `x^(1/2)`, `exp(2*y)` and `exp(y)` of `exp(y)`,
//! for every complex value: `(u^p)^n` is `u^(n*p)` for whole n.

use smallvec::{SmallVec, smallvec};

use crate::expr::{Arena, Function, Id, Node, Rational};

/// More kernels than this are too many.
pub(super) const MAX_KERNELS: usize = 4;

/// More powers of kernels than this, too.
const MAX_ATOMS: usize = 8;

/// A kernel may have this power.
pub(super) const MAX_POWER: u16 = 1000;

/// What powers of one kernel have in common: all are `base^(c*rest)` for numbers c of one sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    /// `None` for exponentials.
    base: Option<Id>,
    rest: Id,
    is_negative: bool,
}

/// A kernel with the power that a node is of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power {
    pub(super) kernel: usize,
    pub(super) power: u16,
}

/// The kernels of two sums.
#[derive(Clone, Debug)]
pub(super) struct Kernels {
    /// Nodes that are powers of kernels, as they stand in the sums.
    atoms: SmallVec<[(Id, Power); MAX_ATOMS]>,
    /// Of each kernel what it is a power of, and the number in its exponent.
    kinds: SmallVec<[(Kind, Rational); MAX_KERNELS]>,
}

impl Kernels {
    /// `None` if they are too many.
    pub(super) fn of(arena: &Arena, sums: &[Id]) -> Option<Kernels> {
        let mut kinds: SmallVec<[(Kind, Rational); MAX_KERNELS]> = SmallVec::new();
        let mut found: SmallVec<[(Id, usize, Rational); MAX_ATOMS]> = SmallVec::new();
        for atom in atoms(arena, sums)? {
            let (kind, times) = kind_of(arena, atom);
            let kernel = match kinds.iter().position(|known| known.0 == kind) {
                Some(known) => known,
                None if kinds.len() == MAX_KERNELS => return None,
                None => {
                    kinds.push((kind, Rational::ZERO));
                    kinds.len() - 1
                }
            };
            kinds[kernel].1 = kinds[kernel].1.gcd(&times);
            found.push((atom, kernel, times.abs()));
        }
        let power_of = |(atom, kernel, times): (Id, usize, Rational)| {
            let power = times.checked_mul(&kinds[kernel].1.recip()?)?;
            let power = u16::try_from(power.as_i64()?).ok()?;
            (power <= MAX_POWER).then_some((atom, Power { kernel, power }))
        };
        let atoms = found.into_iter().map(power_of).collect::<Option<_>>()?;
        Some(Kernels { atoms, kinds })
    }

    /// The power that a node is, if it is one of a kernel.
    pub(super) fn find(&self, node: Id) -> Option<Power> {
        (self.atoms.iter())
            .find(|atom| atom.0 == node)
            .map(|atom| atom.1)
    }

    /// A number that the kernel of a power has for itself.
    pub(super) fn hash(&self, arena: &Arena, kernel: usize) -> u64 {
        let first = self.atoms.iter().find(|atom| atom.1.kernel == kernel);
        first.map_or(0, |atom| arena.facts(atom.0).hash)
    }

    /// How many kernels there are.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Are several nodes powers of one kernel?
    pub(super) fn are_mixed(&self) -> bool {
        self.atoms.len() > self.kinds.len()
    }

    /// The kernels as expressions.
    pub(super) fn to_exprs(&self, arena: &mut Arena) -> SmallVec<[Id; MAX_KERNELS]> {
        let mut of = |(number, (kind, times)): (usize, &(Kind, Rational))| {
            let itself = |atom: &&(Id, Power)| atom.1.kernel == number && atom.1.power == 1;
            if let Some(atom) = self.atoms.iter().find(itself) {
                return atom.0;
            }
            let times = match kind.is_negative {
                true => arena.number(-times),
                false => arena.number(times.clone()),
            };
            let exponent = arena.mul(times, kind.rest);
            match kind.base {
                Some(base) => arena.pow(base, exponent),
                None => arena.call(Function::Exp, exponent),
            }
        };
        self.kinds.iter().enumerate().map(&mut of).collect()
    }
}

/// The nodes under some sums that are no sums, products or whole powers.
fn atoms(arena: &Arena, sums: &[Id]) -> Option<SmallVec<[Id; MAX_ATOMS]>> {
    let mut found: SmallVec<[Id; MAX_ATOMS]> = SmallVec::new();
    for &sum in sums {
        let mut stack: SmallVec<[Id; 16]> = smallvec![sum];
        while let Some(id) = stack.pop() {
            match arena.node(id) {
                Node::Number(_) => {}
                // The first one first, so that leading terms are those of the sum as it is written.
                Node::Add(a, b) | Node::Mul(a, b) => stack.extend([b, a]),
                Node::Pow(a, n) if is_above_zero(arena, n) => stack.push(a),
                _ if found.contains(&id) => {}
                _ if found.len() == MAX_ATOMS => return None,
                _ => found.push(id),
            }
        }
    }
    Some(found)
}

/// Is the exponent a whole number above 0? Then a power is no kernel.
pub(super) fn is_above_zero(arena: &Arena, exponent: Id) -> bool {
    arena.as_integer(exponent).is_some_and(|n| n > 0)
}

/// Base and exponent of a node as a power; no base is that of exponentials.
fn base_and_exponent(arena: &Arena, atom: Id) -> (Option<Id>, Id) {
    match arena.node(atom) {
        Node::Call(Function::Exp, exponent) => (None, exponent),
        // Powers of sums are kernels of their own: the sum is none.
        Node::Pow(base, exponent) if !matches!(arena.node(base), Node::Add(..) | Node::Mul(..)) => {
            (Some(base), exponent)
        }
        _ => (Some(atom), Arena::ONE),
    }
}

/// What a node is a power of, and the number in the exponent.
fn kind_of(arena: &Arena, atom: Id) -> (Kind, Rational) {
    let (base, exponent) = base_and_exponent(arena, atom);
    let (times, rest) = arena.split_coefficient(exponent);
    let times = times.and_then(|c| arena.as_number(c));
    let times = times.cloned().unwrap_or(Rational::ONE);
    let kind = Kind {
        base,
        rest: rest.unwrap_or(Arena::ONE),
        is_negative: times.is_negative(),
    };
    (kind, times)
}

/// The bit of a node that is a kernel or a power of one.
pub(super) fn atom_bit(arena: &Arena, atom: Id) -> u64 {
    1 << (arena.facts(atom).hash >> 58)
}

/// The bit of what a node is a power of: the same for powers of one kernel.
pub(super) fn kind_bit(arena: &Arena, atom: Id) -> u64 {
    let (base, exponent) = base_and_exponent(arena, atom);
    let base = base.map_or(1, |base| arena.facts(base).hash);
    let (times, rest) = arena.split_coefficient(exponent);
    let is_negative = times.is_some_and(|c| arena.as_number(c).is_some_and(Rational::is_negative));
    // Without a rest, as the base on its own.
    let hash = base ^ rest.map_or(0, |rest| arena.facts(rest).hash);
    1 << (if is_negative { !hash } else { hash } >> 58)
}
