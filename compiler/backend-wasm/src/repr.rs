//! How values of each type are represented.
//!
//! | type | representation |
//! |---|---|
//! | `Unit`, `Never` | nothing on the stack; an `i32` where a place is needed |
//! | `Bool`, enums without payload | `i32`; absent is -1 |
//! | `Int`, `Duration`, `Size` | `i64`; as an option a nullable box |
//! | `Float` | `f64`; as an option a nullable box |
//! | `Str`, handles, views | `externref` |
//! | records, tuples, enums | structs; absent is null |
//! | lists | a struct of an array and a length; structs are kept as `eqref`, so that one kind of list serves them all |
//! | maps, sets | a struct around the host's map |
//! | functions | a struct with the code and, in subtypes, the captures |
//! | `Any` | `anyref`: null, `i31` for a bool, the boxes, a string, a list of `Any`, a map from string to `Any` |

use std::collections::HashMap;

use tova_ir as ir;
use tova_ir::{EnumId, RecordId, Type};

use crate::asm::{Code, Field, Ins, Storage, TypeId, Val};
use crate::emit::Emit;

/// Composite types that were made already.
#[derive(Default)]
pub(crate) struct Types {
    records: HashMap<RecordId, TypeId>,
    enums: HashMap<EnumId, EnumTypes>,
    tuples: HashMap<Vec<Val>, TypeId>,
    lists: HashMap<Val, ListTypes>,
    closures: HashMap<(Vec<Val>, Option<Val>), ClosureTypes>,
    cells: HashMap<Val, TypeId>,
    pub(crate) tasks: HashMap<Val, TypeId>,
    pub(crate) named: HashMap<&'static str, TypeId>,
}

/// The types of an enum with payloads: field 0 of each is the variant's index.
#[derive(Clone, Debug)]
pub(crate) struct EnumTypes {
    pub(crate) base: TypeId,
    /// One for each variant; the base for those without payload.
    pub(crate) variants: Vec<TypeId>,
}

/// The types of a list: fields 0 array, 1 length, 2 how much of the array is taken by the newest list on it (null: all).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListTypes {
    pub(crate) list: TypeId,
    pub(crate) array: TypeId,
    pub(crate) taken: TypeId,
    pub(crate) elem: Val,
}

/// The types of a function value: field 0 of the struct is the code, whose first parameter is the struct.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClosureTypes {
    pub(crate) base: TypeId,
    pub(crate) code: TypeId,
}

impl Emit<'_> {
    /// The representation of a type's values on the stack; none for unit.
    pub(crate) fn val(&mut self, ty: &Type) -> Option<Val> {
        Some(match ty {
            Type::Unit | Type::Never => return None,
            Type::Bool => Val::I32,
            Type::Int | Type::Duration | Type::Size => Val::I64,
            Type::Float => Val::F64,
            Type::Str | Type::Handle(_) | Type::View => Val::Ext,
            Type::Any => Val::Any,
            Type::Option(inner) => match self.val(inner)? {
                Val::I64 => Val::Ref(self.box_int()),
                Val::F64 => Val::Ref(self.box_float()),
                other => other,
            },
            Type::List(item) => {
                let elem = self.elem(item);
                Val::Ref(self.list_types(elem).list)
            }
            Type::Map(..) | Type::Set(_) => Val::Ref(self.map_type()),
            Type::Tuple(items) => {
                let vals = items.iter().map(|item| self.stored(item)).collect();
                Val::Ref(self.tuple_type(vals))
            }
            Type::Record(id) => Val::Ref(self.record_type(*id)),
            Type::Enum(id) if self.is_plain(*id) => Val::I32,
            Type::Enum(id) => Val::Ref(self.enum_types(*id).base),
            Type::Fn(function) => Val::Ref(self.closure_types(function).base),
        })
    }

    /// The representation in a place: unit takes one too.
    pub(crate) fn stored(&mut self, ty: &Type) -> Val {
        self.val(ty).unwrap_or(Val::I32)
    }

    /// How a list keeps elements of this type.
    pub(crate) fn elem(&mut self, ty: &Type) -> Val {
        match self.stored(ty) {
            kept @ (Val::I32 | Val::I64 | Val::F64 | Val::Ext) => kept,
            Val::ExtNonNull => Val::Ext,
            Val::Ref(_) | Val::NonNull(_) | Val::Struct | Val::Eq => Val::Eq,
            Val::Any | Val::Func => Val::Any,
        }
    }

    /// Whether no variant has a payload.
    pub(crate) fn is_plain(&self, id: EnumId) -> bool {
        self.enum_(id).variants.iter().all(|variant| variant.fields.is_empty())
    }

    pub(crate) fn box_int(&mut self) -> TypeId {
        self.named_struct("Int", vec![Field::fixed(Val::I64)])
    }

    pub(crate) fn box_float(&mut self) -> TypeId {
        self.named_struct("Float", vec![Field::fixed(Val::F64)])
    }

    /// The struct of maps and sets: field 0 is the host's map from key to [`Emit::entry_type`].
    pub(crate) fn map_type(&mut self) -> TypeId {
        self.named_struct("Map", vec![Field::mutable(Val::Ext)])
    }

    /// An entry of a map: key and value, boxed.
    pub(crate) fn entry_type(&mut self) -> TypeId {
        self.named_struct("Entry", vec![Field::fixed(Val::Any), Field::fixed(Val::Any)])
    }

    pub(crate) fn tuple_type(&mut self, vals: Vec<Val>) -> TypeId {
        if let Some(&id) = self.types.tuples.get(&vals) {
            return id;
        }
        let fields = vals.iter().map(|&val| Field::fixed(val)).collect();
        let id = self.module.struct_type("Tuple", None, fields);
        self.types.tuples.insert(vals, id);
        id
    }

    pub(crate) fn record_type(&mut self, id: RecordId) -> TypeId {
        if let Some(&ty) = self.types.records.get(&id) {
            return ty;
        }
        let record = self.record(id);
        let ty = self.module.declare_struct(&record.name, None);
        self.types.records.insert(id, ty);
        let fields = record.fields.iter().map(|field| Field::fixed(self.stored(&field.ty))).collect();
        self.module.define_struct(ty, fields);
        ty
    }

    pub(crate) fn enum_types(&mut self, id: EnumId) -> EnumTypes {
        if let Some(types) = self.types.enums.get(&id) {
            return types.clone();
        }
        let decl = self.enum_(id);
        let base = self.module.struct_type(&decl.name, None, vec![Field::fixed(Val::I32)]);
        let declare = |variant: &ir::Variant| {
            if variant.fields.is_empty() { base } else { self.module.declare_struct(&variant.name, Some(base)) }
        };
        let types = EnumTypes { base, variants: decl.variants.iter().map(declare).collect() };
        self.types.enums.insert(id, types.clone());
        for (variant, &ty) in decl.variants.iter().zip(&types.variants) {
            if ty != base {
                let payload = variant.fields.iter().map(|field| Field::fixed(self.stored(&field.ty)));
                let fields = std::iter::once(Field::fixed(Val::I32)).chain(payload).collect();
                self.module.define_struct(ty, fields);
            }
        }
        types
    }

    pub(crate) fn list_types(&mut self, elem: Val) -> ListTypes {
        if let Some(&types) = self.types.lists.get(&elem) {
            return types;
        }
        let array = self.module.array_type(Storage::Val(elem));
        let taken = self.named_struct("Taken", vec![Field::mutable(Val::I32)]);
        let fields = vec![Field::mutable(Val::Ref(array)), Field::mutable(Val::I32), Field::mutable(Val::Ref(taken))];
        let list = self.module.struct_type("List", None, fields);
        let types = ListTypes { list, array, taken, elem };
        self.types.lists.insert(elem, types);
        types
    }

    /// The types of a list of this element type.
    pub(crate) fn list_of(&mut self, item: &Type) -> ListTypes {
        let elem = self.elem(item);
        self.list_types(elem)
    }

    pub(crate) fn closure_types(&mut self, function: &ir::FnType) -> ClosureTypes {
        let params = function.params.iter().map(|param| self.stored(param)).collect();
        let result = self.result_val(&function.ret, function.is_async);
        self.closure_shape(params, result)
    }

    /// The types of function values of this shape.
    pub(crate) fn closure_shape(&mut self, params: Vec<Val>, result: Option<Val>) -> ClosureTypes {
        let key = (params, result);
        if let Some(&types) = self.types.closures.get(&key) {
            return types;
        }
        let base = self.module.declare_struct("Fn", None);
        let all: Vec<Val> = std::iter::once(Val::Ref(base)).chain(key.0.iter().copied()).collect();
        let code = self.module.func_type(&all, result.as_slice());
        let types = ClosureTypes { base, code };
        let fields = self.closure_fields(types);
        self.module.define_struct(base, fields);
        self.types.closures.insert(key, types);
        types
    }

    /// The fields that all function values of a shape have; captures follow.
    pub(crate) fn closure_fields(&self, types: ClosureTypes) -> Vec<Field> {
        let mut fields = vec![Field::fixed(Val::NonNull(types.code))];
        if self.named_functions {
            fields.push(Field::fixed(Val::Ext));
        }
        fields
    }

    /// The type of a property: a function without parameters that gives its value.
    pub(crate) fn prop_type(&mut self, ty: &Type) -> ClosureTypes {
        let result = self.val(ty);
        self.closure_shape(Vec::new(), result)
    }

    /// The cell of a variable that closures share: field 0 is the value, field 1 whether it belongs to the cell alone.
    pub(crate) fn cell_type(&mut self, val: Val) -> TypeId {
        if let Some(&id) = self.types.cells.get(&val) {
            return id;
        }
        let id = self.module.struct_type("Cell", None, vec![Field::mutable(val), Field::mutable(Val::I32)]);
        self.types.cells.insert(val, id);
        id
    }

    /// Turns the value on the stack into an `anyref`.
    pub(crate) fn boxed(&mut self, code: &mut Code, val: Val) {
        match val {
            Val::I32 => code.op(Ins::RefI31),
            Val::I64 => {
                let ty = self.box_int();
                code.struct_new(ty);
            }
            Val::F64 => {
                let ty = self.box_float();
                code.struct_new(ty);
            }
            Val::Ext | Val::ExtNonNull => code.op(Ins::AnyConvertExtern),
            Val::Any | Val::Eq | Val::Struct | Val::Func | Val::Ref(_) | Val::NonNull(_) => {}
        }
    }

    /// The reverse of [`Emit::boxed`].
    pub(crate) fn unboxed(&mut self, code: &mut Code, val: Val) {
        match val {
            Val::I32 => {
                code.op(Ins::RefCastNonNull(wasm_encoder::HeapType::I31));
                code.op(Ins::I31GetS);
            }
            Val::I64 => {
                let ty = self.box_int();
                code.cast(ty);
                code.struct_get(ty, 0);
            }
            Val::F64 => {
                let ty = self.box_float();
                code.cast(ty);
                code.struct_get(ty, 0);
            }
            Val::Ext | Val::ExtNonNull => code.op(Ins::ExternConvertAny),
            Val::Ref(ty) | Val::NonNull(ty) => code.cast(ty),
            Val::Any | Val::Eq | Val::Struct | Val::Func => {}
        }
    }

    /// Turns an element as the list keeps it into a value of the type.
    pub(crate) fn unpack_elem(&mut self, code: &mut Code, item: &Type) {
        if let Val::Ref(ty) = self.stored(item) {
            code.cast(ty);
        }
        if self.val(item).is_none() {
            code.op(Ins::Drop);
        }
    }

    /// Turns a value on the stack into its option.
    pub(crate) fn some(&mut self, code: &mut Code, inner: &Type) {
        if let Some(val @ (Val::I64 | Val::F64)) = self.val(inner) {
            self.boxed(code, val);
        }
    }

    /// Turns a present option on the stack into its value.
    pub(crate) fn unwrapped(&mut self, code: &mut Code, inner: &Type) {
        match self.val(inner) {
            Some(Val::I64) => {
                let ty = self.box_int();
                code.struct_get(ty, 0);
            }
            Some(Val::F64) => {
                let ty = self.box_float();
                code.struct_get(ty, 0);
            }
            Some(_) | None => {}
        }
    }

    /// Pushes the absent value of an option (or of `Any`).
    pub(crate) fn nil(&mut self, code: &mut Code, ty: &Type) {
        match self.val(ty) {
            Some(Val::I32) => code.i32(-1),
            Some(val) => code.null(val),
            None => {}
        }
    }

    /// Tests whether the option on the stack is absent.
    pub(crate) fn is_nil(&mut self, code: &mut Code, ty: &Type) {
        match self.val(ty) {
            Some(Val::I32) => {
                code.i32(-1);
                code.op(Ins::I32Eq);
            }
            Some(_) => code.is_null(),
            None => code.i32(1),
        }
    }
}
