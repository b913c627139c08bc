//! The code of one function, written instruction by instruction.

use std::borrow::Cow;

use tova_source::Span;
use wasm_encoder::{AbstractHeapType, BlockType, HeapType, Instruction as Ins};

use super::{FuncId, GlobalId, TypeId, Val};

/// A block, loop or `if` that is open: a target for branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(u32);

/// The code of a function in the making. Its final `end` is written by the module.
#[derive(Clone, Debug, Default)]
pub struct Code {
    pub(crate) ops: Vec<Ins<'static>>,
    pub(crate) params: usize,
    pub(crate) locals: Vec<Val>,
    pub(crate) names: Vec<(u32, String)>,
    pub(crate) marks: Vec<(usize, Span)>,
    depth: u32,
    free: Vec<u32>,
    jumps: Vec<(usize, u32)>,
}

impl Code {
    /// The code of a function with these parameters: locals 0, 1, ….
    #[must_use]
    pub fn new(params: &[Val]) -> Self {
        Self { params: params.len(), locals: params.to_vec(), ..Self::default() }
    }

    /// How many parameters there are.
    #[must_use]
    pub fn params_len(&self) -> usize {
        self.params
    }

    /// A new local.
    pub fn local(&mut self, val: Val) -> u32 {
        self.locals.push(val);
        index(self.locals.len() - 1)
    }

    /// A local for a moment: a released one of the type, or a new one. It may hold an old value.
    pub fn temp(&mut self, val: Val) -> u32 {
        let found = self.free.iter().position(|&local| self.locals.get(local as usize) == Some(&val));
        match found {
            Some(at) => self.free.swap_remove(at),
            None => self.local(val),
        }
    }

    /// Gives a [`Code::temp`] back.
    pub fn release(&mut self, temp: u32) {
        self.free.push(temp);
    }

    /// Names a local for the debugger.
    pub fn name_local(&mut self, local: u32, name: &str) {
        self.names.push((local, name.to_owned()));
    }

    /// The type of a local.
    #[must_use]
    pub fn local_type(&self, local: u32) -> Val {
        self.locals.get(local as usize).copied().unwrap_or(Val::Any)
    }

    /// Says where the following instructions come from.
    pub fn mark(&mut self, span: Span) {
        if self.marks.last().is_none_or(|(_, last)| *last != span) {
            self.marks.push((self.ops.len(), span));
        }
    }

    /// Any instruction; where the format has the index of a type, function or global it carries the handle's number.
    pub fn op(&mut self, ins: Ins<'static>) {
        self.ops.push(ins);
    }

    /// `local.get`
    pub fn get(&mut self, local: u32) {
        self.op(Ins::LocalGet(local));
    }

    /// `local.set`
    pub fn set(&mut self, local: u32) {
        self.op(Ins::LocalSet(local));
    }

    /// `local.tee`
    pub fn tee(&mut self, local: u32) {
        self.op(Ins::LocalTee(local));
    }

    /// `global.get`
    pub fn global_get(&mut self, global: GlobalId) {
        self.op(Ins::GlobalGet(global.0));
    }

    /// `global.set`
    pub fn global_set(&mut self, global: GlobalId) {
        self.op(Ins::GlobalSet(global.0));
    }

    /// `i32.const`
    pub fn i32(&mut self, value: i32) {
        self.op(Ins::I32Const(value));
    }

    /// `i64.const`
    pub fn i64(&mut self, value: i64) {
        self.op(Ins::I64Const(value));
    }

    /// `f64.const`
    pub fn f64(&mut self, value: f64) {
        self.op(Ins::F64Const(value.into()));
    }

    /// `call`
    pub fn call(&mut self, func: FuncId) {
        self.op(Ins::Call(func.0));
    }

    /// `call_ref` of a function type; the function reference is on top.
    pub fn call_ref(&mut self, ty: TypeId) {
        self.op(Ins::CallRef(ty.0));
    }

    /// `ref.func`
    pub fn ref_func(&mut self, func: FuncId) {
        self.op(Ins::RefFunc(func.0));
    }

    /// `struct.new`: the fields are on the stack.
    pub fn struct_new(&mut self, ty: TypeId) {
        self.op(Ins::StructNew(ty.0));
    }

    /// `struct.get`
    pub fn struct_get(&mut self, ty: TypeId, field: u32) {
        self.op(Ins::StructGet { struct_type_index: ty.0, field_index: field });
    }

    /// `struct.set`: the struct and the value are on the stack.
    pub fn struct_set(&mut self, ty: TypeId, field: u32) {
        self.op(Ins::StructSet { struct_type_index: ty.0, field_index: field });
    }

    /// `array.get`
    pub fn array_get(&mut self, ty: TypeId) {
        self.op(Ins::ArrayGet(ty.0));
    }

    /// `array.set`
    pub fn array_set(&mut self, ty: TypeId) {
        self.op(Ins::ArraySet(ty.0));
    }

    /// `array.new_default`: the length is on the stack.
    pub fn array_new(&mut self, ty: TypeId) {
        self.op(Ins::ArrayNewDefault(ty.0));
    }

    /// `array.new_fixed`: the elements are on the stack.
    pub fn array_fixed(&mut self, ty: TypeId, len: usize) {
        self.op(Ins::ArrayNewFixed { array_type_index: ty.0, array_size: index(len) });
    }

    /// `array.copy` between arrays of one type: destination, its offset, source, its offset, length are on the stack.
    pub fn array_copy(&mut self, ty: TypeId) {
        self.op(Ins::ArrayCopy { array_type_index_dst: ty.0, array_type_index_src: ty.0 });
    }

    /// `ref.cast null`
    pub fn cast(&mut self, ty: TypeId) {
        self.op(Ins::RefCastNullable(HeapType::Concrete(ty.0)));
    }

    /// `ref.test` whether an `anyref` can be compared by identity; null is none of it.
    pub fn test_eq(&mut self) {
        let ty = AbstractHeapType::Eq;
        self.op(Ins::RefTestNonNull(HeapType::Abstract { shared: false, ty }));
    }

    /// `ref.cast` of an `anyref` to an `eqref`, so that it can be compared by identity.
    pub fn cast_eq(&mut self) {
        let ty = AbstractHeapType::Eq;
        self.op(Ins::RefCastNullable(HeapType::Abstract { shared: false, ty }));
    }

    /// `ref.test`: null is none of it.
    pub fn test(&mut self, ty: TypeId) {
        self.op(Ins::RefTestNonNull(HeapType::Concrete(ty.0)));
    }

    /// The null of a reference type.
    pub fn null(&mut self, val: Val) {
        let heap = match val {
            Val::Ext | Val::ExtNonNull => bottom(AbstractHeapType::NoExtern),
            Val::Func => bottom(AbstractHeapType::NoFunc),
            Val::I32 | Val::I64 | Val::F64 | Val::Any | Val::Eq | Val::Struct | Val::Ref(_) | Val::NonNull(_) => {
                bottom(AbstractHeapType::None)
            }
        };
        self.op(Ins::RefNull(heap));
    }

    /// Zero or null, by type.
    pub fn zero(&mut self, val: Val) {
        match val {
            Val::I32 => self.i32(0),
            Val::I64 => self.i64(0),
            Val::F64 => self.f64(0.0),
            Val::Ext
            | Val::ExtNonNull
            | Val::Any
            | Val::Eq
            | Val::Struct
            | Val::Func
            | Val::Ref(_)
            | Val::NonNull(_) => self.null(val),
        }
    }

    /// `ref.is_null`
    pub fn is_null(&mut self) {
        self.op(Ins::RefIsNull);
    }

    /// Opens a block.
    pub fn block(&mut self, result: Option<Val>) -> Label {
        self.op(Ins::Block(block_type(result)));
        self.open()
    }

    /// Opens a loop; a branch to it starts its next turn.
    pub fn loop_(&mut self, result: Option<Val>) -> Label {
        self.op(Ins::Loop(block_type(result)));
        self.open()
    }

    /// Opens an `if`; the condition is on the stack.
    pub fn if_(&mut self, result: Option<Val>) -> Label {
        self.op(Ins::If(block_type(result)));
        self.open()
    }

    /// The other arm of the innermost `if`.
    pub fn else_(&mut self) {
        self.op(Ins::Else);
    }

    /// Closes the innermost block, loop or `if`.
    pub fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.op(Ins::End);
    }

    /// `br`
    pub fn br(&mut self, label: Label) {
        self.op(Ins::Br(self.distance(label)));
    }

    /// `br_if`
    pub fn br_if(&mut self, label: Label) {
        self.op(Ins::BrIf(self.distance(label)));
    }

    /// `br_table`; the index is on the stack.
    pub fn br_table(&mut self, labels: &[Label], default: Label) {
        let targets: Vec<u32> = labels.iter().map(|&label| self.distance(label)).collect();
        let default = self.distance(default);
        self.op(Ins::BrTable(Cow::Owned(targets), default));
    }

    /// How many blocks are open.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }

    fn open(&mut self) -> Label {
        self.depth += 1;
        Label(self.depth)
    }

    fn distance(&self, label: Label) -> u32 {
        self.depth.saturating_sub(label.0)
    }
}

const fn bottom(ty: AbstractHeapType) -> HeapType {
    HeapType::Abstract { shared: false, ty }
}

fn block_type(result: Option<Val>) -> BlockType {
    result.map_or(BlockType::Empty, |val| BlockType::Result(val.encoded()))
}

/// A count as the format writes it. A module with more than 2³² of anything is out of reach.
pub(crate) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The code as it is written: a set followed by a get is a tee, locals that nothing uses are gone, and locals of one type
/// are neighbours.
pub(crate) fn tidy(code: &Code) -> Code {
    let mut out = Code { ops: Vec::with_capacity(code.ops.len()), marks: Vec::new(), ..code.clone() };
    let mut marks = code.marks.iter().peekable();
    for (at, op) in code.ops.iter().enumerate() {
        while let Some((_, span)) = marks.next_if(|(from, _)| *from <= at) {
            out.marks.push((out.ops.len(), *span));
        }
        match (out.ops.last(), op) {
            (Some(Ins::LocalSet(a)), Ins::LocalGet(b)) if a == b => {
                let local = *a;
                out.ops.pop();
                out.ops.push(Ins::LocalTee(local));
            }
            _ => out.ops.push(op.clone()),
        }
    }
    let mut used = vec![0_u32; code.locals.len()];
    for op in &mut out.ops {
        if let Ins::LocalGet(i) | Ins::LocalSet(i) | Ins::LocalTee(i) = op
            && let Some(count) = used.get_mut(*i as usize)
        {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (code.params..code.locals.len()).filter(|&i| used[i] > 0).collect();
    order.sort_by_key(|&i| code.locals[i]);
    let mut renumber: Vec<u32> = (0..index(code.locals.len())).collect();
    for (at, &old) in order.iter().enumerate() {
        renumber[old] = index(code.params + at);
    }
    for op in &mut out.ops {
        if let Ins::LocalGet(i) | Ins::LocalSet(i) | Ins::LocalTee(i) = op {
            *i = renumber.get(*i as usize).copied().unwrap_or(*i);
        }
    }
    out.locals = code.locals[..code.params].iter().copied().chain(order.iter().map(|&i| code.locals[i])).collect();
    out.names.retain(|(local, _)| (*local as usize) < code.params || used.get(*local as usize).is_some_and(|&n| n > 0));
    for (local, _) in &mut out.names {
        *local = renumber[*local as usize];
    }
    out
}

/// Code that is put into a place later, with branches to a loop around that place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk {
    ops: Vec<Ins<'static>>,
    marks: Vec<(usize, Span)>,
    /// Branches to the loop: their positions and how many blocks of the chunk are open there.
    jumps: Vec<(usize, u32)>,
}

impl Code {
    /// A branch to the loop that the chunk will stand in.
    pub(crate) fn jump(&mut self) {
        self.jumps.push((self.ops.len(), self.depth));
        self.op(Ins::Br(0));
    }

    /// Takes the code so far out as a chunk.
    pub(crate) fn take_chunk(&mut self) -> Chunk {
        self.depth = 0;
        // A temp of the old chunk has nothing in the next one.
        Chunk {
            ops: std::mem::take(&mut self.ops),
            marks: std::mem::take(&mut self.marks),
            jumps: std::mem::take(&mut self.jumps),
        }
    }

    /// Puts a chunk here; the loop that it jumps to is `distance` blocks out.
    pub(crate) fn put_chunk(&mut self, chunk: Chunk, distance: u32) {
        let from = self.ops.len();
        self.marks.extend(chunk.marks.into_iter().map(|(at, span)| (at + from, span)));
        self.ops.extend(chunk.ops);
        for (at, depth) in chunk.jumps {
            if let Some(op) = self.ops.get_mut(from + at) {
                *op = Ins::Br(depth + distance);
            }
        }
    }
}
