//! Have two sums a common factor at all? Told cheaply, on a line modulo a prime: most have none.

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};

use crate::expr::{Arena, Id, Node};

/// The largest prime below 2^31.
const PRIME: u64 = (1 << 31) - 1;

/// Sums of a higher degree are taken to have a common factor.
const MAX_DEGREE: usize = 32;

/// A polynomial in one variable modulo the prime, the constant first; the last coefficient is not 0.
pub(super) type Image = SmallVec<[u64; 8]>;

/// The images of sums that were asked for: each is one of many numerators and denominators.
pub(super) type Images = FxHashMap<Id, Option<Image>>;

/// False if the polynomials `a` and `b` are known to have no common factor but numbers.
///
/// Every kernel runs along a line of its own, `c + d*t`, so that both become polynomials in t. What divides both still does
/// there. By bad luck, once in a thousand million times, its image is a number: then a factor is overlooked.
pub(super) fn may_share_a_factor(arena: &Arena, images: &mut Images, a: Id, b: Id) -> bool {
    for id in [a, b] {
        images.entry(id).or_insert_with(|| image(arena, id));
    }
    match (&images[&a], &images[&b]) {
        (Some(a), Some(b)) => degree_of_gcd(a.clone(), b.clone()) > 0,
        _ => true,
    }
}

/// `None` where a number is not small, or the degree is too high.
fn image(arena: &Arena, root: Id) -> Option<Image> {
    // Operands before what is made of them, without recursion: a node is seen again when its operands are done.
    let mut waiting: SmallVec<[(Id, bool); 32]> = smallvec![(root, false)];
    let mut done: SmallVec<[Image; 8]> = SmallVec::new();
    while let Some((id, seen)) = waiting.pop() {
        let image = match arena.node(id) {
            Node::Number(n) => {
                let (numerator, denominator) = arena.number_value(n).as_small()?;
                let value = quotient(numerator, denominator)?;
                smallvec![value]
            }
            Node::Add(a, b) | Node::Mul(a, b) if !seen => {
                waiting.extend([(id, true), (a, false), (b, false)]);
                continue;
            }
            Node::Add(..) => {
                let (a, b) = (done.pop()?, done.pop()?);
                sum(a, b)
            }
            Node::Mul(..) => {
                let (a, b) = (done.pop()?, done.pop()?);
                product(&a, &b)?
            }
            Node::Pow(a, n) if arena.as_integer(n).is_some_and(|n| n > 0) => {
                if !seen {
                    waiting.extend([(id, true), (a, false)]);
                    continue;
                }
                let (base, n) = (done.pop()?, arena.as_integer(n)?);
                let mut power = base.clone();
                if n > MAX_DEGREE as i64 {
                    return None;
                }
                for _ in 1..n {
                    power = product(&power, &base)?;
                }
                power
            }
            _ => {
                let hash = arena.facts(id).hash;
                smallvec![hash % PRIME, (hash >> 33) + 1]
            }
        };
        done.push(image);
    }
    let mut image = done.pop()?;
    trim(&mut image);
    Some(image)
}

fn trim(image: &mut Image) {
    while image.last() == Some(&0) {
        image.pop();
    }
}

fn sum(a: Image, b: Image) -> Image {
    let (mut long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    for (sum, term) in long.iter_mut().zip(short) {
        *sum = (*sum + term) % PRIME;
    }
    long
}

fn product(a: &[u64], b: &[u64]) -> Option<Image> {
    if a.is_empty() || b.is_empty() {
        return Some(Image::new());
    }
    let length = a.len() + b.len() - 1;
    if length > MAX_DEGREE + 1 {
        return None;
    }
    let mut product: Image = smallvec![0; length];
    for (at, &factor) in a.iter().enumerate() {
        for (sum, &other) in product[at..].iter_mut().zip(b) {
            *sum = (*sum + factor * other) % PRIME;
        }
    }
    Some(product)
}

/// `None` if the denominator vanishes.
fn quotient(numerator: i64, denominator: i64) -> Option<u64> {
    let [a, b] = [numerator, denominator].map(|n| n.rem_euclid(PRIME as i64) as u64);
    match b {
        0 => None,
        1 => Some(a),
        // Fermat: b^(p - 2) is the inverse.
        _ => {
            let (mut square, mut rest, mut inverse) = (b, PRIME - 2, a);
            while rest > 0 {
                if rest & 1 == 1 {
                    inverse = inverse * square % PRIME;
                }
                square = square * square % PRIME;
                rest >>= 1;
            }
            Some(inverse)
        }
    }
}

/// Euclid without division: remainders are multiplied by leading coefficients, which are not 0.
fn degree_of_gcd(mut a: Image, mut b: Image) -> usize {
    while let Some(&below) = b.last() {
        while a.len() >= b.len() {
            let above = a.pop().expect("it is not shorter");
            let from = a.len() + 1 - b.len();
            for coefficient in &mut a[..from] {
                *coefficient = *coefficient * below % PRIME;
            }
            for (to, &coefficient) in a[from..].iter_mut().zip(&b) {
                *to = (*to * below + (PRIME - above) * coefficient) % PRIME;
            }
            trim(&mut a);
        }
        std::mem::swap(&mut a, &mut b);
    }
    a.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Graph;

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
            // More than can be told.
            ("x^40 + 1", "x^41 + 2", true),
        ] {
            let [p, q] = [a, b].map(|text| graph.parse(text).unwrap().id());
            let mut images = Images::default();
            for (p, q) in [(p, q), (q, p)] {
                let found = may_share_a_factor(&graph.arena(), &mut images, p, q);
                assert_eq!(found, shared, "{a} and {b}");
            }
        }
    }
}
