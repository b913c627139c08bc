//! The built `tova` command: arguments, output, exit status.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// An empty folder that goes away.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tova-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.0.join(file), content).expect("written");
        self
    }

    fn tova(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tova"));
        command
            .current_dir(&self.0)
            .args(arguments)
            .env_remove("AUTH_SECRET")
            .env_remove("JWT_SECRET")
            .output()
            .expect("started")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn wrong_arguments_end_with_two_and_a_suggestion() {
    let folder = Folder::new("arguments");
    let output = folder.tova(&["chekc"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("'check'"), "{}", stderr(&output));
    let output = folder.tova(&["dev", "--port", "70000"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("70000"), "{}", stderr(&output));
}

#[test]
fn a_missing_file_is_named_with_what_was_meant() {
    let folder = Folder::new("missing").with("app.tova", "");
    let output = folder.tova(&["check", "ap.tova"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "  × no such file or folder: `ap.tova`\n  help: did you mean `app.tova`?\n");
    let output = folder.tova(&["check", "app"]);
    assert!(stderr(&output).contains("did you mean `app.tova`?"), "{}", stderr(&output));
}

#[test]
fn a_folder_without_a_program_says_so() {
    let folder = Folder::new("empty");
    let output = folder.tova(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no `.tova` files in `.`"), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_not_text_names_its_line() {
    let folder = Folder::new("bytes").with("app.tova", b"a = 1\nb = \"\xff\"\n");
    let output = folder.tova(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`app.tova` is not UTF-8 text (line 2)"), "{}", stderr(&output));
}

#[test]
fn all_files_of_a_folder_are_one_program_and_output_is_not() {
    let folder = Folder::new("folder")
        .with("a.tova", "a = 1\n")
        .with("b.tova", "b = 2\n")
        .with("a_test.tova", "syntax error (\n");
    fs::create_dir(folder.0.join("dist")).expect("a folder");
    fs::write(folder.0.join("dist/c.tova"), "(").expect("written");
    let output = folder.tova(&["check"]);
    assert_eq!(stdout(&output), "  2 files, 2 lines: no errors\n", "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn json_lines_stand_on_standard_output_alone() {
    let folder = Folder::new("json").with("app.tova", "fn f( { 1 }\n");
    let output = folder.tova(&["check", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(!text.is_empty());
    for line in text.lines() {
        assert!(line.starts_with("{\"code\":\"E0") && line.ends_with('}'), "{line}");
    }
    assert_eq!(stderr(&output), "");
}

#[test]
fn explain_shows_the_page_without_markdown() {
    let folder = Folder::new("explain");
    let page = stdout(&folder.tova(&["explain", "e0201"]));
    assert!(page.starts_with("E0201: "), "{page}");
    assert!(!page.contains("```"), "{page}");
    let output = folder.tova(&["explain", "E0210"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("did you mean `E0"), "{}", stderr(&output));
}

#[test]
fn tokens_are_signed_with_the_secret_that_is_kept() {
    let folder = Folder::new("token").with("app.tova", "");
    let first = folder.tova(&["token", "--sub", "ada", "--claim", "role=admin"]);
    assert_eq!(first.status.code(), Some(0));
    assert_eq!(stdout(&first).trim().split('.').count(), 3);
    let secret = fs::read_to_string(folder.0.join(".tova/secret")).expect("kept");
    assert_eq!(secret.len(), 64);
    folder.tova(&["token", "--sub", "ada"]);
    assert_eq!(fs::read_to_string(folder.0.join(".tova/secret")).expect("kept"), secret);
    let output = folder.tova(&["token", "--sub", "ada", "--claim", "role"]);
    assert!(stderr(&output).contains("`role` is not a claim"), "{}", stderr(&output));
}

#[test]
fn build_does_not_replace_a_folder_of_somebody_else() {
    let folder = Folder::new("output").with("app.tova", "client {\n  component App {\n    <p>\"x\"</p>\n  }\n}\n");
    fs::create_dir(folder.0.join("photos")).expect("a folder");
    fs::write(folder.0.join("photos/cat.jpg"), "meow").expect("written");
    let output = folder.tova(&["build", "app.tova", "--output", "photos"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("did not make"), "{}", stderr(&output));
    assert!(folder.0.join("photos/cat.jpg").is_file());
}
