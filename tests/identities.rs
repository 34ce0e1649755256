//! Every line of `grammar/identities.rules`: true at random real and complex points of every quadrant, on the axes and on
//! the branch cuts, and applied by `simplify`. The check is seen to refute identities that people believe.

#[path = "common/bounded.rs"]
mod bounded;

use bounded::{Bounded, Field, evaluate};
use gradus::expr::{Arena, Assumption, SymbolId, walk};
use gradus::{Graph, rules, syntax};
use num_complex::Complex64;

/// A line `left -> right if condition`, read anew from its text.
struct Line<'t> {
    left: &'t str,
    right: &'t str,
    conditions: Vec<(&'t str, &'t str)>,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Line<'t> {
        let (left, rest) = text.split_once("->").expect("an arrow");
        let (right, conditions) = rest.split_once(" if ").unwrap_or((rest, ""));
        let conditions = (conditions.split(" and ").map(str::trim))
            .filter(|c| !c.is_empty())
            .map(|c| c.strip_suffix(')').unwrap().split_once('(').unwrap())
            .collect();
        let (left, right) = (left.trim(), right.trim());
        Line {
            left,
            right,
            conditions,
        }
    }

    fn property(&self, hole: &str) -> &'t str {
        (self.conditions.iter().find(|(_, of)| *of == hole)).map_or("", |(property, _)| property)
    }
}

/// A small generator of random numbers, always the same ones.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn within(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[(self.next() % list.len() as u64) as usize]
    }
    /// Most near 1, some large, some small.
    fn modulus(&mut self) -> f64 {
        match self.next() % 8 {
            0 => 10f64.powf(self.within(-8.0, -1.0)),
            1 => 10f64.powf(self.within(1.0, 5.0)),
            2 => self.one_of(&[0.5, 1.0, 1.5, 2.0, 3.0]),
            _ => self.within(0.05, 5.0),
        }
    }
    fn sign(&mut self) -> f64 {
        self.one_of(&[-1.0, 1.0])
    }

    /// A number with the property: anywhere in the plane, on the axes with both signs of the other zero, close above and
    /// below the axes.
    fn number(&mut self, property: &str) -> Complex64 {
        let real = |x: f64| Complex64::new(x, 0.0);
        match property {
            "positive" => real(self.modulus()),
            "nonnegative" => real(self.one_of(&[0.0, 1.0, 1.0, 1.0]) * self.modulus()),
            "real" => {
                real(self.sign() * self.modulus() * self.one_of(&[0.0, 1.0, 1.0, 1.0, 1.0, 1.0]))
            }
            "integer" => real(self.sign() * (self.next() % 7) as f64),
            "" => {
                let (a, b) = (self.sign() * self.modulus(), self.sign() * self.modulus());
                let zero = self.sign() * 0.0;
                let tiny = self.sign() * 1e-9 * a.abs();
                match self.next() % 10 {
                    0 | 1 => Complex64::new(a, zero),
                    2 => Complex64::new(zero, a),
                    3 => Complex64::new(a, tiny),
                    4 => Complex64::new(tiny, a),
                    5 => {
                        Complex64::new(self.one_of(&[0.0, 1.0, 1.0]) * self.within(-1.0, 1.0), zero)
                    }
                    _ => Complex64::new(a, b),
                }
            }
            other => panic!("unknown property {other}"),
        }
    }
}

/// What a search for a counterexample came to.
#[derive(Default)]
struct Trial {
    /// Points where the left side has a value and both sides are known to six digits or better.
    compared: usize,
    counterexamples: Vec<Counterexample>,
}

struct Counterexample {
    text: String,
}

/// Compares both sides at that many points; real points for real values (NaN outside of a domain), others for complex ones.
fn compare(line: &Line<'_>, field: Field, points: usize, trial: &mut Trial) {
    let mut arena = Arena::new();
    let left = syntax::parse_into(&mut arena, line.left).unwrap();
    let right = syntax::parse_into(&mut arena, line.right).unwrap();
    let holes: Vec<SymbolId> = walk::symbols(&arena, &[left]);
    let mut random = Random(1);
    for _ in 0..if holes.is_empty() { 1 } else { points } {
        let point: Vec<(SymbolId, Complex64)> = (holes.iter())
            .map(|&hole| {
                let number = match (line.property(arena.symbol_name(hole)), field) {
                    ("", Field::Real) => random.number("real"),
                    (property, _) => random.number(property),
                };
                (hole, number)
            })
            .collect();
        let [l, r] = evaluate(&arena, &[left, right], &point, field)[..] else {
            unreachable!("two roots, two values")
        };
        let known = |b: Bounded| b.relative() < 1e-6 || b.error.l1_norm() < 1e-12;
        let underflow = l.value.norm() < 1e-280 && l.error != Complex64::ZERO;
        if !l.is_finite() || !known(l) || !holes.is_empty() && underflow {
            continue;
        }
        if r.is_finite() && known(r) {
            trial.compared += 1;
        }
        // An undefined right side is wrong; one whose bound is infinite is only not known.
        if !l.agrees(r) && !r.is_unknown() {
            let at: Vec<Complex64> = point.iter().map(|p| p.1).collect();
            trial.counterexamples.push(Counterexample {
                text: format!("{field:?} at {at:?}: {l:?}, {r:?}"),
            });
        }
    }
}

const POINTS: usize = 600;

fn anywhere(line: &Line<'_>) -> Trial {
    let mut trial = Trial::default();
    compare(line, Field::Complex, POINTS, &mut trial);
    compare(line, Field::Real, POINTS / 3, &mut trial);
    trial
}

#[test]
fn every_identity_holds() {
    let mut wrong = Vec::new();
    for (_, identity) in rules::identities() {
        let line = Line::of(identity.text);
        let trial = anywhere(&line);
        let (count, first) = (trial.counterexamples.len(), trial.counterexamples.first());
        if let Some(first) = first {
            wrong.push(format!("{}: {count} points, {}", identity.text, first.text));
        }
        let real_only = ["min(", "max("].iter().any(|f| line.left.contains(f));
        let enough = match (identity.holes.len(), real_only) {
            (0, _) => 1,
            (_, true) => 40,
            (_, false) => POINTS / 3,
        };
        if trial.compared < enough {
            wrong.push(format!(
                "{}: only {} points compared",
                identity.text, trial.compared
            ));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_people_believe_is_refuted() {
    for text in [
        // True but on the cuts, where real numbers outside the domain lie.
        "asin(-u) -> -asin(u)",
        "acos(-u) -> pi - acos(u)",
        "asec(-u) -> pi - asec(u)",
        "acsc(-u) -> -acsc(u)",
        "atanh(-u) -> -atanh(u)",
        "acoth(-u) -> -acoth(u)",
        "cos(asin(u)) -> sqrt(1 - u^2)",
        "sin(acos(u)) -> sqrt(1 - u^2)",
        "tan(asin(u)) -> u/sqrt(1 - u^2)",
        "tan(acos(u)) -> sqrt(1 - u^2)/u",
        "sinh(atanh(u)) -> u/sqrt(1 - u^2)",
        "cosh(atanh(u)) -> 1/sqrt(1 - u^2)",
        "asin(sin(u)) -> u",
        "acos(cos(u)) -> u",
        "atan(tan(u)) -> u",
        "asinh(sinh(u)) -> u",
        "acosh(cosh(u)) -> u if real(u)",
        "atanh(tanh(u)) -> u",
        "log(exp(u)) -> u",
        "log1p(expm1(u)) -> u",
        "log2(2^u) -> u",
        "log(u*v) -> log(u) + log(v)",
        "log(u*v) -> log(u) + log(v) if real(u) and real(v)",
        "log(u^v) -> v*log(u)",
        "log(u^v) -> v*log(u) if positive(u)",
        "log(u^v) -> v*log(u) if real(u) and real(v)",
        "log(u^2) -> 2*log(u) if real(u)",
        "log(1/u) -> -log(u)",
        "sqrt(u^2) -> u",
        "sqrt(u^2) -> u if real(u)",
        "sqrt(u^2) -> abs(u)",
        "sqrt(u^6) -> u^3 if real(u)",
        "sqrt(u*v) -> sqrt(u)*sqrt(v)",
        "sqrt(u*v) -> sqrt(u)*sqrt(v) if real(u) and real(v)",
        "sqrt(u/v) -> sqrt(u)/sqrt(v)",
        "sqrt(u/v) -> sqrt(u)/sqrt(v) if real(u)",
        "sqrt(1/u) -> 1/sqrt(u)",
        "sqrt(u - 1)*sqrt(u + 1) -> sqrt(u^2 - 1)",
        "(u^v)^w -> u^(v*w)",
        "(u^v)^w -> u^(v*w) if positive(u)",
        "(u^v)^w -> u^(v*w) if real(u) and real(v)",
        "(u^v)^n -> u^(v*n) if real(n)",
        "(u*v)^w -> u^w*v^w",
        "(u*v)^w -> u^w*v^w if real(u)",
        "exp(u)^v -> exp(u*v)",
        "exp(u)^v -> exp(u*v) if real(v)",
        "exp(u)^n -> exp(n*u) if real(n)",
        "cbrt(u^3) -> u",
        "abs(u)^2 -> u^2",
        "abs(u) -> u if real(u)",
        "abs(u^v) -> abs(u)^v",
        "abs(u + v) -> abs(u) + abs(v)",
        "u*sign(u) -> abs(u)",
        "sign(u) -> 1 if nonnegative(u)",
        "relu(u) -> u if real(u)",
        "step(u) -> 1 if nonnegative(u)",
        "max(u, v) -> u if real(u) and real(v)",
        "floor(u) -> u if real(u)",
        "sin(n*pi) -> 0 if real(n)",
        "cos(n*pi) -> 1 if integer(n)",
        "sin(u + pi) -> sin(u)",
        "sin(u + v) -> sin(u) + sin(v)",
        "acos(-u) -> -acos(u)",
        "acot(-u) -> -acot(u)",
        "atan(u) + acot(u) -> pi/2",
        "atan(u) + acot(u) -> pi/2 if real(u)",
        "acosh(-u) -> acosh(u)",
        "tan(acos(u)) -> u/sqrt(1 - u^2)",
        "sinh(acosh(u)) -> sqrt(u^2 - 1)",
        "log(1 + exp(u)) -> u + log(1 + exp(-u))",
        "softplus(u) - softplus(-u) -> u",
        "lgamma(u + 1) - lgamma(u) -> log(u) if real(u)",
        "log(gamma(u)) -> lgamma(u)",
        "gamma(u)*gamma(1 - u) -> pi/sin(u)",
        "digamma(1 - u) - digamma(u) -> pi*tan(pi*u)",
        "xlogy(u, v) -> u + log(v) if positive(v)",
        "erf(u) + erfc(-u) -> 1",
    ] {
        let trial = anywhere(&Line::of(text));
        assert!(!trial.counterexamples.is_empty(), "{text} is believed");
    }
}

/// The same check, line by line: a right side that is a little wrong never passes.
#[test]
fn a_planted_error_is_seen_in_every_line() {
    let mut believed = Vec::new();
    for (_, identity) in rules::identities() {
        let line = Line::of(identity.text);
        for plant in [
            "-(R)",
            "1.001*(R)",
            "0.999*(R)",
            "(R) + 0.001",
            "(R) - 0.001",
            "(R) + (log(0) + 1/0)",
        ] {
            // -0 and 1.001*0 are no errors.
            if line.right == "0" && plant.ends_with("(R)") {
                continue;
            }
            let right = plant.replace('R', line.right);
            let conditions = line.conditions.clone();
            let planted = Line {
                right: &right,
                conditions,
                ..line
            };
            if anywhere(&planted).counterexamples.is_empty() {
                believed.push(format!("{} -> {right}", line.left));
            }
        }
    }
    assert!(believed.is_empty(), "{}", believed.join("\n"));
}

/// Both sides become one expression, under what the condition says of the letters.
#[test]
fn simplify_applies_every_identity() {
    let mut unused = Vec::new();
    for (_, identity) in rules::identities() {
        let line = Line::of(identity.text);
        let graph = Graph::new();
        for hole in ["u", "v", "w", "n"] {
            let assumption = match line.property(hole) {
                "" => Assumption::Undeclared,
                "real" => Assumption::Real,
                "integer" => Assumption::Integer,
                _ => Assumption::Positive,
            };
            graph.symbol_with(hole, assumption);
        }
        let read = |text: &str| {
            let id = syntax::parse_into(&mut graph.arena_mut(), text).unwrap();
            graph.expr(id)
        };
        let (left, right) = (read(line.left).simplify(), read(line.right).simplify());
        if left != right {
            unused.push(format!("{}: {left}, not {right}", identity.text));
        }
    }
    assert!(
        unused.is_empty(),
        "{}:\n{}",
        unused.len(),
        unused.join("\n")
    );
}

/// ... and without the condition it leaves the value alone.
#[test]
fn simplify_does_not_apply_an_identity_whose_condition_is_not_declared() {
    let mut checked = 0;
    for (_, identity) in rules::identities() {
        let line = Line::of(identity.text);
        if line.conditions.is_empty() {
            continue;
        }
        let graph = Graph::new();
        let left = syntax::parse_into(&mut graph.arena_mut(), line.left).unwrap();
        let text = graph.expr(left).simplify().to_string();
        let trial = anywhere(&Line {
            right: &text,
            conditions: Vec::new(),
            ..line
        });
        assert!(
            trial.counterexamples.is_empty(),
            "{} becomes {text}",
            line.left
        );
        checked += 1;
    }
    assert!(checked > 30);
}
