//! Tests: a crate for those that run by themselves, and one for those of each server, with a harness as `main`.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{FnId, Home, Program, Test};

use crate::file::{self, GeneratedFile, Item, Place};
use crate::names::{self, ident};
use crate::plan::Plan;
use crate::unit::Unit;
use crate::{Options, common_items, manifest, service};

/// A generated crate of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCrate {
    /// The name of the crate.
    pub name: String,
    /// The server within which the tests run.
    pub server: Option<usize>,
    /// Its files.
    pub files: Vec<GeneratedFile>,
    /// Which tests of the program it holds, in the order of their numbers in the harness.
    pub tests: Vec<usize>,
}

/// Writes the crates of the tests that run natively: those of the page are left out.
#[must_use]
pub fn emit_tests(program: &Program, options: &Options<'_>) -> Vec<TestCrate> {
    let homes = std::iter::once(None).chain((0..program.servers.len()).map(Some));
    homes.filter_map(|server| tests_of(program, options, server)).collect()
}

fn tests_of(program: &Program, options: &Options<'_>, server: Option<usize>) -> Option<TestCrate> {
    let belongs = |home: Home| match home {
        Home::Shared => server.is_none(),
        Home::Server(index) => server == usize::try_from(index).ok(),
        Home::Client => false,
    };
    let tests: Vec<(usize, &Test)> =
        program.tests.iter().enumerate().filter(|(_, test)| belongs(test.home)).collect();
    if tests.is_empty() {
        return None;
    }
    let functions: Vec<FnId> = tests.iter().map(|(_, test)| test.function).collect();
    let within = server.and_then(|index| program.servers.get(index));
    let unit = Unit::new(program, options, Plan::of_tests(program, within, &functions));
    let mut items = common_items(&unit);
    items.push(table(&unit, &tests));
    let name = match (server, within) {
        (Some(index), Some(server)) => {
            items.extend(service::request_fields(&unit, server));
            let end = quote! { .run_tests(TESTS) };
            items.extend(service::items_ending(&unit, server, index, &end).into_iter().map(lists_tests));
            format!("{}_tests", server.name.as_deref().map_or_else(|| "server".to_owned(), names::snake))
        }
        _ => {
            items.extend(tests.first().map(|(_, test)| harness(test)));
            "tests".to_owned()
        }
    };
    let mut files = vec![manifest::manifest(&name, options.runtime)];
    files.extend(file::files(items, options.sources));
    Some(TestCrate { name, server, files, tests: tests.into_iter().map(|(index, _)| index).collect() })
}

/// `main` of a server mentions the table of tests.
fn lists_tests(mut item: Item) -> Item {
    if item.name == "main" {
        item.mentions.insert("TESTS".to_owned());
    }
    item
}

fn harness(first: &Test) -> Item {
    let tokens = quote! {
        fn main() -> ExitCode {
            set_places(PLACES);
            tova_server::testing::run_tests(TESTS)
        }
    };
    let mentions = ["PLACES", "TESTS"].map(str::to_owned).into();
    Item { name: "main".to_owned(), place: Place::Main(first.span), tokens, mentions }
}

/// The table of tests.
fn table(unit: &Unit<'_>, tests: &[(usize, &Test)]) -> Item {
    let _ = unit.take_mentions();
    let rows: Vec<TokenStream> = tests.iter().map(|(_, test)| row(unit, test.function)).collect();
    let name = ident("TESTS");
    let tokens = quote! {
        /// The tests in the order of the program.
        pub static #name: &[tova_server::testing::Test] = &[#(#rows),*];
    };
    let span = tests.first().map(|(_, test)| test.span).unwrap_or_default();
    Item { name: name.to_string(), place: Place::Module("harness", span), tokens, mentions: unit.take_mentions() }
}

fn row(unit: &Unit<'_>, function: FnId) -> TokenStream {
    let effects = unit.function(function).map(|function| function.effects).unwrap_or_default();
    let name = unit.function_name(function);
    let test = quote! { tova_server::testing::Test };
    match (effects.is_async, effects.throws) {
        (false, true) => quote! { #test::sync(#name) },
        (false, false) => quote! { #test::sync(|| { #name(); Ok(()) }) },
        (true, true) => quote! { #test::suspending(|| Box::pin(#name())) },
        (true, false) => quote! { #test::suspending(|| Box::pin(async { #name().await; Ok(()) })) },
    }
}
