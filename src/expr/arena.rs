//! The arena: every node once, built through constructors that fold only what is local and keeps every value.

use hashbrown::HashTable;
use rustc_hash::FxHashMap;
use std::hash::{BuildHasher, Hash};

use super::{Assumption, Function, Id, Node, NumberId, Rational, SymbolId};

/// Passes that could grow a graph without bound stop here with an error; ids are 32 bits, a node takes about 40 bytes.
pub const MAX_NODES: usize = 12_000_000;

/// The store behind a [`Graph`](super::Graph): nodes, numbers and names, each held once.
///
/// Passes work on the arena directly; users see [`Graph`](super::Graph) and [`Expr`](super::Expr).
#[derive(Clone)]
pub struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    table: HashTable<u32>,
    numbers: Vec<Number>,
    number_table: HashTable<u32>,
    symbols: Vec<Symbol>,
    symbol_table: FxHashMap<Box<str>, SymbolId>,
    /// Results of `simplify` by id of its input, 0 for none: equal expressions are one node, so an answer stays valid.
    simplified: Vec<u32>,
}

#[derive(Clone)]
struct Number {
    value: Rational,
    /// Was it written as a decimal somewhere (0.1 rather than 1/10)? It is printed as it was written.
    decimal: bool,
    node: Option<Id>,
}

#[derive(Clone)]
struct Symbol {
    name: Box<str>,
    assumption: Assumption,
}

/// What is known of a node from its children, kept beside it.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Depends on names, numbers and structure only, never on ids: a stable tie-breaker for orderings.
    pub hash: u64,
    /// Total degree in the variables, as far as it can be read off (functions count 0).
    pub degree: f32,
    /// Nodes counted as a tree, shared parts again and again; stops at `u32::MAX`.
    pub size: u32,
    /// Does a variable occur?
    pub has_symbol: bool,
    /// Does the imaginary unit occur?
    pub has_imaginary: bool,
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn hash_of(value: impl Hash) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(value)
}

impl Default for Arena {
    fn default() -> Arena {
        Arena::new()
    }
}

#[allow(clippy::len_without_is_empty)] // an arena is never empty
impl Arena {
    /// The number 0, in every arena.
    pub const ZERO: Id = Id(0);
    /// The number 1, in every arena.
    pub const ONE: Id = Id(1);
    /// The number -1, in every arena.
    pub const MINUS_ONE: Id = Id(2);

    /// An arena that holds 0, 1 and -1.
    pub fn new() -> Arena {
        // Room for a formula of everyday size, so that the tables need not grow while it is read and differentiated.
        let mut arena = Arena {
            nodes: Vec::with_capacity(512),
            facts: Vec::with_capacity(512),
            table: HashTable::with_capacity(448),
            numbers: Vec::with_capacity(16),
            number_table: HashTable::with_capacity(28),
            symbols: Vec::with_capacity(8),
            symbol_table: FxHashMap::default(),
            simplified: Vec::new(),
        };
        for (id, value) in [(Arena::ZERO, 0), (Arena::ONE, 1), (Arena::MINUS_ONE, -1)] {
            let made = arena.number(value);
            debug_assert_eq!(made, id);
        }
        arena
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of an id.
    #[inline]
    pub fn node(&self, id: Id) -> Node {
        self.nodes[id.index()]
    }

    /// What is known of a node.
    #[inline]
    pub fn facts(&self, id: Id) -> Facts {
        self.facts[id.index()]
    }

    /// The number in the table.
    pub fn number_value(&self, id: NumberId) -> &Rational {
        &self.numbers[id.0 as usize].value
    }

    /// The number, if the node is one.
    #[inline]
    pub fn as_number(&self, id: Id) -> Option<&Rational> {
        match self.node(id) {
            Node::Number(n) => Some(self.number_value(n)),
            _ => None,
        }
    }

    /// The small integer, if the node is one.
    pub fn as_integer(&self, id: Id) -> Option<i64> {
        self.as_number(id)?.as_i64()
    }

    /// Was the number written as a decimal?
    pub fn is_decimal(&self, id: NumberId) -> bool {
        self.numbers[id.0 as usize].decimal
    }

    /// The name of a variable.
    pub fn symbol_name(&self, id: SymbolId) -> &str {
        &self.symbols[id.0 as usize].name
    }

    /// What the user declared about a variable.
    pub fn assumption(&self, id: SymbolId) -> Assumption {
        self.symbols[id.0 as usize].assumption
    }

    /// Declares something about a variable. Simplified results found before are forgotten.
    pub fn assume(&mut self, symbol: Id, assumption: Assumption) {
        if let Node::Symbol(s) = self.node(symbol) {
            self.symbols[s.0 as usize].assumption = assumption;
            self.simplified.clear();
        }
    }

    /// What `simplify` found for a node before.
    #[inline]
    pub fn simplified(&self, id: Id) -> Option<Id> {
        let found = self.simplified.get(id.index()).copied().unwrap_or(0);
        found.checked_sub(1).map(Id)
    }

    /// Remembers what `simplify` found for a node.
    pub fn remember_simplified(&mut self, id: Id, result: Id) {
        for id in [id, result] {
            if self.simplified.len() <= id.index() {
                self.simplified.resize(self.nodes.len(), 0);
            }
            self.simplified[id.index()] = result.0 + 1;
        }
    }

    /// Forgets every answer of `simplify`.
    pub fn forget_simplified(&mut self) {
        self.simplified.clear();
    }

    /// The variable of that name, if it occurs.
    pub fn find_symbol(&self, name: &str) -> Option<SymbolId> {
        self.symbol_table.get(name).copied()
    }

    fn intern(&mut self, node: Node) -> Id {
        let hash = hash_of(node);
        let nodes = &self.nodes;
        if let Some(&found) = self.table.find(hash, |&i| nodes[i as usize] == node) {
            return Id(found);
        }
        let id = Id(self.nodes.len() as u32);
        assert!(
            self.nodes.len() < u32::MAX as usize - 1,
            "more than 2^32 nodes"
        );
        self.facts.push(self.facts_of(node));
        self.nodes.push(node);
        let nodes = &self.nodes;
        self.table
            .insert_unique(hash, id.0, |&i| hash_of(nodes[i as usize]));
        id
    }

    fn facts_of(&self, node: Node) -> Facts {
        let facts = |id: Id| self.facts(id);
        let (tag, seed) = match node {
            Node::Number(n) => (1, hash_of(self.number_value(n))),
            Node::Symbol(s) => (2, hash_of(self.symbol_name(s))),
            Node::Pi => (3, 0),
            Node::ImaginaryUnit => (4, 0),
            Node::Add(..) => (5, 0),
            Node::Mul(..) => (6, 0),
            Node::Pow(..) => (7, 0),
            Node::Call(f, _) | Node::Call2(f, ..) => (8, f as u64),
            Node::If(..) => (9, 0),
        };
        let mut result = Facts {
            hash: mix(mix(0, tag), seed),
            degree: 0.0,
            size: 1,
            has_symbol: tag == 2,
            has_imaginary: tag == 4,
        };
        for child in node.children() {
            let child = facts(child);
            result.hash = mix(result.hash, child.hash);
            result.size = result.size.saturating_add(child.size);
            result.has_symbol |= child.has_symbol;
            result.has_imaginary |= child.has_imaginary;
        }
        result.degree = match node {
            Node::Symbol(_) => 1.0,
            Node::Add(a, b) => facts(a).degree.max(facts(b).degree),
            Node::Mul(a, b) => facts(a).degree + facts(b).degree,
            Node::Pow(a, b) => self
                .as_number(b)
                .map_or(0.0, |n| n.to_f64() as f32 * facts(a).degree),
            _ => 0.0,
        };
        result
    }

    /// A variable; real unless [`assume`](Self::assume) says otherwise.
    pub fn symbol(&mut self, name: &str) -> Id {
        let id = match self.symbol_table.get(name) {
            Some(&id) => id,
            None => {
                let id = SymbolId(self.symbols.len() as u32);
                self.symbols.push(Symbol {
                    name: name.into(),
                    assumption: Assumption::default(),
                });
                self.symbol_table.insert(name.into(), id);
                id
            }
        };
        self.intern(Node::Symbol(id))
    }

    /// An exact number.
    pub fn number(&mut self, value: impl Into<Rational>) -> Id {
        self.tagged_number(value.into(), false)
    }

    /// A number that was written as a decimal, and is printed as one from now on.
    pub fn decimal(&mut self, value: Rational) -> Id {
        self.tagged_number(value, true)
    }

    fn tagged_number(&mut self, value: Rational, decimal: bool) -> Id {
        let hash = hash_of(&value);
        let numbers = &self.numbers;
        if let Some(&found) = self
            .number_table
            .find(hash, |&i| numbers[i as usize].value == value)
        {
            let number = &mut self.numbers[found as usize];
            number.decimal |= decimal;
            return number.node.expect("every number has its node");
        }
        let index = self.numbers.len() as u32;
        self.numbers.push(Number {
            value,
            decimal,
            node: None,
        });
        let numbers = &self.numbers;
        self.number_table
            .insert_unique(hash, index, |&i| hash_of(&numbers[i as usize].value));
        let node = self.intern(Node::Number(NumberId(index)));
        self.numbers[index as usize].node = Some(node);
        node
    }

    /// A number computed from others: decimal if one of them is.
    fn computed(&mut self, value: Rational, from: [Id; 2]) -> Id {
        let decimal = from
            .iter()
            .any(|&id| matches!(self.node(id), Node::Number(n) if self.is_decimal(n)));
        self.tagged_number(value, decimal)
    }

    /// The circle constant.
    pub fn pi(&mut self) -> Id {
        self.intern(Node::Pi)
    }

    /// The imaginary unit.
    pub fn imaginary_unit(&mut self) -> Id {
        self.intern(Node::ImaginaryUnit)
    }

    /// Numeric coefficient and the rest; the rest is `None` for a number.
    pub fn split_coefficient(&self, id: Id) -> (Option<Id>, Option<Id>) {
        match self.node(id) {
            Node::Number(_) => (Some(id), None),
            Node::Mul(a, b) if matches!(self.node(a), Node::Number(_)) => (Some(a), Some(b)),
            _ => (None, Some(id)),
        }
    }

    fn coefficient(&self, id: Option<Id>) -> Rational {
        id.and_then(|id| self.as_number(id))
            .cloned()
            .unwrap_or(Rational::ONE)
    }

    /// `a + b`: numbers are added, 0 dropped, like terms next to each other collected.
    pub fn add(&mut self, a: Id, b: Id) -> Id {
        if self.is_zero(a) {
            return b;
        }
        if self.is_zero(b) {
            return a;
        }
        if let Some(sum) = self.like_terms(a, b) {
            return sum;
        }
        if let Node::Add(left, last) = self.node(a)
            && let Some(merged) = self.like_terms(last, b)
        {
            return if self.is_zero(merged) {
                left
            } else {
                self.intern(Node::Add(left, merged))
            };
        }
        self.intern(Node::Add(a, b))
    }

    /// `c1*r + c2*r = (c1 + c2)*r`, where both terms have that form.
    fn like_terms(&mut self, a: Id, b: Id) -> Option<Id> {
        let ((ca, ra), (cb, rb)) = (self.split_coefficient(a), self.split_coefficient(b));
        if ra != rb {
            return None;
        }
        let sum = self.coefficient(ca).checked_add(&self.coefficient(cb))?;
        let sum = self.computed(sum, [ca.unwrap_or(a), cb.unwrap_or(b)]);
        Some(match ra {
            Some(rest) => self.scale(sum, rest),
            None => sum,
        })
    }

    /// `c*rest` for a number `c` and a `rest` without coefficient.
    fn scale(&mut self, c: Id, rest: Id) -> Id {
        match self.as_number(c) {
            Some(n) if n.is_zero() => c,
            Some(n) if n.is_one() => rest,
            _ => self.intern(Node::Mul(c, rest)),
        }
    }

    /// `a * b`: numbers are multiplied and move to the front, 0 and 1 vanish, equal bases with numeric exponents meet.
    pub fn mul(&mut self, a: Id, b: Id) -> Id {
        let ((ca, ra), (cb, rb)) = (self.split_coefficient(a), self.split_coefficient(b));
        let c = match (ca, cb) {
            (None, None) => None,
            (Some(c), None) | (None, Some(c)) => Some(c),
            (Some(x), Some(y)) => match self.coefficient(ca).checked_mul(&self.coefficient(cb)) {
                Some(product) => Some(self.computed(product, [x, y])),
                None => return self.intern(Node::Mul(a, b)),
            },
        };
        if c.is_some_and(|c| self.is_zero(c)) {
            return c.expect("just seen");
        }
        let rest = match (ra, rb) {
            (Some(x), Some(y)) => Some(self.mul_rests(x, y)),
            (rest, None) | (None, rest) => rest,
        };
        match (c, rest) {
            (None, Some(rest)) => rest,
            (Some(c), None) => c,
            // Powers that met may have left a number: sqrt(2)*sqrt(2).
            (Some(c), Some(rest)) => match self.split_coefficient(rest) {
                (None, _) => self.scale(c, rest),
                _ => self.mul(c, rest),
            },
            (None, None) => unreachable!("a node has a coefficient or a rest"),
        }
    }

    fn mul_rests(&mut self, a: Id, b: Id) -> Id {
        if let Some(power) = self.same_base(a, b) {
            return power;
        }
        // A product by a choice with an empty side is a choice of products: 0 * (1/0) of the branch not taken never arises.
        for (choice, other) in [(a, b), (b, a)] {
            if let Node::If(c, p, q) = self.node(choice)
                && (self.is_zero(p) || self.is_zero(q))
            {
                let (p, q) = (self.mul(p, other), self.mul(q, other));
                return self.choice(c, p, q);
            }
        }
        if let Node::Mul(left, last) = self.node(a)
            && let Some(power) = self.same_base(last, b)
        {
            return self.mul(left, power);
        }
        self.intern(Node::Mul(a, b))
    }

    /// `u^p * u^q = u^(p + q)` for numbers p and q.
    fn same_base(&mut self, a: Id, b: Id) -> Option<Id> {
        let split = |arena: &Arena, id| match arena.node(id) {
            Node::Pow(base, e) if arena.as_number(e).is_some() => (base, Some(e)),
            _ => (id, None),
        };
        let ((base, p), (other, q)) = (split(self, a), split(self, b));
        if base != other || self.as_number(base).is_some() && (p.is_none() || q.is_none()) {
            return None;
        }
        let sum = self.coefficient(p).checked_add(&self.coefficient(q))?;
        let sum = self.computed(sum, [p.unwrap_or(a), q.unwrap_or(b)]);
        Some(self.pow(base, sum))
    }

    /// `a ^ b`: exact powers of numbers, `u^0 = 1`, `u^1 = u`, `(u^p)^n = u^(p*n)` and `(c*u)^n = c^n*u^n` for whole n.
    pub fn pow(&mut self, a: Id, b: Id) -> Id {
        let Some(exponent) = self.as_number(b).cloned() else {
            if self.is_one(a) {
                return a;
            }
            return self.intern(Node::Pow(a, b));
        };
        if exponent.is_zero() {
            return Arena::ONE;
        }
        if exponent.is_one() {
            return a;
        }
        if let Some(base) = self.as_number(a).cloned() {
            if let Some(power) = number_power(&base, &exponent) {
                return self.computed(power, [a, b]);
            }
        } else if let Some(n) = exponent.as_i64() {
            match self.node(a) {
                Node::Pow(base, inner) => {
                    let product = self.mul(inner, b);
                    return self.pow(base, product);
                }
                Node::Mul(c, rest) if self.as_number(c).is_some() => {
                    let c = self.pow(c, b);
                    if self.as_number(c).is_some() {
                        let rest = self.pow(rest, b);
                        return self.mul(c, rest);
                    }
                }
                Node::ImaginaryUnit => {
                    return match n.rem_euclid(4) {
                        0 => Arena::ONE,
                        1 => a,
                        2 => Arena::MINUS_ONE,
                        _ => self.neg(a),
                    };
                }
                _ => {}
            }
        }
        self.intern(Node::Pow(a, b))
    }

    /// `f(a)`
    pub fn call(&mut self, f: Function, a: Id) -> Id {
        debug_assert_eq!(f.arity(), 1, "{f}");
        self.intern(Node::Call(f, a))
    }

    /// `f(a, b)`
    pub fn call2(&mut self, f: Function, a: Id, b: Id) -> Id {
        debug_assert_eq!(f.arity(), 2, "{f}");
        self.intern(Node::Call2(f, a, b))
    }

    /// `if(condition, a, b)`: decided at once where the condition is a number or both sides are the same.
    pub fn choice(&mut self, condition: Id, a: Id, b: Id) -> Id {
        match self.as_number(condition) {
            Some(n) => {
                if n.is_zero() {
                    b
                } else {
                    a
                }
            }
            None if a == b => a,
            None => self.intern(Node::If(condition, a, b)),
        }
    }

    /// `-a`
    pub fn neg(&mut self, a: Id) -> Id {
        self.mul(Arena::MINUS_ONE, a)
    }

    /// `a - b`
    pub fn sub(&mut self, a: Id, b: Id) -> Id {
        let b = self.neg(b);
        self.add(a, b)
    }

    /// `1 / a`
    pub fn recip(&mut self, a: Id) -> Id {
        self.pow(a, Arena::MINUS_ONE)
    }

    /// `a / b`
    pub fn div(&mut self, a: Id, b: Id) -> Id {
        let b = self.recip(b);
        self.mul(a, b)
    }

    /// The square root `a^(1/2)`.
    pub fn sqrt(&mut self, a: Id) -> Id {
        let half = self.number(Rational::HALF);
        self.pow(a, half)
    }

    /// Is the node the number 0?
    pub fn is_zero(&self, id: Id) -> bool {
        id == Arena::ZERO
    }

    /// Is the node the number 1?
    pub fn is_one(&self, id: Id) -> bool {
        id == Arena::ONE
    }

    /// Builds the same operation with other children, through the folding constructors.
    pub fn rebuild(&mut self, node: Node, mut child: impl FnMut(Id) -> Id) -> Id {
        match node {
            Node::Number(_) | Node::Symbol(_) | Node::Pi | Node::ImaginaryUnit => self.intern(node),
            Node::Add(a, b) => self.add(child(a), child(b)),
            Node::Mul(a, b) => self.mul(child(a), child(b)),
            Node::Pow(a, b) => self.pow(child(a), child(b)),
            Node::Call(f, a) => self.call(f, child(a)),
            Node::Call2(f, a, b) => self.call2(f, child(a), child(b)),
            Node::If(c, a, b) => self.choice(child(c), child(a), child(b)),
        }
    }
}

fn number_power(base: &Rational, exponent: &Rational) -> Option<Rational> {
    if let Some(n) = exponent.as_i64() {
        return base.checked_powi(n);
    }
    if base.is_one() || base.is_zero() && !exponent.is_negative() {
        return Some(base.clone());
    }
    // The principal root of a positive number, where it is exact: 8^(2/3) = 4.
    let (n, d) = exponent.as_small()?;
    base.exact_root(u32::try_from(d).ok()?)?.checked_powi(n)
}
