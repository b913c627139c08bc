//! The statements at the top of files: the script.

use tova_source::Span;
use tova_syntax::ast::{Stmt, StmtKind};

use super::jobs::Head;
use super::{Body, Lower, build};
use crate::{Expr, ExprKind, Home, Type};

impl<'a> Lower<'a> {
    /// The script of a program without services and page.
    pub(crate) fn script(&mut self) {
        let checked = self.checked;
        if checked.script.is_empty() || !checked.servers.is_empty() || checked.client.is_some() {
            return;
        }
        let span = checked.script.first().map_or_else(Span::default, |stmt| stmt.span);
        let head = Head::made("main", span, Home::Shared, Type::Unit);
        let stmts = &checked.script;
        self.program.script = Some(self.request(head, Box::new(move |body| (Vec::new(), body.script(stmts, span)))));
    }
}

impl<'a> Body<'_, 'a> {
    fn script(&mut self, stmts: &'a [&'a Stmt], span: Span) -> Expr {
        let mut exprs = Vec::new();
        for (index, stmt) in stmts.iter().enumerate() {
            if let StmtKind::Defer(last) = &stmt.kind {
                let rest = self.script(stmts.get(index + 1..).unwrap_or_default(), span);
                let finally = Some(Box::new(self.block_to(last, &Type::Unit)));
                let kind = ExprKind::Try { body: Box::new(rest), error: None, handler: None, finally };
                exprs.push(build::expr(kind, Type::Unit, stmt.span));
                return build::block(exprs, span);
            }
            exprs.extend(self.stmt(stmt));
        }
        exprs.push(build::unit(span));
        build::block(exprs, span)
    }
}
