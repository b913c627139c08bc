//! The standard library: `.tova` modules that travel inside the compiler.

use tova_source::SourceMap;
use tova_syntax::ast::{Module, NodeId};

/// The modules with their names in messages.
const SOURCES: &[(&str, &str)] = &[
    ("std/list.tova", include_str!("../../../stdlib/list.tova")),
    ("std/string.tova", include_str!("../../../stdlib/string.tova")),
    ("std/map.tova", include_str!("../../../stdlib/map.tova")),
    ("std/option.tova", include_str!("../../../stdlib/option.tova")),
    ("std/result.tova", include_str!("../../../stdlib/result.tova")),
    ("std/number.tova", include_str!("../../../stdlib/number.tova")),
    ("std/prelude.tova", include_str!("../../../stdlib/prelude.tova")),
    ("std/server.tova", include_str!("../../../stdlib/server.tova")),
    ("std/client.tova", include_str!("../../../stdlib/client.tova")),
    ("std/test.tova", include_str!("../../../stdlib/test.tova")),
    ("std/test_server.tova", include_str!("../../../stdlib/test_server.tova")),
    ("std/test_page.tova", include_str!("../../../stdlib/test_page.tova")),
];

/// The parsed standard library.
#[derive(Debug)]
pub struct Library {
    modules: Vec<Module>,
    end: NodeId,
}

impl Library {
    /// Parses the library. Its files are added to the source map so that messages can point into them; the program's nodes are numbered from
    /// [`Library::end`] on.
    ///
    /// # Panics
    /// If the library itself has a syntax error, which its tests rule out.
    #[must_use]
    pub fn load(sources: &mut SourceMap) -> Self {
        let mut end = NodeId(0);
        let modules = SOURCES
            .iter()
            .map(|(name, text)| {
                let file = sources.add(*name, *text);
                let parsed = tova_syntax::parse(file, text, end);
                debug_assert!(parsed.diagnostics.is_empty(), "{name}: {:?}", parsed.diagnostics);
                end = parsed.next;
                parsed.module
            })
            .collect();
        Self { modules, end }
    }

    /// The modules.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The first node id that the library does not use.
    #[must_use]
    pub fn end(&self) -> NodeId {
        self.end
    }
}
