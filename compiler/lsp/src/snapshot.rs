//! A program at one moment: everything that a request looks at.

use std::cell::OnceCell;
use std::path::Path;

use gen_lsp_types as lsp;
use tova_check::{Checked, types::Ty};
use tova_source::{FileId, SourceFile, SourceMap, Span};
use tova_syntax::ast::Module;

use crate::files::{File, Files};
use crate::index::Index;
use crate::position::Encoding;

/// What the editor can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// How it counts columns.
    pub(crate) encoding: Encoding,
    /// Whether completions may hold places to fill in.
    pub(crate) snippets: bool,
    /// How long lines may become in a file.
    pub(crate) width: fn(&Path) -> u32,
}

/// A checked program with its texts and trees.
pub(crate) struct Snapshot<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) files: &'a [File],
    pub(crate) modules: &'a [Module],
    pub(crate) library: &'a [Module],
    pub(crate) checked: &'a Checked<'a>,
    pub(crate) client: Client,
    index: OnceCell<Index>,
}

/// A place in a file of the program.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) file: FileId,
    pub(crate) module: &'a Module,
    pub(crate) source: &'a SourceFile,
    pub(crate) offset: u32,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn new(files: &'a Files, checked: &'a Checked<'a>, client: Client) -> Self {
        Self {
            sources: &files.sources,
            files: &files.list,
            modules: &files.modules,
            library: files.library.modules(),
            checked,
            client,
            index: OnceCell::new(),
        }
    }

    /// What every name of the program means. Made when it is first asked for.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self.checked, self.modules, self.sources))
    }

    /// The program's file of an address.
    pub(crate) fn file(&self, uri: &lsp::Uri) -> Option<(&'a File, &'a Module)> {
        let path = crate::uri::to_path(uri);
        let position = self
            .files
            .iter()
            .position(|file| file.uri == *uri || path.as_ref().is_some_and(|path| file.path == *path))?;
        Some((self.files.get(position)?, self.modules.get(position)?))
    }

    /// The place that a request is about.
    pub(crate) fn at(&self, uri: &lsp::Uri, position: lsp::Position) -> Option<At<'a>> {
        let (file, module) = self.file(uri)?;
        let source = self.sources.file(file.id);
        let offset = self.client.encoding.offset(&source.text, &source.lines, position);
        Some(At { file: file.id, module, source, offset })
    }

    /// The span of a range of a file.
    pub(crate) fn span(&self, file: FileId, range: lsp::Range) -> Span {
        let source = self.sources.file(file);
        let offset = |position| self.client.encoding.offset(&source.text, &source.lines, position);
        let (start, end) = (offset(range.start), offset(range.end));
        Span::new(file, start.min(end), end.max(start))
    }

    pub(crate) fn range(&self, span: Span) -> lsp::Range {
        self.client.encoding.range(self.sources.file(span.file), span)
    }

    /// A place of the program as the editor knows it; none for the standard library.
    pub(crate) fn location(&self, span: Span) -> Option<lsp::Location> {
        let file = self.files.iter().find(|file| file.id == span.file)?;
        Some(lsp::Location { uri: file.uri.clone(), range: self.range(span) })
    }

    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.sources.text(span)
    }

    /// A type as the user reads it.
    pub(crate) fn show(&self, ty: Ty) -> String {
        tova_check::show(&self.checked.types, &self.checked.type_decls, ty)
    }

    /// Whether a file belongs to the standard library.
    pub(crate) fn is_library(&self, file: FileId) -> bool {
        self.library.iter().any(|module| module.file == file)
    }
}
