//! Programs that nobody would write, with every construct of the language in any place where it may stand.

use super::random::Random;

/// A program that is the same for the same seed.
pub(super) fn program(seed: u64) -> String {
    let mut maker = Maker { random: Random::new(seed + 1), depth: 0 };
    (0..1 + maker.random.below(4)).map(|_| maker.item() + "\n").collect()
}

const NAMES: &[&str] = &["a", "b", "count", "user_name", "x", "a_name_that_takes_its_place", "route", "state", "type"];
const TYPES: &[&str] = &["Int", "String", "User", "Float", "Any"];
const BINARY: &[&str] = &[
    "+", "-", "*", "/", "%", "**", "++", "==", "!=", "<", "<=", ">", ">=", "and", "or", "&&", "||", "??", "&", "|",
    "^", "<<", ">>", ">>>", "in", "not in",
];
const ATOMS: &[&str] = &[
    "nil",
    "true",
    "false",
    "42",
    "0xff",
    "1_000",
    "1.5",
    "2e9",
    "\"text\"",
    "\"a {b} c\"",
    "'raw {x}'",
    "r\"\\d\"",
    "/a[b/]+/gi",
    "5.minutes",
    "[]",
    "{}",
    "()",
    "\"\"\"\n  two\n    lines\n  \"\"\"",
];

struct Maker {
    random: Random,
    depth: u32,
}

impl Maker {
    /// One of several forms; near the bottom the first one, which holds nothing.
    fn any(&mut self, forms: &[fn(&mut Self) -> String]) -> String {
        let index = if self.depth > 5 { 0 } else { self.random.below(forms.len()) };
        self.depth += 1;
        let text = forms[index](self);
        self.depth -= 1;
        text
    }

    fn name(&mut self) -> String {
        self.random.pick(NAMES).to_owned()
    }

    fn list(&mut self, most: usize, each: fn(&mut Self) -> String) -> String {
        let count = self.random.below(most + 1);
        let parts: Vec<String> = (0..count).map(|_| each(self)).collect();
        let comma = if count > 0 && self.random.one_in(4) { "," } else { "" };
        parts.join(", ") + comma
    }

    fn maybe(&mut self, make: fn(&mut Self) -> String) -> String {
        if self.random.one_in(2) { make(self) } else { String::new() }
    }

    fn expr(&mut self) -> String {
        self.any(&[
            |m| m.random.pick(ATOMS).to_owned(),
            |m| m.name(),
            |m| format!("{} {} {}", m.operand(), m.random.pick(BINARY), m.operand()),
            |m| format!("{} < {} <= {}", m.operand(), m.operand(), m.operand()),
            |m| format!("{} + {} - {} ++ {}", m.operand(), m.operand(), m.operand(), m.operand()),
            |m| format!("{} and {} and {}", m.operand(), m.operand(), m.operand()),
            |m| format!("{}{}", m.random.pick(&["-", "not ", "!", "~", "- -", "await "]), m.operand()),
            |m| format!("{}{}{}", m.operand(), m.random.pick(&["..", "..="]), m.operand()),
            |m| {
                format!(
                    "{} {} {}",
                    m.operand(),
                    m.random.pick(&["is", "is not"]),
                    m.random.pick(&["User", "Shape.Dot"])
                )
            },
            |m| format!("{} |> {}", m.operand(), m.step()),
            |m| format!("{} |> {} |> {}", m.operand(), m.step(), m.step()),
            |m| format!("{}\n  |> {}", m.operand(), m.step()),
            |m| m.operand(),
            |m| m.operand(),
            |m| m.lambda(),
            |m| m.control(),
            |m| m.element(),
            |m| format!("throw {}", m.name()),
        ])
    }

    fn step(&mut self) -> String {
        self.any(&[
            |m| m.name(),
            |m| format!("{}({})", m.name(), m.list(3, Self::arg)),
            |m| format!(".{}", m.name()),
            |m| format!("map({})", m.lambda()),
        ])
    }

    fn operand(&mut self) -> String {
        self.any(&[
            |m| m.name(),
            |m| m.random.pick(ATOMS).to_owned(),
            |m| format!("({})", m.expr()),
            |m| format!("({}, {})", m.expr(), m.expr()),
            |m| format!("({},)", m.expr()),
            |m| format!("[{}]", m.list(4, Self::list_element)),
            |m| format!("[{} {}]", m.expr(), m.comp()),
            |m| format!("{{{}}}", m.record()),
            |m| format!("{{ {}: {} {} }}", m.name(), m.expr(), m.comp()),
            |m| format!("{}({})", m.name(), m.list(3, Self::arg)),
            |m| format!("{}.{}({}).{}()", m.name(), m.name(), m.list(2, Self::arg), m.name()),
            |m| format!("{}{}{}", m.name(), m.random.pick(&[".", "?.", "\n  ."]), m.name()),
            |m| format!("{}.0.1", m.name()),
            |m| format!("{}[{}]", m.name(), m.expr()),
            |m| format!("{}[{}]", m.name(), m.random.pick(&["1:", ":2", "::-1", "a:b:c", "1:2", ":"])),
            |m| format!("{}()?", m.name()),
            |m| format!("{}(_, {})", m.name(), m.expr()),
            |m| format!("{{ print(1)\n{} }}", m.stmt()),
        ])
    }

    fn list_element(&mut self) -> String {
        format!("{}{}", self.random.pick(&["", "", "..."]), self.expr())
    }

    fn arg(&mut self) -> String {
        self.any(&[
            |m| m.expr(),
            |m| format!("{}: {}", m.name(), m.expr()),
            |m| format!("...{}", m.expr()),
            |m| format!(".{}", m.name()),
            |m| format!(".{} = {}", m.name(), m.expr()),
        ])
    }

    fn record(&mut self) -> String {
        let first = format!("{} {}: {}", self.random.pick(&["", "\n"]), self.name(), self.expr());
        let rest = self.list(3, |m| {
            m.any(&[
                |m| m.name(),
                |m| format!("{}: {}", m.name(), m.expr()),
                |m| format!("\"two words\": {}", m.expr()),
                |m| format!("[{}]: {}", m.operand(), m.expr()),
                |m| format!("...{}", m.operand()),
            ])
        });
        format!("{first}, {rest} ")
    }

    fn comp(&mut self) -> String {
        let targets = self.random.pick(&["x", "k, v", "[a, b]", "{ a, b }", "(a, b)"]).to_owned();
        let cond = self.maybe(|m| format!(" if {}", m.expr()));
        format!("for {targets} in {}{cond}", self.operand())
    }

    fn lambda(&mut self) -> String {
        self.any(&[
            |m| format!("fn() {}", m.name()),
            |m| format!("fn({}) {}", m.list(2, Self::param), m.expr()),
            |m| format!("async fn({}) -> {} {}", m.list(2, Self::param), m.ty(), m.block()),
            |m| format!("fn({}) {} = {}", m.list(1, Self::param), m.name(), m.expr()),
            |m| format!("{} => {}", m.random.pick(&["x", "_"]), m.expr()),
            |m| format!("({}) -> {}", m.list(2, Self::param), m.expr()),
            |m| format!("fn named({}) {}", m.list(2, Self::param), m.block()),
        ])
    }

    fn param(&mut self) -> String {
        let rest = self.random.pick(&["", "", "", "...", "mut "]).to_owned();
        let pattern = self.random.pick(&["a", "b", "{ x, y: z }", "[p, ...q]", "(m, n)", "_"]).to_owned();
        let ty = self.maybe(|m| format!(": {}", m.ty()));
        let rest = if pattern.starts_with(char::is_alphabetic) { rest } else { String::new() };
        let default = if self.random.one_in(4) { format!(" = {}", self.expr()) } else { String::new() };
        format!("{rest}{pattern}{ty}{default}")
    }

    fn control(&mut self) -> String {
        self.any(&[
            |m| format!("if {} {} else {}", m.name(), m.block(), m.block()),
            |m| {
                format!(
                    "if {} {} {} {} {}",
                    m.operand(),
                    m.block(),
                    m.random.pick(&["elif", "else if"]),
                    m.name(),
                    m.block()
                )
            },
            |m| format!("match {} {{ {} }}", m.operand(), m.arms()),
            |m| format!("try {} catch {}{}", m.block(), m.random.pick(&["e ", "", "(e) "]), m.block()),
            |m| format!("try {} catch e {} finally {}", m.block(), m.block(), m.block()),
        ])
    }

    fn arms(&mut self) -> String {
        let separator = self.random.pick(&[", ", "\n"]).to_owned();
        let arms: Vec<String> = (0..1 + self.random.below(3))
            .map(|_| {
                let guard = if self.random.one_in(3) { format!(" if {}", self.operand()) } else { String::new() };
                let body = self.any(&[|m| m.name(), |m| m.expr(), |m| m.block(), |m| format!("return {}", m.name())]);
                format!("{}{guard} => {body}", self.pattern())
            })
            .collect();
        arms.join(&separator)
    }

    fn pattern(&mut self) -> String {
        self.any(&[
            |m| m.random.pick(&["_", "name", "nil", "true", "3", "-1", "2.5", "\"s\"", "Dot", "Color.Red"]).to_owned(),
            |m| format!("Circle({}, r: {})", m.pattern(), m.pattern()),
            |m| format!("[{}, ...rest]", m.pattern()),
            |m| format!("({}, {})", m.pattern(), m.pattern()),
            |m| format!("({})", m.pattern()),
            |m| format!("{{ role: {}, name }}", m.pattern()),
            |m| format!("{} | {}", m.random.pick(&["1", "Dot"]), m.random.pick(&["2", "nil"])),
            |m| format!("1{}-3", m.random.pick(&["..", "..="])),
            |m| format!("\"/api\" ++ {}", m.random.pick(&["rest", "_"])),
            |m| format!("value: {}", m.random.pick(&["Int", "[String]"])),
        ])
    }

    fn ty(&mut self) -> String {
        self.any(&[
            |m| m.random.pick(TYPES).to_owned(),
            |m| format!("[{}]", m.ty()),
            |m| format!("{}?", m.random.pick(TYPES)),
            |m| format!("Result<{}, {}>", m.ty(), m.ty()),
            |m| format!("({}, {})", m.ty(), m.ty()),
            |m| format!("({})", m.ty()),
            |m| format!("fn({}) -> {}", m.ty(), m.random.pick(TYPES)),
            |m| format!("(name: {}) -> ({})", m.ty(), m.random.pick(TYPES)),
            |m| format!("{{ a: {}, b: {} }}", m.ty(), m.ty()),
            |m| format!("{} | {}", m.random.pick(TYPES), m.random.pick(TYPES)),
            |_| "_".to_owned(),
            |_| "fn()".to_owned(),
        ])
    }

    fn block(&mut self) -> String {
        let separator = self.random.pick(&["\n", "; ", "\n\n"]).to_owned();
        let edge = self.random.pick(&[" ", "\n"]).to_owned();
        let count = self.random.below(3);
        let stmts: Vec<String> = (0..count).map(|_| self.stmt()).collect();
        // A name alone in braces, or before a colon, would be a record.
        let first = if count > 0 { "print(1)".to_owned() + &separator } else { String::new() };
        format!("{{{edge}{first}{}{edge}}}", stmts.join(&separator))
    }

    fn stmt(&mut self) -> String {
        self.any(&[
            |m| m.name(),
            |m| format!("print({})", m.expr()),
            |m| format!("{} = {}", m.name(), m.expr()),
            |m| format!("{}.x {} {}", m.name(), m.random.pick(&["+=", "-=", "*=", "="]), m.expr()),
            |m| format!("value: {} = {}", m.ty(), m.expr()),
            |m| {
                format!(
                    "{} x{} = {}",
                    m.random.pick(&["mut", "var", "let", "let mut"]),
                    m.maybe(|m| format!(": {}", m.ty())),
                    m.expr()
                )
            },
            |m| format!("var a, b = {}, {}", m.expr(), m.expr()),
            |m| format!("{} = {}", m.random.pick(&["{x, y: z}", "[p, ...q]", "(m, n)"]), m.operand()),
            |m| format!("a, b = {}, {}", m.operand(), m.operand()),
            |m| format!("for x in {}{} {}", m.operand(), m.maybe(|m| format!(" when {}", m.operand())), m.block()),
            |m| format!("outer: for i, x in {} {} else {}", m.operand(), m.block(), m.block()),
            |m| format!("while {} {}", m.operand(), m.block()),
            |m| format!("loop {}", m.block()),
            |m| m.random.pick(&["return", "break", "continue", "break outer", "continue outer"]).to_owned(),
            |m| format!("return {}", m.expr()),
            |m| format!("guard {} else {}", m.operand(), m.block()),
            |m| format!("defer {}", m.any(&[|m| m.name(), |m| m.block()])),
            |m| m.control(),
            |m| m.function(),
        ])
    }

    fn function(&mut self) -> String {
        let head =
            self.random.pick(&["", "pub ", "export ", "async ", "@memo ", "@on(\"x\", 1)\n", "/// Docs.\n"]).to_owned();
        let types = self.random.pick(&["", "", "<T>", "<T, U>"]).to_owned();
        let ret = self.maybe(|m| format!(" -> {}", m.ty()));
        format!("{head}fn {}{types}({}){ret} {}", self.name(), self.list(3, Self::param), self.block())
    }

    fn items(&mut self, each: fn(&mut Self) -> String) -> String {
        (0..1 + self.random.below(3)).map(|_| each(self) + "\n").collect()
    }

    fn item(&mut self) -> String {
        self.any(&[
            |m| m.function(),
            |m| m.function(),
            |m| m.stmt(),
            |m| m.type_decl(),
            |m| format!("impl {}User {{\n{}}}", m.random.pick(&["", "Show for "]), m.items(Self::function)),
            |m| {
                format!(
                    "{} Show {{\nfn show(self) -> String\n{}}}",
                    m.random.pick(&["trait", "interface"]),
                    m.items(Self::function)
                )
            },
            |m| format!("import {} from \"./m\"", m.random.pick(&["{ a, b as c }", "* as m", "m", "{ a, }"])),
            |m| format!("shared {{\n{}}}", m.items(Self::type_decl)),
            |m| format!("server{} {{\n{}}}", m.random.pick(&["", " \"api\""]), m.items(Self::server)),
            |m| format!("{} {{\n{}}}", m.random.pick(&["client", "browser"]), m.items(Self::client)),
            |m| format!("test \"name\"{} {}", m.random.pick(&["", " timeout=500"]), m.block()),
            |m| format!("bench \"name\" {}", m.block()),
            |m| format!("{} {}", m.random.pick(&["before_each", "after_each"]), m.block()),
        ])
    }

    fn type_decl(&mut self) -> String {
        self.any(&[
            |_| "type Empty {}".to_owned(),
            |m| format!("type User<T> {{ id: {}, @key name: {} = {} }}", m.ty(), m.ty(), m.operand()),
            |m| {
                format!(
                    "type User {{\n  /// Docs.\n  id: {}\n  name: String {{ required, min(2) }}\n}} derive [Eq, Show]",
                    m.ty()
                )
            },
            |m| format!("type Shape {{ Dot  Disc(r: {}) | Pair({}, Int) }}", m.ty(), m.ty()),
            |m| format!("type Shape = Disc(r: {}) | Other(Int)", m.ty()),
            |m| format!("type Alias = {}", m.ty()),
        ])
    }

    fn server(&mut self) -> String {
        self.any(&[
            |_| "port 3000".to_owned(),
            |m| {
                format!(
                    "route GET \"/a/:id\"{} => {}",
                    m.random.pick(&["", " with auth, role(\"x\")", " body: User -> User"]),
                    m.name()
                )
            },
            |m| format!("route POST \"/b\" => {} with auth", m.lambda()),
            |m| format!("middleware {}auth(req, res) {}", m.random.pick(&["", "fn "]), m.block()),
            |m| format!("model User {{ name: {}, table: \"people\" }}", m.random.pick(TYPES)),
            |_| "model Other".to_owned(),
            |m| format!("db {{\n  adapter: \"sqlite\"\n  limit: {}\n}}", m.operand()),
            |_| "static \"/url\" => \"dir\" fallback \"file\"".to_owned(),
            |_| "max_body 5.megabytes".to_owned(),
            |_| "health \"/health\" { check_db, other }".to_owned(),
            |m| format!("env PORT: Int = {}", m.operand()),
            |m| format!("on_start {}{}", m.random.pick(&["", "fn() "]), m.block()),
            |m| m.function(),
        ])
    }

    fn client(&mut self) -> String {
        self.any(&[
            |m| format!("state n{} = {}", m.maybe(|m| format!(": {}", m.ty())), m.expr()),
            |m| format!("computed twice = {}", m.expr()),
            |m| format!("effect {}", m.block()),
            |m| format!("component App({}) {{\n  state open = false\n  {}\n}}", m.list(2, Self::param), m.element()),
            |m| format!("store Cart {{\n{}}}", m.items(Self::client)),
            |m| {
                format!(
                    "onMount {}",
                    m.any(&[|m| format!("({})", m.name()), |m| format!("fn() {}", m.block()), |m| m.block()])
                )
            },
            |_| "style { .a { color: red } }".to_owned(),
            |m| format!("component Dialog.Title {{ {} }}", m.element()),
        ])
    }

    fn element(&mut self) -> String {
        self.any(&[
            |_| "<br />".to_owned(),
            |m| format!("<p{}>{}</p>", m.attrs(), m.children()),
            |m| format!("<Item{} />", m.attrs()),
            |m| format!("<>{}</>", m.children()),
            |m| format!("<ul{}>\n  {}\n</ul>", m.attrs(), m.children()),
        ])
    }

    fn attrs(&mut self) -> String {
        (0..self.random.below(4))
            .map(|_| {
                let space = self.random.pick(&[" ", " ", "\n"]).to_owned();
                space
                    + &self.any(&[
                        |_| "disabled".to_owned(),
                        |_| "class=\"a b\"".to_owned(),
                        |m| format!("value={{{}}}", m.expr()),
                        |m| format!("on:click.prevent={{{}}}", m.lambda()),
                        |m| format!("bind:value={{{}}}", m.name()),
                        |m| format!("class:md:w-1/2={{{}}}", m.operand()),
                        |m| format!("use:tip={{{}}}", m.operand()),
                        |m| format!("{{...{}}}", m.name()),
                        |m| format!("{{{}}}", m.name()),
                        |m| format!("onclick={{{}}}", m.lambda()),
                    ])
            })
            .collect()
    }

    fn children(&mut self) -> String {
        (0..self.random.below(5))
            .map(|_| {
                let space = self.random.pick(&["", " ", "\n", "\n\n"]).to_owned();
                space
                    + &self.any(&[
                        |m| m.random.pick(&["some text", "text,", "more\n  text"]).to_owned(),
                        |m| format!("\"quoted {{{}}}\"", m.name()),
                        |m| format!("{{{}}}", m.expr()),
                        |m| m.element(),
                        |_| "{}".to_owned(),
                        |m| format!("\nif {} {{ {} }} else {{ {} }}\n", m.name(), m.element(), m.children()),
                        |m| format!("\nfor x in {} key={{x.id}} {{ {} }}\n", m.name(), m.element()),
                        |m| format!("\nmatch {} {{ {} => {}\n _ => \"x\" }}\n", m.name(), m.pattern(), m.element()),
                        |m| format!("{{for x in {} {{ {} }}}}", m.name(), m.element()),
                    ])
            })
            .collect()
    }
}
