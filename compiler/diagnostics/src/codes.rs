//! The table of codes. One row here and one page `codes/CODE.md` make a code; codes are never reused.
//!
//! Families: `E00xx` lexical and syntax, `E01xx` types, `E02xx` names and mutability, `E03xx` effects and control flow,
//! `E04xx` modules, `E05xx` patterns, `E06xx` traits, `E07xx` placement, `E08xx` server and `E09xx` client declarations;
//! warnings are `Wxxxx` in the same families.

/// A kind of problem. Get one from the constants of this module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// The code as it is written: `E0203`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The code with this spelling, if the table has it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ALL.iter().find(|entry| entry.code.0.eq_ignore_ascii_case(text)).map(|entry| entry.code)
    }

    /// The page: title, why, a bad and a good example, in Markdown.
    #[must_use]
    pub fn page(self) -> &'static str {
        ALL.iter().find(|entry| entry.code == self).map_or("", |entry| entry.page)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// One row of the table.
pub struct Entry {
    /// The code.
    pub code: Code,
    /// Its page.
    pub page: &'static str,
}

macro_rules! codes {
    ($($name:ident: $title:literal,)*) => {
        $(#[doc = $title] pub const $name: Code = Code(stringify!($name));)*
        /// Every code, in the order of the table.
        pub const ALL: &[Entry] = &[
            $(Entry { code: $name, page: include_str!(concat!("../codes/", stringify!($name), ".md")) },)*
        ];
    };
}

codes! {
    E0001: "unexpected token",
    E0002: "string without an end",
    E0003: "missing closing bracket",
    E0004: "malformed number",
    E0005: "character without a meaning",
    E0006: "comment without an end",
    E0007: "missing expression",
    E0008: "tags that do not match",
    E0009: "unknown declaration",
    E0010: "nesting too deep",
    E0201: "name is not defined",
}
