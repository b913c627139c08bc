//! The worklist: functions that something reached and whose bodies are still to be made.

use ecow::EcoString;
use tova_source::Span;

use super::{Body, Lower, build};
use crate::{Effects, Expr, FnId, Function, Home, LocalId, Type};

/// A body to be made.
pub(crate) struct Job<'a> {
    id: FnId,
    make: Make<'a>,
}

/// Makes the parameters and the body.
pub(crate) type Make<'a> = Box<dyn FnOnce(&mut Body<'_, 'a>) -> (Vec<LocalId>, Expr) + 'a>;

/// What is known of a function before its body is made.
pub(crate) struct Head {
    pub(crate) name: EcoString,
    pub(crate) docs: Option<EcoString>,
    pub(crate) span: Span,
    pub(crate) home: Home,
    pub(crate) ret: Type,
}

impl Head {
    /// A function that the compiler makes.
    pub(crate) fn made(name: impl Into<EcoString>, span: Span, home: Home, ret: Type) -> Self {
        Self { name: name.into(), docs: None, span, home, ret }
    }
}

impl<'a> Lower<'a> {
    /// Reserves a function whose body is made later.
    pub(crate) fn request(&mut self, head: Head, make: Make<'a>) -> FnId {
        let id = FnId(self.program.functions.len() as u32);
        let name = self.names.unique(&head.name);
        self.program.functions.push(Function {
            name,
            docs: head.docs,
            span: head.span,
            home: head.home,
            params: Vec::new(),
            ret: head.ret,
            locals: Vec::new(),
            body: build::unit(head.span),
            effects: Effects::default(),
        });
        self.jobs.push_back(Job { id, make });
        id
    }

    /// Makes all bodies, those that come up on the way included.
    pub(crate) fn run_jobs(&mut self) {
        while let Some(job) = self.jobs.pop_front() {
            let Some(function) = self.program.functions.get(job.id.0 as usize) else { continue };
            let (home, ret) = (function.home, function.ret.clone());
            let mut body = Body::new(self, home, ret.clone());
            let (params, made) = (job.make)(&mut body);
            let made = build::body(made, &ret);
            let locals = body.locals;
            if let Some(function) = self.program.functions.get_mut(job.id.0 as usize) {
                function.params = params;
                function.locals = locals;
                function.body = made;
            }
        }
    }
}
