//! Functions that call each other become generic together.
//!
//! While a function is being inferred, others that need its type use it as it is so far. Such functions form a strongly
//! connected component of the call graph; none of them is generic before all of them are done, and then all have the same
//! type parameters. The components are found as they close, after Tarjan, "Depth-first search and linear graph algorithms" (1972).

use tova_syntax::ast::NodeId;

use crate::tables::FnIdx;

/// Functions whose inference has begun and which are not generic yet.
#[derive(Default)]
pub(crate) struct Groups {
    /// Functions that are being inferred, innermost last.
    open: Vec<Open>,
    /// All functions that wait for their group to close, in the order in which they began.
    members: Vec<FnIdx>,
    /// Where a member was used before it was generic.
    uses: Vec<(NodeId, FnIdx)>,
}

/// A function that is being inferred.
struct Open {
    /// Its place among the members.
    index: usize,
    /// The earliest member that it reaches.
    low: usize,
}

/// Functions that call each other, and where they do.
pub(crate) struct Group {
    pub(crate) members: Vec<FnIdx>,
    pub(crate) uses: Vec<(NodeId, FnIdx)>,
}

impl Groups {
    /// A function's inference begins.
    pub(crate) fn enter(&mut self, id: FnIdx) {
        let index = self.members.len();
        self.open.push(Open { index, low: index });
        self.members.push(id);
    }

    /// A function is used at a node; says whether it is one of those that are not generic yet.
    pub(crate) fn uses(&mut self, id: FnIdx, node: NodeId) -> bool {
        let Some(index) = self.members.iter().position(|member| *member == id) else { return false };
        if let Some(open) = self.open.last_mut() {
            open.low = open.low.min(index);
        }
        self.uses.push((node, id));
        true
    }

    /// The innermost function's inference ends; gives its group if that is complete.
    pub(crate) fn leave(&mut self) -> Option<Group> {
        let done = self.open.pop()?;
        if done.low < done.index {
            if let Some(outer) = self.open.last_mut() {
                outer.low = outer.low.min(done.low);
            }
            return None;
        }
        let members = self.members.split_off(done.index);
        let uses = self.uses.extract_if(.., |(_, id)| members.contains(id)).collect();
        Some(Group { members, uses })
    }
}
