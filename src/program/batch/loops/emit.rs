//! The loop of a segment over the points of a block, as instructions of the processor.

use super::registers::Registers;
use crate::program::Op;
use crate::program::batch::plan::{Source, Target};
use crate::program::batch::runs::{Operation, Segment};
use crate::program::x64::{Address, Assembler, Binary, Fused, General, Order, Vector, Width};

/// What the loop is called with, in the registers of the calling convention of Unix (System V).
///
/// The addresses of the columns, one after the other; the slots; the table of numbers; how many points there are, a
/// multiple of a vector.
const COLUMNS: General = General::Rdi;
const SLOTS: General = General::Rsi;
const TABLE: General = General::Rdx;
const POINTS: General = General::Rcx;

/// The point at which the loop is.
const POINT: General = General::Rax;

/// Registers for addresses of columns; from the fifth on they must be left as they were found.
const FOR_COLUMNS: [General; 9] = {
    use General::*;
    [R8, R9, R10, R11, Rbx, Rbp, R12, R13, R14]
};
const KEPT_FROM: usize = 4;

/// The address of a column for which none of them is left.
const FAR_COLUMN: General = General::R11;

/// Vector registers that are left to other values when constants are put into them: beside what is alive at once, and in
/// any case.
const FOR_MOVES: usize = 2;
const AT_LEAST: usize = 6;

const DOUBLE: i32 = size_of::<f64>() as i32;

/// Where things lie in memory, and the width of vectors.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: Width,
    /// How many vector registers there are.
    pub(super) registers: usize,
    /// Bytes of a slot.
    pub(super) slot: i32,
    /// Where single vectors lie behind the slots.
    pub(super) spills: i32,
    /// How many columns of inputs lie before those of outputs.
    pub(super) inputs: u32,
    /// The numbers of the run are the first of the table; constants follow.
    pub(super) numbers: u32,
    pub(super) constants: Vec<f64>,
}

/// How many numbers a vector has.
pub(super) fn lanes(width: Width) -> usize {
    match width {
        Width::One => 1,
        Width::Four => 4,
        Width::Eight => 8,
    }
}

impl Layout {
    /// The place of a number in the table.
    fn constant(&mut self, value: f64) -> i32 {
        let same = |other: &f64| other.to_bits() == value.to_bits();
        let at = self.constants.iter().position(same).unwrap_or_else(|| {
            self.constants.push(value);
            self.constants.len() - 1
        });
        (self.numbers as i32 + at as i32) * DOUBLE
    }
}

/// Where a value can be read once it is in no register.
#[derive(Clone, Copy)]
enum Home {
    Column(u32),
    Slot(u32),
    Table(i32),
    Spill(u32),
}

/// Writes the loop of a segment; says how many spilled vectors it needs room for.
pub(super) fn emit(segment: &Segment, layout: &mut Layout, assembler: &mut Assembler) -> u32 {
    let sources = segment.sources.iter().map(|&source| match source {
        Source::Slot(at) => Home::Slot(at),
        Source::Input(at) => Home::Column(at),
        Source::Constant(value) => Home::Table(layout.constant(value)),
        Source::Number(at) => Home::Table(at as i32 * DOUBLE),
    });
    let mut homes: Vec<Option<Home>> = sources.map(Some).collect();
    homes.resize(homes.len() + segment.operations.len(), None);
    let mut emitter = Emitter {
        segment,
        layout,
        assembler,
        registers: Registers::new(segment, layout.registers),
        homes,
        near: Vec::new(),
        spills: Vec::new(),
        spilled: 0,
    };
    emitter.function();
    emitter.spilled
}

struct Emitter<'a> {
    segment: &'a Segment,
    layout: &'a Layout,
    assembler: &'a mut Assembler,
    registers: Registers,
    /// Of each value where it can be read, once that is so.
    homes: Vec<Option<Home>>,
    /// The columns whose addresses are in registers.
    near: Vec<(u32, General)>,
    /// Places for spilled vectors that are free again.
    spills: Vec<u32>,
    /// How many places there are.
    spilled: u32,
}

impl Emitter<'_> {
    fn function(&mut self) {
        let columns = self.columns();
        let all_near = columns.len() <= FOR_COLUMNS.len();
        let bases = FOR_COLUMNS.iter().copied();
        let bases = bases.filter(|&base| all_near || base != FAR_COLUMN);
        self.near = columns.into_iter().zip(bases).collect();
        let kept = &FOR_COLUMNS[KEPT_FROM..];
        let saved: Vec<General> = (self.near.iter().map(|&(_, base)| base))
            .filter(|base| kept.contains(base))
            .collect();
        for &register in &saved {
            self.assembler.push(register);
        }
        for &(column, base) in &self.near {
            self.assembler.load_general(base, address_of(column));
        }
        self.keep_constants();
        self.assembler.set(POINT, 0);
        let top = self.assembler.here();
        self.body();
        self.assembler
            .add_to(POINT, lanes(self.layout.width) as i32);
        self.assembler.compare_general(POINT, POINTS);
        self.assembler.jump_back_if_below(top);
        self.assembler.forget_upper_parts();
        for &register in saved.iter().rev() {
            self.assembler.pop(register);
        }
        self.assembler.ret();
    }

    /// The columns that are read or written, as they stand in the list of addresses.
    fn columns(&self) -> Vec<u32> {
        let inputs = self.homes.iter().filter_map(|home| match home {
            Some(Home::Column(at)) => Some(*at),
            _ => None,
        });
        let outputs = (self.segment.stores.iter()).filter_map(|&(_, target)| match target {
            Target::Output(at) => Some(self.layout.inputs + at),
            Target::Slot(_) => None,
        });
        let mut columns: Vec<u32> = inputs.chain(outputs).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Puts constants into the registers that are left, those that are used most first.
    fn keep_constants(&mut self) {
        let is_constant = |value: u32| matches!(self.homes[value as usize], Some(Home::Table(_)));
        let pressure = self.registers.pressure(self.segment, is_constant);
        let all = self.layout.registers;
        let room = all.saturating_sub(pressure + FOR_MOVES).min(all - AT_LEAST);
        let sources = 0..self.segment.sources.len() as u32;
        let mut constants: Vec<u32> = sources.filter(|&value| is_constant(value)).collect();
        constants.sort_by_key(|&value| std::cmp::Reverse(self.registers.uses(value)));
        for value in constants.into_iter().take(room) {
            let register = self.registers.keep(value);
            self.load(value, register);
        }
    }

    fn body(&mut self) {
        let sources = self.segment.sources.len() as u32;
        let stores = &self.segment.stores;
        for (at, operation) in self.segment.operations.iter().enumerate() {
            let result = sources + at as u32;
            let register = self.operation(at as u32, operation, result);
            for &(_, target) in stores.iter().filter(|&&(value, _)| value == result) {
                self.store(register, target);
                if let Target::Slot(slot) = target {
                    self.homes[result as usize] = Some(Home::Slot(slot));
                }
            }
            self.registers.leave(result);
        }
        for &(value, target) in stores.iter().filter(|&&(value, _)| value < sources) {
            let register = self.fetch(value, &[]);
            self.store(register, target);
        }
    }

    fn operation(&mut self, at: u32, operation: &Operation, result: u32) -> Vector {
        let operands = operation.operands();
        let mut read = [Vector(0); 3];
        for (&operand, read) in operands.iter().zip(&mut read) {
            *read = self.fetch(operand, operands);
        }
        for &operand in operands {
            self.registers.read(operand, at);
        }
        let [a, b, c] = read;
        let fused = match operation.op {
            Op::MulAdd => Some(Fused::Add),
            Op::MulSub => Some(Fused::Sub),
            Op::NegMulAdd => Some(Fused::NegAdd),
            _ => None,
        };
        let target = match fused {
            Some(fused) => self.fused(fused, operands, read, result),
            None => {
                let done = operands.iter().find(|&&v| self.registers.is_done(v));
                match done {
                    Some(&done) => self.registers.inherit(result, done),
                    None => self.room(result, operands),
                }
            }
        };
        let width = self.layout.width;
        let mut binary = |op| self.assembler.binary(op, width, target, a, b);
        match operation.op {
            Op::Add => binary(Binary::Add),
            Op::Sub => binary(Binary::Sub),
            Op::Mul => binary(Binary::Mul),
            Op::Div => binary(Binary::Div),
            Op::Neg => binary(Binary::Xor),
            Op::Sqrt => {
                binary(Binary::Add);
                self.assembler.sqrt(width, target, target);
            }
            _ => _ = c,
        }
        for &operand in operands {
            self.leave(operand);
        }
        target
    }

    /// A fused product and sum, which overwrites one of its operands.
    fn fused(
        &mut self,
        op: Fused,
        operands: &[u32],
        [a, b, c]: [Vector; 3],
        result: u32,
    ) -> Vector {
        let width = self.layout.width;
        let done = |at: usize| self.registers.is_done(operands[at]);
        let (order, target, [second, third]) = if done(2) {
            let target = self.registers.inherit(result, operands[2]);
            (Order::O231, target, [a, b])
        } else if done(0) {
            let target = self.registers.inherit(result, operands[0]);
            (Order::O213, target, [b, c])
        } else if done(1) {
            let target = self.registers.inherit(result, operands[1]);
            (Order::O213, target, [a, c])
        } else {
            let target = self.room(result, operands);
            self.assembler.copy(width, target, c);
            (Order::O231, target, [a, b])
        };
        (self.assembler).fused((op, order), width, target, second, third);
        target
    }

    /// Gives up the register and the memory of a value that is done.
    fn leave(&mut self, value: u32) {
        self.registers.leave(value);
        if !self.registers.is_done(value) {
            return;
        }
        if let Some(Home::Spill(at)) =
            self.homes[value as usize].take_if(|home| matches!(home, Home::Spill(_)))
        {
            self.spills.push(at);
        }
    }

    /// The register of a value, which is read from memory if it has none.
    fn fetch(&mut self, value: u32, busy: &[u32]) -> Vector {
        self.registers.register(value).unwrap_or_else(|| {
            let register = self.room(value, busy);
            self.load(value, register);
            register
        })
    }

    /// A register for a value; what is in it and still needed goes to memory.
    fn room(&mut self, value: u32, busy: &[u32]) -> Vector {
        let room = self.registers.room(value, busy);
        if let Some(pushed) = room.pushed.filter(|&v| self.homes[v as usize].is_none()) {
            let at = self.spills.pop().unwrap_or_else(|| {
                self.spilled += 1;
                self.spilled - 1
            });
            self.homes[pushed as usize] = Some(Home::Spill(at));
            let to = self.spill(at);
            (self.assembler).store(self.layout.width, to, room.register);
        }
        room.register
    }

    fn load(&mut self, value: u32, register: Vector) {
        let width = self.layout.width;
        match self.homes[value as usize].expect("it was computed") {
            Home::Column(at) => {
                let from = self.column(at);
                self.assembler.load(width, register, from);
            }
            Home::Slot(at) => self.assembler.load(width, register, self.slot(at)),
            Home::Spill(at) => self.assembler.load(width, register, self.spill(at)),
            Home::Table(displacement) => {
                let from = Address {
                    base: TABLE,
                    index: None,
                    displacement,
                };
                self.assembler.broadcast(width, register, from);
            }
        }
    }

    fn store(&mut self, register: Vector, target: Target) {
        let to = match target {
            Target::Slot(at) => self.slot(at),
            Target::Output(at) => self.column(self.layout.inputs + at),
        };
        self.assembler.store(self.layout.width, to, register);
    }

    /// The present point of a column.
    fn column(&mut self, at: u32) -> Address {
        let near = self.near.iter().find(|&&(column, _)| column == at);
        let base = near.map_or(FAR_COLUMN, |&(_, base)| base);
        if near.is_none() {
            self.assembler.load_general(FAR_COLUMN, address_of(at));
        }
        Address {
            base,
            index: Some(POINT),
            displacement: 0,
        }
    }

    /// The present point of a slot.
    fn slot(&self, at: u32) -> Address {
        Address {
            base: SLOTS,
            index: Some(POINT),
            displacement: at as i32 * self.layout.slot,
        }
    }

    fn spill(&self, at: u32) -> Address {
        let vector = lanes(self.layout.width) as i32 * DOUBLE;
        Address {
            base: SLOTS,
            index: None,
            displacement: self.layout.spills + at as i32 * vector,
        }
    }
}

/// Where the address of a column stands.
fn address_of(column: u32) -> Address {
    Address {
        base: COLUMNS,
        index: None,
        displacement: column as i32 * DOUBLE,
    }
}
