use std::fs;

use super::{DocFormat, Documented, doc, doc_std};
use crate::Project;

const PROGRAM: &str = r#"shared {
  /// Somebody.
  type User {
    id: Int
    /// How they are called; `nil` is nobody.
    name: String
  }
}

server {
  mut seen = 0

  /// Greets a user.
  ///
  /// ```tova
  /// greet(User(id: 1, name: "Ada"))  // "Hello <Ada>"
  /// ```
  fn greet(user: User) {
    seen += 1
    "Hello {user.name}"
  }

  route GET "/greet/:name" => fn(name: String) greet(User(id: 1, name: name))
}
"#;

fn text(format: DocFormat, name: &str) -> String {
    let folder = std::env::temp_dir().join(format!("tova-doc-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("greeter.tova"), PROGRAM).expect("written");
    let project = Project::find(&folder.join("greeter.tova")).expect("a program");
    let text = match doc(&project, format, &folder.join("docs")).expect("documented") {
        Documented::Text(text) => text,
        Documented::File(path) => fs::read_to_string(path).expect("written"),
    };
    fs::remove_dir_all(&folder).expect("removed");
    text
}

#[test]
fn types_that_were_found_out_and_effects_are_shown() {
    let text = text(DocFormat::Markdown, "markdown");
    assert!(text.starts_with("# greeter\n"), "{text}");
    assert!(text.contains("fn greet(user: User) -> String\n```\n\n*uses state*\n\nGreets a user."), "{text}");
    assert!(text.contains("- `name: String`: How they are called; `nil` is nobody."), "{text}");
    assert!(text.contains("### route `GET /greet/:name`"), "{text}");
}

#[test]
fn the_page_links_types_and_escapes_examples() {
    let page = text(DocFormat::Html, "html");
    assert!(page.contains("user: <a href=\"#type.User\">User</a>"), "{page}");
    assert!(page.contains("// &quot;Hello &lt;Ada&gt;&quot;"), "{page}");
    assert!(page.contains("How they are called; <code>nil</code> is nobody."), "{page}");
}

#[test]
fn the_library_is_documented_as_a_whole() {
    let Documented::Text(text) = doc_std(DocFormat::Json, std::path::Path::new("")).expect("documented") else {
        panic!("a text");
    };
    let docs: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let entries = docs["sections"]
        .as_array()
        .expect("sections")
        .iter()
        .flat_map(|section| section["entries"].as_array().expect("entries"));
    let all: Vec<&serde_json::Value> = entries.collect();
    assert!(all.len() > 100, "{}", all.len());
    let map = all.iter().find(|entry| entry["name"] == "map").expect("map");
    assert_eq!(map["signature"], "fn map<T, U>(xs: [T], f: fn(T) -> U) -> [U]");
}
