//! Files: items are put into modules, formatted, and the lines traced back to the program.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tova_source::{FileId, SourceMap, Span};

use crate::names::{Names, ident, snake};

/// Lines after which a module is full.
const FULL: usize = 300;

/// An item of a crate.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) tokens: TokenStream,
    /// Items of the crate that it mentions.
    pub(crate) mentions: BTreeSet<String>,
}

/// Where an item belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Beside what stands in the same file of the program.
    Source(Span),
    /// In the module of this name, made for what no file has.
    Module(&'static str, Span),
    /// In `main.rs`.
    Main(Span),
}

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path below the crate's folder, with `/`.
    pub path: String,
    /// The text.
    pub text: String,
    /// From which line on (from 1) the text comes from which place; sorted by line.
    pub spans: Vec<(u32, Span)>,
}

impl GeneratedFile {
    /// The place in the program that a line (from 1) comes from.
    #[must_use]
    pub fn span_at(&self, line: u32) -> Option<Span> {
        let after = self.spans.partition_point(|(start, _)| *start <= line);
        self.spans.get(after.checked_sub(1)?).map(|(_, span)| *span)
    }
}

/// A mark before a statement that says where it comes from. It is taken out of the formatted text.
pub(crate) fn mark(span: Span) -> TokenStream {
    let (file, start, end) =
        (Literal::u32_unsuffixed(span.file.0), Literal::u32_unsuffixed(span.start), Literal::u32_unsuffixed(span.end));
    quote! { __at!(#file, #start, #end); }
}

/// A module with formatted items.
#[derive(Default)]
struct Module {
    text: String,
    spans: Vec<(u32, Span)>,
    mentions: BTreeSet<String>,
    items: BTreeSet<String>,
    lines: usize,
}

impl Module {
    fn add(&mut self, item: &Item, span: Span) {
        if !self.text.is_empty() {
            self.text.push('\n');
            self.lines += 1;
        }
        self.spans.push((line_number(self.lines), span));
        for line in formatted(&item.tokens).lines() {
            if let Some(span) = marked(line) {
                self.spans.push((line_number(self.lines), span));
                continue;
            }
            self.text.push_str(line);
            self.text.push('\n');
            self.lines += 1;
        }
        self.mentions.extend(item.mentions.iter().cloned());
        self.items.insert(item.name.clone());
    }

    fn file(self, path: String, head: &str) -> GeneratedFile {
        let shift = line_number(head.lines().count()).saturating_sub(1);
        let spans = self.spans.into_iter().map(|(line, span)| (line + shift, span)).collect();
        GeneratedFile { path, text: format!("{head}{}", self.text), spans }
    }
}

/// The number (from 1) of the line that comes after `lines` lines.
fn line_number(lines: usize) -> u32 {
    u32::try_from(lines + 1).unwrap_or(u32::MAX)
}

/// The place that a marking line names.
fn marked(line: &str) -> Option<Span> {
    let inner = line.trim().strip_prefix("__at!(")?.strip_suffix(");")?;
    let mut numbers = inner.split(',').map(|number| number.trim().parse().ok());
    let (file, start, end) = (numbers.next()??, numbers.next()??, numbers.next()??);
    Some(Span::new(FileId(file), start, end))
}

/// Tokens as text, items apart. Tokens that are no Rust are a mistake of ours: rustc will say so, at the place that they come from.
fn formatted(tokens: &TokenStream) -> String {
    let Ok(file) = syn::parse2::<syn::File>(tokens.clone()) else { return format!("{tokens}\n") };
    let single = |item| {
        prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] })
    };
    file.items.into_iter().map(single).collect::<Vec<_>>().join("\n")
}

/// Lines that belong together: `mod` and `use`.
fn lines(tokens: &TokenStream) -> String {
    syn::parse2::<syn::File>(tokens.clone()).map(|file| prettyplease::unparse(&file)).unwrap_or_default()
}

/// The files of a crate: `main.rs` with the given attributes first, and a module for each file of the program.
pub(crate) fn files(items: Vec<Item>, sources: &SourceMap) -> Vec<GeneratedFile> {
    let mut by_source: BTreeMap<FileId, Vec<(Span, Item)>> = BTreeMap::new();
    let mut made: BTreeMap<&'static str, Module> = BTreeMap::new();
    let mut main = Module::default();
    for item in items {
        match item.place {
            Place::Source(span) => by_source.entry(span.file).or_default().push((span, item)),
            Place::Module(name, span) => made.entry(name).or_default().add(&item, span),
            Place::Main(span) => main.add(&item, span),
        }
    }
    let mut names = Names::default();
    let mut modules: Vec<(String, Option<FileId>, Module)> = Vec::new();
    for (name, module) in made {
        modules.push((names.claim(name.to_owned()), None, module));
    }
    for (file, mut items) in by_source {
        items.sort_by_key(|(span, item)| (span.start, item.name.clone()));
        let stem = stem_of(sources, file);
        let mut module = Module::default();
        for (span, item) in &items {
            if module.lines > FULL {
                modules.push((names.claim(stem.clone()), Some(file), std::mem::take(&mut module)));
            }
            module.add(item, *span);
        }
        modules.push((names.claim(stem), Some(file), module));
    }
    let mut table = Module::default();
    table.items.insert("PLACES".to_owned());
    modules.push((names.claim("places".to_owned()), None, table));
    let homes: BTreeMap<String, String> = modules
        .iter()
        .flat_map(|(name, _, module)| module.items.iter().map(|item| (item.clone(), name.clone())))
        .collect();
    let mut files = vec![main_file(main, &modules, &homes)];
    let mut rows = TokenStream::new();
    let mut table = String::new();
    for (name, file, module) in modules {
        let path = format!("src/{name}.rs");
        if module.items.contains("PLACES") {
            table = path;
            continue;
        }
        let head = module_head(&name, file, &module, &homes, sources);
        let generated = module.file(path, &head);
        rows.extend(file.map(|file| places_row(&generated, file, sources)));
        files.push(generated);
    }
    files.push(places_file(table, &rows));
    files
}

/// The row of the table of places for a file.
fn places_row(generated: &GeneratedFile, file: FileId, sources: &SourceMap) -> TokenStream {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for (line, span) in
        generated.spans.iter().filter(|(_, span)| span.file == file && sources.files().any(|(id, _)| id == file))
    {
        let source_line = sources.location(*span).start.line;
        if pairs.last().is_none_or(|(_, last)| *last != source_line) {
            pairs.push((*line, source_line));
        }
    }
    let text = pairs.iter().map(|(line, source)| format!("{line}:{source}")).collect::<Vec<_>>().join(" ");
    let (path, name) = (&generated.path, short_name(sources, file));
    quote! { Lines { file: #path, source: #name, lines: #text }, }
}

fn places_file(path: String, rows: &TokenStream) -> GeneratedFile {
    let tokens = quote! {
        /// From which line on which line of the program it is.
        pub static PLACES: &[Lines] = &[#rows];
    };
    let head = "//! Where the lines of this crate come from.\n\nuse tova_server::prelude::*;\n\n";
    GeneratedFile { path, text: format!("{head}{}", formatted(&tokens)), spans: Vec::new() }
}

/// The name of a file of the program without its folder.
fn short_name(sources: &SourceMap, file: FileId) -> &str {
    let name = sources.files().find(|(id, _)| *id == file).map_or("program.tova", |(_, file)| file.name.as_str());
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The lints that would speak of the program rather than of our code.
const ALLOWED: &str = "\
#![allow(unreachable_code, unused_assignments, unused_parens, reason = \"the program's own warnings come from its compiler\")]
#![allow(arithmetic_overflow, unconditional_panic, reason = \"a run-time error of the language\")]
#![allow(
    clippy::absurd_extreme_comparisons,
    clippy::approx_constant,
    clippy::bool_comparison,
    clippy::collapsible_else_if,
    clippy::collapsible_if,
    clippy::collapsible_match,
    clippy::double_comparisons,
    clippy::duplicated_attributes,
    clippy::enum_variant_names,
    clippy::eq_op,
    clippy::erasing_op,
    clippy::excessive_precision,
    clippy::identity_op,
    clippy::if_same_then_else,
    clippy::large_enum_variant,
    clippy::len_zero,
    clippy::let_and_return,
    clippy::manual_filter,
    clippy::manual_find,
    clippy::manual_is_multiple_of,
    clippy::manual_map,
    clippy::manual_range_contains,
    clippy::manual_strip,
    clippy::manual_swap,
    clippy::manual_unwrap_or,
    clippy::manual_unwrap_or_default,
    clippy::match_like_matches_macro,
    clippy::module_inception,
    clippy::needless_bool,
    clippy::needless_bool_assign,
    clippy::needless_range_loop,
    clippy::needless_return,
    clippy::neg_cmp_op_on_partial_ord,
    clippy::neg_multiply,
    clippy::never_loop,
    clippy::nonminimal_bool,
    clippy::option_map_unit_fn,
    clippy::question_mark,
    clippy::redundant_locals,
    clippy::result_unit_err,
    clippy::reversed_empty_ranges,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::unit_arg,
    clippy::unnecessary_literal_unwrap,
    clippy::while_let_loop,
    clippy::let_unit_value,
    clippy::zero_divided_by_zero,
    reason = \"the shape of the code follows the program\"
)]
";

fn main_file(
    main: Module,
    modules: &[(String, Option<FileId>, Module)],
    homes: &BTreeMap<String, String>,
) -> GeneratedFile {
    let mut head = String::from(ALLOWED);
    head.push('\n');
    let modules = modules.iter().map(|(name, ..)| ident(name));
    head.push_str(&lines(&quote! { #(mod #modules;)* }));
    head.push('\n');
    head.push_str(&uses(&main, homes, None));
    main.file("src/main.rs".to_owned(), &head)
}

fn module_head(
    name: &str,
    file: Option<FileId>,
    module: &Module,
    homes: &BTreeMap<String, String>,
    sources: &SourceMap,
) -> String {
    let from = file.and_then(|file| sources.files().find(|(id, _)| *id == file)).map(|(_, file)| file.name.as_str());
    let docs = match (from, name) {
        (Some(file), _) => format!("//! From `{}`.\n\n", file.rsplit('/').next().unwrap_or(file)),
        (None, "routes") => "//! How requests reach the functions of the program.\n\n".to_owned(),
        (None, _) => "//! Made for the whole program.\n\n".to_owned(),
    };
    docs + &uses(module, homes, Some(name))
}

/// The `use` lines of a module.
fn uses(module: &Module, homes: &BTreeMap<String, String>, own: Option<&str>) -> String {
    let mut by_home: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in &module.mentions {
        if let Some(home) = homes.get(name)
            && own != Some(home.as_str())
        {
            by_home.entry(home).or_default().push(name);
        }
    }
    let mut text = String::new();
    let mut tokens = TokenStream::new();
    if mentions_word(&module.text, &["Arc"]) {
        tokens.extend(quote! { use std::sync::Arc; });
    }
    if mentions_word(&module.text, &["LazyLock"]) {
        tokens.extend(quote! { use std::sync::LazyLock; });
    }
    if mentions_word(&module.text, crate::names::RUNTIME) {
        tokens.extend(quote! { use tova_server::prelude::*; });
    }
    for (home, names) in by_home {
        let (home, names) = (ident(home), names.into_iter().map(ident_of));
        tokens.extend(quote! { use crate::#home::{#(#names),*}; });
    }
    if !tokens.is_empty() {
        text.push_str(&lines(&tokens));
        text.push('\n');
    }
    text
}

/// An identifier that may be written as a raw one.
fn ident_of(name: &str) -> proc_macro2::Ident {
    ident(name.strip_prefix("r#").unwrap_or(name))
}

/// Whether one of the words stands in a text.
fn mentions_word(text: &str, words: &[&str]) -> bool {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).any(|word| words.contains(&word))
}

/// The module's name for a file of the program.
fn stem_of(sources: &SourceMap, file: FileId) -> String {
    let name = short_name(sources, file);
    snake(name.strip_suffix(".tova").unwrap_or(name))
}
