//! The words of the language: where each may stand, what it begins and what it is for. Completion, hover and outline read them here.

use tova_source::{FileId, Span};
use tova_syntax::ast::{BlockKind, ClientDecl, HookTime, ItemKind, ServerDecl};

/// Where a word may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// At the top of a file.
    File,
    /// At the top of a server block.
    Server,
    /// At the top of a client block or store.
    Client,
    /// Among the statements of a component.
    Component,
    /// At the top of a file or of any block.
    Any,
    /// Among statements.
    Statement,
}

/// A word with what follows it, where `$1`, `${1:text}` and `$0` are places to fill in.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) word: &'static str,
    pub(crate) levels: &'static [Level],
    pub(crate) snippet: &'static str,
    pub(crate) docs: &'static str,
}

macro_rules! words {
    ($($word:literal [$($level:ident),+] $snippet:literal $docs:literal)*) => {
        /// All words that open something.
        pub(crate) const WORDS: &[Word] = &[
            $(Word { word: $word, levels: &[$(Level::$level),+], snippet: $snippet, docs: $docs },)*
        ];
    };
}

words! {
    "shared" [File] "shared {\n  $0\n}" "What both sides use: types and functions without a home."
    "server" [File] "server {\n  $0\n}" "What runs in a native service. A program may have several, each with a name: `server \"api\" { … }`."
    "client" [File] "client {\n  $0\n}" "What runs in the browser: state, effects, components."
    "import" [File] "import { $1 } from \"./$2\"" "Brings in another file of the program: `import { User } from \"./types\"`."
    "test" [File, Any] "test \"${1:name}\" {\n  $0\n}" "A test: it fails if an assertion in it does. `tova test` runs all of them."
    "bench" [File, Any] "bench \"${1:name}\" {\n  $0\n}" "A benchmark, run by `tova bench`."
    "before_each" [File, Any] "before_each {\n  $0\n}" "Runs before each test of the file, or of the test that it stands in."
    "after_each" [File, Any] "after_each {\n  $0\n}" "Runs after each test, whether it passed or not."
    "type" [File, Any] "type ${1:Name} {\n  $0\n}" "A record with fields, or an enum with variants."
    "impl" [File, Any] "impl ${1:Type} {\n  $0\n}" "Methods of a type."
    "trait" [File, Any] "trait ${1:Name} {\n  $0\n}" "A set of methods that types can have."
    "fn" [File, Any, Statement, Component] "fn ${1:name}($2) {\n  $0\n}" "A function. Types of parameters and result are found out if they are not written."
    "route" [Server] "route ${1:GET} \"${2:/}\" => ${0:handler}" "Answers a method and a path: `route GET \"/users/:id\" => get_user`. The handler's parameters come from path, query and body by name."
    "middleware" [Server] "middleware ${1:name}(req, res) {\n  $0\n}" "Runs before the handlers: of every route, or only of those that name it in `with`."
    "model" [Server] "model ${1:Name} {\n  $0\n}" "A table. Its columns are the fields of the shared type with that name, and those that are written here."
    "db" [Server] "db {\n  adapter: \"sqlite\"\n  database: \"${1:app.db}\"\n}" "The database of the server's models."
    "cors" [Server] "cors {\n  origins: [\"$1\"]\n}" "Which other sites may call this server."
    "config" [Server] "config {\n  port: ${1:3000}\n}" "Settings of the server itself."
    "port" [Server] "port ${1:3000}" "The port that the server listens on, unless the environment names one."
    "max_body" [Server] "max_body ${1:5}.megabytes" "The largest body that a request may have."
    "health" [Server] "health \"${1:/health}\"" "A path that answers while the server runs."
    "env" [Server] "env ${1:NAME}: ${2:String}" "A value from the environment, read once at the start: `env PAGE_SIZE: Int = 20`."
    "on_start" [Server] "on_start fn() {\n  $0\n}" "Runs once, before the first request."
    "on_stop" [Server] "on_stop fn() {\n  $0\n}" "Runs before the server ends."
    "on_error" [Server] "on_error fn(err, req, res) {\n  $0\n}" "Answers requests whose handler threw."
    "state" [Client, Component] "state ${1:name} = $0" "A value that the page follows: what shows it changes when it does."
    "computed" [Client, Component] "computed ${1:name} = $0" "A value that follows from others."
    "effect" [Client, Component] "effect {\n  $0\n}" "Runs now, and again when a state that it read changes."
    "component" [Client] "component ${1:Name} {\n  $0\n}" "A part of the page: `<Name />`. Its parameters are its properties."
    "store" [Client] "store ${1:Name} {\n  $0\n}" "State and functions under one name, shared by components."
    "onMount" [Client, Component] "onMount fn() {\n  $0\n}" "Runs once the component is on the page."
    "onUnmount" [Client, Component] "onUnmount fn() {\n  $0\n}" "Runs when the component goes away."
    "onCleanup" [Client, Component] "onCleanup fn() {\n  $0\n}" "Runs before an effect runs again, and when its owner goes away."
    "style" [Client, Component] "style {\n  $0\n}" "CSS. In a component it applies to the component alone."
    "if" [Statement, Component] "if ${1:condition} {\n  $0\n}" "A choice; also a value: `if a { 1 } else { 2 }`."
    "for" [Statement, Component] "for ${1:item} in ${2:items} {\n  $0\n}" "Walks a list, map, set, string or range."
    "while" [Statement] "while ${1:condition} {\n  $0\n}" "Repeats as long as the condition holds."
    "loop" [Statement] "loop {\n  $0\n}" "Repeats until `break`."
    "match" [Statement, Component] "match ${1:value} {\n  $0\n}" "A choice by pattern that covers every value."
    "guard" [Statement] "guard ${1:condition} else { $0 }" "Leaves the function if the condition does not hold."
    "return" [Statement] "return $0" "Ends the function with this value."
    "try" [Statement] "try {\n  $1\n} catch ${2:error} {\n  $0\n}" "Catches what the body throws."
    "mut" [File, Any, Statement] "mut ${1:name} = $0" "A variable that can be updated."
    "let" [Statement] "let ${1:name} = $0" "A variable; `let` may be left out."
    "defer" [Statement] "defer $0" "Runs when the function ends, however it does."
    "break" [Statement] "break" "Leaves the loop."
    "continue" [Statement] "continue" "Goes on with the next round of the loop."
}

/// Words that stand in expressions.
pub(crate) const OPERATORS: &[&str] =
    &["and", "await", "else", "elif", "false", "fn", "if", "in", "is", "match", "nil", "not", "or", "true", "try"];

/// Words that cannot be names.
pub(crate) const RESERVED: &[&str] = &[
    "and", "async", "await", "break", "catch", "continue", "defer", "elif", "else", "export", "false", "finally", "fn",
    "for", "guard", "if", "import", "in", "is", "let", "loop", "match", "mut", "nil", "not", "or", "pub", "return",
    "true", "try", "var", "while",
];

/// Methods of routes.
pub(crate) const METHODS: &[(&str, &str)] = &[
    ("GET", "Reads: no body, can be repeated."),
    ("POST", "Creates or does something."),
    ("PUT", "Replaces."),
    ("PATCH", "Changes in part."),
    ("DELETE", "Removes."),
    ("HEAD", "The headers of `GET` alone."),
    ("OPTIONS", "What may be asked."),
    ("WS", "A WebSocket: the handler gets the socket."),
];

/// Settings of blocks and models: (block, key, what it is for).
pub(crate) const SETTINGS: &[(&str, &str, &str)] = &[
    ("db", "adapter", "The kind of database: `\"sqlite\"` or `\"postgres\"`."),
    ("db", "driver", "Another name for `adapter`."),
    ("db", "database", "The file of the database, or its name."),
    ("db", "path", "The file of the database."),
    ("db", "url", "The address of the database."),
    ("db", "pool", "How many connections are kept."),
    ("db", "wal", "Whether SQLite writes ahead into a log, so that readers do not wait."),
    ("cors", "origins", "The sites that may call: `[\"https://example.org\"]`."),
    ("cors", "methods", "The methods that they may use."),
    ("cors", "headers", "The headers that they may send."),
    ("cors", "credentials", "Whether they may send cookies."),
    ("cors", "max_age", "How long a browser may remember the answer."),
    ("config", "port", "The port that the server listens on."),
    ("config", "host", "The address that the server listens on."),
    ("model", "table", "The name of the table."),
    ("model", "timestamps", "Whether rows know when they were created and changed."),
];

/// What a word is for.
pub(crate) fn docs(word: &str) -> Option<&'static str> {
    let word = if word == "browser" { "client" } else { word };
    let methods = || METHODS.iter().find(|(method, _)| *method == word).map(|(_, docs)| *docs);
    WORDS.iter().find(|entry| entry.word == word).map(|entry| entry.docs).or_else(methods)
}

/// What a setting is for.
pub(crate) fn setting(block: &str, key: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|(of, name, _)| *of == block && *name == key).map(|(_, _, docs)| *docs)
}

/// The word that opens a declaration.
pub(crate) fn of_item(kind: &ItemKind) -> &str {
    match kind {
        ItemKind::Fn(_) => "fn",
        ItemKind::Type(_) => "type",
        ItemKind::Impl(_) => "impl",
        ItemKind::Trait(_) => "trait",
        ItemKind::Import(_) => "import",
        ItemKind::Block(block) => match block.kind {
            BlockKind::Shared => "shared",
            BlockKind::Server => "server",
            BlockKind::Client => "client",
        },
        ItemKind::Server(decl) => of_server(decl),
        ItemKind::Client(decl) => of_client(decl),
        ItemKind::Test(_) => "test",
        ItemKind::Bench(_) => "bench",
        ItemKind::TestHook(hook) => match hook.time {
            HookTime::Before => "before_each",
            HookTime::After => "after_each",
        },
        ItemKind::Stmt(_) | ItemKind::Error => "",
    }
}

/// A function from declarations to the words that open them, and the list of all such words: a new kind of declaration does not compile before
/// its word stands here, and the tests ask for completion, hover and outline of every word in the list.
macro_rules! declarations {
    ($(#[$doc:meta])* $name:ident, $all:ident, $ty:ident { $($pattern:pat => [$($word:literal),+] $text:expr,)* }) => {
        $(#[$doc])*
        pub(crate) fn $name(decl: &$ty) -> &str {
            match decl {
                $($pattern => $text,)*
            }
        }
        #[cfg(test)]
        const $all: &[&str] = &[$($($word),+),*];
    };
}

declarations! {
    /// The word that opens a declaration of a server block.
    of_server, SERVER_WORDS, ServerDecl {
        ServerDecl::Route(_) => ["route"] "route",
        ServerDecl::Middleware(_) => ["middleware"] "middleware",
        ServerDecl::Model(_) => ["model"] "model",
        ServerDecl::Config(config) => ["db", "cors", "config"] &config.word.name,
        ServerDecl::Port { .. } => ["port"] "port",
        ServerDecl::MaxBody { .. } => ["max_body"] "max_body",
        ServerDecl::Health { .. } => ["health"] "health",
        ServerDecl::Env(_) => ["env"] "env",
        ServerDecl::Hook { word, .. } => ["on_start", "on_stop", "on_error"] &word.name,
    }
}

declarations! {
    /// The word that opens a declaration of a client block.
    of_client, CLIENT_WORDS, ClientDecl {
        ClientDecl::State { .. } => ["state"] "state",
        ClientDecl::Computed { .. } => ["computed"] "computed",
        ClientDecl::Effect { .. } => ["effect"] "effect",
        ClientDecl::Component(_) => ["component"] "component",
        ClientDecl::Store { .. } => ["store"] "store",
        ClientDecl::Hook { word, .. } => ["onMount", "onUnmount", "onCleanup"] &word.name,
        ClientDecl::Style { .. } => ["style"] "style",
    }
}

/// The word around a place.
pub(crate) fn word_at(file: FileId, text: &str, offset: u32) -> Option<Span> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let offset = offset as usize;
    let before = text.get(..offset)?;
    let after = text.get(offset..)?;
    let start = before.len() - before.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let end = offset + after.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let number = |at: usize| u32::try_from(at).ok();
    (start < end).then_some(Span::new(file, number(start)?, number(end)?))
}

#[cfg(test)]
mod tests;
