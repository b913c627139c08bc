//! The module in the making: what is declared, by handle.

use std::collections::HashMap;

use ecow::EcoString;
use indexmap::IndexMap;
use wasm_encoder::Instruction as Ins;

use super::code::index;
use super::{Code, Composite, Field, Storage, TypeId, Val};

/// A function, imported or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FuncId(pub(crate) u32);

impl FuncId {
    /// The number that instructions carry.
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// A global, string constants included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GlobalId(pub(crate) u32);

#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) name: EcoString,
    pub(crate) composite: Composite,
    pub(crate) has_subtypes: bool,
}

#[derive(Debug)]
pub(crate) struct FuncDef {
    pub(crate) name: EcoString,
    pub(crate) ty: TypeId,
    pub(crate) kind: FuncKind,
}

#[derive(Debug)]
pub(crate) enum FuncKind {
    Import { module: EcoString },
    Declared,
    Defined(Code),
}

#[derive(Debug)]
pub(crate) struct GlobalDef {
    pub(crate) name: EcoString,
    pub(crate) val: Val,
    pub(crate) kind: GlobalKind,
}

#[derive(Debug)]
pub(crate) enum GlobalKind {
    /// Imported from the module `'`; the name is the text.
    Text,
    Own {
        mutable: bool,
        init: Vec<Ins<'static>>,
    },
}

/// A module in the making.
#[derive(Debug, Default)]
pub struct Module {
    pub(crate) types: Vec<TypeDef>,
    pub(crate) funcs: Vec<FuncDef>,
    pub(crate) globals: Vec<GlobalDef>,
    pub(crate) exports: IndexMap<EcoString, FuncId>,
    interned: HashMap<Composite, TypeId>,
    imports: HashMap<(EcoString, EcoString, TypeId), FuncId>,
    texts: HashMap<EcoString, GlobalId>,
}

impl Module {
    /// A struct type whose fields are told later by [`Module::define_struct`]. A supertype must be declared before.
    pub fn declare_struct(&mut self, name: &str, supertype: Option<TypeId>) -> TypeId {
        if let Some(def) = supertype.and_then(|id| self.types.get_mut(id.0 as usize)) {
            def.has_subtypes = true;
        }
        self.types.push(TypeDef {
            name: name.into(),
            composite: Composite::Struct { supertype, fields: Vec::new() },
            has_subtypes: false,
        });
        TypeId(index(self.types.len() - 1))
    }

    /// The fields of a declared struct type, inherited ones included.
    pub fn define_struct(&mut self, id: TypeId, all: Vec<Field>) {
        if let Some(TypeDef { composite: Composite::Struct { fields, .. }, .. }) = self.types.get_mut(id.0 as usize) {
            *fields = all;
        }
    }

    /// A struct type at once.
    pub fn struct_type(&mut self, name: &str, supertype: Option<TypeId>, fields: Vec<Field>) -> TypeId {
        let id = self.declare_struct(name, supertype);
        self.define_struct(id, fields);
        id
    }

    /// Lets a struct type have subtypes that are declared elsewhere.
    pub fn open_type(&mut self, id: TypeId) {
        if let Some(def) = self.types.get_mut(id.0 as usize) {
            def.has_subtypes = true;
        }
    }

    /// The fields of a struct type.
    #[must_use]
    pub fn fields(&self, id: TypeId) -> &[Field] {
        match self.types.get(id.0 as usize).map(|def| &def.composite) {
            Some(Composite::Struct { fields, .. }) => fields,
            Some(Composite::Func { .. } | Composite::Array(_)) | None => &[],
        }
    }

    /// The array type with mutable elements of this kind; one for each kind.
    pub fn array_type(&mut self, storage: Storage) -> TypeId {
        self.intern(Composite::Array(Field { storage, mutable: true }))
    }

    /// The function type of this shape; one for each shape.
    pub fn func_type(&mut self, params: &[Val], results: &[Val]) -> TypeId {
        self.intern(Composite::Func { params: params.to_vec(), results: results.to_vec() })
    }

    fn intern(&mut self, composite: Composite) -> TypeId {
        if let Some(&id) = self.interned.get(&composite) {
            return id;
        }
        let id = TypeId(index(self.types.len()));
        self.types.push(TypeDef { name: EcoString::new(), composite: composite.clone(), has_subtypes: false });
        self.interned.insert(composite, id);
        id
    }

    /// A function of the host. Only abstract types may cross: no `i64`, no struct types.
    pub fn import(&mut self, module: &str, name: &str, params: &[Val], results: &[Val]) -> FuncId {
        debug_assert!(
            params.iter().chain(results).all(|val| !matches!(val, Val::I64 | Val::Ref(_) | Val::NonNull(_))),
            "`{name}`: only abstract types cross the boundary"
        );
        let ty = self.func_type(params, results);
        let key = (EcoString::from(module), EcoString::from(name), ty);
        if let Some(&id) = self.imports.get(&key) {
            return id;
        }
        let id = self.push_func(name, ty, FuncKind::Import { module: module.into() });
        self.imports.insert(key, id);
        id
    }

    /// A function of the glue.
    pub fn glue(&mut self, name: &str, params: &[Val], results: &[Val]) -> FuncId {
        self.import("m", name, params, results)
    }

    /// A string function of the engine: `concat`, `equals`, `length`, `charCodeAt`, `substring`, `test`, `cast`, ….
    pub fn js_string(&mut self, name: &str) -> FuncId {
        let (params, result): (&[Val], Val) = match name {
            "concat" => (&[Val::Ext, Val::Ext], Val::ExtNonNull),
            "equals" | "compare" => (&[Val::Ext, Val::Ext], Val::I32),
            "length" | "test" => (&[Val::Ext], Val::I32),
            "charCodeAt" | "codePointAt" => (&[Val::Ext, Val::I32], Val::I32),
            "substring" => (&[Val::Ext, Val::I32, Val::I32], Val::ExtNonNull),
            "fromCharCode" | "fromCodePoint" => (&[Val::I32], Val::ExtNonNull),
            _ => (&[Val::Ext], Val::ExtNonNull),
        };
        self.import("wasm:js-string", name, params, &[result])
    }

    /// The constant of a text.
    pub fn string(&mut self, text: &str) -> GlobalId {
        if let Some(&id) = self.texts.get(text) {
            return id;
        }
        let id = self.push_global(text, Val::ExtNonNull, GlobalKind::Text);
        self.texts.insert(text.into(), id);
        id
    }

    /// A global that can be set, zero or null at first.
    pub fn global(&mut self, name: &str, val: Val) -> GlobalId {
        let mut zero = Code::default();
        zero.zero(val);
        self.push_global(name, val, GlobalKind::Own { mutable: true, init: zero.ops })
    }

    /// A global with a constant value: constant instructions only (`ref.func`, `struct.new`, `i32.const`, …).
    pub fn constant(&mut self, name: &str, val: Val, init: Code) -> GlobalId {
        self.push_global(name, val, GlobalKind::Own { mutable: false, init: init.ops })
    }

    /// A function whose code comes later, by [`Module::define_func`].
    pub fn declare_func(&mut self, name: &str, ty: TypeId) -> FuncId {
        self.push_func(name, ty, FuncKind::Declared)
    }

    /// The code of a declared function.
    pub fn define_func(&mut self, id: FuncId, code: Code) {
        if let Some(def) = self.funcs.get_mut(id.0 as usize) {
            def.kind = FuncKind::Defined(code);
        }
    }

    /// Declares and defines a function by its shape; `body` writes the code.
    pub fn func(
        &mut self,
        name: &str,
        params: &[Val],
        results: &[Val],
        body: impl FnOnce(&mut Self, &mut Code),
    ) -> FuncId {
        let ty = self.func_type(params, results);
        let id = self.declare_func(name, ty);
        let mut code = Code::new(params);
        body(self, &mut code);
        self.define_func(id, code);
        id
    }

    /// Offers a function to the host.
    pub fn export(&mut self, name: &str, func: FuncId) {
        self.exports.insert(name.into(), func);
    }

    fn push_func(&mut self, name: &str, ty: TypeId, kind: FuncKind) -> FuncId {
        self.funcs.push(FuncDef { name: name.into(), ty, kind });
        FuncId(index(self.funcs.len() - 1))
    }

    fn push_global(&mut self, name: &str, val: Val, kind: GlobalKind) -> GlobalId {
        self.globals.push(GlobalDef { name: name.into(), val, kind });
        GlobalId(index(self.globals.len() - 1))
    }
}
