//! What goes wrong with the project or the machine, as opposed to the text of a program.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

/// One problem of the project or the machine: what happened and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// One sentence, in lower case, without a full stop.
    pub message: String,
    /// The cure, if there is one to name.
    pub help: Option<String>,
    /// The place in a file that it is about.
    pub excerpt: Option<Box<Excerpt>>,
}

/// A place in a file that is not part of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The file's name as the user knows it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Which bytes.
    pub range: Range<usize>,
    /// What stands there.
    pub label: String,
}

impl Problem {
    /// A problem without a cure so far.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, excerpt: None }
    }

    /// Names the cure.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the place.
    #[must_use]
    pub fn excerpt(mut self, excerpt: Excerpt) -> Self {
        self.excerpt = Some(Box::new(excerpt));
        self
    }

    /// A file operation that failed: `verb` as in "cannot {verb} `path`".
    #[must_use]
    pub fn io(verb: &str, path: &Path, error: &io::Error) -> Self {
        let problem = Self::new(format!("cannot {verb} `{}`: {}", path.display(), describe(error)));
        match error.kind() {
            io::ErrorKind::PermissionDenied => {
                problem.help(format!("check the permissions: `ls -l {}`", path.display()))
            }
            io::ErrorKind::StorageFull => problem.help("the disk is full: free some space and try again"),
            _ => problem,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// An operating system error without its number, in lower case: `permission denied`.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
