//! Which value is in which register of the processor, and what is written to memory for want of registers.
//!
//! Among values in registers the one that is read last of all gives way (Belady, A study of replacement algorithms for
//! a virtual-storage computer, 1966). It is written to its slot if it is not there already; constants and inputs always are.

use super::super::super::x64::{Address, Assembler, General, Operand, Vector, Width};
use super::super::super::{Place, Program, Register};
use super::uses::NEVER;

/// In which registers the base addresses are.
#[derive(Clone, Copy)]
pub(super) struct Bases {
    pub(super) constants: General,
    pub(super) point: General,
    pub(super) slots: General,
    pub(super) head: General,
    pub(super) tail: General,
}

/// A value of the program in a register of the processor.
#[derive(Clone, Copy)]
struct Held {
    register: Register,
    /// The instruction that reads it next.
    next: u32,
}

/// The registers of the processor, and the instructions so far.
pub(super) struct Registers<'a> {
    program: &'a Program,
    bases: Bases,
    /// How many outputs go to the first place for outputs.
    head: usize,
    pub(super) assembler: Assembler,
    held: [Option<Held>; 16],
    /// A bit for each register that holds nothing.
    free: u16,
    /// A bit for each one that the instruction at hand still needs.
    pinned: u16,
    /// By register of the program: where it is held, or [`NOWHERE`].
    holders: Vec<u8>,
    /// By slot of the program: is its value in memory?
    stored: Vec<bool>,
    /// By slot of the program: its place in memory, if it has needed one, or [`NO_PLACE`].
    places: Vec<u32>,
    /// How many places there are.
    pub(super) size: usize,
}

const NOWHERE: u8 = u8::MAX;
const NO_PLACE: u32 = u32::MAX;
const ALL: u16 = u16::MAX;

impl<'a> Registers<'a> {
    pub(super) fn new(program: &'a Program, bases: Bases, head: usize) -> Registers<'a> {
        Registers {
            program,
            bases,
            head,
            assembler: Assembler::default(),
            held: [None; 16],
            free: ALL,
            pinned: 0,
            holders: vec![NOWHERE; program.registers()],
            stored: vec![false; program.slots()],
            places: vec![NO_PLACE; program.slots()],
            size: 0,
        }
    }

    /// A constant of this number: those of the program, and behind them the generator's own.
    pub(super) fn constant(&self, index: usize) -> Address {
        address(self.bases.constants, index)
    }

    /// Where the value is held, if it is; it stays there until it is [released](Self::release).
    pub(super) fn find(&mut self, register: Register) -> Option<Vector> {
        let holder = self.holders[register.index()];
        (holder != NOWHERE).then(|| {
            self.pinned |= 1 << holder;
            Vector(holder)
        })
    }

    /// The value where it is, in a register or in memory.
    pub(super) fn operand(&mut self, register: Register) -> Operand {
        match self.find(register) {
            Some(vector) => vector.into(),
            None => self.memory(register).into(),
        }
    }

    /// The value in a register, loaded if need be.
    pub(super) fn vector(&mut self, register: Register) -> Vector {
        self.find(register).unwrap_or_else(|| {
            let vector = self.load(register);
            // Until it is released nobody looks at when it is read next.
            self.hold(vector, register, NEVER);
            vector
        })
    }

    /// A copy from memory, which may be overwritten.
    pub(super) fn load(&mut self, register: Register) -> Vector {
        let (vector, from) = (self.allocate(), self.memory(register));
        self.assembler.load(Width::One, vector, from);
        vector
    }

    fn memory(&self, register: Register) -> Address {
        match self.program.place(register) {
            Place::Constant(index) => self.constant(index),
            Place::Input(index) => address(self.bases.point, index),
            Place::Slot(index) => {
                assert!(self.stored[index], "what is in no register has been stored");
                address(self.bases.slots, self.places[index] as usize)
            }
            Place::Output(index) if index < self.head => address(self.bases.head, index),
            Place::Output(index) => address(self.bases.tail, index - self.head),
        }
    }

    /// A register for a result or a number in between, until the end of the instruction.
    pub(super) fn allocate(&mut self) -> Vector {
        let free = self.free & !self.pinned;
        let number = if free != 0 {
            // The first ones have shorter instructions.
            free.trailing_zeros() as u8
        } else {
            let number = self.furthest();
            self.evict(number);
            number
        };
        self.pinned |= 1 << number;
        Vector(number)
    }

    /// Whose value is read last of all.
    fn furthest(&self) -> u8 {
        (0..16)
            .filter(|number| self.pinned & 1 << number == 0)
            .max_by_key(|&number| self.held[usize::from(number)].map(|held| held.next))
            .expect("no instruction needs all registers")
    }

    fn evict(&mut self, number: u8) {
        if let Some(held) = self.held[usize::from(number)] {
            self.save(Vector(number), held);
            self.forget(number);
        }
    }

    /// Writes what will be read again to memory, if it is not there.
    fn save(&mut self, vector: Vector, held: Held) {
        let Place::Slot(slot) = self.program.place(held.register) else {
            return;
        };
        if held.next == NEVER || self.stored[slot] {
            return;
        }
        if self.places[slot] == NO_PLACE {
            self.places[slot] = self.size as u32;
            self.size += 1;
        }
        self.stored[slot] = true;
        let to = address(self.bases.slots, self.places[slot] as usize);
        self.assembler.store(Width::One, to, vector);
    }

    fn forget(&mut self, number: u8) {
        if let Some(held) = self.held[usize::from(number)].take() {
            self.holders[held.register.index()] = NOWHERE;
            self.free |= 1 << number;
        }
    }

    /// The instruction at hand has read the value, which is read again at `next`.
    pub(super) fn release(&mut self, register: Register, next: u32) {
        let holder = self.holders[register.index()];
        if holder == NOWHERE {
            return;
        }
        self.pinned &= !(1 << holder);
        if next == NEVER {
            self.forget(holder);
        } else if let Some(held) = &mut self.held[usize::from(holder)] {
            held.next = next;
        }
    }

    /// The result of the instruction at hand is in this register, and is read first at `next`.
    pub(super) fn define(&mut self, register: Register, vector: Vector, next: u32) {
        match self.program.place(register) {
            Place::Slot(slot) => {
                self.stored[slot] = false;
                if next != NEVER {
                    self.hold(vector, register, next);
                }
            }
            Place::Output(_) => {
                let to = self.memory(register);
                self.assembler.store(Width::One, to, vector);
            }
            Place::Constant(_) | Place::Input(_) => unreachable!("these are never written"),
        }
    }

    fn hold(&mut self, vector: Vector, register: Register, next: u32) {
        self.held[usize::from(vector.0)] = Some(Held { register, next });
        self.holders[register.index()] = vector.0;
        self.free &= !(1 << vector.0);
    }

    /// The instruction at hand is done.
    pub(super) fn end(&mut self) {
        self.pinned = 0;
    }

    /// Writes everything to memory that is read again: a function that is called changes all registers.
    pub(super) fn save_all(&mut self) {
        for number in 0..16 {
            if let Some(held) = self.held[usize::from(number)] {
                self.save(Vector(number), held);
            }
        }
    }

    /// Nothing is in registers any more.
    pub(super) fn forget_all(&mut self) {
        (0..16).for_each(|number| self.forget(number));
        self.pinned = 0;
    }
}

fn address(base: General, index: usize) -> Address {
    Address {
        base,
        index: None,
        displacement: i32::try_from(8 * index)
            .expect("checked before: no index is larger than MAX_INDEX"),
    }
}
