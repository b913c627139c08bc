//! Names where a value is expected.

use ecow::EcoString;
use tova_diagnostics::{Diagnostic, closest, codes};
use tova_source::Span;
use tova_syntax::ast::{Expr, NodeId};

use crate::ctx::{Checker, Sym};
use crate::tables::{Place, Res, TypeId, TypeKind};
use crate::types::{Ty, TyKind};

impl<'a> Checker<'a> {
    pub(super) fn name(&mut self, expr: &'a Expr, name: &EcoString) -> Ty {
        match self.lookup(name) {
            Some(sym) => self.symbol(expr.id, expr.span, name, &sym),
            None => self.library_name(expr, name),
        }
    }

    fn symbol(&mut self, id: NodeId, span: Span, name: &EcoString, sym: &Sym) -> Ty {
        match sym {
            Sym::Local(var) => {
                self.touch_var(*var);
                self.set_name(id, Res::Local(*var));
                let key = crate::narrow::local_key(*var);
                self.narrowed_type(&key).unwrap_or_else(|| self.var(*var).ty)
            }
            Sym::Global(global) => {
                self.set_name(id, Res::Global(*global));
                let ty = self.global_type(*global);
                let key = ecow::eco_format!("g{}", global.0);
                self.narrowed_type(&key).unwrap_or(ty)
            }
            Sym::Fn(function) => {
                self.set_name(id, Res::Fn(*function));
                let (params, ret) = self.instantiate(*function, id);
                self.ty(TyKind::Fn(params, ret))
            }
            Sym::Variant(ty, index) => {
                self.set_name(id, Res::Variant(*ty, *index));
                let (fields, ty) = self.instantiate_variant(*ty, *index, id);
                if fields.is_empty() { ty } else { self.ty(TyKind::Fn(fields, ty)) }
            }
            Sym::Type(ty) => {
                self.set_name(id, Res::Record(*ty));
                match self.instantiate_record(*ty, id) {
                    Some((fields, ty)) => self.ty(TyKind::Fn(fields.into_iter().map(|(_, ty)| ty).collect(), ty)),
                    None => self.not_a_value(span, name, "a type"),
                }
            }
            Sym::Component(component) => {
                self.set_name(id, Res::Component(*component));
                self.ensure_component(*component);
                let props = self.component_props(*component);
                let view = self.well_known.view;
                self.ty(TyKind::Fn(props, view))
            }
            Sym::Model(_) => self.not_a_value(span, name, "a model: use its functions, such as `all()`"),
            Sym::Store(_) => self.not_a_value(span, name, "a store: use its members"),
            Sym::Servers(_) => self.not_a_value(span, name, "a server: call its functions"),
            Sym::Next => {
                self.set_name(id, Res::Next);
                let request = self.handle("Request");
                let reply = self.handle("Reply");
                self.ty(TyKind::Fn(vec![request], reply))
            }
        }
    }

    fn not_a_value(&mut self, span: Span, name: &EcoString, what: &str) -> Ty {
        self.report(Diagnostic::error(codes::E0205, span, format!("`{name}` is not a value, it is {what}")));
        self.well_known.error
    }

    /// A declared handle type of the library.
    pub(crate) fn handle(&mut self, name: &str) -> Ty {
        let found = self.out.type_decls.iter().position(|decl| decl.name == name);
        match found {
            Some(index) => {
                let id = TypeId(u32::try_from(index).unwrap_or(u32::MAX));
                self.ty(TyKind::Named(id, Vec::new()))
            }
            None => self.well_known.error,
        }
    }

    /// A variant's field types and its enum's type for one use.
    pub(crate) fn instantiate_variant(&mut self, id: TypeId, index: u32, node: NodeId) -> (Vec<Ty>, Ty) {
        let count = self.type_info(id).params;
        let args: Vec<Ty> = (0..count).map(|_| self.fresh()).collect();
        let fields = match &self.type_info(id).kind {
            TypeKind::Enum(variants) => variants
                .get_index(index as usize)
                .map(|(_, fields)| fields.iter().map(|(_, ty)| *ty).collect::<Vec<_>>())
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        let fields = fields.into_iter().map(|ty| self.substitute(ty, &args)).collect();
        if count > 0 {
            self.out.instances.insert(node, args.clone());
        }
        (fields, self.ty(TyKind::Named(id, args)))
    }

    /// A record type's fields and the type for one use.
    pub(crate) fn instantiate_record(&mut self, id: TypeId, node: NodeId) -> Option<(Vec<(EcoString, Ty)>, Ty)> {
        let TypeKind::Record(_) = self.type_info(id).kind else { return None };
        let count = self.type_info(id).params;
        let args: Vec<Ty> = (0..count).map(|_| self.fresh()).collect();
        if count > 0 {
            self.out.instances.insert(node, args.clone());
        }
        let ty = self.ty(TyKind::Named(id, args));
        Some((self.record_fields(ty)?, ty))
    }

    fn library_name(&mut self, expr: &'a Expr, name: &EcoString) -> Ty {
        match name.as_str() {
            "None" => {
                self.set_name(expr.id, Res::NoneOf);
                let inner = self.fresh();
                return self.ty(TyKind::Option(inner));
            }
            "Some" => {
                self.set_name(expr.id, Res::SomeOf);
                let inner = self.fresh();
                let option = self.ty(TyKind::Option(inner));
                return self.ty(TyKind::Fn(vec![inner], option));
            }
            _ => {}
        }
        let candidates = self.free_library_fns(name);
        if let [only] = candidates.as_slice() {
            let only = *only;
            self.set_name(expr.id, Res::Fn(only));
            let (params, ret) = self.instantiate(only, expr.id);
            return self.ty(TyKind::Fn(params, ret));
        }
        if candidates.is_empty() {
            return self.unknown_name(expr.id, expr.span, name);
        }
        // As a value, a function of many receivers is taken by the first parameter that its use decides: the list's.
        let first = candidates.first().copied().expect("there are candidates");
        self.set_name(expr.id, Res::Fn(first));
        let (params, ret) = self.instantiate(first, expr.id);
        self.ty(TyKind::Fn(params, ret))
    }

    /// Library functions that a name without a receiver may mean: in tests, those of tests come first.
    pub(crate) fn free_library_fns(&self, name: &EcoString) -> Vec<crate::tables::FnIdx> {
        let of_tests = self.test_library.get(name).filter(|_| self.in_test);
        of_tests.cloned().unwrap_or_else(|| self.library_fns(name))
    }

    /// Library functions of that name; names of several words may be written in either way.
    pub(crate) fn library_fns(&self, name: &EcoString) -> Vec<crate::tables::FnIdx> {
        let found = self.library.get(name).or_else(|| self.library.get(&camel_case(name)));
        found.cloned().unwrap_or_default()
    }

    pub(crate) fn unknown_name(&mut self, id: NodeId, span: Span, name: &EcoString) -> Ty {
        self.set_name(id, Res::Error);
        if let Some(diagnostic) = self.wrong_place(span, name) {
            self.report(diagnostic);
            return self.well_known.error;
        }
        let names = self.names_in_scope();
        let mut diagnostic = Diagnostic::error(codes::E0201, span, format!("`{name}` is not defined"));
        if let Some(similar) = closest(name, names.iter().map(EcoString::as_str)) {
            diagnostic =
                diagnostic.help(format!("did you mean `{similar}`?")).fix(format!("write `{similar}`"), span, similar);
        } else {
            diagnostic = diagnostic.help(format!("declare it first: `{name} = …`"));
        }
        self.report(diagnostic);
        self.well_known.error
    }

    /// The message for a name that exists on another side of the program.
    fn wrong_place(&self, span: Span, name: &EcoString) -> Option<Diagnostic> {
        let here = self.place;
        let server = self
            .servers
            .iter()
            .zip(0u32..)
            .find(|(names, index)| here != Place::Server(*index) && names.symbols.contains_key(name));
        if let Some((names, index)) = server {
            let (sym, declared) = names.symbols.get(name)?;
            let server = self.out.servers.get(index as usize)?;
            let block = server.name.as_ref().map_or_else(|| "server".to_owned(), |name| format!("server \"{name}\""));
            let diagnostic =
                Diagnostic::error(codes::E0701, span, format!("`{name}` lives in `{block}` and cannot be used here"))
                    .also(*declared, "declared here");
            return Some(match (sym, here) {
                (Sym::Fn(_), Place::Client) => diagnostic
                    .help(format!("call it over the wire: `server.{name}(…)`"))
                    .fix("call it over the wire", span, format!("server.{name}")),
                _ => diagnostic.help("move what both sides need into `shared { … }`"),
            });
        }
        if let (true, Some((Sym::Servers(_), declared))) = (self.in_test, self.client.symbols.get(name)) {
            return Some(
                Diagnostic::error(codes::E0701, span, format!("`{name}` is another server than the one of this test"))
                    .also(*declared, "declared here")
                    .help("a test runs within one server: test the other one in a test of its own"),
            );
        }
        if here != Place::Client
            && let Some((_, declared)) = self.client.symbols.get(name)
        {
            return Some(
                Diagnostic::error(codes::E0701, span, format!("`{name}` lives in the client and cannot be used here"))
                    .also(*declared, "declared here")
                    .help("move what both sides need into `shared { … }`"),
            );
        }
        None
    }
}

/// `group_by` as `groupBy`.
pub(crate) fn camel_case(name: &str) -> EcoString {
    let mut out = EcoString::new();
    let mut upper = false;
    for character in name.chars() {
        if character == '_' && !out.is_empty() {
            upper = true;
        } else if upper {
            out.extend(character.to_uppercase());
            upper = false;
        } else {
            out.push(character);
        }
    }
    out
}
