//! What is known about the value of an expression from what the user declared: real, positive, whole.

use crate::expr::{Arena, Assumption, Function, Id, Node};
use crate::functions;

/// Properties are looked for this deep; beyond, nothing is known.
const MAX_DEPTH: usize = 8;

/// Is the value real wherever it is defined?
pub fn is_real(arena: &Arena, id: Id) -> bool {
    real(arena, id, MAX_DEPTH)
}

/// Is the value real and above 0 wherever it is defined?
pub fn is_positive(arena: &Arena, id: Id) -> bool {
    positive(arena, id, MAX_DEPTH)
}

/// Is the value real and not below 0 wherever it is defined?
pub fn is_nonnegative(arena: &Arena, id: Id) -> bool {
    nonnegative(arena, id, MAX_DEPTH)
}

/// Is the value a whole number?
pub fn is_integer(arena: &Arena, id: Id) -> bool {
    integer(arena, id, MAX_DEPTH)
}

fn real(arena: &Arena, id: Id, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match arena.node(id) {
        Node::Number(_) | Node::Pi => true,
        Node::ImaginaryUnit => false,
        Node::Symbol(s) => matches!(
            arena.assumption(s),
            Assumption::Real | Assumption::Positive | Assumption::Integer
        ),
        Node::Add(a, b) | Node::Mul(a, b) => real(arena, a, depth) && real(arena, b, depth),
        Node::Pow(a, b) => {
            (integer(arena, b, depth) && real(arena, a, depth))
                || (positive(arena, a, depth) && real(arena, b, depth))
        }
        Node::Call(f, _) if functions::is_always_real(f) => true,
        Node::Call(f, a) => match f {
            Function::Log | Function::Log2 | Function::Log10 => positive(arena, a, depth),
            Function::Exp
            | Function::Expm1
            | Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Cot
            | Function::Sec
            | Function::Csc
            | Function::Atan
            | Function::Acot
            | Function::Sinh
            | Function::Cosh
            | Function::Tanh
            | Function::Coth
            | Function::Sech
            | Function::Csch
            | Function::Asinh
            | Function::Acsch
            | Function::Sign
            | Function::Floor
            | Function::Ceil
            | Function::Round
            | Function::Sigmoid
            | Function::Softplus
            | Function::Relu
            | Function::Step
            | Function::Erf
            | Function::Erfc
            | Function::NormalPdf
            | Function::NormalCdf
            | Function::Gamma => real(arena, a, depth),
            _ => false,
        },
        Node::Call2(f, a, b) => match f {
            Function::Min | Function::Max | Function::Hypot | Function::Atan2 | Function::Mod => {
                real(arena, a, depth) && real(arena, b, depth)
            }
            _ => false,
        },
        Node::If(_, a, b) => real(arena, a, depth) && real(arena, b, depth),
    }
}

fn positive(arena: &Arena, id: Id, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match arena.node(id) {
        Node::Number(n) => !arena.number_value(n).is_negative() && id != Arena::ZERO,
        Node::Pi => true,
        Node::Symbol(s) => arena.assumption(s) == Assumption::Positive,
        Node::Add(a, b) => {
            (positive(arena, a, depth) && nonnegative(arena, b, depth))
                || (nonnegative(arena, a, depth) && positive(arena, b, depth))
        }
        Node::Mul(a, b) => positive(arena, a, depth) && positive(arena, b, depth),
        Node::Pow(a, b) => positive(arena, a, depth) && real(arena, b, depth),
        Node::Call(
            Function::Exp
            | Function::Cosh
            | Function::Sech
            | Function::Sigmoid
            | Function::NormalPdf,
            a,
        ) => real(arena, a, depth),
        Node::If(_, a, b) => positive(arena, a, depth) && positive(arena, b, depth),
        _ => false,
    }
}

fn nonnegative(arena: &Arena, id: Id, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    if positive(arena, id, depth) {
        return true;
    }
    match arena.node(id) {
        Node::Number(n) => !arena.number_value(n).is_negative(),
        Node::Add(a, b) | Node::Mul(a, b) => {
            nonnegative(arena, a, depth) && nonnegative(arena, b, depth)
        }
        Node::Pow(a, b) => {
            (arena.as_number(b).is_some_and(|n| n.is_even()) && real(arena, a, depth))
                || (nonnegative(arena, a, depth) && real(arena, b, depth))
        }
        Node::Call(Function::Abs, _) => true,
        Node::Call(Function::Relu | Function::Step, a) => real(arena, a, depth),
        _ => false,
    }
}

fn integer(arena: &Arena, id: Id, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match arena.node(id) {
        Node::Number(n) => arena.number_value(n).is_integer(),
        Node::Symbol(s) => arena.assumption(s) == Assumption::Integer,
        Node::Add(a, b) | Node::Mul(a, b) => integer(arena, a, depth) && integer(arena, b, depth),
        Node::Pow(a, b) => {
            integer(arena, a, depth) && integer(arena, b, depth) && nonnegative(arena, b, depth)
        }
        Node::Call(Function::Floor | Function::Ceil | Function::Round, a) => real(arena, a, depth),
        _ => false,
    }
}
