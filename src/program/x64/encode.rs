//! How instructions are put together: prefixes, opcode, operands.

use super::{Address, Assembler, BROADCAST, General, Operand, Width};

/// What tells an instruction from another in its encoding.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// 0, or which of the prefixes 66, F3, F2 it stands for: 1, 2, 3.
    pub(super) prefix: u8,
    /// Of opcodes: 0F, 0F38, 0F3A.
    pub(super) map: u8,
    pub(super) opcode: u8,
    /// The bit W of VEX. In EVEX it is always set: numbers are doubles.
    pub(super) wide: bool,
}

impl Form {
    /// On whole registers.
    pub(super) const fn packed(map: u8, opcode: u8) -> Form {
        let (prefix, wide) = (1, false);
        Form {
            prefix,
            map,
            opcode,
            wide,
        }
    }

    /// Of the arithmetic that all widths share.
    pub(super) const fn arithmetic(width: Width, opcode: u8) -> Form {
        let prefix = if let Width::One = width { 3 } else { 1 };
        Form {
            prefix,
            ..Form::packed(1, opcode)
        }
    }
}

/// An operand that is not there.
pub(super) const NONE: u8 = 0;

impl Assembler {
    /// An instruction on vectors, but for a number at its end: `reg` is the operand that is named first, but for stores,
    /// `other` the second of three.
    pub(super) fn vector(&mut self, width: Width, form: Form, reg: u8, other: u8, last: Operand) {
        // The bits of the numbers of registers from the fourth on; of an operand in memory they belong to its base and
        // index.
        let (index, base) = match last {
            Operand::Vector(vector) => (vector.0 >> 1, vector.0),
            Operand::Memory(at) => (at.index.map_or(0, |i| i as u8), at.base as u8),
        };
        let (r, x, b) = (reg >> 3 & 1, index >> 3 & 1, base >> 3 & 1);
        let evex = width == Width::Eight;
        if evex {
            let upper = |number: u8| number >> 4 & 1;
            let mixed = r << 7 | x << 6 | b << 5 | upper(reg) << 4;
            self.bytes.extend([
                0x62,
                mixed ^ 0xf0 | form.map,
                0x84 | (!other & 15) << 3 | form.prefix,
                0x40 | (1 - upper(other)) << 3,
            ]);
        } else {
            let is_xmm_or_ymm = |number: u8| number < 16;
            let named = matches!(last, Operand::Vector(v) if !is_xmm_or_ymm(v.0));
            assert!(
                is_xmm_or_ymm(reg) && is_xmm_or_ymm(other) && !named,
                "for eight doubles only"
            );
            let length = u8::from(width == Width::Four);
            let end = (!other & 15) << 3 | length << 2 | form.prefix;
            if form.map == 1 && !form.wide && x == 0 && b == 0 {
                self.bytes.extend([0xc5, (1 - r) << 7 | end]);
            } else {
                let mixed = r << 7 | x << 6 | b << 5;
                let wide = u8::from(form.wide) << 7;
                self.bytes
                    .extend([0xc4, mixed ^ 0xe0 | form.map, wide | end]);
            }
        }
        self.bytes.push(form.opcode);
        match last {
            Operand::Vector(vector) => self.bytes.push(0xc0 | (reg & 7) << 3 | vector.0 & 7),
            // Short displacements of EVEX count what is read, not bytes.
            Operand::Memory(at) => {
                let step = match (evex, form.opcode == BROADCAST.opcode) {
                    (false, _) => 1,
                    (true, true) => 8,
                    (true, false) => 64,
                };
                self.memory(reg, at, step);
            }
        }
    }

    /// An instruction on two 64-bit registers, or one and a number in the opcode.
    pub(super) fn general(&mut self, opcode: u8, reg: u8, rm: General) {
        self.rex(true, reg, 0, rm as u8);
        let modes = 0xc0 | (reg & 7) << 3 | rm as u8 & 7;
        self.bytes.extend([opcode, modes]);
    }

    /// The prefix for 64 bits and for registers from the ninth on, if it is needed.
    pub(super) fn rex(&mut self, wide: bool, reg: u8, index: u8, base: u8) {
        let bits = u8::from(wide) << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3;
        if bits != 0 {
            self.bytes.push(0x40 | bits);
        }
    }

    /// ModRM, SIB and displacement of an operand in memory; a displacement of one byte counts steps of so many.
    pub(super) fn memory(&mut self, reg: u8, at: Address, step: i32) {
        let base = at.base as u8 & 7;
        let short = (at.displacement % step == 0)
            .then(|| i8::try_from(at.displacement / step).ok())
            .flatten();
        let mode = match short {
            // Without a displacement rbp and r13 mean something else.
            Some(0) if base != General::Rbp as u8 => 0x00,
            Some(_) => 0x40,
            None => 0x80,
        };
        // A number of 4 says that another byte follows: always with an index, and for the bases rsp and r12.
        const MORE: u8 = 4;
        let modrm = mode | (reg & 7) << 3;
        match at.index {
            Some(index) => {
                assert_ne!(index, General::Rsp, "rsp is no index");
                let eightfold = 0xc0;
                let sib = eightfold | (index as u8 & 7) << 3 | base;
                self.bytes.extend([modrm | MORE, sib]);
            }
            None if base == MORE => self.bytes.extend([modrm | MORE, MORE << 3 | base]),
            None => self.bytes.push(modrm | base),
        }
        match (mode, short) {
            (0x00, _) => {}
            (0x40, Some(short)) => self.bytes.extend(short.to_le_bytes()),
            _ => self.bytes.extend(at.displacement.to_le_bytes()),
        }
    }
}
