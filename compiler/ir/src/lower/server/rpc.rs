//! Functions that the client calls over the wire.

use ecow::{EcoString, eco_format};
use tova_check::tables::{FnIdx, Place};
use tova_syntax::ast::{Param, PatternKind};

use super::super::Lower;
use crate::{Field, FnId, ReplyKind, Rpc, RpcId, Type};

impl Lower<'_> {
    /// The entry of a server's function.
    pub(crate) fn rpc(&mut self, index: FnIdx) -> RpcId {
        if let Some(id) = self.rpcs.get(&index) {
            return *id;
        }
        let id = RpcId(self.program.rpcs.len() as u32);
        self.rpcs.insert(index, id);
        let Some(info) = self.checked.fns.get(index.0 as usize) else { return id };
        let server = match info.place {
            Place::Server(server) => server,
            Place::Shared | Place::Client => 0,
        };
        self.program.rpcs.push(Rpc {
            name: info.name.clone(),
            server,
            function: FnId(0),
            params: Vec::new(),
            ret: Type::Unit,
            reply: ReplyKind::Value,
            guards: Vec::new(),
        });
        let types = self.concrete_all(&info.params, &[]);
        let params = info.decl.params.iter().zip(types).enumerate();
        let params = params.map(|(position, (param, ty))| Field { name: param_name(param, position), ty }).collect();
        let ret = self.concrete(info.ret, &[]);
        let function = self.instance(index, Vec::new()).unwrap_or(FnId(0));
        let reply = self.reply_kind(index);
        if let Some(rpc) = self.program.rpcs.get_mut(id.0 as usize) {
            rpc.function = function;
            rpc.params = params;
            rpc.ret = ret;
            rpc.reply = reply;
        }
        id
    }
}

fn param_name(param: &Param, position: usize) -> EcoString {
    match &param.pattern.kind {
        PatternKind::Name(name) => name.clone(),
        _ => eco_format!("arg{position}"),
    }
}
