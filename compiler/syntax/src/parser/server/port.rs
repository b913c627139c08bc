//! `port 3000`, `max_body 5.megabytes`

use crate::ast::ServerDecl;
use crate::parser::Parser;

impl Parser<'_> {
    pub(super) fn port(&mut self) -> ServerDecl {
        let start = self.bump().start;
        let value = self.expression();
        ServerDecl::Port { span: self.span_from(start), value }
    }

    pub(super) fn max_body(&mut self) -> ServerDecl {
        let start = self.bump().start;
        let value = self.expression();
        ServerDecl::MaxBody { span: self.span_from(start), value }
    }
}
