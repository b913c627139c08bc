//! Makes a variable mutable.

use gen_lsp_types as lsp;
use tova_check::tables::{GlobalKind, Place, VarKind};

use super::{Action, Selected};
use crate::snapshot::Snapshot;
use crate::symbol::{Role, Symbol};
use crate::tree::{self, Node};

pub(super) fn binding(snapshot: &Snapshot<'_>, selected: Selected<'_>) -> Option<Action> {
    let at = selected.at;
    let occurrence = snapshot.index().at(at.file, at.offset)?;
    if occurrence.role != Role::Definition {
        return None;
    }
    let immutable = match &occurrence.symbol {
        Symbol::Local(id) => snapshot.var(*id).is_some_and(|info| info.kind == VarKind::Binding && !info.mutable),
        Symbol::Global(id) => snapshot
            .checked
            .globals
            .get(id.0 as usize)
            .is_some_and(|info| info.kind == GlobalKind::Const && info.place != Place::Client),
        _ => false,
    };
    let mut keyword = None;
    let mut statement = None;
    tree::around(at.module, at.offset, &mut |node| {
        if let Node::Stmt(stmt) = node {
            statement = Some(stmt.span);
            keyword = match &stmt.kind {
                tova_syntax::ast::StmtKind::Let(stmt) => Some(stmt.keyword),
                _ => None,
            };
        }
    });
    let begins = statement.is_some_and(|span| span.start == occurrence.span.start) || keyword.is_some();
    if !immutable || !begins {
        return None;
    }
    let edit = match keyword {
        Some(keyword) => (keyword, "mut".to_owned()),
        None => (occurrence.span.at_start(), "mut ".to_owned()),
    };
    let title = format!("make `{}` mutable", snapshot.text(occurrence.span));
    Some(Action { title, kind: lsp::CodeActionKind::RefactorRewrite, edits: vec![edit] })
}
