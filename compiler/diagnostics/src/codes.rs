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
    E0011: "malformed route path",
    E0101: "value does not have the expected type",
    E0102: "branches give different types",
    E0103: "elements of a list have different types",
    E0104: "no such field or function",
    E0105: "not a function",
    E0106: "wrong arguments",
    E0107: "operator has no meaning for these types",
    E0108: "wrong number of type arguments",
    E0109: "construct is not part of the language",
    E0110: "record literal does not fit its type",
    E0111: "cannot be indexed",
    E0112: "cannot be walked",
    E0113: "not a condition",
    E0114: "`?` on something else than a result or option",
    E0201: "name is not defined",
    E0202: "immutable variable is updated",
    E0203: "declared twice",
    E0204: "type is not defined",
    E0205: "name is not a value",
    E0301: "`return` outside of a function",
    E0302: "no loop to leave",
    E0303: "`guard` block does not leave",
    E0304: "waiting where the value is needed at once",
    E0501: "match does not cover every value",
    E0502: "pattern never matches",
    E0503: "no such variant",
    E0504: "pattern does not fit its variant",
    E0701: "name lives on another side of the program",
    E0702: "declaration stands in the wrong place",
    E0703: "no server has this function",
    E0801: "guard is not defined",
    E0802: "route has no handler",
    E0803: "no such column",
    E0804: "no such setting",
    E0805: "no such block of settings",
    E0806: "column differs from the shared type",
    E0807: "route declared twice",
    E0901: "component is not defined",
    E0902: "property of a component",
    E0903: "computed value is assigned",
    E0904: "value cannot be shown",
    E0905: "no such attribute",
    W0101: "right side is never used",
    W0201: "variable is never used",
    W0501: "arm is never reached",
}
