//! Declarations of client blocks.

use tova_check::tables::Place;
use tova_source::Span;
use tova_syntax::ast::{ClientDecl, ComponentDecl, Item};

use super::{Owner, Scoped, Walker};
use crate::symbol::{Role, Symbol};

impl Walker<'_, '_> {
    pub(super) fn client(&mut self, item: &Item, decl: &ClientDecl) {
        match decl {
            ClientDecl::State { name, ty, value } | ClientDecl::Computed { name, ty, value } => {
                self.pattern(name);
                self.tys(ty);
                self.expr(value);
            }
            ClientDecl::Effect { id: _, body } => {
                let name_span = Span::new(item.span.file, item.span.start, body.span.start);
                let owner = Owner { name: "effect".into(), symbol: None, name_span, span: item.span };
                self.owned(owner, |this| this.block(body));
            }
            ClientDecl::Component(component) => self.component(item, component),
            ClientDecl::Store { id: _, name, items } => {
                self.define(name, Symbol::Store(name.name.clone()));
                self.out.stores.push(Scoped { value: name.name.clone(), span: item.span });
                self.items(items);
            }
            ClientDecl::Hook { word: _, handler } => self.expr(handler),
            ClientDecl::Style { span: _, css: _, css_span: _ } => {}
        }
    }

    fn component(&mut self, item: &Item, decl: &ComponentDecl) {
        let ComponentDecl { id, name, params, body } = decl;
        let symbol = self.components.get(id).copied().map(Symbol::Component);
        if let Some(symbol) = &symbol {
            self.add(name.span, symbol.clone(), Role::Definition);
        }
        let owner = Owner { name: name.name.clone(), symbol, name_span: name.span, span: item.span };
        let before = std::mem::replace(&mut self.place, Place::Client);
        self.owned(owner, |this| {
            this.extent(item.span, |this| {
                this.params(params);
                this.block(body);
            });
        });
        self.place = before;
    }
}
