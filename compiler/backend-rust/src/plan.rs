//! What one crate contains: the functions, globals and types that its roots reach, and which abilities each type needs there.

use std::collections::{BTreeMap, BTreeSet};

use tova_ir::{
    ArgSource, EnumId, EnumKind, Expr, ExprKind, FnId, Function, GlobalId, Middleware, ModelId, Place, PlaceRoot,
    PlaceStep, Prim, Program, Query, Record, RecordId, ReplyKind, Server, Type, walk,
};

use crate::columns;
use crate::intrinsic;
use crate::operands;

/// What values of a type have to be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ability {
    /// To be shown as text.
    Show,
    /// To be written as JSON.
    ToJson,
    /// To be made from dynamic data.
    FromAny,
    /// To become dynamic data.
    ToAny,
    /// To be a key.
    Key,
}

/// A record or an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DataId {
    Record(RecordId),
    Enum(EnumId),
}

/// What a crate contains.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) functions: BTreeSet<FnId>,
    pub(crate) globals: BTreeSet<GlobalId>,
    pub(crate) models: BTreeSet<ModelId>,
    pub(crate) data: BTreeSet<DataId>,
    pub(crate) abilities: BTreeSet<(DataId, Ability)>,
    /// Variants that something makes.
    pub(crate) made: BTreeSet<(EnumId, u32)>,
    /// Functions whose rows an endpoint writes as JSON without making records of them.
    pub(crate) written: BTreeSet<FnId>,
    /// The models of these rows.
    pub(crate) written_models: BTreeSet<ModelId>,
    /// Models whose rows become records.
    pub(crate) read_models: BTreeSet<ModelId>,
    /// Intrinsics that something uses.
    pub(crate) intrinsics: BTreeSet<String>,
    /// Globals that are read.
    pub(crate) read_globals: BTreeSet<GlobalId>,
    /// Whether something reads or sets fields that middleware adds to requests.
    pub(crate) uses_request_fields: bool,
}

impl Plan {
    /// The plan of a server's crate.
    pub(crate) fn of_server(program: &Program, server: &Server) -> Self {
        Self::of_tests(program, Some(server), &[])
    }

    /// The plan of a crate of tests, which may run within a server.
    pub(crate) fn of_tests(program: &Program, server: Option<&Server>, tests: &[FnId]) -> Self {
        let mut reach = Reach { program, plan: Self::default(), queue: Vec::new() };
        if let Some(server) = server {
            reach.server(server);
        }
        tests.iter().for_each(|test| reach.function(*test));
        reach.finish()
    }

    /// The plan of a script's crate.
    pub(crate) fn of_script(program: &Program, script: FnId) -> Self {
        Self::of_tests(program, None, &[script])
    }

    /// Whether values of the type need the ability.
    pub(crate) fn needs(&self, data: DataId, ability: Ability) -> bool {
        self.abilities.contains(&(data, ability))
    }
}

struct Reach<'a> {
    program: &'a Program,
    plan: Plan,
    queue: Vec<FnId>,
}

impl<'a> Reach<'a> {
    /// Everything that a server consists of.
    fn server(&mut self, server: &'a Server) {
        let (program, reach) = (self.program, self);
        let guards = server.routes.iter().flat_map(|route| &route.guards);
        let guards = guards.chain(server.sockets.iter().flat_map(|socket| &socket.guards));
        let middleware = server.middleware.iter().chain(guards);
        for Middleware { function, .. } in middleware {
            reach.function(*function);
            if let Some(function) = reach.get(*function) {
                reach.able(&function.ret, Ability::ToJson);
            }
        }
        for route in &server.routes {
            let Some(handler) = reach.get(route.handler) else { continue };
            reach.handler(route.handler, route.reply);
            for (source, param) in route.args.iter().zip(&handler.params) {
                if let ArgSource::Named { default: Some(default), .. } = source {
                    reach.function(*default);
                }
                if !matches!(source, ArgSource::Request | ArgSource::Response)
                    && let Some(local) = handler.locals.get(param.0 as usize)
                {
                    reach.able(&local.ty, Ability::FromAny);
                }
            }
        }
        for rpc in server.rpcs.iter().filter_map(|rpc| program.rpcs.get(rpc.0 as usize)) {
            reach.handler(rpc.function, rpc.reply);
            for param in &rpc.params {
                reach.able(&param.ty, Ability::FromAny);
            }
        }
        let others = server.sockets.iter().map(|socket| socket.handler).chain(server.start).chain(server.on_error);
        for function in others.chain(server.db.as_ref().and_then(|db| db.target)) {
            reach.function(function);
        }
        for global in &server.globals {
            reach.init(*global);
        }
        if let Some(on_error) = server.on_error.and_then(|id| reach.get(id)) {
            reach.able(&on_error.ret, Ability::ToJson);
        }
        for field in &server.request_fields {
            reach.ty(&field.ty);
        }
    }

    fn get(&self, id: FnId) -> Option<&'a Function> {
        self.program.functions.get(id.0 as usize)
    }

    fn finish(mut self) -> Plan {
        self.drain();
        self.plan
    }

    fn drain(&mut self) {
        while let Some(id) = self.queue.pop() {
            if let Some(function) = self.get(id) {
                self.body(function);
            }
        }
    }

    /// The handler of an endpoint, with what its reply needs.
    fn handler(&mut self, id: FnId, reply: ReplyKind) {
        let Some(function) = self.get(id) else { return };
        let Some((model, query)) = written_rows(self.program, function).filter(|_| reply == ReplyKind::Value) else {
            self.function(id);
            return self.able(&function.ret, Ability::ToJson);
        };
        self.plan.written.insert(id);
        self.plan.written_models.insert(model);
        for param in &function.params {
            if let Some(local) = function.locals.get(param.0 as usize) {
                self.ty(&local.ty);
            }
        }
        for value in operands::values_of(query) {
            walk::each_expr(value, &mut |expr| self.expr(expr));
        }
    }

    fn function(&mut self, id: FnId) {
        if self.plan.functions.insert(id) {
            self.queue.push(id);
        }
    }

    fn global(&mut self, id: GlobalId) {
        if self.plan.globals.insert(id)
            && let Some(global) = self.program.globals.get(id.0 as usize)
        {
            self.function(global.init);
            self.ty(&global.ty);
        }
    }

    /// The place where a global gets its first value: it counts if computing that does something.
    fn init(&mut self, id: GlobalId) {
        let init = self.program.globals.get(id.0 as usize).and_then(|global| self.get(global.init));
        if init.is_some_and(|init| acts(&init.body)) {
            self.global(id);
        }
    }

    fn body(&mut self, function: &'a Function) {
        self.ty(&function.ret);
        for local in &function.locals {
            self.ty(&local.ty);
        }
        walk::each_expr(&function.body, &mut |expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &'a Expr) {
        self.ty(&expr.ty);
        match &expr.kind {
            ExprKind::Call { function, .. } | ExprKind::FnValue(function) => self.function(*function),
            ExprKind::Global(global) => {
                self.plan.read_globals.insert(*global);
                self.global(*global);
            }
            ExprKind::Init(global) => self.init(*global),
            ExprKind::Assign { place, .. } => self.place(place),
            ExprKind::Update { place, name, .. } => {
                self.plan.intrinsics.insert(name.to_string());
                self.place(place);
            }
            ExprKind::Intrinsic { name, args } => self.intrinsic(name, args, &expr.ty),
            ExprKind::Display(inner) => self.able(&inner.ty, Ability::Show),
            ExprKind::ToAny(inner) => self.able(&inner.ty, Ability::ToAny),
            ExprKind::FromAny(_) => self.able(&expr.ty, Ability::FromAny),
            ExprKind::Variant { enum_, variant, .. } => {
                self.plan.made.insert((*enum_, *variant));
            }
            ExprKind::Query { model, query } => {
                self.model(*model);
                if !matches!(query, Query::Delete(_) | Query::Count(_)) {
                    self.plan.read_models.insert(*model);
                }
            }
            ExprKind::RequestField { .. } | ExprKind::SetRequestField { .. } => self.plan.uses_request_fields = true,
            ExprKind::Rpc { rpc, .. } => {
                if let Some(rpc) = self.program.rpcs.get(rpc.0 as usize) {
                    self.function(rpc.function);
                }
            }
            _ => {}
        }
    }

    fn place(&mut self, place: &Place) {
        if let PlaceRoot::Global(global) = place.root {
            self.global(global);
            if !place.path.is_empty() {
                self.plan.read_globals.insert(global);
            }
        }
        if place.path.iter().any(|step| matches!(step, PlaceStep::Key(_))) {
            for step in &place.path {
                if let PlaceStep::Key(key) = step {
                    self.able(&key.ty, Ability::Show);
                }
            }
        }
    }

    fn intrinsic(&mut self, name: &str, args: &[Expr], ty: &Type) {
        self.plan.intrinsics.insert(name.to_owned());
        match intrinsic::needs(name) {
            intrinsic::Needs::Nothing => {}
            intrinsic::Needs::OfResult(ability) => self.able(ty, ability),
            intrinsic::Needs::OfArguments(ability) => args.iter().for_each(|arg| {
                let shown = if let ExprKind::ToAny(inner) = &arg.kind { inner } else { arg };
                self.able(&shown.ty, ability);
            }),
        }
    }

    fn model(&mut self, id: ModelId) {
        let Some(model) = self.program.models.get(id.0 as usize) else { return };
        if !self.plan.models.insert(id) {
            return;
        }
        self.ty(&Type::Record(model.record));
        for column in model.columns.iter().filter(|column| columns::is_json(&column.ty)) {
            self.able(&column.ty, Ability::ToJson);
            self.able(&column.ty, Ability::FromAny);
        }
    }

    /// The type is mentioned.
    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::List(item) | Type::Option(item) => self.ty(item),
            Type::Set(item) => {
                self.ty(item);
                self.able(item, Ability::Key);
            }
            Type::Map(key, value) => {
                self.ty(key);
                self.ty(value);
                self.able(key, Ability::Key);
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.ty(item)),
            Type::Fn(function) => {
                function.params.iter().for_each(|param| self.ty(param));
                self.ty(&function.ret);
            }
            Type::Record(id) => {
                if self.plan.data.insert(DataId::Record(*id)) {
                    self.fields(DataId::Record(*id)).iter().for_each(|field| self.ty(field));
                }
            }
            Type::Enum(id) => {
                if self.plan.data.insert(DataId::Enum(*id)) {
                    self.fields(DataId::Enum(*id)).iter().for_each(|field| self.ty(field));
                }
            }
            Type::Unit
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Str
            | Type::Any
            | Type::Duration
            | Type::Size
            | Type::Handle(_)
            | Type::View => {}
        }
    }

    /// Values of the type need the ability.
    fn able(&mut self, ty: &Type, ability: Ability) {
        match ty {
            Type::List(item) | Type::Option(item) | Type::Set(item) => self.able(item, ability),
            Type::Map(key, value) => {
                let of_key = if matches!(ability, Ability::ToJson | Ability::ToAny) { Ability::Show } else { ability };
                self.able(key, of_key);
                self.able(value, ability);
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.able(item, ability)),
            Type::Record(id) => self.data_able(DataId::Record(*id), ty, ability),
            Type::Enum(id) => self.data_able(DataId::Enum(*id), ty, ability),
            Type::Unit
            | Type::Never
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Str
            | Type::Any
            | Type::Duration
            | Type::Size
            | Type::Handle(_)
            | Type::View
            | Type::Fn(_) => {}
        }
    }

    fn data_able(&mut self, data: DataId, ty: &Type, ability: Ability) {
        self.ty(ty);
        if self.plan.abilities.insert((data, ability)) {
            self.fields(data).iter().for_each(|field| self.able(field, ability));
        }
    }

    fn fields(&self, data: DataId) -> Vec<Type> {
        fields_of(self.program, data)
    }
}

/// Whether evaluating an expression does something, or depends on when it is done.
pub(crate) fn acts(expr: &Expr) -> bool {
    let mut found = false;
    walk::each_expr(expr, &mut |expr| {
        found |= match &expr.kind {
            ExprKind::Call { .. } | ExprKind::CallValue { .. } | ExprKind::Query { .. } | ExprKind::Rpc { .. } => true,
            ExprKind::Throw(_) | ExprKind::FromAny(_) | ExprKind::Init(_) => true,
            ExprKind::Intrinsic { name, .. } => intrinsic::acts(name),
            // These can be run-time errors, which belong where the program says.
            ExprKind::Prim { op, .. } => matches!(
                op,
                Prim::ListGet
                    | Prim::StrGet
                    | Prim::Unwrap
                    | Prim::Add
                    | Prim::Sub
                    | Prim::Mul
                    | Prim::Rem
                    | Prim::Pow
                    | Prim::Neg
            ),
            ExprKind::Update { place, .. } | ExprKind::Assign { place, .. } => {
                matches!(place.root, PlaceRoot::Global(_))
            }
            _ => false,
        };
    });
    found
}

/// The statement of a function that does nothing but give all rows that it finds.
pub(crate) fn written_rows<'a>(program: &Program, function: &'a Function) -> Option<(ModelId, &'a Query)> {
    let mut body = &function.body;
    while let ExprKind::Block(exprs) = &body.kind
        && let [only] = exprs.as_slice()
    {
        body = only;
    }
    let ExprKind::Query { model, query: query @ (Query::All | Query::Where(_)) } = &body.kind else { return None };
    let record = program.models.get(model.0 as usize)?.record;
    (function.ret == Type::list(Type::Record(record)) && !function.effects.is_async).then_some((*model, query))
}

/// The types of all fields, of all variants.
pub(crate) fn fields_of(program: &Program, data: DataId) -> Vec<Type> {
    match data {
        DataId::Record(id) => program.records.get(id.0 as usize).map(field_types).unwrap_or_default(),
        DataId::Enum(id) => {
            let variants = program.enums.get(id.0 as usize).into_iter().flat_map(|enum_| &enum_.variants);
            variants.flat_map(|variant| variant.fields.iter().map(|field| field.ty.clone())).collect()
        }
    }
}

fn field_types(record: &Record) -> Vec<Type> {
    record.fields.iter().map(|field| field.ty.clone()).collect()
}

/// The fields through which a type contains itself, by type, variant (0 for records) and field: kept behind a pointer.
pub(crate) fn recursive_fields(program: &Program, data: &BTreeSet<DataId>) -> BTreeSet<(DataId, usize, usize)> {
    let direct: BTreeMap<DataId, BTreeSet<DataId>> = data.iter().map(|id| (*id, contained(program, *id))).collect();
    let reaches = |from: DataId, to: DataId| {
        let mut seen = BTreeSet::new();
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at) {
                queue.extend(direct.get(&at).into_iter().flatten());
            }
        }
        false
    };
    let mut found = BTreeSet::new();
    for id in data {
        for (variant, fields) in variants_of(program, *id).into_iter().enumerate() {
            for (index, ty) in fields.iter().enumerate() {
                let mut parts = BTreeSet::new();
                inline_parts(ty, program, &mut parts);
                if parts.into_iter().any(|part| reaches(part, *id)) {
                    found.insert((*id, variant, index));
                }
            }
        }
    }
    found
}

fn variants_of(program: &Program, data: DataId) -> Vec<Vec<Type>> {
    match data {
        DataId::Record(id) => program.records.get(id.0 as usize).map(field_types).into_iter().collect(),
        DataId::Enum(id) => {
            let variants = program.enums.get(id.0 as usize).into_iter().flat_map(|enum_| &enum_.variants);
            variants.map(|variant| variant.fields.iter().map(|field| field.ty.clone()).collect()).collect()
        }
    }
}

fn contained(program: &Program, data: DataId) -> BTreeSet<DataId> {
    let mut parts = BTreeSet::new();
    for ty in fields_of(program, data) {
        inline_parts(&ty, program, &mut parts);
    }
    parts
}

/// The records and enums that lie in a value of the type without a pointer in between.
fn inline_parts(ty: &Type, program: &Program, parts: &mut BTreeSet<DataId>) {
    match ty {
        Type::Option(item) => inline_parts(item, program, parts),
        Type::Tuple(items) => items.iter().for_each(|item| inline_parts(item, program, parts)),
        Type::Record(id) => {
            parts.insert(DataId::Record(*id));
        }
        Type::Enum(id) => {
            // A `Result` is Rust's own, so its parts lie in the value itself.
            match program.enums.get(id.0 as usize) {
                Some(enum_) if enum_.kind == EnumKind::Result => {
                    for field in enum_.variants.iter().flat_map(|variant| &variant.fields) {
                        inline_parts(&field.ty, program, parts);
                    }
                }
                _ => {
                    parts.insert(DataId::Enum(*id));
                }
            }
        }
        Type::Unit
        | Type::Never
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Str
        | Type::Any
        | Type::Duration
        | Type::Size
        | Type::List(_)
        | Type::Map(..)
        | Type::Set(_)
        | Type::Fn(_)
        | Type::Handle(_)
        | Type::View => {}
    }
}
