//! The tree as text, for snapshots: `(kind part part …)`, on one line where it fits, names bare, strings quoted.
//!
//! Ids and places are left out, so that a snapshot changes only when the meaning of the text does.

mod expr;
mod item;
mod stmt;
mod view;

use crate::ast::{Ident, Module};

/// How wide a line may become.
const WIDTH: usize = 110;

/// The tree of a file as text.
#[must_use]
pub fn dump(module: &Module) -> String {
    let mut out = String::new();
    for item in &module.items {
        item::item(item).print(0, &mut out);
        out.push('\n');
    }
    out
}

/// A piece of the text.
enum Node {
    Atom(String),
    List(Vec<Node>),
}

impl Node {
    fn atom(text: impl Into<String>) -> Self {
        Self::Atom(text.into())
    }

    fn name(name: &Ident) -> Self {
        Self::Atom(name.name.to_string())
    }

    fn quoted(text: &str) -> Self {
        Self::Atom(format!("{text:?}"))
    }

    /// `(head parts…)`
    fn list(head: &str, parts: impl IntoIterator<Item = Node>) -> Self {
        Self::List(std::iter::once(Self::atom(head)).chain(parts).collect())
    }

    /// `(head parts…)`, or nothing if there are no parts.
    fn maybe(head: &str, parts: impl IntoIterator<Item = Node>) -> Option<Self> {
        let parts: Vec<Node> = parts.into_iter().collect();
        (!parts.is_empty()).then(|| Self::list(head, parts))
    }

    fn width(&self) -> usize {
        match self {
            Self::Atom(text) => text.chars().count(),
            Self::List(parts) => 1 + parts.iter().map(|part| part.width() + 1).sum::<usize>(),
        }
    }

    fn print(&self, indent: usize, out: &mut String) {
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::List(parts) => {
                out.push('(');
                let fits = indent + self.width() <= WIDTH;
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 && fits {
                        out.push(' ');
                    } else if index > 0 {
                        out.push('\n');
                        out.extend(std::iter::repeat_n(' ', indent + 2));
                    }
                    part.print(indent + 2, out);
                }
                out.push(')');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tova_source::FileId;

    use crate::ast::NodeId;

    #[test]
    fn long_lists_are_broken() {
        let short = crate::parse(FileId(0), "x = f(1)", NodeId(0));
        assert_eq!(super::dump(&short.module), "(= x (call f 1))\n");
        let long = format!("x = f({})", vec!["argument"; 20].join(", "));
        let long = crate::parse(FileId(0), &long, NodeId(0));
        assert!(super::dump(&long.module).starts_with("(=\n  x\n  (call\n    f\n    argument\n"));
    }
}
