//! Polynomials on a line modulo a prime, for a quick word on what two sums may have in common.

use smallvec::{SmallVec, smallvec};

use super::kernel::{Kernels, Power, atom_bit, is_above_zero};
use crate::expr::{Arena, Id, Node};

/// The largest prime below 2^31.
const PRIME: u64 = (1 << 31) - 1;

/// Sums of a higher degree are taken to have a common factor.
const MAX_DEGREE: usize = 64;

/// A polynomial in one variable modulo the prime, the constant first; the last coefficient is not 0.
type Image = SmallVec<[u64; 8]>;

/// Which nodes run along the line, each with a start and a slope of its own; the others stay where they are.
#[derive(Clone, Copy)]
pub(super) enum Lines<'a> {
    /// Those with such a bit.
    Atoms(u64),
    /// All the kernels of both sums; what stands there are powers of them.
    Kernels(&'a Kernels),
}

/// Have the images of two sums a common factor, or is one of them too large to tell?
///
/// Where all that both have runs along `lines`, what divides both sums divides both images. By bad luck, once in a thousand
/// million times, the image of a factor is a number: then it is overlooked.
pub(super) fn images_meet(arena: &Arena, room: &mut Room, lines: Lines<'_>, a: Id, b: Id) -> bool {
    let is_smaller = arena.facts(a).size < arena.facts(b).size;
    let (small, large) = if is_smaller { (a, b) } else { (b, a) };
    let Some(divisor) = image(arena, room, lines, small, &[]).and_then(monic) else {
        return true;
    };
    // Of the larger one a remainder is all that is needed, and is short.
    divisor.len() > 1
        && image(arena, room, lines, large, &divisor)
            .is_none_or(|remainder| degree_of_gcd(divisor, remainder) > 0)
}

/// The polynomial that a sum is on the line, or its remainder by a divisor with the leading coefficient 1. `None` where a
/// number is not small, or the degree is too high.
fn image(
    arena: &Arena,
    room: &mut Room,
    lines: Lines<'_>,
    root: Id,
    divisor: &[u64],
) -> Option<Image> {
    room.coefficients.clear();
    room.starts.clear();
    // Operands before what is made of them, without recursion: a node is seen again when its operands are done.
    let mut waiting: SmallVec<[(Id, bool); 32]> = smallvec![(root, false)];
    while let Some((id, seen)) = waiting.pop() {
        match arena.node(id) {
            Node::Number(n) => {
                let (numerator, denominator) = arena.number_value(n).as_small()?;
                room.push(&[quotient(numerator, denominator)?]);
            }
            Node::Add(a, b) | Node::Mul(a, b) if !seen => {
                waiting.extend([(id, true), (b, false), (a, false)]);
            }
            Node::Add(..) => room.add()?,
            Node::Mul(..) => room.multiply(divisor)?,
            Node::Pow(a, n) if is_above_zero(arena, n) => match seen {
                false => waiting.extend([(id, true), (a, false)]),
                true => room.raise(arena.as_integer(n)?, divisor)?,
            },
            _ => {
                let (hash, power) = match lines {
                    Lines::Atoms(bits) if bits & atom_bit(arena, id) == 0 => {
                        room.push(&[arena.facts(id).hash % PRIME]);
                        continue;
                    }
                    Lines::Atoms(_) => (arena.facts(id).hash, 1),
                    Lines::Kernels(kernels) => {
                        let Power { kernel, power } = kernels.find(id)?;
                        (kernels.hash(arena, kernel), power)
                    }
                };
                room.push_remainder(&mut [hash % PRIME, (hash >> 33) + 1], divisor);
                if power > 1 {
                    room.raise(i64::from(power), divisor)?;
                }
            }
        }
    }
    let mut image = Image::from_slice(&room.coefficients);
    trim(&mut image);
    Some(image)
}

/// Where images are made.
#[derive(Default)]
pub(super) struct Room {
    /// The coefficients of the images that wait, one after another, and where each begins.
    coefficients: Vec<u64>,
    starts: Vec<usize>,
    product: Vec<u64>,
}

impl Room {
    fn push(&mut self, image: &[u64]) {
        self.starts.push(self.coefficients.len());
        self.coefficients.extend_from_slice(image);
    }

    /// All of an image if there is no divisor.
    fn push_remainder(&mut self, image: &mut [u64], divisor: &[u64]) {
        let mut length = image.len();
        if let [lower @ .., _] = divisor {
            while length > lower.len() {
                length -= 1;
                let (rest, leading) = image.split_at_mut(length);
                let leading = PRIME - leading[0];
                for (to, &coefficient) in rest[length - lower.len()..].iter_mut().zip(lower) {
                    *to = (*to + leading * coefficient) % PRIME;
                }
            }
        }
        self.push(&image[..length]);
    }

    /// The last image becomes the sum of the last two.
    fn add(&mut self) -> Option<()> {
        let (second, first) = (self.starts.pop()?, *self.starts.last()?);
        let end = self.coefficients.len();
        for at in second..end {
            let to = first + (at - second);
            // Behind the first one there is room: what is left of the second one moves there.
            let term = if to < second {
                self.coefficients[to]
            } else {
                0
            };
            self.coefficients[to] = (self.coefficients[at] + term) % PRIME;
        }
        let length = (second - first).max(end - second);
        self.coefficients.truncate(first + length);
        Some(())
    }

    /// The last image becomes the product of the last two.
    fn multiply(&mut self, divisor: &[u64]) -> Option<()> {
        let (second, first) = (self.starts.pop()?, self.starts.pop()?);
        let (a, b) = self.coefficients[first..].split_at(second - first);
        let length = (a.len() + b.len()).saturating_sub(1);
        if length > MAX_DEGREE + 1 && divisor.is_empty() {
            return None;
        }
        let mut product = std::mem::take(&mut self.product);
        product.clear();
        product.resize(length, 0);
        for (at, &factor) in a.iter().enumerate() {
            for (sum, &other) in product[at..].iter_mut().zip(b) {
                *sum = (*sum + factor * other) % PRIME;
            }
        }
        self.coefficients.truncate(first);
        self.push_remainder(&mut product, divisor);
        self.product = product;
        Some(())
    }

    /// The last image becomes its power.
    fn raise(&mut self, exponent: i64, divisor: &[u64]) -> Option<()> {
        let top = |s: &Self| Some(Image::from_slice(&s.coefficients[*s.starts.last()?..]));
        let base = top(self)?;
        for bit in (0..exponent.ilog2()).rev() {
            let power = top(self)?;
            self.push(&power);
            self.multiply(divisor)?;
            if exponent >> bit & 1 == 1 {
                self.push(&base);
                self.multiply(divisor)?;
            }
        }
        Some(())
    }
}

fn trim(image: &mut Image) {
    while image.last() == Some(&0) {
        image.pop();
    }
}

/// Times a number, so that the leading coefficient is 1; `None` for 0.
fn monic(mut image: Image) -> Option<Image> {
    let scale = inverse(*image.last()?);
    for coefficient in &mut image {
        *coefficient = *coefficient * scale % PRIME;
    }
    Some(image)
}

/// `None` if the denominator vanishes.
fn quotient(numerator: i64, denominator: i64) -> Option<u64> {
    let [a, b] = [numerator, denominator].map(|n| n.rem_euclid(PRIME as i64) as u64);
    match b {
        0 => None,
        1 => Some(a),
        _ => Some(a * inverse(b) % PRIME),
    }
}

/// Fermat: `a^(p - 2)` is the inverse of a.
fn inverse(a: u64) -> u64 {
    let (mut square, mut rest, mut inverse) = (a, PRIME - 2, 1);
    while rest > 0 {
        if rest & 1 == 1 {
            inverse = inverse * square % PRIME;
        }
        square = square * square % PRIME;
        rest >>= 1;
    }
    inverse
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
