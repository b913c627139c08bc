//! Whole programs: their crates compile without a warning of rustc or of clippy's defaults, and scripts print what they should.

mod build;

use build::{compiled, crates, front, linted};
use tova_backend_rust::{ServiceCrate, Target};

/// Compiles every crate of a program and gives them with their binaries.
fn built(name: &str, path: &str) -> Vec<(ServiceCrate, std::path::PathBuf)> {
    let crates = front::crates_of(path);
    crates
        .into_iter()
        .map(|service| {
            let name = format!("{name}_{}", service.name);
            linted(&name, &service);
            let binary = compiled(&name, &service);
            (service, binary)
        })
        .collect()
}

#[test]
fn the_dashboard_becomes_two_services() {
    let services = built("dashboard", "examples/dashboard/app.tova");
    let names: Vec<_> = services.iter().map(|(service, _)| service.name.as_str()).collect();
    assert_eq!(names, ["api", "events"]);
}

#[test]
fn the_todo_list_becomes_a_service() {
    built("todo", "examples/todo/app.tova");
}

#[test]
fn a_service_with_everything_compiles_cleanly() {
    built("service", "compiler/backend-rust/tests/cases/service.tova");
}

#[test]
fn a_service_with_sessions_and_sockets_compiles_cleanly() {
    built("accounts", "compiler/backend-rust/tests/cases/accounts.tova");
}

/// Compiles and runs a script of `cases/`, whose output is beside it.
fn runs(name: &str) {
    let scripts = built(name, &format!("compiler/backend-rust/tests/cases/{name}.tova"));
    let [(script, binary)] = scripts.as_slice() else { panic!("one crate") };
    assert_eq!(script.target, Target::Script);
    let output = std::process::Command::new(binary).output().expect("the program runs");
    let accepted = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{name}.out"));
    let accepted = std::fs::read_to_string(accepted).expect("the accepted output is there");
    assert_eq!(String::from_utf8_lossy(&output.stdout), accepted);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn control_flow_and_try_run_as_the_language_says() {
    runs("script");
}

#[test]
fn values_stay_values_wherever_they_move() {
    runs("moves");
}

#[test]
fn operands_are_seen_as_they_were_before_later_ones_run() {
    runs("order");
}

#[test]
fn patterns_closures_and_dynamic_data_run_as_the_language_says() {
    runs("patterns");
}

#[test]
fn first_values_are_computed_where_the_program_says() {
    runs("first_values");
}

/// A line of generated code leads back to the statement that it comes from.
#[test]
fn lines_lead_back_to_the_program() {
    let crates = front::crates_of("compiler/backend-rust/tests/cases/service.tova");
    let [service] = crates.as_slice() else { panic!("one crate") };
    let text = include_str!("cases/service.tova");
    let file =
        service.files.iter().find(|file| file.text.contains("pub fn broken()")).expect("the function is somewhere");
    let line = file.text.lines().position(|line| line.contains("List::from([1, 2])")).expect("the statement is there");
    let found = file.span_at(u32::try_from(line + 1).expect("few lines")).expect("the line has a place");
    assert_eq!(text.get(found.start as usize..found.end as usize), Some("[1, 2]"));
}

#[test]
fn the_same_program_gives_the_same_text() {
    let path = "examples/dashboard/app.tova";
    assert_eq!(front::crates_of(path), front::crates_of(path));
    assert!(crates(&tova_ir::Program::default()).is_empty());
}
