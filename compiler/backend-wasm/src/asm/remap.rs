//! The one place that knows which instructions carry an index.

use wasm_encoder::{BlockType, HeapType, Instruction as Ins, RefType, ValType};

/// What an index refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Space {
    Type,
    Func,
    /// A function whose reference is taken: it must be declared in an element segment.
    FuncRef,
    Global,
}

/// Calls `f` on every index of a type, function or global that the instruction carries.
pub(crate) fn visit(ins: &mut Ins<'static>, f: &mut impl FnMut(Space, &mut u32)) {
    match ins {
        Ins::Call(i) | Ins::ReturnCall(i) => f(Space::Func, i),
        Ins::RefFunc(i) => f(Space::FuncRef, i),
        Ins::GlobalGet(i) | Ins::GlobalSet(i) => f(Space::Global, i),
        Ins::Block(ty) | Ins::Loop(ty) | Ins::If(ty) => visit_block(ty, f),
        Ins::RefNull(heap)
        | Ins::RefTestNonNull(heap)
        | Ins::RefTestNullable(heap)
        | Ins::RefCastNonNull(heap)
        | Ins::RefCastNullable(heap) => visit_heap(heap, f),
        Ins::BrOnCast { from_ref_type, to_ref_type, .. } | Ins::BrOnCastFail { from_ref_type, to_ref_type, .. } => {
            visit_ref(from_ref_type, f);
            visit_ref(to_ref_type, f);
        }
        Ins::StructNew(i)
        | Ins::StructNewDefault(i)
        | Ins::ArrayNew(i)
        | Ins::ArrayNewDefault(i)
        | Ins::ArrayGet(i)
        | Ins::ArrayGetS(i)
        | Ins::ArrayGetU(i)
        | Ins::ArraySet(i)
        | Ins::ArrayFill(i)
        | Ins::CallRef(i)
        | Ins::ReturnCallRef(i)
        | Ins::ArrayNewFixed { array_type_index: i, .. }
        | Ins::StructGet { struct_type_index: i, .. }
        | Ins::StructGetS { struct_type_index: i, .. }
        | Ins::StructGetU { struct_type_index: i, .. }
        | Ins::StructSet { struct_type_index: i, .. } => f(Space::Type, i),
        Ins::ArrayCopy { array_type_index_dst, array_type_index_src } => {
            f(Space::Type, array_type_index_dst);
            f(Space::Type, array_type_index_src);
        }
        Ins::TypedSelect(ty) => visit_val(ty, f),
        _ => {}
    }
}

/// The same for a value type.
pub(crate) fn visit_val(ty: &mut ValType, f: &mut impl FnMut(Space, &mut u32)) {
    if let ValType::Ref(reference) = ty {
        visit_ref(reference, f);
    }
}

fn visit_block(ty: &mut BlockType, f: &mut impl FnMut(Space, &mut u32)) {
    match ty {
        BlockType::Empty => {}
        BlockType::Result(val) => visit_val(val, f),
        BlockType::FunctionType(i) => f(Space::Type, i),
    }
}

fn visit_ref(ty: &mut RefType, f: &mut impl FnMut(Space, &mut u32)) {
    visit_heap(&mut ty.heap_type, f);
}

fn visit_heap(ty: &mut HeapType, f: &mut impl FnMut(Space, &mut u32)) {
    match ty {
        HeapType::Concrete(i) | HeapType::Exact(i) => f(Space::Type, i),
        HeapType::Abstract { .. } => {}
    }
}
