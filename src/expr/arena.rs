//! The arena: every node once, built through constructors that fold only what is local and keeps every value.

use hashbrown::HashTable;
use rustc_hash::FxHashMap;
use std::hash::{BuildHasher, Hash};

use super::{Assumption, Id, Node, NumberId, Rational, SymbolId};

/// Passes that could grow a graph without bound stop here with an error; ids are 32 bits, a node takes about 60 bytes.
pub const MAX_NODES: usize = 12_000_000;

/// The store behind a [`Graph`](super::Graph): nodes, numbers and names, each held once.
///
/// Passes work on the arena directly; users see [`Graph`](super::Graph) and [`Expr`](super::Expr).
#[derive(Clone)]
pub struct Arena {
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    table: HashTable<Slot>,
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
    /// Has `simplify` found that the terms of this sum share no number? Remembered, since the same sums come up again.
    pub is_primitive: bool,
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(ODD)
}

/// A place in the table of nodes. The hash stands beside the id, so that neither growing the table nor passing over a
/// stranger touches the nodes: in a large graph each such touch waits for memory.
#[derive(Clone, Copy)]
struct Slot {
    id: u32,
    hash: u32,
}

/// The 64 bits that the table wants, from the 32 that are kept.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(ODD)
}

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Two multiplications; the derived hash of the enum takes five.
fn hash_of_node(node: Node) -> u32 {
    let word = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    let (tag, first, second) = match node {
        Node::Number(n) => (0, word(n.0, 0), 0),
        Node::Symbol(s) => (1, word(s.0, 0), 0),
        Node::Pi => (2, 0, 0),
        Node::ImaginaryUnit => (3, 0, 0),
        Node::Add(a, b) => (4, word(a.0, b.0), 0),
        Node::Mul(a, b) => (5, word(a.0, b.0), 0),
        Node::Pow(a, b) => (6, word(a.0, b.0), 0),
        Node::Call(f, a) => (7 + ((f as u64) << 8), word(a.0, 0), 0),
        Node::Call2(f, a, b) => (8 + ((f as u64) << 8), word(a.0, b.0), 0),
        Node::If(c, a, b) => (9, word(a.0, b.0), u64::from(c.0)),
    };
    let hash = (first ^ tag << 24).wrapping_mul(ODD).rotate_left(29) ^ second;
    (hash.wrapping_mul(ODD) >> 32) as u32
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

    /// Makes room for so many more nodes at once: a pass that knows its size spares the tables their growth.
    pub fn reserve(&mut self, additional: usize) {
        self.nodes.reserve(additional);
        self.facts.reserve(additional);
        self.table.reserve(additional, |slot| spread(slot.hash));
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

    /// Remembers that the terms of a sum share no number.
    pub fn remember_primitive(&mut self, sum: Id) {
        self.facts[sum.index()].is_primitive = true;
    }

    /// Forgets every answer of `simplify`.
    pub fn forget_simplified(&mut self) {
        self.simplified.clear();
    }

    /// The variable of that name, if it occurs.
    pub fn find_symbol(&self, name: &str) -> Option<SymbolId> {
        self.symbol_table.get(name).copied()
    }

    pub(super) fn intern(&mut self, node: Node) -> Id {
        let hash = hash_of_node(node);
        let nodes = &self.nodes;
        let matches = |slot: &Slot| slot.hash == hash && nodes[slot.id as usize] == node;
        if let Some(found) = self.table.find(spread(hash), matches) {
            return Id(found.id);
        }
        let id = Id(self.nodes.len() as u32);
        assert!(
            self.nodes.len() < u32::MAX as usize - 1,
            "more than 2^32 nodes"
        );
        self.facts.push(self.facts_of(node));
        self.nodes.push(node);
        let slot = Slot { id: id.0, hash };
        self.table
            .insert_unique(spread(hash), slot, |slot| spread(slot.hash));
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
            is_primitive: false,
        };
        for child in node.children() {
            let child = facts(child);
            result.hash = mix(result.hash, child.hash);
            result.size = result.size.saturating_add(child.size);
            result.has_symbol |= child.has_symbol;
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
        let id = self.symbol_id(name);
        self.symbol_node(id)
    }

    /// The number of the variable of that name, which need not occur yet.
    pub fn symbol_id(&mut self, name: &str) -> SymbolId {
        if let Some(id) = self.find_symbol(name) {
            return id;
        }
        let id = SymbolId(self.symbols.len() as u32);
        self.symbols.push(Symbol {
            name: name.into(),
            assumption: Assumption::default(),
        });
        self.symbol_table.insert(name.into(), id);
        id
    }

    /// The node of a variable.
    pub fn symbol_node(&mut self, id: SymbolId) -> Id {
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
    pub(super) fn computed(&mut self, value: Rational, from: [Id; 2]) -> Id {
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
}
