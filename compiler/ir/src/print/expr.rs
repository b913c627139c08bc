//! Expressions as text: short ones on one line, those with blocks over several.

use super::Printer;
use crate::{Closure, Condition, Expr, ExprKind, ForIter, Literal, Place, PlaceRoot, PlaceStep, Query};

impl Printer<'_> {
    /// The statements of a block, one a line.
    pub(super) fn block(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Block(exprs) => exprs.iter().for_each(|e| self.statement(e)),
            _ => self.statement(expr),
        }
    }

    fn statement(&mut self, expr: &Expr) {
        let text = self.text(expr);
        for line in text.lines() {
            self.line(line);
        }
    }

    /// A nested block as text of several lines.
    fn braces(&mut self, expr: &Expr) -> String {
        let mut inner = Printer { program: self.program, out: String::new(), depth: 1, function: self.function };
        inner.block(expr);
        format!("{{\n{}}}", inner.out)
    }

    fn texts(&mut self, exprs: &[Expr]) -> String {
        exprs.iter().map(|e| self.text(e)).collect::<Vec<_>>().join(", ")
    }

    fn name_of(&self, id: crate::FnId) -> String {
        self.program.functions.get(id.0 as usize).map_or_else(|| "?".into(), |function| function.name.to_string())
    }

    /// An expression.
    pub(super) fn text(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Unit => "()".into(),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::Str(value) => format!("{value:?}"),
            ExprKind::Duration(ms) => format!("{ms}ms"),
            ExprKind::Size(bytes) => format!("{bytes}B"),
            ExprKind::Nil => "nil".into(),
            ExprKind::Some(value) => format!("some({})", self.text(value)),
            ExprKind::Local(id) => self.local(*id),
            ExprKind::Global(id) => self.global(*id),
            ExprKind::List(items) => format!("[{}]: {}", self.texts(items), self.ty(&expr.ty)),
            ExprKind::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{}: {}", self.text(key), self.text(value))).collect();
                format!("map{{{}}}", entries.join(", "))
            }
            ExprKind::Tuple(items) => format!("({})", self.texts(items)),
            ExprKind::Record { fields, .. } => format!("{}({})", self.ty(&expr.ty), self.texts(fields)),
            ExprKind::RecordUpdate { base, fields, .. } => {
                let fields: Vec<String> =
                    fields.iter().map(|(index, value)| format!("{index}: {}", self.text(value))).collect();
                format!("{} with {{{}}}", self.text(base), fields.join(", "))
            }
            ExprKind::Variant { enum_, variant, args } => {
                format!("{}({})", self.variant(*enum_, *variant), self.texts(args))
            }
            ExprKind::Field { object, index } => {
                let name = match object.ty {
                    crate::Type::Record(id) => {
                        let record = self.program.records.get(id.0 as usize);
                        record
                            .and_then(|record| record.fields.get(*index as usize))
                            .map_or_else(String::new, |field| field.name.to_string())
                    }
                    _ => index.to_string(),
                };
                format!("{}.{name}", self.text(object))
            }
            ExprKind::TupleField { object, index } => format!("{}.{index}", self.text(object)),
            ExprKind::IsVariant { object, enum_, variant } => {
                format!("{} is {}", self.text(object), self.variant(*enum_, *variant))
            }
            ExprKind::Prim { op, args } => format!("{op:?}({})", self.texts(args)),
            ExprKind::Intrinsic { name, args } => format!("{name}({})", self.texts(args)),
            ExprKind::Update { place, name, args } => format!("{}.{name}!({})", self.place(place), self.texts(args)),
            ExprKind::Call { function, args } => format!("{}({})", self.name_of(*function), self.texts(args)),
            ExprKind::CallValue { callee, args } => format!("call {}({})", self.text(callee), self.texts(args)),
            ExprKind::FnValue(function) => format!("fn {}", self.name_of(*function)),
            ExprKind::Closure(closure) => self.closure("fn", closure),
            ExprKind::Effect(closure) => self.closure("effect", closure),
            _ => self.action(expr),
        }
    }

    /// Conversions, declarations and updates.
    fn action(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Await(inner) => format!("await {}", self.text(inner)),
            ExprKind::Display(inner) => format!("display({})", self.text(inner)),
            ExprKind::Concat(parts) => format!("concat({})", self.texts(parts)),
            ExprKind::ToAny(inner) => format!("any({})", self.text(inner)),
            ExprKind::FromAny(inner) => format!("decode<{}>({})", self.ty(&expr.ty), self.text(inner)),
            ExprKind::Init(global) => format!("init {}", self.global(*global)),
            ExprKind::Let { local, value } => format!("let {} = {}", self.local(*local), self.text(value)),
            ExprKind::Assign { place, value } => format!("{} = {}", self.place(place), self.text(value)),
            ExprKind::Block(_) => self.braces(expr),
            _ => self.service(expr),
        }
    }

    /// Expressions of services and the page.
    fn service(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Rpc { rpc, args } => {
                let name = self.program.rpcs.get(rpc.0 as usize).map_or_else(|| "?".into(), |rpc| rpc.name.to_string());
                format!("rpc {name}({})", self.texts(args))
            }
            ExprKind::Query { model, query } => self.query(*model, query),
            ExprKind::RequestField { request, index } => format!("{}.field{index}", self.text(request)),
            ExprKind::SetRequestField { request, index, value } => {
                format!("{}.field{index} = {}", self.text(request), self.text(value))
            }
            ExprKind::View(view) => self.view(view),
            _ => self.control(expr),
        }
    }

    fn control(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::If { cond, then, else_ } => {
                let mut text = format!("if {} {}", self.text(cond), self.braces(then));
                if let Some(other) = else_ {
                    text += &match other.kind {
                        ExprKind::If { .. } => format!(" else {}", self.text(other)),
                        _ => format!(" else {}", self.braces(other)),
                    };
                }
                text
            }
            ExprKind::SwitchEnum { subject, enum_, cases, default } => {
                let mut text = format!("switch {} {{\n", self.text(subject));
                for case in cases {
                    let bindings: Vec<String> =
                        case.bindings.iter().map(|b| b.map_or_else(|| "_".into(), |b| self.local(b))).collect();
                    let name = self.variant(*enum_, case.variant);
                    text += &format!("{name}({}) {}\n", bindings.join(", "), self.braces(&case.body));
                }
                if let Some(default) = default {
                    text += &format!("default {}\n", self.braces(default));
                }
                text + "}"
            }
            ExprKind::SwitchOption { subject, binding, some, none } => {
                let binding = binding.map_or_else(|| "_".into(), |binding| self.local(binding));
                let subject = self.text(subject);
                format!("switch {subject} {{\nsome({binding}) {}\nnil {}\n}}", self.braces(some), self.braces(none))
            }
            ExprKind::SwitchLiteral { subject, cases, default } => {
                let mut text = format!("switch {} {{\n", self.text(subject));
                for (literal, body) in cases {
                    let literal = match literal {
                        Literal::Int(n) => n.to_string(),
                        Literal::Str(s) => format!("{s:?}"),
                        Literal::Bool(b) => b.to_string(),
                    };
                    text += &format!("{literal} {}\n", self.braces(body));
                }
                text + &format!("default {}\n}}", self.braces(default))
            }
            _ => self.jump(expr),
        }
    }

    /// Loops, and what leaves or catches.
    fn jump(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Labelled { label, body } => format!("block '{} {}", label.0, self.braces(body)),
            ExprKind::Loop { label, body } => format!("loop '{} {}", label.0, self.braces(body)),
            ExprKind::While { label, cond, body } => {
                format!("while '{} {} {}", label.0, self.text(cond), self.braces(body))
            }
            ExprKind::For { label, iter, body } => {
                format!("for '{} {} {}", label.0, self.iter(iter), self.braces(body))
            }
            ExprKind::Break { label, value } => match value {
                Some(value) => format!("break '{} {}", label.0, self.text(value)),
                None => format!("break '{}", label.0),
            },
            ExprKind::Continue(label) => format!("continue '{}", label.0),
            ExprKind::Return(value) => match value {
                Some(value) => format!("return {}", self.text(value)),
                None => "return".into(),
            },
            ExprKind::Throw(error) => format!("throw {}", self.text(error)),
            ExprKind::Try { body, error, handler, finally } => {
                let mut text = format!("try {}", self.braces(body));
                if let Some(handler) = handler {
                    let error = error.map_or_else(String::new, |error| format!(" {}", self.local(error)));
                    text += &format!(" catch{error} {}", self.braces(handler));
                }
                if let Some(finally) = finally {
                    text += &format!(" finally {}", self.braces(finally));
                }
                text
            }
            _ => "?".into(),
        }
    }

    fn iter(&mut self, iter: &ForIter) -> String {
        match iter {
            ForIter::Range { item, start, end, inclusive } => {
                let dots = if *inclusive { "..=" } else { ".." };
                format!("{} in {}{dots}{}", self.local(*item), self.text(start), self.text(end))
            }
            ForIter::Items { item, index, list } => {
                let index = index.map_or_else(String::new, |index| format!("{}, ", self.local(index)));
                format!("{index}{} in {}", self.local(*item), self.text(list))
            }
            ForIter::Entries { key, value, map } => {
                format!("{}, {} of {}", self.local(*key), self.local(*value), self.text(map))
            }
        }
    }

    fn closure(&mut self, word: &str, closure: &Closure) -> String {
        let list = |p: &Self, ids: &[crate::LocalId]| ids.iter().map(|id| p.local(*id)).collect::<Vec<_>>().join(", ");
        let captures =
            if closure.captures.is_empty() { String::new() } else { format!(" [{}]", list(self, &closure.captures)) };
        let effects = super::effects(closure.effects);
        format!("{word}({}){captures}{effects} {}", list(self, &closure.params), self.braces(&closure.body))
    }

    fn variant(&self, enum_: crate::EnumId, variant: u32) -> String {
        let variants = self.program.enums.get(enum_.0 as usize).map(|enum_| &enum_.variants);
        variants
            .and_then(|variants| variants.get(variant as usize))
            .map_or_else(|| "?".into(), |variant| variant.name.to_string())
    }

    fn global(&self, id: crate::GlobalId) -> String {
        self.program.globals.get(id.0 as usize).map_or_else(|| "?".into(), |global| format!("::{}", global.name))
    }

    fn place(&mut self, place: &Place) -> String {
        let mut text = match place.root {
            PlaceRoot::Local(local) => self.local(local),
            PlaceRoot::Global(global) => self.global(global),
        };
        for step in &place.path {
            text += &match step {
                PlaceStep::Field { record, index } => {
                    let record = self.program.records.get(record.0 as usize);
                    let field = record.and_then(|record| record.fields.get(*index as usize));
                    field.map_or_else(|| ".?".into(), |field| format!(".{}", field.name))
                }
                PlaceStep::Tuple(index) => format!(".{index}"),
                PlaceStep::Index(e) => format!("[{}]", self.text(e)),
                PlaceStep::Key(e) => format!("[key {}]", self.text(e)),
                PlaceStep::Dynamic(e) => format!("[dynamic {}]", self.text(e)),
                PlaceStep::Some => "!".into(),
            };
        }
        text
    }

    fn query(&mut self, model: crate::ModelId, query: &Query) -> String {
        let model = self.program.models.get(model.0 as usize);
        let name = model.map_or_else(|| "?".into(), |model| model.name.to_string());
        let column = |index: u32| {
            model
                .and_then(|model| model.columns.get(index as usize))
                .map_or_else(String::new, |column| column.name.to_string())
        };
        let text = match query {
            Query::All => "all".into(),
            Query::Create(values) => {
                let values: Vec<String> =
                    values.iter().map(|(index, e)| format!("{} = {}", column(*index), self.text(e))).collect();
                format!("create {}", values.join(", "))
            }
            Query::Find(id) => format!("find {}", self.text(id)),
            Query::Where(all) => format!("where {}", self.conditions(all, &column)),
            Query::FindBy(all) => format!("find_by {}", self.conditions(all, &column)),
            Query::Update { id, values } => {
                let id = self.text(id);
                let values: Vec<String> =
                    values.iter().map(|(index, e)| format!("{} = {}", column(*index), self.text(e))).collect();
                format!("update {id} set {}", values.join(", "))
            }
            Query::Delete(id) => format!("delete {}", self.text(id)),
            Query::Count(all) => format!("count {}", self.conditions(all, &column)),
        };
        format!("query {name} {text}")
    }

    fn conditions(&mut self, all: &[Condition], column: &dyn Fn(u32) -> String) -> String {
        let all: Vec<String> =
            all.iter().map(|c| format!("{} {:?} {}", column(c.column), c.op, self.text(&c.value))).collect();
        all.join(" and ")
    }
}
