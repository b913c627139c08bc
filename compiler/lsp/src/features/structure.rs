//! The shape of the text: what can be folded, and what a selection grows to.

use gen_lsp_types as lsp;
use tova_source::Span;
use tova_syntax::ast::{CommentKind, ItemKind};

use crate::snapshot::Snapshot;
use crate::tree::{self, Node};

/// Everything that covers several lines, runs of comments, and the imports.
pub(crate) fn folding(snapshot: &Snapshot<'_>, params: lsp::FoldingRangeParams) -> Option<Vec<lsp::FoldingRange>> {
    let (file, module) = snapshot.file(&params.text_document.uri)?;
    let lines = &snapshot.sources.file(file.id).lines;
    let line = |offset: u32| u32::try_from(lines.line_of(offset)).unwrap_or(0);
    let mut ranges: Vec<(u32, u32, Option<lsp::FoldingRangeKind>)> = Vec::new();
    let mut imports: Option<(u32, u32)> = None;
    tree::all(module, &mut |node| {
        let span = node.span();
        let (start, end) = (line(span.start), line(span.end));
        if let Node::Item(item) = node
            && let ItemKind::Import(_) = item.kind
        {
            imports = Some((imports.map_or(start, |(first, _)| first), end));
            return;
        }
        let whole = !matches!(node, Node::Pattern(_) | Node::Ty(_));
        if whole && start < end {
            ranges.push((start, end, None));
        }
    });
    ranges.extend(
        imports
            .filter(|(start, end)| start < end)
            .map(|(start, end)| (start, end, Some(lsp::FoldingRangeKind::Imports))),
    );
    let mut run: Option<(u32, u32)> = None;
    for comment in &module.comments {
        let (start, end) = (line(comment.span.start), line(comment.span.end));
        let joined = run.filter(|(_, last)| comment.kind != CommentKind::Block && *last + 1 == start);
        if joined.is_none() {
            ranges.extend(run.filter(|(a, b)| a < b).map(|(a, b)| (a, b, Some(lsp::FoldingRangeKind::Comment))));
        }
        run = Some((joined.map_or(start, |(first, _)| first), end));
    }
    ranges.extend(run.filter(|(a, b)| a < b).map(|(a, b)| (a, b, Some(lsp::FoldingRangeKind::Comment))));
    // Of what begins in one line the largest is folded.
    ranges.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
    ranges.dedup_by_key(|(start, _, _)| *start);
    let range = |(start_line, end_line, kind)| lsp::FoldingRange {
        start_line,
        end_line,
        kind,
        start_character: None,
        end_character: None,
        collapsed_text: None,
    };
    Some(ranges.into_iter().map(range).collect())
}

/// For each place the texts around it, from the smallest to the file.
pub(crate) fn selection(
    snapshot: &Snapshot<'_>,
    params: lsp::SelectionRangeParams,
) -> Option<Vec<lsp::SelectionRange>> {
    let uri = &params.text_document.uri;
    Some(params.positions.iter().filter_map(|position| around(snapshot, uri, *position)).collect())
}

fn around(snapshot: &Snapshot<'_>, uri: &lsp::Uri, position: lsp::Position) -> Option<lsp::SelectionRange> {
    let at = snapshot.at(uri, position)?;
    let length = u32::try_from(at.source.text.len()).unwrap_or(u32::MAX);
    let mut spans = vec![Span::new(at.file, 0, length)];
    tree::around(at.module, at.offset, &mut |node| spans.push(node.span()));
    spans.extend(super::words::word_at(at.file, &at.source.text, at.offset));
    let mut range: Option<lsp::SelectionRange> = None;
    let mut last: Option<Span> = None;
    for span in spans {
        let grows = last.is_none_or(|last| last.start <= span.start && span.end <= last.end && last != span);
        if grows {
            range = Some(lsp::SelectionRange { range: snapshot.range(span), parent: range.map(Box::new) });
            last = Some(span);
        }
    }
    range
}
