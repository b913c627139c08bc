//! What there is to say about a symbol: its declaration as one line, its documentation, where it is declared.

use ecow::EcoString;
use gen_lsp_types as lsp;
use tova_check::tables::{
    FnInfo, GlobalInfo, GlobalKind, Place, QueryOp, TypeId, TypeInfo, TypeKind, VarId, VarInfo, VarKind,
};
use tova_check::types::Ty;
use tova_source::Span;
use tova_syntax::ast::{Param, PatternKind, TypeBody};

use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};

impl<'a> Snapshot<'a> {
    pub(crate) fn var(&self, id: VarId) -> Option<&'a VarInfo> {
        self.checked.locals.get(id.0 as usize)
    }

    pub(crate) fn type_info(&self, id: TypeId) -> Option<&'a TypeInfo<'a>> {
        self.checked.type_decls.get(id.0 as usize)
    }

    pub(crate) fn function(&self, id: tova_check::tables::FnIdx) -> Option<&'a FnInfo<'a>> {
        self.checked.fns.get(id.0 as usize)
    }

    /// The declaration of a symbol as one line of code, or a few.
    pub(crate) fn signature(&self, symbol: &Symbol) -> Option<String> {
        Some(match symbol {
            Symbol::Local(id) => self.variable(self.var(*id)?),
            Symbol::Global(id) => self.global(self.checked.globals.get(id.0 as usize)?),
            Symbol::Fn(id) => self.function_line(self.function(*id)?),
            Symbol::Type(id) => self.type_text(self.type_info(*id)?),
            Symbol::Variant(id, index) => self.variant(*id, *index)?,
            Symbol::Field(id, name) => {
                let info = self.type_info(*id)?;
                format!("{}.{name}: {}", info.name, self.show(self.field_type(*id, name)?))
            }
            Symbol::VariantField(id, variant, index) => {
                let TypeKind::Enum(variants) = &self.type_info(*id)?.kind else { return None };
                let (name, fields) = variants.get_index(*variant as usize)?;
                let (field, ty) = fields.get(*index as usize)?;
                format!("{name}.{field}: {}", self.show(*ty))
            }
            Symbol::TypeParam(_, name) => format!("type parameter {name}"),
            Symbol::Component(id) => self.component(self.checked.components.get(id.0 as usize)?),
            Symbol::Store(name) => format!("store {name}"),
            Symbol::Middleware(_) => {
                let defined = self.definitions(symbol).into_iter().next()?;
                format!("middleware {}", self.text(defined))
            }
            Symbol::Server(Some(name)) => format!("server \"{name}\""),
            Symbol::Server(None) => "server".to_owned(),
            Symbol::RequestField(server, name) => {
                let server = self.checked.servers.get(*server as usize)?;
                format!("Request.{name}: {}", self.show(*server.request_fields.get(name)?))
            }
            Symbol::Namespace(name) => name.to_string(),
            Symbol::Query(operation) => query(*operation).0.to_owned(),
        })
    }

    fn variable(&self, info: &VarInfo) -> String {
        let word = match info.kind {
            VarKind::Binding if info.mutable => "mut ",
            VarKind::State => "state ",
            VarKind::Computed => "computed ",
            VarKind::Binding | VarKind::Param | VarKind::Prop | VarKind::View => "",
        };
        format!("{word}{}: {}", info.name, self.show(info.ty))
    }

    fn global(&self, info: &GlobalInfo<'_>) -> String {
        let word = match info.kind {
            GlobalKind::Const => "",
            GlobalKind::Mut => "mut ",
            GlobalKind::State => "state ",
            GlobalKind::Computed => "computed ",
        };
        format!("{word}{}: {}", info.name, self.show(info.ty))
    }

    /// `fn f(a: Int, b: String = "") -> Bool`, with the types that were found out.
    pub(crate) fn function_line(&self, info: &FnInfo<'_>) -> String {
        let mut line = String::from("fn ");
        line.push_str(&info.name);
        if !info.decl.type_params.is_empty() {
            let names: Vec<&str> = info.decl.type_params.iter().map(|param| param.name.as_str()).collect();
            line.push_str(&format!("<{}>", names.join(", ")));
        }
        line.push_str(&format!("({})", self.parameters(info).join(", ")));
        if let Some(ret) = self.result(info) {
            line.push_str(&format!(" -> {ret}"));
        }
        line
    }

    /// The parameters of a function, as they are shown.
    pub(crate) fn parameters(&self, info: &FnInfo<'_>) -> Vec<String> {
        let types = info.params.iter().map(|ty| Some(*ty)).chain(std::iter::repeat(None));
        info.decl.params.iter().zip(types).map(|(param, ty)| self.parameter(param, ty)).collect()
    }

    fn parameter(&self, param: &Param, ty: Option<Ty>) -> String {
        let name = self.text(param.pattern.span);
        if name == "self" {
            return name.to_owned();
        }
        let rest = if param.rest.is_some() { "..." } else { "" };
        let ty = match (&param.ty, ty) {
            (Some(written), _) => format!(": {}", self.text(written.span)),
            (None, Some(ty)) => format!(": {}", self.show(ty)),
            (None, None) => String::new(),
        };
        let default = param.default.as_ref().map_or_else(String::new, |value| format!(" = {}", self.text(value.span)));
        format!("{rest}{name}{ty}{default}")
    }

    /// The result of a function; none if it gives nothing.
    pub(crate) fn result(&self, info: &FnInfo<'_>) -> Option<String> {
        if let Some(written) = &info.decl.ret {
            return Some(self.text(written.span).to_owned());
        }
        let shown = self.show(info.ret);
        // A function of the library says what it gives; what it does not say is nothing.
        (!info.std && shown != "nil").then_some(shown)
    }

    fn type_text(&self, info: &TypeInfo<'_>) -> String {
        let params = info.decl.map_or(&[][..], |decl| &decl.params);
        let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
        let params = if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) };
        let lines = |lines: Vec<String>| match lines.as_slice() {
            [] => " {}".to_owned(),
            lines => format!(" {{\n  {}\n}}", lines.join("\n  ")),
        };
        let body = match &info.kind {
            TypeKind::Record(fields) => {
                lines(fields.iter().map(|(name, ty)| format!("{name}: {}", self.show(*ty))).collect())
            }
            TypeKind::Handle(fields) => {
                lines(fields.iter().map(|(name, (ty, _))| format!("{name}: {}", self.show(*ty))).collect())
            }
            TypeKind::Enum(variants) => {
                lines(variants.iter().map(|(name, fields)| self.variant_text(name, fields)).collect())
            }
            TypeKind::Alias(ty) => format!(" = {}", self.show(*ty)),
        };
        format!("type {}{params}{body}", info.name)
    }

    fn variant(&self, id: TypeId, index: u32) -> Option<String> {
        let info = self.type_info(id)?;
        let TypeKind::Enum(variants) = &info.kind else { return None };
        let (name, fields) = variants.get_index(index as usize)?;
        Some(format!("{}.{}", info.name, self.variant_text(name, fields)))
    }

    fn variant_text(&self, name: &str, fields: &[(EcoString, Ty)]) -> String {
        if fields.is_empty() {
            return name.to_owned();
        }
        let fields: Vec<String> = fields
            .iter()
            .map(|(field, ty)| {
                let named = !field.is_empty() && !field.starts_with(|c: char| c.is_ascii_digit() || c == '_');
                if named { format!("{field}: {}", self.show(*ty)) } else { self.show(*ty) }
            })
            .collect();
        format!("{name}({})", fields.join(", "))
    }

    /// The type of a field of a declared record or handle.
    pub(crate) fn field_type(&self, id: TypeId, name: &str) -> Option<Ty> {
        match &self.type_info(id)?.kind {
            TypeKind::Record(fields) => fields.get(name).copied(),
            TypeKind::Handle(fields) => fields.get(name).map(|(ty, _)| *ty),
            TypeKind::Enum(_) | TypeKind::Alias(_) => None,
        }
    }

    fn component(&self, info: &tova_check::tables::ComponentInfo<'_>) -> String {
        let props: Vec<String> = info
            .props
            .iter()
            .map(|prop| {
                let mark = if prop.optional { "?" } else { "" };
                format!("{}{mark}: {}", prop.name, self.show(prop.ty))
            })
            .collect();
        let props = if props.is_empty() { String::new() } else { format!("({})", props.join(", ")) };
        format!("component {}{props}", info.decl.name.name)
    }

    /// What the comment above a declaration says.
    pub(crate) fn docs(&self, symbol: &Symbol) -> Option<EcoString> {
        if let Some(docs) = self.index().docs.get(symbol) {
            return Some(docs.clone());
        }
        match symbol {
            Symbol::Fn(id) => self.function(*id)?.item.docs.clone(),
            Symbol::Type(id) => self.type_info(*id)?.docs.clone(),
            Symbol::Variant(id, index) => match &self.type_info(*id)?.decl?.body {
                TypeBody::Enum(variants, _) => variants.get(*index as usize)?.docs.clone(),
                _ => None,
            },
            Symbol::Field(id, name) => match &self.type_info(*id)?.decl?.body {
                TypeBody::Record(fields) => fields.iter().find(|field| field.name.name == *name)?.docs.clone(),
                _ => None,
            },
            Symbol::Query(operation) => Some(query(*operation).1.into()),
            Symbol::Server(None) => {
                Some("The program's servers: `server.f(…)` calls the function `f` over the wire.".into())
            }
            _ => None,
        }
    }

    /// The places that declare a symbol: in the program, else in the standard library.
    pub(crate) fn definitions(&self, symbol: &Symbol) -> Vec<Span> {
        let index = self.index();
        let own: Vec<Span> = index
            .of_symbol(symbol)
            .filter(|occurrence| occurrence.role == Role::Definition)
            .map(|occurrence| occurrence.span)
            .collect();
        if !own.is_empty() {
            return own;
        }
        let library = match symbol {
            Symbol::Fn(id) => self.function(*id).map(|info| info.decl.name.span),
            Symbol::Type(id) => self.type_info(*id).map(|info| info.span),
            Symbol::Local(id) => self.var(*id).map(|info| info.span),
            Symbol::Variant(id, index) => {
                self.type_info(*id).and_then(|info| info.decl).and_then(|decl| match &decl.body {
                    TypeBody::Enum(variants, _) => variants.get(*index as usize).map(|variant| variant.name.span),
                    _ => None,
                })
            }
            Symbol::Field(id, name) => {
                self.type_info(*id).and_then(|info| info.decl).and_then(|decl| match &decl.body {
                    TypeBody::Record(fields) => {
                        fields.iter().find(|field| field.name.name == *name).map(|field| field.name.span)
                    }
                    _ => None,
                })
            }
            // A field of requests begins with the first middleware that sets it.
            Symbol::RequestField(..) => {
                index.of_symbol(symbol).find(|place| place.role == Role::Write).map(|place| place.span)
            }
            _ => None,
        };
        library.into_iter().collect()
    }

    /// The type of what a symbol stands for.
    pub(crate) fn type_of(&self, symbol: &Symbol) -> Option<Ty> {
        match symbol {
            Symbol::Local(id) => self.var(*id).map(|info| info.ty),
            Symbol::Global(id) => self.checked.globals.get(id.0 as usize).map(|info| info.ty),
            Symbol::Fn(id) => self.function(*id).map(|info| info.ret),
            Symbol::Field(id, name) => self.field_type(*id, name),
            _ => None,
        }
    }

    /// What kind of symbol it is, for lists.
    pub(crate) fn kind(&self, symbol: &Symbol) -> lsp::SymbolKind {
        match symbol {
            Symbol::Local(_) | Symbol::RequestField(..) => lsp::SymbolKind::Variable,
            Symbol::Global(id) => match self.checked.globals.get(id.0 as usize).map(|info| info.kind) {
                Some(GlobalKind::Const) => lsp::SymbolKind::Constant,
                _ => lsp::SymbolKind::Variable,
            },
            Symbol::Fn(id) => {
                let method = self.function(*id).is_some_and(|info| info.name.contains('.'));
                if method { lsp::SymbolKind::Method } else { lsp::SymbolKind::Function }
            }
            Symbol::Type(id) => match self.type_info(*id).map(|info| &info.kind) {
                Some(TypeKind::Enum(_)) => lsp::SymbolKind::Enum,
                Some(TypeKind::Handle(_)) => lsp::SymbolKind::Class,
                _ => lsp::SymbolKind::Struct,
            },
            Symbol::Variant(..) => lsp::SymbolKind::EnumMember,
            Symbol::Field(..) | Symbol::VariantField(..) => lsp::SymbolKind::Field,
            Symbol::TypeParam(..) => lsp::SymbolKind::TypeParameter,
            Symbol::Component(_) => lsp::SymbolKind::Class,
            Symbol::Store(_) => lsp::SymbolKind::Object,
            Symbol::Middleware(_) | Symbol::Query(_) => lsp::SymbolKind::Function,
            Symbol::Server(_) | Symbol::Namespace(_) => lsp::SymbolKind::Namespace,
        }
    }

    /// Where a function lives, if that is worth saying.
    pub(crate) fn home(&self, place: Place) -> Option<String> {
        match place {
            Place::Shared => None,
            Place::Client => Some("client".to_owned()),
            Place::Server(index) => Some(match &self.checked.servers.get(index as usize)?.name {
                Some(name) => format!("server \"{name}\""),
                None => "server".to_owned(),
            }),
        }
    }
}

/// The name of a variable that a parameter's pattern declares.
pub(crate) fn parameter_name(param: &Param) -> Option<&EcoString> {
    match &param.pattern.kind {
        PatternKind::Name(name) => Some(name),
        _ => None,
    }
}

/// A statement on a model, and what it does.
pub(crate) fn query(operation: QueryOp) -> (&'static str, &'static str) {
    match operation {
        QueryOp::All => ("all()", "All rows."),
        QueryOp::Find => ("find(id)", "The row with this id; nil if there is none."),
        QueryOp::FindBy => ("find_by({ column: value })", "The first row that fits; nil if there is none."),
        QueryOp::Where => (
            "where({ column: value })",
            "The rows that fit. A column's name may end in a comparison: `age_gt`, `age_lte`, `name_like`, `id_in`.",
        ),
        QueryOp::Create => ("create({ column: value })", "Adds a row and gives it back."),
        QueryOp::Update => ("update(id, { column: value })", "Changes columns of a row and gives it back."),
        QueryOp::Delete => ("delete(id)", "Removes a row."),
        QueryOp::Count => ("count()", "How many rows there are, or how many fit."),
    }
}
