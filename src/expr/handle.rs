//! What users hold: a [`Graph`] that owns everything and [`Expr`], a `Copy` handle with the operators of arithmetic.

use std::cell::{Ref, RefCell, RefMut};
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Arena, Function, Id, Rational, walk};

/// An expression graph: equal expressions are one node, and derivatives share their nodes with what they came from.
///
/// ```
/// let graph = gradus::Graph::new();
/// let (x, y) = (graph.symbol("x"), graph.symbol("y"));
/// let f = x.powi(2) + 2 * x * y;
/// assert_eq!(f.to_string(), "x^2 + 2*x*y");
/// assert_eq!(x * y, x * y); // one node
/// ```
#[derive(Default)]
pub struct Graph {
    arena: RefCell<Arena>,
}

/// A handle on one node of a [`Graph`]: 16 bytes, `Copy`, compares as the node does.
#[derive(Clone, Copy)]
pub struct Expr<'g> {
    graph: &'g Graph,
    id: Id,
}

impl Graph {
    /// An empty graph.
    pub fn new() -> Graph {
        Graph::default()
    }

    /// The store, for reading.
    pub fn arena(&self) -> Ref<'_, Arena> {
        self.arena.borrow()
    }

    /// The store, for passes that build.
    pub fn arena_mut(&self) -> RefMut<'_, Arena> {
        self.arena.borrow_mut()
    }

    /// The handle of a node of this graph.
    pub fn expr(&self, id: Id) -> Expr<'_> {
        assert!(
            id.index() < self.arena().len(),
            "the id belongs to another graph"
        );
        Expr { graph: self, id }
    }

    /// An exact number.
    pub fn number(&self, value: impl Into<Rational>) -> Expr<'_> {
        self.build(|a| a.number(value))
    }

    /// The circle constant.
    pub fn pi(&self) -> Expr<'_> {
        self.build(Arena::pi)
    }

    /// The imaginary unit.
    pub fn imaginary_unit(&self) -> Expr<'_> {
        self.build(Arena::imaginary_unit)
    }

    fn assert_owns(&self, expression: Expr<'_>) {
        assert!(
            std::ptr::eq(self, expression.graph),
            "the two expressions belong to different graphs"
        );
    }

    /// A new graph with only what `roots` depend on, and the handles' new ids: long-lived programs need not grow
    /// without bound.
    ///
    /// ```
    /// let graph = gradus::Graph::new();
    /// let x = graph.symbol("x");
    /// let f = (x.exp() * x.sin()).diff("x")?;
    /// let (small, ids) = graph.extract(&[f]);
    /// assert_eq!(small.expr(ids[0]).to_string(), f.to_string());
    /// assert!(small.arena().len() < graph.arena().len());
    /// # Ok::<(), gradus::Error>(())
    /// ```
    ///
    /// # Panics
    /// If a root belongs to another graph.
    pub fn extract(&self, roots: &[Expr<'_>]) -> (Graph, Vec<Id>) {
        roots.iter().for_each(|&root| self.assert_owns(root));
        let arena = self.arena();
        let ids: Vec<Id> = roots.iter().map(|r| r.id).collect();
        let symbols = walk::symbols(&arena, &ids);
        let template = walk::Template::cut(&arena, &ids, &[]);
        let mut new = Arena::new();
        for symbol in symbols {
            let id = new.symbol(arena.symbol_name(symbol));
            new.assume(id, arena.assumption(symbol));
        }
        let built = template.fill_all(&mut new, &[]);
        let ids = template.outputs.iter().map(|&o| built[o]).collect();
        (
            Graph {
                arena: RefCell::new(new),
            },
            ids,
        )
    }

    fn build(&self, build: impl FnOnce(&mut Arena) -> Id) -> Expr<'_> {
        let id = build(&mut self.arena_mut());
        Expr { graph: self, id }
    }
}

impl<'g> Expr<'g> {
    /// The node's number in its graph.
    pub fn id(self) -> Id {
        self.id
    }

    /// The graph it belongs to.
    pub fn graph(self) -> &'g Graph {
        self.graph
    }

    /// `self ^ exponent` for a whole exponent.
    pub fn powi(self, exponent: i64) -> Expr<'g> {
        self.pow(self.graph.number(exponent))
    }

    /// `self ^ exponent`
    pub fn pow(self, exponent: Expr<'g>) -> Expr<'g> {
        self.with(exponent, Arena::pow)
    }

    /// The square root.
    pub fn sqrt(self) -> Expr<'g> {
        self.graph.build(|a| a.sqrt(self.id))
    }

    /// A function of one argument: `x.call(Function::Sin)`.
    ///
    /// # Panics
    /// If the function takes two.
    pub fn call(self, f: Function) -> Expr<'g> {
        assert_eq!(f.arity(), 1, "{f} takes two arguments");
        self.graph.build(|a| a.call(f, self.id))
    }

    /// A function of two arguments: `y.call2(Function::Atan2, x)`.
    ///
    /// # Panics
    /// If the function takes one, or `other` belongs to another graph.
    pub fn call2(self, f: Function, other: Expr<'g>) -> Expr<'g> {
        assert_eq!(f.arity(), 2, "{f} takes one argument");
        self.with(other, |a, x, y| a.call2(f, x, y))
    }

    /// `exp(self)`
    pub fn exp(self) -> Expr<'g> {
        self.call(Function::Exp)
    }

    /// The natural logarithm.
    pub fn log(self) -> Expr<'g> {
        self.call(Function::Log)
    }

    /// `sin(self)`
    pub fn sin(self) -> Expr<'g> {
        self.call(Function::Sin)
    }

    /// `cos(self)`
    pub fn cos(self) -> Expr<'g> {
        self.call(Function::Cos)
    }

    /// `tan(self)`
    pub fn tan(self) -> Expr<'g> {
        self.call(Function::Tan)
    }

    /// `tanh(self)`
    pub fn tanh(self) -> Expr<'g> {
        self.call(Function::Tanh)
    }

    /// The names of the variables it depends on, sorted.
    pub fn variables(self) -> Vec<String> {
        let arena = self.graph.arena();
        walk::symbols(&arena, &[self.id])
            .into_iter()
            .map(|s| arena.symbol_name(s).to_owned())
            .collect()
    }

    /// How many different nodes it has.
    pub fn node_count(self) -> usize {
        walk::Order::of(&self.graph.arena(), &[self.id]).len()
    }

    /// The expression with one variable (or any part) replaced.
    ///
    /// # Panics
    /// If the part or what replaces it belongs to another graph.
    pub fn substitute(self, part: Expr<'g>, by: Expr<'g>) -> Expr<'g> {
        self.graph.assert_owns(part);
        self.graph.assert_owns(by);
        let map = [(part.id, by.id)].into_iter().collect();
        self.graph
            .build(|a| walk::substitute(a, &[self.id], &map)[0])
    }

    fn with(self, other: Expr<'g>, build: impl FnOnce(&mut Arena, Id, Id) -> Id) -> Expr<'g> {
        self.graph.assert_owns(other);
        self.graph.build(|a| build(a, self.id, other.id))
    }
}

impl PartialEq for Expr<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.graph, other.graph) && self.id == other.id
    }
}

impl Eq for Expr<'_> {}

impl fmt::Debug for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.id.index())
    }
}

/// What can stand beside an [`Expr`] in a formula: whole numbers exactly, decimals by their shortest text (0.1 is 1/10).
pub trait IntoExpr {
    /// The expression in `graph`.
    fn into_expr(self, graph: &Graph) -> Expr<'_>;
}

impl IntoExpr for i64 {
    fn into_expr(self, graph: &Graph) -> Expr<'_> {
        graph.number(self)
    }
}

impl IntoExpr for f64 {
    /// # Panics
    /// For NaN and infinities, which are not numbers of the language.
    fn into_expr(self, graph: &Graph) -> Expr<'_> {
        let value = Rational::from_f64(self).expect("a formula holds finite numbers only");
        graph.build(|a| a.decimal(value))
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $build:ident),*) => { $(
        impl<'g> $trait for Expr<'g> {
            type Output = Expr<'g>;
            fn $method(self, other: Expr<'g>) -> Expr<'g> {
                self.with(other, Arena::$build)
            }
        }
        operators!(@numbers $trait $method i64 f64);
    )* };
    (@numbers $trait:ident $method:ident $($number:ty)*) => { $(
        impl<'g> $trait<$number> for Expr<'g> {
            type Output = Expr<'g>;
            fn $method(self, other: $number) -> Expr<'g> {
                $trait::$method(self, other.into_expr(self.graph))
            }
        }
        impl<'g> $trait<Expr<'g>> for $number {
            type Output = Expr<'g>;
            fn $method(self, other: Expr<'g>) -> Expr<'g> {
                $trait::$method(self.into_expr(other.graph), other)
            }
        }
    )* };
}

operators!(Add add add, Sub sub sub, Mul mul mul, Div div div);

impl<'g> Neg for Expr<'g> {
    type Output = Expr<'g>;
    fn neg(self) -> Expr<'g> {
        self.graph.build(|a| a.neg(self.id))
    }
}
