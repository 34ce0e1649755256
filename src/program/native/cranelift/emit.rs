//! From instructions to the compiler's own: one function of straight code for a part of a program.
//!
//! What is read from memory is read next to its use, never at entry: lives of thousands of inputs at once made register
//! allocation quadratic, 24 s at 110,000 instructions, where 0.3 s are enough.

use std::ops::Range;

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlagsData, SigRef, Signature, Type, UserFuncName, Value,
    types,
};
use cranelift_codegen::isa::CallConv;

use super::super::super::{Op, Place, Program, Register};
use super::super::calls::{call_one, call_two, fused};
use super::plan::{Plan, is_near};

/// What the processor has instructions for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Features {
    /// Products and sums rounded once.
    pub(super) fuses: bool,
    /// Rounding to whole numbers.
    pub(super) rounds: bool,
}

/// How every function of machine code is called.
#[derive(Clone, Copy)]
pub(super) struct Convention {
    pub(super) call: CallConv,
    pub(super) pointer: Type,
}

impl Convention {
    /// As `code::Chunk`: constants, point, slots, the first outputs, the other outputs.
    pub(super) fn signature(self) -> Signature {
        let mut signature = Signature::new(self.call);
        signature.params = vec![AbiParam::new(self.pointer); 5];
        signature
    }
}

/// What all parts of a program share.
pub(super) struct Source<'a> {
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    /// How many outputs go to the first place for outputs.
    pub(super) head: usize,
    pub(super) features: Features,
    pub(super) convention: Convention,
}

/// The function that does this part of the program.
pub(super) fn emit(source: &Source, part: Range<usize>, held: &mut [Held]) -> Function {
    let mut function =
        Function::with_name_signature(UserFuncName::default(), source.convention.signature());
    let block = function.dfg.make_block();
    function.layout.append_block(block);
    let bases = [(); 5].map(|()| {
        function
            .dfg
            .append_block_param(block, source.convention.pointer)
    });
    let mut emitter = Emitter {
        source,
        features: source.features,
        cursor: FuncCursor::new(&mut function).at_bottom(block),
        bases,
        held,
        signatures: [None; 4],
    };
    for at in part {
        emitter.instruction(at);
    }
    emitter.ins().return_(&[]);
    function
}

/// The value in a register of the program, as it was last made or read, and by which instruction.
pub(super) type Held = Option<(Value, usize)>;

/// The base addresses, in the order of [`Convention::signature`].
const CONSTANTS: usize = 0;
const POINT: usize = 1;
const SLOTS: usize = 2;
const HEAD: usize = 3;
const TAIL: usize = 4;

/// A function in the making.
pub(super) struct Emitter<'a> {
    source: &'a Source<'a>,
    pub(super) features: Features,
    cursor: FuncCursor<'a>,
    bases: [Value; 5],
    held: &'a mut [Held],
    /// Of called functions, by the number of their arguments; the first one may be an address.
    signatures: [Option<SigRef>; 4],
}

impl<'a> Emitter<'a> {
    pub(super) fn ins(&mut self) -> impl InstBuilder<'_> {
        self.cursor.ins()
    }

    fn instruction(&mut self, at: usize) {
        let instruction = self.source.program.instructions()[at];
        let mut list = [Value::from_u32(0); 3];
        for (value, &register) in list.iter_mut().zip(instruction.reads()) {
            *value = self.read(register, at);
        }
        let [a, b, c] = list;
        let value = match instruction.op {
            Op::Copy => a,
            Op::Neg => self.ins().fneg(a),
            Op::Add => self.ins().fadd(a, b),
            Op::Sub => self.ins().fsub(a, b),
            Op::Mul => self.ins().fmul(a, b),
            Op::Div => self.ins().fdiv(a, b),
            Op::MulAdd => self.fused(a, b, c),
            Op::MulSub => {
                let c = self.ins().fneg(c);
                self.fused(a, b, c)
            }
            Op::NegMulAdd => {
                let a = self.ins().fneg(a);
                self.fused(a, b, c)
            }
            Op::Sqrt => {
                // The root of -0 is 0, as everywhere here.
                let zero = self.ins().f64const(0.0);
                let a = self.ins().fadd(a, zero);
                self.ins().sqrt(a)
            }
            Op::Pow => self.call_two(f64::powf, a, b),
            Op::Call(f) => self.function(f, &list[..f.arity()]),
            Op::Select => self.select(list),
            Op::Fill => self.fill(list),
            Op::ImaginaryUnit => unreachable!("such programs are refused"),
        };
        self.write(instruction.target, value, at);
    }

    fn read(&mut self, register: Register, at: usize) -> Value {
        let source = self.source;
        let (base, index) = match source.program.place(register) {
            // An operand in memory costs nothing beside one in a register, of which there are few.
            Place::Constant(index) => return self.load(CONSTANTS, index),
            Place::Input(index) => (POINT, Some(index)),
            Place::Slot(index) => (SLOTS, source.plan.places[index]),
            Place::Output(_) => unreachable!("outputs are never read"),
        };
        let value = match self.held[register.index()] {
            Some((value, earlier)) if is_near(earlier, at) => value,
            _ => self.load(base, index.expect("what is read from afar has been stored")),
        };
        self.held[register.index()] = Some((value, at));
        value
    }

    fn load(&mut self, base: usize, index: usize) -> Value {
        let base = self.bases[base];
        self.ins()
            .load(types::F64, MemFlagsData::trusted(), base, offset(index))
    }

    fn write(&mut self, register: Register, value: Value, at: usize) {
        let head = self.source.head;
        let (base, index) = match self.source.program.place(register) {
            Place::Output(index) if index < head => (HEAD, index),
            Place::Output(index) => (TAIL, index - head),
            Place::Slot(index) => {
                self.held[register.index()] = Some((value, at));
                if !self.source.plan.stores[at] {
                    return;
                }
                let place = self.source.plan.places[index];
                (SLOTS, place.expect("there is a place for what is stored"))
            }
            Place::Constant(_) | Place::Input(_) => unreachable!("these are never written"),
        };
        let base = self.bases[base];
        self.ins()
            .store(MemFlagsData::trusted(), value, base, offset(index));
    }

    /// A number that is not among the program's constants.
    pub(super) fn number(&mut self, number: f64) -> Value {
        self.ins().f64const(number)
    }

    fn fused(&mut self, a: Value, b: Value, c: Value) -> Value {
        if self.features.fuses {
            return self.ins().fma(a, b, c);
        }
        let signature = self.signature(3, false);
        self.call_address(fused as *const () as usize, signature, &[a, b, c])
    }

    pub(super) fn call_one(&mut self, function: fn(f64) -> f64, a: Value) -> Value {
        let signature = self.signature(1, true);
        let function = self.address(function as *const () as usize);
        self.call_address(call_one as *const () as usize, signature, &[function, a])
    }

    pub(super) fn call_two(&mut self, function: fn(f64, f64) -> f64, a: Value, b: Value) -> Value {
        let signature = self.signature(2, true);
        let function = self.address(function as *const () as usize);
        self.call_address(call_two as *const () as usize, signature, &[function, a, b])
    }

    fn address(&mut self, address: usize) -> Value {
        let pointer = self.source.convention.pointer;
        self.ins().iconst(pointer, address as i64)
    }

    fn call_address(&mut self, address: usize, signature: SigRef, arguments: &[Value]) -> Value {
        let callee = self.address(address);
        let call = self.ins().call_indirect(signature, callee, arguments);
        self.cursor.func.dfg.first_result(call)
    }

    /// So many numbers, after an address or not, and a number back.
    fn signature(&mut self, numbers: usize, with_address: bool) -> SigRef {
        let Convention { call, pointer } = self.source.convention;
        let func = &mut self.cursor.func;
        *self.signatures[numbers].get_or_insert_with(|| {
            let mut signature = Signature::new(call);
            if with_address {
                signature.params.push(AbiParam::new(pointer));
            }
            signature
                .params
                .extend(vec![AbiParam::new(types::F64); numbers]);
            signature.returns.push(AbiParam::new(types::F64));
            func.import_signature(signature)
        })
    }
}

fn offset(index: usize) -> i32 {
    i32::try_from(8 * index).expect("checked before: no index is larger than MAX_INDEX")
}
