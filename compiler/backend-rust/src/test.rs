//! Tests and benchmarks: a crate for those that run by themselves, and one for those of each server, with a harness as `main`.

use proc_macro2::TokenStream;
use quote::quote;
use tova_ir::{FnId, Function, Home, Program, Type};
use tova_source::Span;

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

/// Writes the crates of the tests that run natively. Tests of the page are left out, but the servers that they call are there: their
/// harnesses, with or without tests of their own, can also serve.
#[must_use]
pub fn emit_tests(program: &Program, options: &Options<'_>) -> Vec<TestCrate> {
    let all = program.tests.iter().map(|test| Entry { home: test.home, function: test.function, span: test.span });
    emit_all(program, options, &all.collect::<Vec<_>>(), Purpose::Test)
}

/// The same for the benchmarks.
#[must_use]
pub fn emit_benches(program: &Program, options: &Options<'_>) -> Vec<TestCrate> {
    let all =
        program.benches.iter().map(|bench| Entry { home: bench.home, function: bench.function, span: bench.span });
    emit_all(program, options, &all.collect::<Vec<_>>(), Purpose::Bench)
}

/// What a harness lists.
#[derive(Clone, Copy, Debug)]
struct Entry {
    home: Home,
    function: FnId,
    span: Span,
}

/// What a harness does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Test,
    Bench,
}

impl Purpose {
    /// The function of the runtime that does it.
    fn run(self) -> proc_macro2::Ident {
        ident(match self {
            Self::Test => "run_tests",
            Self::Bench => "run_benches",
        })
    }

    /// The name of a crate, after that of its server.
    fn crate_name(self, server: Option<&str>) -> String {
        let word = match self {
            Self::Test => "tests",
            Self::Bench => "benches",
        };
        server.map_or_else(|| word.to_owned(), |server| format!("{server}_{word}"))
    }
}

fn emit_all(program: &Program, options: &Options<'_>, all: &[Entry], purpose: Purpose) -> Vec<TestCrate> {
    let homes = std::iter::once(None).chain((0..program.servers.len()).map(Some));
    homes.filter_map(|server| one_crate(program, options, (all, purpose), server)).collect()
}

fn one_crate(
    program: &Program,
    options: &Options<'_>,
    (all, purpose): (&[Entry], Purpose),
    server: Option<usize>,
) -> Option<TestCrate> {
    let belongs = |home: Home| match home {
        Home::Shared => server.is_none(),
        Home::Server(index) => server == usize::try_from(index).ok(),
        Home::Client => false,
    };
    let own: Vec<(usize, Entry)> = all.iter().copied().enumerate().filter(|(_, entry)| belongs(entry.home)).collect();
    let functions: Vec<FnId> = own.iter().map(|(_, entry)| entry.function).collect();
    let within = server.and_then(|index| program.servers.get(index));
    let of_page = all.iter().any(|entry| entry.home == Home::Client);
    let is_called = within.is_some_and(|server| of_page && !server.rpcs.is_empty());
    if own.is_empty() && !is_called {
        return None;
    }
    let span = own.first().map(|(_, entry)| entry.span).or(within.map(|server| server.span)).unwrap_or_default();
    let unit = Unit::new(program, options, Plan::of_tests(program, within, &functions));
    let mut items = common_items(&unit);
    items.push(table(&unit, &own, (purpose, span)));
    let run = purpose.run();
    let name = match (server, within) {
        (Some(index), Some(server)) => {
            items.extend(service::request_fields(&unit, server));
            let end = quote! { .#run(TESTS) };
            items.extend(service::items_ending(&unit, server, index, &end).into_iter().map(lists_tests));
            purpose.crate_name(Some(&server.name.as_deref().map_or_else(|| "server".to_owned(), names::snake)))
        }
        _ => {
            items.push(harness(span, &run));
            purpose.crate_name(None)
        }
    };
    let mut files = vec![manifest::manifest(&name, options.runtime)];
    files.extend(file::files(items, options.sources));
    Some(TestCrate { name, server, files, tests: own.into_iter().map(|(index, _)| index).collect() })
}

/// `main` of a server mentions the table of tests.
fn lists_tests(mut item: Item) -> Item {
    if item.name == "main" {
        item.mentions.insert("TESTS".to_owned());
    }
    item
}

fn harness(span: Span, run: &proc_macro2::Ident) -> Item {
    let tokens = quote! {
        fn main() -> ExitCode {
            set_places(PLACES);
            tova_server::testing::#run(TESTS)
        }
    };
    let mentions = ["PLACES", "TESTS"].map(str::to_owned).into();
    Item { name: "main".to_owned(), place: Place::Main(span), tokens, mentions }
}

/// The table of tests or benchmarks.
fn table(unit: &Unit<'_>, entries: &[(usize, Entry)], (purpose, span): (Purpose, Span)) -> Item {
    let _ = unit.take_mentions();
    let rows: Vec<TokenStream> = entries.iter().map(|(_, entry)| row(unit, entry.function, purpose)).collect();
    let name = ident("TESTS");
    let docs = match purpose {
        Purpose::Test => " The tests in the order of the program.",
        Purpose::Bench => " The benchmarks in the order of the program.",
    };
    let tokens = quote! {
        #[doc = #docs]
        pub static #name: &[tova_server::testing::Test] = &[#(#rows),*];
    };
    Item { name: name.to_string(), place: Place::Module("harness", span), tokens, mentions: unit.take_mentions() }
}

/// What a benchmark computes must look as if it were used, or it would not be computed.
fn row(unit: &Unit<'_>, function: FnId, purpose: Purpose) -> TokenStream {
    let Some(Function { ret, effects, .. }) = unit.function(function) else { return TokenStream::new() };
    let name = unit.function_name(function);
    let test = quote! { tova_server::testing::Test };
    if (purpose, effects.throws) == (Purpose::Test, true) {
        return if effects.is_async {
            quote! { #test::suspending(|| Box::pin(#name())) }
        } else {
            quote! { #test::sync(#name) }
        };
    }
    let wait = effects.is_async.then(|| quote! { .await });
    let pass_on = effects.throws.then(|| quote! { ? });
    let call = quote! { #name() #wait #pass_on };
    let call = if *ret == Type::Unit {
        call
    } else {
        quote! { std::hint::black_box(#call) }
    };
    if effects.is_async {
        quote! { #test::suspending(|| Box::pin(async { #call; Ok(()) })) }
    } else {
        quote! { #test::sync(|| { #call; Ok(()) }) }
    }
}
