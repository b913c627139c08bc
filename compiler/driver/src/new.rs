//! `tova new` and `tova init`: a small program to start from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Problem, config, files};

/// What a new program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// A server with a database and a page that calls it.
    Fullstack,
    /// A JSON service with a database.
    Api,
    /// A page alone.
    Client,
    /// Statements that run from the top.
    Script,
}

/// What was made.
#[derive(Debug)]
pub struct Created {
    /// The folder, as the user named it.
    pub folder: PathBuf,
    /// The command that starts the program, in that folder.
    pub start: &'static str,
}

/// What every program is given, for the file that it starts from.
const README: &str = include_str!("../templates/README.md");
const IGNORED: &str = "/.tova/\n/dist/\n*.db\n*.db-shm\n*.db-wal\n";

impl Template {
    /// The program and its tests: names and texts.
    fn files(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::Fullstack => [
                ("app.tova", include_str!("../templates/fullstack/app.tova")),
                ("app_test.tova", include_str!("../templates/fullstack/app_test.tova")),
            ],
            Self::Api => [
                ("app.tova", include_str!("../templates/api/app.tova")),
                ("app_test.tova", include_str!("../templates/api/app_test.tova")),
            ],
            Self::Client => [
                ("app.tova", include_str!("../templates/client/app.tova")),
                ("app_test.tova", include_str!("../templates/client/app_test.tova")),
            ],
            Self::Script => [
                ("main.tova", include_str!("../templates/script/main.tova")),
                ("main_test.tova", include_str!("../templates/script/main_test.tova")),
            ],
        }
    }

    fn start(self) -> &'static str {
        match self {
            Self::Fullstack | Self::Api | Self::Client => "tova dev",
            Self::Script => "tova run main.tova",
        }
    }
}

/// Makes a new folder with a program.
///
/// # Errors
/// If the name is none, the folder exists already or cannot be written.
pub fn new(folder: &Path, template: Template) -> Result<Created, Problem> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    check_name(&name)?;
    if fs::symlink_metadata(folder).is_ok() {
        return Err(Problem::new(format!("`{}` exists already", folder.display()))
            .help("choose another name, or run `tova init` in it to add what is missing"));
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        files::make_dir(parent)?;
    }
    // In one step, so that a full disk leaves nothing that looks like a program.
    let staging = files::beside(folder, "new");
    files::make_dir(&staging)?;
    let written = all_files(&name, template)
        .into_iter()
        .try_for_each(|(path, text)| files::write(&staging.join(path), text))
        .and_then(|()| files::replace_dir(&staging, folder));
    if written.is_err() {
        let _ = files::remove_dir(&staging);
    }
    written.map(|()| Created { folder: folder.to_path_buf(), start: template.start() })
}

/// Makes a program in a folder that exists; nothing in it is replaced.
///
/// # Errors
/// If the folder holds a program already, or cannot be written.
pub fn init(folder: &Path, template: Template) -> Result<Created, Problem> {
    let real = fs::canonicalize(folder).map_err(|error| Problem::io("read the folder", folder, &error))?;
    let entries = fs::read_dir(&real).map_err(|error| Problem::io("read the folder", folder, &error))?;
    let names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    if let Some(present) = names.iter().find(|name| name.ends_with(".tova") || *name == config::FILE) {
        return Err(Problem::new(format!("`{}` holds a program already: `{present}`", folder.display()))
            .help("start it with `tova dev`"));
    }
    let name = real.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
    for (path, text) in all_files(&name, template) {
        if !names.iter().any(|name| name == path) {
            files::write(&folder.join(path), text)?;
        }
    }
    Ok(Created { folder: folder.to_path_buf(), start: template.start() })
}

/// Everything that a new program consists of.
fn all_files(name: &str, template: Template) -> Vec<(&'static str, String)> {
    let [program, tests] = template.files();
    // Strings of JSON are strings of TOML.
    let config = format!("[project]\nname = {}\n", serde_json::Value::from(name));
    let readme = README.replace("NAME", name).replace("START", template.start());
    let mut all = vec![("README.md", readme), (".gitignore", IGNORED.to_owned()), (config::FILE, config)];
    all.extend([program, tests].map(|(path, text)| (path, text.to_owned())));
    all
}

/// A name that folders, addresses and commands can have without quotes.
fn check_name(name: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let problem = if name.is_empty() {
        "a new program needs a name".to_owned()
    } else if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("the name `{name}` does not start with a letter")
    } else if let Some(wrong) = name.chars().find(|c| !fits(*c)) {
        format!("`{wrong}` cannot stand in the name `{name}`")
    } else if name.len() > 64 {
        "the name is longer than 64 letters".to_owned()
    } else {
        return Ok(());
    };
    Err(Problem::new(problem).help(format!("letters, digits, `-` and `_`, as in `tova new {}`", near(name))))
}

/// A name like that one which fits.
fn near(name: &str) -> String {
    let parts: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect();
    let joined: String =
        parts.join("-").trim_start_matches(|c: char| !c.is_ascii_alphabetic()).chars().take(64).collect();
    if joined.is_empty() { "my-app".to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use super::{Template, check_name, init, new};
    use std::fs;
    use std::path::PathBuf;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("tova-new-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn names_are_checked() {
        assert_eq!(check_name("my-app_2"), Ok(()));
        let said = |name| {
            let problem = check_name(name).expect_err("no name");
            (problem.message, problem.help.unwrap_or_default())
        };
        assert_eq!(said("My App").0, "` ` cannot stand in the name `My App`");
        assert!(said("My App").1.ends_with("`tova new my-app`"));
        assert_eq!(said("2nd").0, "the name `2nd` does not start with a letter");
        assert!(said("").1.ends_with("`tova new my-app`"));
    }

    #[test]
    fn nothing_is_replaced() {
        let folder = scratch("kept");
        fs::write(folder.join("README.md"), "mine").expect("written");
        assert!(new(&folder.join("sub"), Template::Api).is_ok());
        assert!(new(&folder.join("sub"), Template::Api).expect_err("twice").message.ends_with("exists already"));
        init(&folder, Template::Script).expect("a program");
        assert_eq!(fs::read_to_string(folder.join("README.md")).expect("there"), "mine");
        assert!(init(&folder, Template::Script).expect_err("twice").message.contains("holds a program already"));
        fs::remove_dir_all(&folder).expect("removed");
    }
}
