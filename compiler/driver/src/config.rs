//! `tova.toml`: what a project says about itself.

use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use toml_span::value::{Key, Table, Value, ValueInner};
use tova_diagnostics::closest;

use crate::problem::Excerpt;
use crate::{Problem, files};

/// Its name.
pub(crate) const FILE: &str = "tova.toml";

/// The widths of lines that can be asked for.
const WIDTHS: Range<i64> = 40..401;

/// The tables and their keys. Only keys that do something are here; whoever adds one reads it in [`Reader::key`].
const KEYS: &[(&str, &[&str])] = &[("project", &["name", "entry"]), ("format", &["line_width"]), ("dev", &["port"])];

/// The settings of a project; what the file does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[project] name`: what the project is called in its documentation.
    pub name: Option<String>,
    /// `[project] entry`: the file that the program starts from, below the project's folder; without it, all `.tova` files of the folder.
    pub entry: Option<PathBuf>,
    /// `[format] line_width`: how long lines may become.
    pub line_width: Option<usize>,
    /// `[dev] port`: the first port of `tova dev`.
    pub port: Option<u16>,
}

impl Config {
    /// Reads the file of a folder; the settings of a folder without one are empty.
    ///
    /// # Errors
    /// If it cannot be read or says something that means nothing, with the line.
    pub fn read(root: &Path) -> Result<Self, Problem> {
        let path = if root == Path::new(".") { PathBuf::from(FILE) } else { root.join(FILE) };
        if matches!(fs::metadata(&path), Err(error) if error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(Self::default());
        }
        let text = files::read(&path)?;
        let mut reader = Reader { name: path.display().to_string(), text: &text, config: Self::default() };
        reader.document()?;
        if let Some((entry, span)) = reader.entry_span()
            && !root.join(&entry).is_file()
        {
            return Err(reader.at(
                span,
                format!("`entry` names no file: there is no `{}`", entry.display()),
                "not found",
            ));
        }
        Ok(reader.config)
    }
}

struct Reader<'a> {
    name: String,
    text: &'a str,
    config: Config,
}

impl Reader<'_> {
    fn at(&self, range: Range<usize>, message: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem::new(message).excerpt(Excerpt {
            name: self.name.clone(),
            text: self.text.to_owned(),
            range,
            label: label.into(),
        })
    }

    fn document(&mut self) -> Result<(), Problem> {
        let mut document = toml_span::parse(self.text).map_err(|error| {
            let what = error.to_string();
            let range = error.span.start.min(self.text.len())..error.span.end.min(self.text.len());
            self.at(range, format!("`{}` is not valid TOML", self.name), what)
        })?;
        let ValueInner::Table(tables) = document.take() else { return Ok(()) };
        for (key, mut value) in tables {
            let known = KEYS.iter().find(|(name, _)| *name == key.name);
            let Some((table, keys)) = known else {
                return Err(self.unknown(&key, "table", None, KEYS.iter().map(|(name, _)| *name)));
            };
            match value.take() {
                ValueInner::Table(entries) => self.table(table, keys, entries)?,
                other => {
                    let message = format!("`{table}` is a table, found {}", article(other.type_str()));
                    return Err(self
                        .at(range(&value), message, "expected a table")
                        .help(format!("write `[{table}]` and its keys below")));
                }
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &str, keys: &[&'static str], entries: Table<'_>) -> Result<(), Problem> {
        for (key, value) in entries {
            if !keys.contains(&&*key.name) {
                return Err(self.unknown(&key, "key", Some(table), keys.iter().copied()));
            }
            self.key(table, &key.name, value)?;
        }
        Ok(())
    }

    fn key(&mut self, table: &str, key: &str, mut value: Value<'_>) -> Result<(), Problem> {
        let range = range(&value);
        match (table, key, value.take()) {
            ("project", "name", ValueInner::String(name)) if !name.trim().is_empty() => {
                self.config.name = Some(name.into_owned());
            }
            ("project", "entry", ValueInner::String(entry)) => {
                self.config.entry = Some(self.entry(&entry, range)?);
            }
            ("format", "line_width", ValueInner::Integer(width)) if WIDTHS.contains(&width) => {
                self.config.line_width = usize::try_from(width).ok();
            }
            ("dev", "port", ValueInner::Integer(port)) if (1..=i64::from(u16::MAX)).contains(&port) => {
                self.config.port = u16::try_from(port).ok();
            }
            (_, _, found) => return Err(self.wrong(key, &found, range)),
        }
        Ok(())
    }

    /// A path below the project's folder to a `.tova` file.
    fn entry(&self, entry: &str, range: Range<usize>) -> Result<PathBuf, Problem> {
        let path = Path::new(entry);
        let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_below {
            return Err(self.at(range, "`entry` lies below the project's folder", "leads out of it"));
        }
        if path.extension().is_none_or(|extension| extension != "tova") {
            return Err(self.at(range, "`entry` names a `.tova` file", "no `.tova` file"));
        }
        Ok(path.to_path_buf())
    }

    fn entry_span(&self) -> Option<(PathBuf, Range<usize>)> {
        let entry = self.config.entry.clone()?;
        let document = toml_span::parse(self.text).ok()?;
        let span = document.pointer("/project/entry")?.span;
        Some((entry, span.start..span.end))
    }

    fn wrong(&self, key: &str, found: &ValueInner<'_>, range: Range<usize>) -> Problem {
        let wanted = match key {
            "name" => "a string that is not empty".to_owned(),
            "entry" => "a string, the path of a `.tova` file".to_owned(),
            "line_width" => format!("a number from {} to {}", WIDTHS.start, WIDTHS.end - 1),
            "port" => "a number from 1 to 65535".to_owned(),
            _ => "something else".to_owned(),
        };
        let shown = match found {
            ValueInner::Integer(number) => number.to_string(),
            other => article(other.type_str()),
        };
        self.at(range, format!("`{key}` is {wanted}, found {shown}"), "this value")
    }

    fn unknown(
        &self,
        key: &Key<'_>,
        what: &str,
        table: Option<&str>,
        known: impl Iterator<Item = &'static str> + Clone,
    ) -> Problem {
        let place = table.map(|table| format!(" of `[{table}]`")).unwrap_or_default();
        let problem = self.at(
            key.span.start..key.span.end,
            format!("`{}` is not a {what}{place} that tova knows", key.name),
            format!("unknown {what}"),
        );
        match closest(&key.name, known.clone()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => {
                let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
                problem.help(format!("there {} {}", if known.len() == 1 { "is" } else { "are" }, known.join(", ")))
            }
        }
    }
}

fn range(value: &Value<'_>) -> Range<usize> {
    value.span.start..value.span.end
}

/// `a string`, `an integer`
fn article(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::{Config, Reader};

    fn read(text: &str) -> Result<Config, (String, String)> {
        let mut reader = Reader { name: "tova.toml".to_owned(), text, config: Config::default() };
        reader.document().map_err(|problem| {
            let excerpt = problem.excerpt.expect("a place");
            let help = problem.help.unwrap_or_default();
            (format!("{} ({help})", problem.message), excerpt.text[excerpt.range.clone()].to_owned())
        })?;
        Ok(reader.config)
    }

    fn error(text: &str) -> (String, String) {
        read(text).expect_err("an error")
    }

    #[test]
    fn everything_can_be_said() {
        let text =
            "[project]\nname = \"shop\"\nentry = \"src/app.tova\"\n[format]\nline_width = 120\n[dev]\nport = 4000\n";
        let config = read(text).expect("valid");
        assert_eq!(config.name.as_deref(), Some("shop"));
        assert_eq!((config.line_width, config.port), (Some(120), Some(4000)));
        assert_eq!(read(""), Ok(Config::default()));
    }

    #[test]
    fn unknown_keys_and_tables_are_named() {
        assert_eq!(error("[projct]\n").0, "`projct` is not a table that tova knows (did you mean `project`?)");
        let (message, place) = error("[dev]\nprot = 1\n");
        assert_eq!(message, "`prot` is not a key of `[dev]` that tova knows (did you mean `port`?)");
        assert_eq!(place, "prot");
        assert_eq!(
            error("[dev]\nzzzzzz = 1\n").0,
            "`zzzzzz` is not a key of `[dev]` that tova knows (there is `port`)"
        );
    }

    #[test]
    fn wrong_values_are_named() {
        let (message, place) = error("[dev]\nport = \"x\"\n");
        assert_eq!(message, "`port` is a number from 1 to 65535, found a string ()");
        assert_eq!(place, "x");
        assert_eq!(error("[dev]\nport = 70000\n").0, "`port` is a number from 1 to 65535, found 70000 ()");
        assert_eq!(error("dev = 3\n").0, "`dev` is a table, found an integer (write `[dev]` and its keys below)");
        assert_eq!(error("[project]\nentry = \"../app.tova\"\n").0, "`entry` lies below the project's folder ()");
        assert!(error("[project\n").0.starts_with("`tova.toml` is not valid TOML"));
    }
}
