//! Power series of a formula around a point, coefficient by coefficient.
//!
//! A derivative of high order has more and more terms, and at the point most of them are 0 or equal. A series never has
//! them: its coefficients are found in rising order, each from those before it, with the rules of sums, products and powers
//! (Griewank & Walther, "Evaluating Derivatives", 2nd edition, 2008, section 13.2) and for functions with the chain rule:
//! `f(u)' = f'(u)*u'`, where `f'` comes from `grammar/functions.rules`.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::higher::Expansion;
use super::{CalculusError, check_size, moves, no_partial};
use crate::expr::walk::Order;
use crate::expr::{Arena, Id, Node};
use crate::rules::{self, Operation};

/// What a node has to do with the series.
struct Part {
    id: Id,
    /// Does it move with the variable?
    moves: bool,
    /// Its coefficients are needed up to the degree less this: slopes are needed one order less than what they belong to.
    level: usize,
    /// For functions, and powers with an exponent that moves: by argument, the partial derivative.
    slopes: SmallVec<[Option<Id>; 2]>,
    coefficients: Vec<Id>,
}

/// The parts by id, children before parents.
struct Series<'a> {
    arena: &'a mut Arena,
    expansion: &'a Expansion,
    parts: Vec<Part>,
    at: FxHashMap<Id, usize>,
}

/// The coefficients of orders 0 to the degree, each made `tidy`; `None` where the rules do not
/// know them, as those of a root or a denominator that is 0 at the point.
pub(super) fn coefficients(
    arena: &mut Arena,
    expansion: &Expansion,
    tidy: &mut impl FnMut(&mut Arena, Id) -> Id,
) -> Result<Option<Vec<Id>>, CalculusError> {
    let mut series = Series::of(arena, expansion)?;
    let degree = expansion.degree;
    for order in 0..=degree {
        for part in 0..series.parts.len() {
            if series.parts[part].level + order > degree {
                continue;
            }
            let Some(coefficient) = series.coefficient(part, order, tidy) else {
                return Ok(None);
            };
            series.parts[part].coefficients.push(coefficient);
        }
        check_size(series.arena)?;
    }
    let root = series.at[&expansion.root];
    Ok(Some(std::mem::take(&mut series.parts[root].coefficients)))
}

impl<'a> Series<'a> {
    /// Collects the root, the partial derivatives of its functions, those of the functions in these, ..., each as deep as
    /// the degree asks for.
    fn of(arena: &'a mut Arena, expansion: &'a Expansion) -> Result<Series<'a>, CalculusError> {
        let mut series = Series {
            arena,
            expansion,
            parts: Vec::new(),
            at: FxHashMap::default(),
        };
        let mut roots = vec![expansion.root];
        for level in 0..=expansion.degree {
            let order = Order::of(series.arena, &roots);
            roots.clear();
            for id in order.ids {
                if !series.at.contains_key(&id) {
                    series.at.insert(id, series.parts.len());
                    let slopes = series.slopes(id, level < expansion.degree)?;
                    roots.extend(slopes.iter().flatten());
                    let moves = id == expansion.variable || series.moves(id);
                    series.parts.push(Part {
                        id,
                        moves,
                        level,
                        slopes,
                        coefficients: Vec::new(),
                    });
                }
            }
            check_size(series.arena)?;
        }
        series.parts.sort_unstable_by_key(|part| part.id);
        let numbered = series.parts.iter().enumerate();
        series.at = numbered.map(|(at, part)| (part.id, at)).collect();
        Ok(series)
    }

    fn part(&self, id: Id) -> &Part {
        &self.parts[self.at[&id]]
    }

    /// Does a child of the node move?
    fn moves(&self, id: Id) -> bool {
        (self.arena.node(id).children()).any(|child| self.part(child).moves)
    }

    /// The partial derivatives of a node by the arguments that move it, where they are `wanted` and no other rule is.
    fn slopes(&mut self, id: Id, wanted: bool) -> Result<SmallVec<[Option<Id>; 2]>, CalculusError> {
        let node = self.arena.node(id);
        let operation = match node {
            Node::Call(f, _) | Node::Call2(f, ..) => Operation::Call(f),
            Node::Pow(_, exponent) if self.part(exponent).moves => Operation::Pow,
            _ => return Ok(SmallVec::new()),
        };
        let children: SmallVec<[Id; 2]> = node.children().collect();
        let mut slopes = SmallVec::new();
        for (which, &child) in children.iter().enumerate() {
            let needed = wanted && self.part(child).moves && moves(node, which);
            slopes.push(match needed {
                true => {
                    let rule = rules::partial(operation, which);
                    let rule = rule.ok_or_else(|| no_partial(operation, which))?;
                    Some(rule.fill(self.arena, &children))
                }
                false => None,
            });
        }
        Ok(slopes)
    }

    /// The coefficient of an order of a part whose children have theirs, and whose slopes have theirs of lower orders.
    fn coefficient(
        &mut self,
        part: usize,
        order: usize,
        tidy: &mut impl FnMut(&mut Arena, Id) -> Id,
    ) -> Option<Id> {
        let Part { id, moves, .. } = self.parts[part];
        let node = self.arena.node(id);
        let found = match node {
            _ if id == self.expansion.variable => match order {
                0 => self.expansion.point,
                1 => Arena::ONE,
                _ => Arena::ZERO,
            },
            _ if !moves => match order {
                0 => id,
                _ => Arena::ZERO,
            },
            Node::Pow(base, exponent) if !self.part(exponent).moves => {
                self.power(part, base, exponent, order)?
            }
            _ if order == 0 => {
                let children: SmallVec<[(Id, Id); 3]> = (node.children())
                    .map(|child| (child, self.of_order(child, 0)))
                    .collect();
                let value = |child| children.iter().find(|c| c.0 == child).expect("a child").1;
                self.arena.rebuild(node, value)
            }
            Node::Add(a, b) => {
                let (a, b) = (self.of_order(a, order), self.of_order(b, order));
                self.arena.add(a, b)
            }
            Node::Mul(a, b) => {
                let mut sum = Arena::ZERO;
                for k in 0..=order {
                    let (a, b) = (self.of_order(a, k), self.of_order(b, order - k));
                    let product = self.arena.mul(a, b);
                    sum = self.arena.add(sum, product);
                }
                sum
            }
            Node::If(condition, a, b) => {
                let condition = self.of_order(condition, 0);
                let (a, b) = (self.of_order(a, order), self.of_order(b, order));
                self.arena.choice(condition, a, b)
            }
            _ => self.by_chain_rule(part, node, order),
        };
        Some(match self.arena.as_number(found) {
            Some(_) => found,
            None => tidy(self.arena, found),
        })
    }

    fn of_order(&self, id: Id, order: usize) -> Id {
        self.part(id).coefficients[order]
    }

    /// `n*F_n`, of order n - 1 in F', is the sum of `k*u_k * f'(u)_(n-k)` over the arguments u.
    fn by_chain_rule(&mut self, part: usize, node: Node, order: usize) -> Id {
        let slopes = self.parts[part].slopes.clone();
        let mut sum = Arena::ZERO;
        for (argument, slope) in node.children().zip(slopes) {
            let Some(slope) = slope else { continue };
            for k in 1..=order {
                let movement = self.of_order(argument, k);
                if movement == Arena::ZERO {
                    continue;
                }
                let times = self.arena.number(k as i64);
                let movement = self.arena.mul(times, movement);
                let slope = self.of_order(slope, order - k);
                let product = self.arena.mul(movement, slope);
                sum = self.arena.add(sum, product);
            }
        }
        let by = self.arena.number(order as i64);
        self.arena.div(sum, by)
    }

    /// Of `u^e` for a constant e. Where the series of u begins with `c*h^v`, that of the power begins with `c^e*h^(v*e)`, and
    /// `i*c*q_i` is the sum of `(e*j - (i - j)) * u_(v+j) * q_(i-j)` over j from 1 to i.
    fn power(&mut self, part: usize, base: Id, exponent: Id, order: usize) -> Option<Id> {
        let begins = (0..=order).find(|&k| self.of_order(base, k) != Arena::ZERO);
        let lowest = match begins {
            Some(0) => 0,
            // A root, or a denominator, that is 0 at the point has no series.
            _ => {
                let whole = self.arena.as_integer(exponent)?;
                let whole = usize::try_from(whole).ok().filter(|&e| e > 0)?;
                match begins.and_then(|v| v.checked_mul(whole)) {
                    Some(lowest) if lowest <= order => lowest,
                    _ => return Some(Arena::ZERO),
                }
            }
        };
        let v = begins?;
        let first = self.of_order(base, v);
        let i = order - lowest;
        if i == 0 {
            return Some(self.arena.pow(first, exponent));
        }
        let mut sum = Arena::ZERO;
        for j in 1..=i {
            let next = self.of_order(base, v + j);
            if next == Arena::ZERO {
                continue;
            }
            let (j_times, rest) = (
                self.arena.number(j as i64),
                self.arena.number((i - j) as i64),
            );
            let scale = self.arena.mul(exponent, j_times);
            let scale = self.arena.sub(scale, rest);
            let before = self.parts[part].coefficients[lowest + i - j];
            let product = self.arena.mul(next, before);
            let product = self.arena.mul(scale, product);
            sum = self.arena.add(sum, product);
        }
        let i = self.arena.number(i as i64);
        let divisor = self.arena.mul(i, first);
        Some(self.arena.div(sum, divisor))
    }
}
