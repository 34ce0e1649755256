//! The arena: every node once, built through constructors that fold only what is local and keeps every value.

use hashbrown::HashTable;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::intern::{Facts, Parents, Slot, hash_of};
use super::{Assumption, Id, Node, NumberId, Rational, SymbolId};

/// Passes that could grow a graph without bound stop here with an error; ids are 32 bits, a node takes about 50 bytes.
pub const MAX_NODES: usize = 12_000_000;

/// The store behind a [`Graph`](super::Graph): nodes, numbers and names, each held once.
///
/// Passes work on the arena directly; users see [`Graph`](super::Graph) and [`Expr`](super::Expr).
#[derive(Clone)]
pub struct Arena {
    pub(super) nodes: Vec<Node>,
    pub(super) facts: Vec<Facts>,
    pub(super) parents: Vec<Parents>,
    /// The nodes that no list of parents had room for.
    pub(super) table: HashTable<Slot>,
    pub(super) numbers: Vec<Number>,
    number_table: HashTable<u32>,
    /// The nodes of whole numbers from [`FIRST_SMALL`] on, 0 for none: most numbers of a formula are found here.
    small_numbers: [u32; SMALL_COUNT],
    pub(super) symbols: Vec<Symbol>,
    symbol_table: FxHashMap<Box<str>, SymbolId>,
    pub(super) pi: Option<Id>,
    pub(super) imaginary_unit: Option<Id>,
    /// Results of `simplify` by id of its input, 0 for none: equal expressions are one node, so an answer stays valid.
    simplified: Vec<u32>,
    contents: FxHashMap<Id, (Id, Id)>,
    cleared: FxHashMap<Id, Option<Cleared>>,
}

/// A sum without the denominators of its terms, as `simplify` found it: `sum` times all `base^exponent` is what it was.
#[derive(Clone, Debug)]
pub struct Cleared {
    /// What is left.
    pub sum: Id,
    /// Bases and their negative exponents.
    pub denominators: SmallVec<[(Id, Id); 2]>,
}

#[derive(Clone)]
pub(super) struct Number {
    value: Rational,
    /// Was it written as a decimal somewhere (0.1 rather than 1/10)? It is printed as it was written.
    decimal: bool,
    pub(super) node: Option<Id>,
}

#[derive(Clone)]
pub(super) struct Symbol {
    name: Box<str>,
    assumption: Assumption,
    pub(super) node: Option<Id>,
}

const FIRST_SMALL: i64 = -16;
const SMALL_COUNT: usize = 64;

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
        // A formula of everyday size: the tables need not grow while it is read and differentiated.
        Arena::with_room(512)
    }

    /// As [`new`](Self::new), with room for so many nodes. Rules have few each, and there are many of them.
    pub(crate) fn with_room(nodes: usize) -> Arena {
        let mut arena = Arena {
            nodes: Vec::with_capacity(nodes),
            facts: Vec::with_capacity(nodes),
            parents: Vec::with_capacity(nodes),
            table: HashTable::new(),
            numbers: Vec::with_capacity(nodes.div_ceil(16)),
            number_table: HashTable::with_capacity(nodes.div_ceil(18).min(28)),
            small_numbers: [0; SMALL_COUNT],
            symbols: Vec::with_capacity(nodes.div_ceil(64)),
            symbol_table: FxHashMap::default(),
            pi: None,
            imaginary_unit: None,
            simplified: Vec::new(),
            contents: FxHashMap::default(),
            cleared: FxHashMap::default(),
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

    /// Makes room for so many more nodes at once: a pass that knows its size spares the lists their growth.
    pub fn reserve(&mut self, additional: usize) {
        self.nodes.reserve(additional);
        self.facts.reserve(additional);
        self.parents.reserve(additional);
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

    /// How many variables have a name here.
    pub fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    /// All variables, in the order in which they came.
    pub fn symbol_ids(&self) -> impl Iterator<Item = SymbolId> {
        (0..self.symbols.len() as u32).map(SymbolId)
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
            self.forget_simplified();
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
                // More are to come: as many as there is room for.
                self.simplified.resize(self.nodes.capacity(), 0);
            }
            self.simplified[id.index()] = result.0 + 1;
        }
    }

    /// The number that the terms of a sum share and the sum divided by it, where `simplify` found them before.
    pub fn content(&self, sum: Id) -> Option<(Id, Id)> {
        self.contents.get(&sum).copied()
    }

    /// Remembers that `sum` is `c*primitive`, where the terms of `primitive` share no number.
    pub fn remember_content(&mut self, sum: Id, c: Id, primitive: Id) {
        self.contents.insert(sum, (c, primitive));
        self.remember_primitive(primitive);
    }

    /// Remembers that the terms of a sum share no number.
    pub fn remember_primitive(&mut self, sum: Id) {
        self.facts[sum.index()].is_primitive = true;
    }

    /// Forgets every answer of `simplify`.
    pub fn forget_simplified(&mut self) {
        self.simplified.clear();
        self.cleared.clear();
    }

    /// The sum without the denominators of its terms (`None` where there are none), if `simplify` looked before.
    pub fn cleared(&self, sum: Id) -> Option<&Option<Cleared>> {
        self.cleared.get(&sum)
    }

    /// Remembers what `simplify` found for [`cleared`](Self::cleared).
    pub fn remember_cleared(&mut self, sum: Id, found: Option<Cleared>) {
        self.cleared.insert(sum, found);
    }

    /// The variable of that name, if it occurs.
    pub fn find_symbol(&self, name: &str) -> Option<SymbolId> {
        self.symbol_table.get(name).copied()
    }

    /// Is 1 to be printed like a decimal? Then what is multiplied by it is a decimal, too.
    pub(super) fn one_is_decimal(&self) -> bool {
        self.numbers[1].decimal
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
            node: None,
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
        let small = (value.as_i64())
            .map(|n| n.wrapping_sub(FIRST_SMALL) as u64 as usize)
            .filter(|&at| at < SMALL_COUNT);
        if let Some(at) = small
            && let Some(id) = self.small_numbers[at].checked_sub(1)
        {
            if decimal && let Node::Number(n) = self.nodes[id as usize] {
                self.numbers[n.0 as usize].decimal = true;
            }
            return Id(id);
        }
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
        let id = self.intern(Node::Number(NumberId(index)));
        if let Some(at) = small {
            self.small_numbers[at] = id.0 + 1;
        }
        id
    }

    /// A number computed from others: decimal if one of them is.
    pub(super) fn computed(&mut self, value: Rational, from: [Id; 2]) -> Id {
        let decimal = from
            .iter()
            .any(|&id| matches!(self.node(id), Node::Number(n) if self.is_decimal(n)));
        self.tagged_number(value, decimal)
    }

    /// Does the circle constant occur anywhere?
    pub fn has_pi(&self) -> bool {
        self.pi.is_some()
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
