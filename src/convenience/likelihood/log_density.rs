//! The logarithm of a density as a sum of the logarithms of its factors.
//!
//! A density is a product, of which a factor such as `exp(-x^2/2)` is 0 in doubles long before its logarithm means
//! anything. So the product is taken apart: `log(u*v)` becomes `log(u) + log(v)`, `log(u^p)` becomes `p*log(u)`, `log(exp(u))`
//! is `u`. Where single factors may be negative and only their product must not be, logarithms are taken of their sizes, and
//! `log(sign(u)*sign(v))`, which is 0 or NaN and has the derivative 0, says whether the product is above 0.

use rustc_hash::FxHashMap;

use crate::expr::{Arena, Function, Id, Node, walk};

/// The logarithm of a density.
#[derive(Clone, Copy)]
pub(super) struct LogDensity {
    /// To be computed: NaN where the density is below 0.
    pub value: Id,
    /// To be read: equal where the density is above 0.
    pub shown: Id,
}

/// Takes a density apart.
pub(super) fn log_density(arena: &mut Arena, density: Id) -> LogDensity {
    let order = walk::Order::of(arena, &[density]);
    // From the whole to its factors, and back: parents come after their children.
    let mut wanted = vec![false; order.len()];
    wanted[order.position(density)] = true;
    for (at, &id) in order.ids.iter().enumerate().rev() {
        if wanted[at] {
            for factor in factors(arena.node(id)) {
                wanted[order.position(factor)] = true;
            }
        }
    }
    let mut logs: FxHashMap<Id, Log> = FxHashMap::default();
    for (at, &id) in order.ids.iter().enumerate() {
        if wanted[at] {
            let log = log(arena, id, &logs);
            logs.insert(id, log);
        }
    }
    let log = logs[&density];
    LogDensity {
        value: log.guarded(arena),
        shown: log.shown(),
    }
}

/// What is known of the logarithm of a factor.
#[derive(Clone, Copy)]
struct Log {
    /// Right where each part is above 0, and NaN elsewhere if there is one part at most.
    plain: Id,
    /// The logarithm of the size.
    of_size: Id,
    /// What has the sign of the factor; none if that is above 0 wherever it is defined.
    sign: Option<Id>,
    /// Does `plain` say by itself where the factor is below 0?
    guards_itself: bool,
    /// Is there a negative number among its parts?
    negative: bool,
}

impl Log {
    fn positive(id: Id) -> Log {
        Log {
            plain: id,
            of_size: id,
            sign: None,
            guards_itself: true,
            negative: false,
        }
    }

    fn guarded(self, arena: &mut Arena) -> Id {
        match self.sign {
            Some(sign) if !self.guards_itself => {
                let guard = arena.call(Function::Log, sign);
                arena.add(self.of_size, guard)
            }
            _ => self.plain,
        }
    }

    fn shown(self) -> Id {
        match self.negative {
            true => self.of_size,
            false => self.plain,
        }
    }
}

/// The factors whose logarithms make that of a node.
fn factors(node: Node) -> Vec<Id> {
    match node {
        Node::Mul(a, b) => vec![a, b],
        Node::Pow(base, _) => vec![base],
        Node::If(_, a, b) => vec![a, b],
        _ => Vec::new(),
    }
}

fn log(arena: &mut Arena, id: Id, logs: &FxHashMap<Id, Log>) -> Log {
    match arena.node(id) {
        Node::Mul(a, b) => product(arena, logs[&a], logs[&b]),
        Node::Pow(base, exponent) => power(arena, base, logs[&base], exponent),
        Node::If(condition, a, b) => {
            let (a, b) = (logs[&a], logs[&b]);
            let (value_a, value_b) = (a.guarded(arena), b.guarded(arena));
            let value = arena.choice(condition, value_a, value_b);
            Log::positive(value)
        }
        Node::Number(n) if arena.number_value(n).is_negative() => {
            let size = arena.neg(id);
            let of_size = arena.call(Function::Log, size);
            Log {
                plain: of_size,
                of_size,
                sign: Some(arena.number(-1)),
                guards_itself: false,
                negative: true,
            }
        }
        Node::Call(Function::Exp, u) => Log::positive(u),
        Node::Call(Function::Sigmoid, u) => {
            let minus = arena.neg(u);
            let softplus = arena.call(Function::Softplus, minus);
            Log::positive(arena.neg(softplus))
        }
        Node::Call(Function::NormalPdf, u) => {
            let (two, pi) = (arena.number(2), arena.pi());
            let square = arena.pow(u, two);
            let circle = arena.mul(two, pi);
            let log = arena.call(Function::Log, circle);
            let sum = arena.add(square, log);
            let half = arena.div(sum, two);
            Log::positive(arena.neg(half))
        }
        // Above 0 for u above 0, and no density has it elsewhere.
        Node::Call(Function::Gamma, u) => {
            let log = arena.call(Function::Lgamma, u);
            Log {
                sign: Some(arena.call(Function::Sign, u)),
                guards_itself: false,
                ..Log::positive(log)
            }
        }
        Node::Number(_) | Node::Pi | Node::Call(Function::Abs | Function::Cosh, _) => {
            Log::positive(arena.call(Function::Log, id))
        }
        _ => {
            let size = arena.call(Function::Abs, id);
            Log {
                plain: arena.call(Function::Log, id),
                of_size: arena.call(Function::Log, size),
                sign: Some(arena.call(Function::Sign, id)),
                guards_itself: true,
                negative: false,
            }
        }
    }
}

fn product(arena: &mut Arena, a: Log, b: Log) -> Log {
    let sign = match (a.sign, b.sign) {
        (Some(a), Some(b)) => Some(arena.mul(a, b)),
        (one, other) => one.or(other),
    };
    Log {
        plain: arena.add(a.plain, b.plain),
        of_size: arena.add(a.of_size, b.of_size),
        sign,
        guards_itself: a.guards_itself
            && b.guards_itself
            && !(a.sign.is_some() && b.sign.is_some()),
        negative: a.negative || b.negative,
    }
}

fn power(arena: &mut Arena, base: Id, log: Log, exponent: Id) -> Log {
    let number = arena.as_number(exponent).cloned();
    let is_plain = factors(arena.node(base)).is_empty()
        && matches!(arena.node(base), Node::Symbol(_) | Node::Add(..));
    match number {
        Some(p) if p.is_even() => Log::positive(arena.mul(exponent, log.of_size)),
        Some(p) if p.is_integer() => Log {
            plain: arena.mul(exponent, log.plain),
            of_size: arena.mul(exponent, log.of_size),
            ..log
        },
        // 0^0 is 1, as in the probability p^x*(1 - p)^(1 - x) of a coin that always falls on one side.
        None if is_plain => Log::positive(arena.call2(Function::Xlogy, exponent, base)),
        _ => {
            let log = log.guarded(arena);
            Log::positive(arena.mul(exponent, log))
        }
    }
}
