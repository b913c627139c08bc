//! A program as text, for snapshots and for reading.

mod expr;
mod service;
mod ty;
mod view;

use std::fmt::Write as _;

use crate::{Effects, Function, Home, LocalKind, Program};

/// The program as text: stable, complete, indented.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut printer = Printer { program, out: String::new(), depth: 0, function: None };
    printer.types();
    for global in &program.globals {
        let home = home(global.home);
        let ty = printer.ty(&global.ty);
        let init = program.functions.get(global.init.0 as usize).map_or("?", |function| &function.name);
        printer.line(&format!(
            "{home}global {} {}: {ty} = {init}()",
            format!("{:?}", global.kind).to_lowercase(),
            global.name
        ));
    }
    for function in &program.functions {
        printer.function(function);
    }
    printer.services();
    printer.out
}

pub(crate) struct Printer<'p> {
    pub(crate) program: &'p Program,
    pub(crate) out: String,
    pub(crate) depth: usize,
    pub(crate) function: Option<&'p Function>,
}

impl<'p> Printer<'p> {
    /// One line at the present depth.
    pub(crate) fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Lines one level deeper.
    pub(crate) fn deeper(&mut self, work: impl FnOnce(&mut Self)) {
        self.depth += 1;
        work(self);
        self.depth -= 1;
    }

    fn function(&mut self, function: &'p Function) {
        self.function = Some(function);
        let mut head = format!("{}fn {}(", home(function.home), function.name);
        for (index, param) in function.params.iter().enumerate() {
            let ty = function.locals.get(param.0 as usize).map(|local| self.ty(&local.ty)).unwrap_or_default();
            let separator = if index == 0 { "" } else { ", " };
            let _ = write!(head, "{separator}{}: {ty}", self.local(*param));
        }
        let _ = write!(head, ") -> {}{} {{", self.ty(&function.ret), effects(function.effects));
        self.line(&head);
        self.deeper(|p| p.block(&function.body));
        self.line("}");
        self.function = None;
    }

    /// A local with its number, and a mark for what it is.
    pub(crate) fn local(&self, id: crate::LocalId) -> String {
        let local = self.function.and_then(|function| function.locals.get(id.0 as usize));
        let Some(local) = local else { return format!("?{}", id.0) };
        let mark = match local.kind {
            LocalKind::Let => "",
            LocalKind::Mut => "~",
            LocalKind::Shared => "&",
            LocalKind::Signal => "$",
            LocalKind::Memo => "%",
            LocalKind::Prop => "@",
            LocalKind::Item => "#",
        };
        format!("{mark}{}.{}", local.name, id.0)
    }
}

fn home(home: Home) -> String {
    match home {
        Home::Shared => String::new(),
        Home::Server(server) => format!("server {server} "),
        Home::Client => "client ".to_owned(),
    }
}

fn effects(effects: Effects) -> String {
    let words = [(effects.is_async, " async"), (effects.throws, " throws"), (effects.touches_state, " state")];
    words.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect()
}
