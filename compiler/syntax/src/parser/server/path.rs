//! The language of route paths: `/users/:id`, `/files/*rest`.
//!
//! A path is a list of segments after slashes. A segment is text, `:name` (one segment of the request) or, as the last one, `*name` or `*` (all that
//! is left).

use chumsky::prelude::*;
use tova_diagnostics::{Diagnostic, codes};
use tova_source::Span;

/// A piece of a path between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment<'p> {
    Text,
    Param(&'p str),
    Rest(&'p str),
}

type Located<'p> = (Segment<'p>, SimpleSpan);

/// Reports what is wrong with the path of a route. `span` is the string in the source, quotes included.
pub(super) fn problem(path: &str, span: Span) -> Option<Diagnostic> {
    let at = |place: SimpleSpan| {
        // With escapes in the string, places inside of it are not places in the source.
        if span.len() as usize != path.len() + 2 {
            return span;
        }
        let offset = |byte: usize| span.start + 1 + u32::try_from(byte).unwrap_or(0);
        Span::new(span.file, offset(place.start), offset(place.end.max(place.start)))
    };
    let (segments, errors) = segments().parse(path).into_output_errors();
    if let Some(error) = errors.first() {
        let found = error.found().map_or_else(|| "its end".to_owned(), |found| format!("`{found}`"));
        let problem =
            Diagnostic::error(codes::E0011, at(*error.span()), format!("{found} does not belong in this path"));
        return Some(if path.starts_with('/') {
            problem.help("segments are text, `:name`, or `*name` at the end: `/users/:id`")
        } else {
            problem.help("a path begins with `/`").fix("begin with `/`", at((0..0).into()), "/")
        });
    }
    let segments = segments.unwrap_or_default();
    let last = segments.len().saturating_sub(1);
    let early = segments.iter().take(last).find(|(segment, _)| matches!(segment, Segment::Rest(_)));
    if let Some((_, place)) = early {
        return Some(
            Diagnostic::error(codes::E0011, at(*place), "`*` takes the rest of a path and must be its last segment")
                .help("use `:name` for one segment"),
        );
    }
    twice(&segments).map(|(name, first, second)| {
        Diagnostic::error(codes::E0011, at(second), format!("the path has two parameters `{name}`"))
            .also(at(first), "first named here")
            .help("give one of them another name")
    })
}

/// A name that two parameters have, with both places.
fn twice<'p>(segments: &[Located<'p>]) -> Option<(&'p str, SimpleSpan, SimpleSpan)> {
    let named: Vec<(&str, SimpleSpan)> = segments
        .iter()
        .filter_map(|(segment, place)| match segment {
            Segment::Param(name) | Segment::Rest(name) if !name.is_empty() => Some((*name, *place)),
            Segment::Text | Segment::Param(_) | Segment::Rest(_) => None,
        })
        .collect();
    named.iter().enumerate().find_map(|(index, (name, second))| {
        let before = named.iter().take(index).find(|(other, _)| other == name);
        before.map(|(_, first)| (*name, *first, *second))
    })
}

fn segments<'p>() -> impl Parser<'p, &'p str, Vec<Located<'p>>, extra::Err<Rich<'p, char>>> {
    let name = text::ident();
    let text = any()
        .filter(|character: &char| !matches!(character, '/' | ':' | '*' | '?' | '#') && !character.is_whitespace())
        .repeated();
    let segment = choice((
        just(':').ignore_then(name).map(Segment::Param),
        just('*').ignore_then(name.or_not()).map(|name| Segment::Rest(name.unwrap_or_default())),
        text.to(Segment::Text),
    ));
    just('/').ignore_then(segment.map_with(|segment, found| (segment, found.span()))).repeated().at_least(1).collect()
}

#[cfg(test)]
mod tests {
    use tova_source::{FileId, Span};

    use super::problem;

    fn message(path: &str) -> Option<String> {
        let end = u32::try_from(path.len() + 2).unwrap_or(0);
        problem(path, Span::new(FileId(0), 0, end)).map(|problem| problem.message)
    }

    #[test]
    fn ordinary_paths_are_fine() {
        for path in ["/", "/api/users", "/users/:id/posts/:post_id", "/files/*rest", "/a/*", "/a.b-c/~d", "/users/"] {
            assert_eq!(message(path), None, "{path}");
        }
    }

    #[test]
    fn broken_paths_say_where() {
        let place = |path: &str| {
            let end = u32::try_from(path.len() + 2).unwrap_or(0);
            problem(path, Span::new(FileId(0), 0, end)).map(|problem| problem.span.start)
        };
        assert_eq!(message("users").as_deref(), Some("`u` does not belong in this path"));
        assert_eq!(place("/users/:"), Some(9));
        assert_eq!(place("/a b"), Some(3));
        assert_eq!(message("/*all/edit").as_deref(), Some("`*` takes the rest of a path and must be its last segment"));
        assert_eq!(message("/:id/x/:id").as_deref(), Some("the path has two parameters `id`"));
    }
}
