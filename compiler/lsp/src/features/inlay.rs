//! Types that were found out, and names of parameters, shown between the letters.

use gen_lsp_types as lsp;
use tova_check::tables::{FnIdx, Res};
use tova_source::Span;
use tova_syntax::ast::{
    Arg, AssignTarget, ClientDecl, Expr, ExprKind, FnDecl, ItemKind, NodeId, Param, Pattern, PatternKind, StmtKind,
};

use crate::describe::parameter_name;
use crate::snapshot::Snapshot;
use crate::tree::{self, Node};

/// Longer types say more than a reader wants between the letters.
const LONGEST: usize = 40;

/// The hints of a part of a file.
pub(crate) fn hints(snapshot: &Snapshot<'_>, params: lsp::InlayHintParams) -> Option<Vec<lsp::InlayHint>> {
    let (file, module) = snapshot.file(&params.text_document.uri)?;
    let part = snapshot.span(file.id, params.range);
    let mut hints = Hints { snapshot, out: Vec::new() };
    tree::within(module, part, &mut |node| match node {
        Node::Item(item) => hints.item(&item.kind),
        Node::Stmt(stmt) => hints.stmt(&stmt.kind),
        Node::Expr(expr) => hints.expr(expr),
        Node::Pattern(_) | Node::Ty(_) | Node::Element(_) => {}
    });
    let mut found: Vec<_> = hints.out.into_iter().filter(|(at, _)| part.touches(at.start)).collect();
    found.sort_by_key(|(at, _)| at.start);
    Some(found.into_iter().map(|(_, hint)| hint).collect())
}

struct Hints<'s, 'a> {
    snapshot: &'s Snapshot<'a>,
    out: Vec<(Span, lsp::InlayHint)>,
}

impl Hints<'_, '_> {
    fn item(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Fn(decl) => self.function(decl),
            ItemKind::Client(
                ClientDecl::State { name, ty: None, .. } | ClientDecl::Computed { name, ty: None, .. },
            ) => {
                self.binding(name);
            }
            ItemKind::Client(ClientDecl::Component(component)) => self.params(&component.params),
            _ => {}
        }
    }

    fn function(&mut self, decl: &FnDecl) {
        self.params(&decl.params);
        let info = self.snapshot.checked.fns.iter().find(|info| info.decl.id == decl.id);
        if let (Some(info), None, Some(body)) = (info, &decl.ret, &decl.body)
            && let Some(ret) = self.snapshot.result(info)
        {
            let end = self.snapshot.sources.file(body.span.file).text.get(..body.span.start as usize).unwrap_or("");
            let at = u32::try_from(end.trim_end().len()).unwrap_or(body.span.start);
            self.add(Span::new(body.span.file, at, at), &format!(" -> {ret}"), lsp::InlayHintKind::Type);
        }
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            if param.ty.is_none() && parameter_name(param).is_some_and(|name| name != "self") {
                self.binding(&param.pattern);
            }
        }
    }

    fn stmt(&mut self, stmt: &StmtKind) {
        match stmt {
            StmtKind::Let(stmt) if stmt.ty.is_none() => stmt.targets.iter().for_each(|target| self.binding(target)),
            StmtKind::Assign(stmt) if stmt.ty.is_none() && stmt.op.is_none() => {
                for target in &stmt.targets {
                    match target {
                        AssignTarget::Place(place) => self.declared(place),
                        AssignTarget::Pattern(pattern) => self.binding(pattern),
                    }
                }
            }
            StmtKind::For(stmt) => stmt.targets.iter().for_each(|target| self.binding(target)),
            _ => {}
        }
    }

    /// A name that an assignment declares.
    fn declared(&mut self, place: &Expr) {
        let declares = match self.snapshot.checked.names.get(&place.id) {
            Some(Res::Local(var)) => self.snapshot.var(*var).is_some_and(|info| info.decl == place.id),
            Some(Res::Global(global)) => {
                self.snapshot.checked.globals.get(global.0 as usize).is_some_and(|info| info.decl == place.id)
            }
            _ => false,
        };
        if declares {
            self.ty(place.span, place.id);
        }
    }

    fn binding(&mut self, pattern: &Pattern) {
        if let PatternKind::Name(_) = pattern.kind {
            self.ty(pattern.span, pattern.id);
        }
    }

    fn ty(&mut self, name: Span, id: NodeId) {
        let shown = self.snapshot.show(self.snapshot.checked.node_ty(id));
        if shown != "?" && shown != "Never" && shown.len() <= LONGEST {
            self.add(name.at_end(), &format!(": {shown}"), lsp::InlayHintKind::Type);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Lambda(lambda) => self.params(&lambda.params),
            ExprKind::Call { callee, args } => match self.snapshot.checked.names.get(&callee.id) {
                Some(Res::Fn(id) | Res::Rpc(id)) => self.arguments(*id, args, 0),
                Some(Res::Method(id)) => self.arguments(*id, args, 1),
                _ => {}
            },
            _ => {}
        }
    }

    /// Names of parameters before literals, whose meaning nothing else tells.
    fn arguments(&mut self, id: FnIdx, args: &[Arg], skipped: usize) {
        let Some(info) = self.snapshot.function(id).filter(|info| !info.std) else { return };
        let params = info.decl.params.iter().skip(skipped);
        for (arg, param) in args.iter().zip(params) {
            let Some(name) = parameter_name(param) else { continue };
            let literal = matches!(
                arg.value.kind,
                ExprKind::Bool(_)
                    | ExprKind::Int(_)
                    | ExprKind::Float(_)
                    | ExprKind::Str(_)
                    | ExprKind::Template(_)
                    | ExprKind::Nil
                    | ExprKind::List(_)
            );
            if arg.name.is_none() && arg.spread.is_none() && literal {
                self.add(arg.value.span.at_start(), &format!("{name}:"), lsp::InlayHintKind::Parameter);
            }
        }
    }

    fn add(&mut self, at: Span, label: &str, kind: lsp::InlayHintKind) {
        self.out.push((
            at,
            lsp::InlayHint {
                position: self.snapshot.range(at).start,
                label: label.to_owned().into(),
                kind: Some(kind),
                text_edits: None,
                tooltip: None,
                padding_left: None,
                padding_right: (kind == lsp::InlayHintKind::Parameter).then_some(true),
                data: None,
            },
        ));
    }
}
