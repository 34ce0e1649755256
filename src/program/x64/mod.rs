//! Instructions of x86-64 processors as bytes: those that programs need, no more.
//!
//! Doubles one by one in xmm registers, four at a time in ymm (both in the VEX encoding: a processor with AVX, and FMA for
//! [`Assembler::fused`]) and eight at a time in zmm (EVEX: AVX-512F); whole numbers only as addresses and counters. What
//! is asked of a processor without it must be refused before: nothing here knows on which machine the bytes will run.
//!
//! [`Assembler`] writes; the forms are those of Intel's manual (Software Developer's Manual, volume 2, 2.1 for ModRM
//! and SIB, 2.3 for VEX, 2.7 for EVEX).

mod encode;

use self::encode::{Form, NONE};

/// A register of doubles: xmm, ymm or zmm of this number, 16 to 31 in [`Width::Eight`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vector(pub(super) u8);

/// A register of whole numbers, by its number in instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum General {
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}

/// How many doubles an instruction works on: in xmm, ymm, zmm registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    One,
    Four,
    Eight,
}

/// A place in memory: `base + 8*index + displacement`, in bytes. The index is not `Rsp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) base: General,
    pub(super) index: Option<General>,
    pub(super) displacement: i32,
}

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Vector(Vector),
    Memory(Address),
}

impl From<Vector> for Operand {
    fn from(vector: Vector) -> Operand {
        Operand::Vector(vector)
    }
}

impl From<Address> for Operand {
    fn from(address: Address) -> Operand {
        Operand::Memory(address)
    }
}

/// What is made of two operands. Those on bits work on 16 bytes even in [`Width::One`], of memory too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    /// `a` if `a < b`, else `b`: `b` where either is NaN, and at zeros of both signs.
    Min,
    /// `a` if `a > b`, else `b`.
    Max,
    And,
    /// `b` without the bits of `a`.
    AndNot,
    Or,
    Xor,
}

/// Products and sums rounded once, of numbers `p*q` and `r`: see [`Order`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fused {
    /// `p*q + r`
    Add = 0x08,
    /// `p*q - r`
    Sub = 0x0a,
    /// `r - p*q`
    NegAdd = 0x0c,
}

/// Which operands are `p`, `q` and `r`: the first, the target, is overwritten; only the third may be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `p` is the first, `q` the third, `r` the second.
    O132 = 0x90,
    /// `p` is the second, `q` the first, `r` the third.
    O213 = 0xa0,
    /// `p` is the second, `q` the third, `r` the first.
    O231 = 0xb0,
}

/// A comparison, by its number in instructions; all are quiet. With NaN none holds but `NotEqual` and `Unordered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal = 0x00,
    Unordered = 0x03,
    NotEqual = 0x04,
    Less = 0x11,
    LessEqual = 0x12,
    GreaterEqual = 0x1d,
    Greater = 0x1e,
}

/// To whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    Down = 0x09,
    Up = 0x0a,
}

fn binary(op: Binary, width: Width) -> Form {
    // AVX-512F has the operations on bits for whole numbers only.
    let bits = |vex, evex| match width {
        Width::Eight => Form::packed(1, evex),
        _ => Form::packed(1, vex),
    };
    match op {
        Binary::Add => Form::arithmetic(width, 0x58),
        Binary::Mul => Form::arithmetic(width, 0x59),
        Binary::Sub => Form::arithmetic(width, 0x5c),
        Binary::Min => Form::arithmetic(width, 0x5d),
        Binary::Div => Form::arithmetic(width, 0x5e),
        Binary::Max => Form::arithmetic(width, 0x5f),
        Binary::And => bits(0x54, 0xdb),
        Binary::AndNot => bits(0x55, 0xdf),
        Binary::Or => bits(0x56, 0xeb),
        Binary::Xor => bits(0x57, 0xef),
    }
}

const SQRT: u8 = 0x51;
const COMPARE: u8 = 0xc2;
const LOAD: u8 = 0x10;
const STORE: u8 = 0x11;
const COPY: Form = Form::packed(1, 0x28);
const BROADCAST: Form = Form::packed(2, 0x19);
const BLEND: Form = Form::packed(3, 0x4b);
const ROUND: u8 = 0x09;
const ROUND_ONE: u8 = 0x0b;

/// Bytes of instructions, one after the other.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    pub(super) bytes: Vec<u8>,
}

impl Assembler {
    /// `target = a op b`.
    pub(super) fn binary(
        &mut self,
        op: Binary,
        width: Width,
        target: Vector,
        a: Vector,
        b: impl Into<Operand>,
    ) {
        self.vector(width, binary(op, width), target.0, a.0, b.into());
    }

    /// A product and a sum of `target`, `b` and `c` in this order.
    pub(super) fn fused(
        &mut self,
        (op, order): (Fused, Order),
        width: Width,
        target: Vector,
        b: Vector,
        c: impl Into<Operand>,
    ) {
        let one = u8::from(width == Width::One);
        let form = Form {
            wide: true,
            ..Form::packed(2, order as u8 + op as u8 + one)
        };
        self.vector(width, form, target.0, b.0, c.into());
    }

    /// The square root of a register. (Of memory a single one would wait for what the target held before.)
    pub(super) fn sqrt(&mut self, width: Width, target: Vector, a: Vector) {
        let other = if width == Width::One { a.0 } else { NONE };
        let form = Form::arithmetic(width, SQRT);
        self.vector(width, form, target.0, other, a.into());
    }

    /// A register rounded to whole numbers.
    pub(super) fn round(&mut self, how: Rounding, width: Width, target: Vector, a: Vector) {
        let (opcode, other) = match width {
            Width::One => (ROUND_ONE, a.0),
            _ => (ROUND, NONE),
        };
        let form = Form::packed(3, opcode);
        self.vector(width, form, target.0, other, a.into());
        self.bytes.push(how as u8);
    }

    /// All bits of the target where the comparison holds, none elsewhere: not in [`Width::Eight`].
    pub(super) fn compare(
        &mut self,
        how: Comparison,
        width: Width,
        target: Vector,
        a: Vector,
        b: impl Into<Operand>,
    ) {
        assert_ne!(width, Width::Eight, "such comparisons go into masks");
        let form = Form::arithmetic(width, COMPARE);
        self.vector(width, form, target.0, a.0, b.into());
        self.bytes.push(how as u8);
    }

    /// `yes` where the sign of `mask` is negative, as [`compare`](Self::compare) leaves it, and `no` elsewhere: not in
    /// [`Width::Eight`].
    pub(super) fn blend(
        &mut self,
        width: Width,
        target: Vector,
        no: Vector,
        yes: impl Into<Operand>,
        mask: Vector,
    ) {
        assert_ne!(width, Width::Eight, "such choices are made by masks");
        self.vector(width, BLEND, target.0, no.0, yes.into());
        self.bytes.push(mask.0 << 4);
    }

    /// From one register to another.
    pub(super) fn copy(&mut self, width: Width, target: Vector, a: Vector) {
        self.vector(width, COPY, target.0, NONE, a.into());
    }

    /// From memory, wherever it lies.
    pub(super) fn load(&mut self, width: Width, target: Vector, from: Address) {
        let form = Form::arithmetic(width, LOAD);
        self.vector(width, form, target.0, NONE, from.into());
    }

    /// To memory, wherever it lies.
    pub(super) fn store(&mut self, width: Width, to: Address, a: Vector) {
        let form = Form::arithmetic(width, STORE);
        self.vector(width, form, a.0, NONE, to.into());
    }

    /// One number of memory for all of a register. Not in [`Width::One`].
    pub(super) fn broadcast(&mut self, width: Width, target: Vector, from: Address) {
        assert_ne!(width, Width::One, "that is a load");
        let from = Operand::Memory(from);
        self.vector(width, BROADCAST, target.0, NONE, from);
    }

    /// The upper parts of all registers become 0: before code that does not know of them, which would be slow.
    pub(super) fn forget_upper_parts(&mut self) {
        self.bytes.extend([0xc5, 0xf8, 0x77]);
    }

    /// `target = value`
    pub(super) fn set(&mut self, target: General, value: u64) {
        let number = target as u8;
        let opcode = 0xb8 | number & 7;
        if let Ok(short) = u32::try_from(value) {
            // What is written to the lower half clears the upper one.
            self.rex(false, 0, 0, number);
            self.bytes.push(opcode);
            self.bytes.extend(short.to_le_bytes());
        } else {
            self.rex(true, 0, 0, number);
            self.bytes.push(opcode);
            self.bytes.extend(value.to_le_bytes());
        }
    }

    /// `target = a`
    pub(super) fn copy_general(&mut self, target: General, a: General) {
        self.general(0x89, a as u8, target);
    }

    /// `target =` 8 bytes of memory.
    pub(super) fn load_general(&mut self, target: General, from: Address) {
        let index = from.index.map_or(0, |index| index as u8);
        self.rex(true, target as u8, index, from.base as u8);
        self.bytes.push(0x8b);
        self.memory(target as u8, from, 1);
    }

    /// `target += value`
    pub(super) fn add_to(&mut self, target: General, value: i32) {
        self.general(0x81, 0, target);
        self.bytes.extend(value.to_le_bytes());
    }

    /// Compares `a` with `b`, for [`jump_back_if_below`](Self::jump_back_if_below).
    pub(super) fn compare_general(&mut self, a: General, b: General) {
        self.general(0x39, b as u8, a);
    }

    /// Where the next instruction will stand, for [`jump_back_if_below`](Self::jump_back_if_below).
    pub(super) fn here(&self) -> usize {
        self.bytes.len()
    }

    /// Goes back to an instruction that stands already if the first one compared is below the second one, without signs.
    pub(super) fn jump_back_if_below(&mut self, to: usize) {
        self.bytes.extend([0x0f, 0x82]);
        let behind = self.here() + 4;
        let far = i32::try_from(behind - to).expect("loops are short");
        self.bytes.extend((-far).to_le_bytes());
    }

    pub(super) fn push(&mut self, register: General) {
        self.rex(false, 0, 0, register as u8);
        self.bytes.push(0x50 | register as u8 & 7);
    }

    pub(super) fn pop(&mut self, register: General) {
        self.rex(false, 0, 0, register as u8);
        self.bytes.push(0x58 | register as u8 & 7);
    }

    /// Calls what stands at the address in a register.
    pub(super) fn call(&mut self, address: General) {
        self.rex(false, 0, 0, address as u8);
        self.bytes.extend([0xff, 0xd0 | address as u8 & 7]);
    }

    pub(super) fn ret(&mut self) {
        self.bytes.push(0xc3);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use cranelift_assembler_x64::{self as other, Amode, NonRspGpr, Scale, XmmMem, inst};

    use super::*;
    use General::*;

    const GENERAL: [General; 16] = [
        Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
    ];
    const BINARY: [Binary; 10] = [
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Min,
        Binary::Max,
        Binary::And,
        Binary::AndNot,
        Binary::Or,
        Binary::Xor,
    ];
    const FUSED: [Fused; 3] = [Fused::Add, Fused::Sub, Fused::NegAdd];
    const ORDERS: [Order; 3] = [Order::O132, Order::O213, Order::O231];
    const COMPARISONS: [Comparison; 7] = [
        Comparison::Equal,
        Comparison::Unordered,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessEqual,
        Comparison::GreaterEqual,
        Comparison::Greater,
    ];
    const DISPLACEMENTS: [i32; 9] = [0, 8, 64, 120, 127, 128, -128, -8192, i32::MAX];

    fn addresses() -> Vec<Address> {
        let mut addresses = Vec::new();
        for (at, &base) in GENERAL.iter().enumerate() {
            for (turn, &displacement) in DISPLACEMENTS.iter().enumerate() {
                let index = match (at + turn) % 3 {
                    0 => None,
                    _ => Some(GENERAL[(5 * at + 3 * turn) % 16]).filter(|&index| index != Rsp),
                };
                addresses.push(Address {
                    base,
                    index,
                    displacement,
                });
            }
        }
        addresses
    }

    /// Registers and places, so that every number of a register comes in every operand.
    fn operands(registers: u8) -> Vec<(Vector, Vector, Operand)> {
        let vector = |number: usize| Vector((number % usize::from(registers)) as u8);
        let in_registers =
            (0..32).map(|k| (vector(k), vector(3 * k + 1), vector(7 * k + 5).into()));
        let in_memory = (addresses().into_iter().enumerate())
            .map(|(k, at)| (vector(k), vector(5 * k + 2), at.into()));
        in_registers.chain(in_memory).collect()
    }

    struct Registers;

    impl other::Registers for Registers {
        type ReadGpr = u8;
        type ReadWriteGpr = u8;
        type WriteGpr = u8;
        type ReadXmm = u8;
        type ReadWriteXmm = u8;
        type WriteXmm = u8;
    }

    fn theirs(operand: Operand) -> XmmMem<u8, u8> {
        match operand {
            Operand::Vector(vector) => XmmMem::Xmm(vector.0),
            Operand::Memory(at) => XmmMem::Mem(their_address(at)),
        }
    }

    fn their_address(at: Address) -> Amode<u8> {
        let base = at.base as u8;
        match at.index {
            None => Amode::ImmReg {
                base,
                simm32: other::AmodeOffsetPlusKnownOffset {
                    simm32: at.displacement.into(),
                    offset: None,
                },
                trap: None,
            },
            Some(index) => Amode::ImmRegRegShift {
                base,
                index: NonRspGpr::new(index as u8),
                scale: Scale::Eight,
                simm32: at.displacement.into(),
                trap: None,
            },
        }
    }

    fn encoded(instruction: impl Into<other::Inst<Registers>>) -> Vec<u8> {
        let mut bytes = Vec::new();
        instruction.into().encode(&mut bytes);
        bytes
    }

    fn assembled(write: impl FnOnce(&mut Assembler)) -> Vec<u8> {
        let mut assembler = Assembler::default();
        write(&mut assembler);
        assembler.bytes
    }

    /// Single numbers by cranelift's assembler.
    #[test]
    fn another_assembler_agrees() {
        let one = Width::One;
        for (t, a, b) in operands(16) {
            let (x, y, z) = (t.0, a.0, theirs(b));
            for op in BINARY {
                let expected = match op {
                    Binary::Add => encoded(inst::vaddsd_b::new(x, y, z)),
                    Binary::Sub => encoded(inst::vsubsd_b::new(x, y, z)),
                    Binary::Mul => encoded(inst::vmulsd_b::new(x, y, z)),
                    Binary::Div => encoded(inst::vdivsd_b::new(x, y, z)),
                    Binary::Min => encoded(inst::vminsd_b::new(x, y, z)),
                    Binary::Max => encoded(inst::vmaxsd_b::new(x, y, z)),
                    Binary::And => encoded(inst::vandpd_b::new(x, y, z)),
                    Binary::AndNot => encoded(inst::vandnpd_b::new(x, y, z)),
                    Binary::Or => encoded(inst::vorpd_b::new(x, y, z)),
                    Binary::Xor => encoded(inst::vxorpd_b::new(x, y, z)),
                };
                let found = assembled(|asm| asm.binary(op, one, t, a, b));
                assert_eq!(found, expected, "{op:?} {t:?} {a:?} {b:?}");
            }
            for how in FUSED {
                use {Fused as F, Order as O};
                for order in ORDERS {
                    let expected = match (how, order) {
                        (F::Add, O::O132) => encoded(inst::vfmadd132sd_a::new(x, y, z)),
                        (F::Add, O::O213) => encoded(inst::vfmadd213sd_a::new(x, y, z)),
                        (F::Add, O::O231) => encoded(inst::vfmadd231sd_a::new(x, y, z)),
                        (F::Sub, O::O132) => encoded(inst::vfmsub132sd_a::new(x, y, z)),
                        (F::Sub, O::O213) => encoded(inst::vfmsub213sd_a::new(x, y, z)),
                        (F::Sub, O::O231) => encoded(inst::vfmsub231sd_a::new(x, y, z)),
                        (F::NegAdd, O::O132) => encoded(inst::vfnmadd132sd_a::new(x, y, z)),
                        (F::NegAdd, O::O213) => encoded(inst::vfnmadd213sd_a::new(x, y, z)),
                        (F::NegAdd, O::O231) => encoded(inst::vfnmadd231sd_a::new(x, y, z)),
                    };
                    let found = assembled(|asm| asm.fused((how, order), one, t, a, b));
                    assert_eq!(found, expected, "{how:?} {order:?} {t:?} {a:?} {b:?}");
                }
            }
            for how in COMPARISONS {
                let expected = encoded(inst::vcmpsd_b::new(x, y, z, how as u8));
                let found = assembled(|asm| asm.compare(how, one, t, a, b));
                assert_eq!(found, expected, "{how:?} {t:?} {a:?} {b:?}");
            }
            for mask in 0..16 {
                let expected = encoded(inst::vblendvpd_rvmr::new(x, y, z, mask));
                let found = assembled(|asm| asm.blend(one, t, a, b, Vector(mask)));
                assert_eq!(found, expected, "{t:?} {a:?} {b:?} {mask}");
            }
            for how in [Rounding::Down, Rounding::Up] {
                let expected = encoded(inst::vroundsd_rvmi::new(x, y, XmmMem::Xmm(y), how as u8));
                assert_eq!(assembled(|asm| asm.round(how, one, t, a)), expected);
            }
            let expected = encoded(inst::vsqrtsd_b::new(x, y, XmmMem::Xmm(y)));
            assert_eq!(assembled(|asm| asm.sqrt(one, t, a)), expected);
            if let Operand::Memory(at) = b {
                let expected = encoded(inst::vmovsd_d::new(x, their_address(at)));
                assert_eq!(assembled(|asm| asm.load(one, t, at)), expected);
                let expected = encoded(inst::vmovsd_c_m::new(their_address(at), x));
                assert_eq!(assembled(|asm| asm.store(one, at, t)), expected);
            } else {
                let expected = encoded(inst::vmovapd_a::new(x, z));
                let Operand::Vector(b) = b else {
                    unreachable!("nothing else was made")
                };
                assert_eq!(assembled(|asm| asm.copy(one, t, b)), expected);
            }
        }
    }

    /// What a disassembler should make of the instructions of a listing.
    #[derive(Default)]
    struct Listing {
        assembler: Assembler,
        expected: Vec<String>,
    }

    impl Listing {
        fn line(&mut self, text: String, write: impl FnOnce(&mut Assembler)) {
            write(&mut self.assembler);
            self.expected.push(text);
        }

        /// Names the registers of this width, and places in memory, as objdump does.
        fn names(width: Width) -> (impl Fn(Vector) -> String, impl Fn(Operand) -> String) {
            let letter = match width {
                Width::One => 'x',
                Width::Four => 'y',
                Width::Eight => 'z',
            };
            let name = move |v: Vector| format!("{letter}mm{}", v.0);
            let of = move |operand: Operand| match operand {
                Operand::Vector(v) => name(v),
                Operand::Memory(at) => {
                    format!("{}MMWORD PTR {}", letter.to_ascii_uppercase(), place(at))
                }
            };
            (name, of)
        }

        fn check(self) {
            let file = tempfile::NamedTempFile::new().expect("a temporary file");
            std::fs::write(file.path(), &self.assembler.bytes).expect("room for it");
            let disassembled = Command::new("objdump")
                .args(["-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel"])
                .args(["--no-show-raw-insn", "-w"])
                .arg(file.path())
                .output();
            let Ok(disassembled) = disassembled else {
                println!("skipped: this machine has no objdump");
                return;
            };
            let text = String::from_utf8(disassembled.stdout).expect("characters");
            let found: Vec<String> = text
                .lines()
                .filter_map(|line| line.trim_start().split_once(":\t"))
                .map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect();
            for (found, expected) in found.iter().zip(&self.expected) {
                assert_eq!(found, expected);
            }
            assert_eq!(found.len(), self.expected.len());
        }
    }

    fn general(register: General) -> String {
        format!("{register:?}").to_lowercase()
    }

    fn place(at: Address) -> String {
        let index = at.index.map(|index| format!("+{}*8", general(index)));
        let displacement = match at.displacement {
            // It is written where a byte for it is there, and the address is no single register.
            0 if at.index.is_none() || !matches!(at.base, Rbp | R13) => String::new(),
            d if d < 0 => format!("-{:#x}", -i64::from(d)),
            d => format!("+{d:#x}"),
        };
        format!(
            "[{}{}{displacement}]",
            general(at.base),
            index.unwrap_or_default()
        )
    }

    #[test]
    fn a_disassembler_reads_what_was_meant() {
        let mut listing = Listing::default();
        for (width, registers) in [(Width::Four, 16), (Width::Eight, 32)] {
            let (name, of) = Listing::names(width);
            let eight = width == Width::Eight;
            for (t, a, b) in operands(registers) {
                let operands = format!("{},{},{}", name(t), name(a), of(b));
                for op in BINARY {
                    let stem = match op {
                        Binary::Add => "vaddpd",
                        Binary::Sub => "vsubpd",
                        Binary::Mul => "vmulpd",
                        Binary::Div => "vdivpd",
                        Binary::Min => "vminpd",
                        Binary::Max => "vmaxpd",
                        Binary::And if eight => "vpandq",
                        Binary::AndNot if eight => "vpandnq",
                        Binary::Or if eight => "vporq",
                        Binary::Xor if eight => "vpxorq",
                        Binary::And => "vandpd",
                        Binary::AndNot => "vandnpd",
                        Binary::Or => "vorpd",
                        Binary::Xor => "vxorpd",
                    };
                    let text = format!("{stem} {operands}");
                    listing.line(text, |asm| asm.binary(op, width, t, a, b));
                }
                for how in FUSED {
                    let stem = match how {
                        Fused::Add => "vfmadd",
                        Fused::Sub => "vfmsub",
                        Fused::NegAdd => "vfnmadd",
                    };
                    for order in ORDERS {
                        let digits = format!("{order:?}").replace('O', "");
                        let text = format!("{stem}{digits}pd {operands}");
                        listing.line(text, |asm| asm.fused((how, order), width, t, a, b));
                    }
                }
                // Eight numbers are compared into masks, which nobody needs.
                for how in COMPARISONS.into_iter().filter(|_| !eight) {
                    let stem = match how {
                        Comparison::Equal => "vcmpeqpd",
                        Comparison::Unordered => "vcmpunordpd",
                        Comparison::NotEqual => "vcmpneqpd",
                        Comparison::Less => "vcmplt_oqpd",
                        Comparison::LessEqual => "vcmple_oqpd",
                        Comparison::GreaterEqual => "vcmpge_oqpd",
                        Comparison::Greater => "vcmpgt_oqpd",
                    };
                    let text = format!("{stem} {operands}");
                    listing.line(text, |asm| asm.compare(how, width, t, a, b));
                }
                if !eight {
                    let mask = Vector(15 - t.0);
                    let text = format!("vblendvpd {operands},{}", name(mask));
                    listing.line(text, |asm| asm.blend(width, t, a, b, mask));
                }
                let operands = format!("{},{}", name(t), name(a));
                listing.line(format!("vsqrtpd {operands}"), |asm| asm.sqrt(width, t, a));
                listing.line(format!("vmovapd {operands}"), |asm| asm.copy(width, t, a));
                let stem = if eight { "vrndscalepd" } else { "vroundpd" };
                for how in [Rounding::Down, Rounding::Up] {
                    let text = format!("{stem} {operands},{:#x}", how as u8);
                    listing.line(text, |asm| asm.round(how, width, t, a));
                }
                if let Operand::Memory(at) = b {
                    let (t_name, at_name) = (name(t), of(b));
                    let text = format!("vmovupd {t_name},{at_name}");
                    listing.line(text, |asm| asm.load(width, t, at));
                    let text = format!("vmovupd {at_name},{t_name}");
                    listing.line(text, |asm| asm.store(width, at, t));
                    let text = format!("vbroadcastsd {t_name},QWORD PTR {}", place(at));
                    listing.line(text, |asm| asm.broadcast(width, t, at));
                }
            }
        }
        whole_numbers(&mut listing);
        listing.check();
    }

    fn whole_numbers(listing: &mut Listing) {
        for (at, &a) in GENERAL.iter().enumerate() {
            let b = GENERAL[(5 * at + 3) % 16];
            let (a_name, b_name) = (general(a), general(b));
            let short = match at {
                0..8 => a_name.replacen('r', "e", 1),
                _ => format!("{a_name}d"),
            };
            listing.line(format!("mov {short},0x12345678"), |asm| {
                asm.set(a, 0x1234_5678)
            });
            listing.line(format!("movabs {a_name},0x8123456789abcdef"), |asm| {
                asm.set(a, 0x8123_4567_89ab_cdef)
            });
            listing.line(format!("mov {a_name},{b_name}"), |asm| {
                asm.copy_general(a, b)
            });
            // With rax there is a shorter form, which a disassembler does not ask for.
            listing.line(format!("add {a_name},0x40"), |asm| asm.add_to(a, 64));
            listing.line(format!("cmp {a_name},{b_name}"), |asm| {
                asm.compare_general(a, b)
            });
            listing.line(format!("push {a_name}"), |asm| asm.push(a));
            listing.line(format!("pop {a_name}"), |asm| asm.pop(a));
            listing.line(format!("call {a_name}"), |asm| asm.call(a));
        }
        for at in addresses() {
            let target = GENERAL[usize::from(at.base as u8 ^ 9)];
            let text = format!("mov {},QWORD PTR {}", general(target), place(at));
            listing.line(text, |asm| asm.load_general(target, at));
        }
        let top = listing.assembler.here();
        listing.line("vzeroupper".into(), Assembler::forget_upper_parts);
        listing.line(format!("jb {top:#x}"), |asm| asm.jump_back_if_below(top));
        listing.line("ret".into(), Assembler::ret);
    }
}
