//! What inputs leave for later ones.

use std::collections::HashMap;

use super::Shown;
use super::input::{AGAIN, Input, VALUE};

/// What stands before a line that is for us and not for the user.
const MARK: char = '\u{1}';

/// Declarations and variables.
#[derive(Debug, Default)]
pub(super) struct Kept {
    definitions: Vec<(String, String)>,
    bindings: Vec<Binding>,
}

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) mutable: bool,
    pub(super) ty: String,
    /// Whether the input declares it.
    pub(super) is_new: bool,
    /// Whether its type is one whose values can be written down.
    pub(super) is_data: bool,
    pub(super) value: Value,
}

/// Where its value comes from.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// It is written down.
    Json(String),
    /// This statement computes it again.
    Source(String),
}

impl Kept {
    /// Everything as a program, without what the new declarations replace.
    pub(super) fn text(&self, replaced: &[(String, String)]) -> String {
        let mut text = String::new();
        let is_replaced = |name: &String| replaced.iter().any(|(new, _)| new == name);
        for (_, definition) in self.definitions.iter().filter(|(name, _)| !is_replaced(name)) {
            text.push_str(definition);
            text.push('\n');
        }
        for binding in self.bindings.iter().filter(|binding| !is_replaced(&binding.name)) {
            let word = if binding.mutable { "mut " } else { "" };
            let statement = match &binding.value {
                Value::Json(json) => format!("{word}{}: {} = JSON.parse({})", binding.name, binding.ty, quoted(json)),
                Value::Source(statement) => statement.clone(),
            };
            text.push_str(&statement);
            text.push('\n');
        }
        text
    }

    /// Whether the name is a variable that is set once.
    pub(super) fn is_fixed(&self, name: &str) -> bool {
        self.bindings.iter().any(|binding| binding.name == name && !binding.mutable)
    }

    /// Keeps what an input has left; gives what to show of it.
    pub(super) fn take_in(
        &mut self,
        input: &Input,
        candidates: Vec<Binding>,
        values: &HashMap<String, (String, String)>,
    ) -> Vec<Shown> {
        self.definitions.retain(|(name, _)| !input.definitions.iter().any(|(new, _)| new == name));
        self.definitions.extend(input.definitions.iter().cloned());
        let mut shown = Vec::new();
        for mut binding in candidates {
            let (json, text) = values.get(&binding.name).cloned().unwrap_or_default();
            if let Value::Json(kept) = &mut binding.value {
                *kept = json;
            }
            let is_value = binding.name == VALUE;
            if let Some(name) = binding.name.strip_suffix(AGAIN).map(str::to_owned) {
                if let Value::Source(statement) = &mut binding.value {
                    *statement = statement.replacen(&binding.name, &name, 1);
                }
                binding.name = name;
            }
            if binding.is_new {
                // A text looks like one.
                let text = if binding.ty == "String" { serde_json::Value::from(text).to_string() } else { text };
                let name = (!is_value).then(|| binding.name.clone());
                shown.push(Shown { name, ty: binding.ty.clone(), value: text });
            }
            self.keep(binding);
        }
        shown
    }

    /// An update stays in its place, so that what is computed again finds what it needs.
    fn keep(&mut self, binding: Binding) {
        let old = self.bindings.iter_mut().find(|old| old.name == binding.name);
        match old {
            Some(old) if !binding.is_new => {
                if matches!(binding.value, Value::Json(_)) {
                    *old = binding;
                }
            }
            _ => {
                self.bindings.retain(|old| old.name != binding.name);
                self.bindings.push(binding);
            }
        }
    }
}

/// Statements that write the values down.
pub(super) fn dump(bindings: &[Binding]) -> String {
    let mut text = String::new();
    for Binding { name, value, is_new, .. } in bindings {
        let json = if matches!(value, Value::Json(_)) { format!("JSON.stringify({name})") } else { "\"\"".to_owned() };
        let shown = if *is_new { format!("JSON.stringify(\"{{{name}}}\")") } else { "\"\"".to_owned() };
        text.push_str(&format!("print(\"{MARK}{name}\\t\" ++ {json} ++ \"\\t\" ++ {shown})\n"));
    }
    text
}

/// A statement that is right only if a value can be written down and read again.
pub(super) fn probe(binding: &Binding) -> String {
    format!("probe__new: {} = JSON.parse(JSON.stringify({}))\n", binding.ty, binding.name)
}

/// What [`dump`] makes a program print: the variable, its value as JSON, and as text.
pub(super) fn read_dump(line: &str) -> Option<(String, (String, String))> {
    let mut parts = line.strip_prefix(MARK)?.splitn(3, '\t');
    let (name, json, shown) = (parts.next()?, parts.next()?, parts.next()?);
    let shown = serde_json::from_str(shown).unwrap_or_default();
    Some((name.to_owned(), (json.to_owned(), shown)))
}

/// A text as a literal of the language.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
