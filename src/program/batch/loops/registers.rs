//! What lies in which vector register while a loop is written: what is used again furthest away gives way (Belady, A study
//! of replacement algorithms, IBM Systems Journal 1966).

use crate::program::batch::runs::Segment;
use crate::program::x64::Vector;

/// Where uses end.
const NEVER: u32 = u32::MAX;

/// The registers of a loop, and the values in them.
pub(super) struct Registers {
    /// Of each register the value in it.
    held: Vec<Option<u32>>,
    /// Of each value the register it is in.
    place: Vec<Option<u8>>,
    /// Of each value the operations that read it, the next one last.
    uses: Vec<Vec<u32>>,
    /// Values that stay throughout the loop.
    kept: Vec<bool>,
}

/// What a new value pushes out of its register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) register: Vector,
    /// A value that is still needed.
    pub(super) pushed: Option<u32>,
}

impl Registers {
    pub(super) fn new(segment: &Segment, count: usize) -> Registers {
        let values = segment.sources.len() + segment.operations.len();
        let mut uses = vec![Vec::new(); values];
        for (at, operation) in segment.operations.iter().enumerate().rev() {
            for &operand in operation.operands() {
                let uses = &mut uses[operand as usize];
                if uses.last() != Some(&(at as u32)) {
                    uses.push(at as u32);
                }
            }
        }
        Registers {
            held: vec![None; count],
            place: vec![None; values],
            uses,
            kept: vec![false; values],
        }
    }

    /// How many operations read a value from here on.
    pub(super) fn uses(&self, value: u32) -> usize {
        self.uses[value as usize].len()
    }

    /// How many registers the values of the loop would take, constants aside, if nothing gave way.
    pub(super) fn pressure(&self, segment: &Segment, is_constant: impl Fn(u32) -> bool) -> usize {
        let sources = segment.sources.len();
        let mut ends = vec![0; segment.operations.len() + 1];
        let mut begins = vec![0; segment.operations.len() + 1];
        for (value, uses) in self.uses.iter().enumerate() {
            let (Some(&last), false) = (uses.first(), is_constant(value as u32)) else {
                continue;
            };
            let first = match value.checked_sub(sources) {
                Some(operation) => operation as u32,
                None => uses[uses.len() - 1],
            };
            begins[first as usize] += 1;
            ends[last as usize] += 1;
        }
        let (mut live, mut most) = (0, 0);
        for (begin, end) in begins.into_iter().zip(ends) {
            live += begin;
            most = most.max(live);
            live -= end;
        }
        most
    }

    pub(super) fn register(&self, value: u32) -> Option<Vector> {
        self.place[value as usize].map(Vector)
    }

    /// Is nothing left that reads this value?
    pub(super) fn is_done(&self, value: u32) -> bool {
        self.uses[value as usize].is_empty() && !self.kept[value as usize]
    }

    /// Operation `at` reads this value.
    pub(super) fn read(&mut self, value: u32, at: u32) {
        let uses = &mut self.uses[value as usize];
        if uses.last() == Some(&at) {
            uses.pop();
        }
    }

    /// Gives the register of a value free if it is done.
    pub(super) fn leave(&mut self, value: u32) {
        if let (true, Some(register)) = (self.is_done(value), self.place[value as usize]) {
            self.held[usize::from(register)] = None;
            self.place[value as usize] = None;
        }
    }

    /// Lets a value take over the register of one that is done.
    pub(super) fn inherit(&mut self, value: u32, from: u32) -> Vector {
        let register = self.place[from as usize].take().expect("it is in one");
        self.held[usize::from(register)] = Some(value);
        self.place[value as usize] = Some(register);
        Vector(register)
    }

    /// A register for a value, but none of those that `busy` values are in.
    pub(super) fn room(&mut self, value: u32, busy: &[u32]) -> Room {
        let next = |held: u32| self.uses[held as usize].last().copied().unwrap_or(NEVER);
        let register = match self.held.iter().position(Option::is_none) {
            Some(free) => free,
            None => {
                (self.held.iter().enumerate())
                    .filter_map(|(register, held)| Some((register, (*held)?)))
                    .filter(|&(_, held)| !self.kept[held as usize] && !busy.contains(&held))
                    .max_by_key(|&(_, held)| next(held))
                    .expect("an operation has three operands")
                    .0
            }
        };
        let pushed = self.held[register].replace(value);
        if let Some(pushed) = pushed {
            self.place[pushed as usize] = None;
        }
        self.place[value as usize] = Some(register as u8);
        Room {
            register: Vector(register as u8),
            pushed: pushed.filter(|&pushed| next(pushed) != NEVER),
        }
    }

    /// A register that a value has throughout the loop.
    pub(super) fn keep(&mut self, value: u32) -> Vector {
        self.kept[value as usize] = true;
        self.room(value, &[]).register
    }
}
