//! One file for each request, and the table that names them all.

mod completion;
mod definition;
mod hover;
mod words;

use gen_lsp_types as lsp;
use gen_lsp_types::Request as _;
use lsp_server::{ErrorCode, Request};
use serde_json::Value;

use crate::position::Encoding;
use crate::snapshot::Snapshot;

/// An answer, or what is wrong with the question.
pub(crate) type Answer = Result<Value, (ErrorCode, String)>;

type Handler = fn(&Snapshot<'_>, Value) -> Answer;

macro_rules! requests {
    ($($request:ident => $function:path,)*) => {
        /// What is answered, by method.
        const REQUESTS: &[(&str, Handler)] = &[
            $((lsp::$request::METHOD.as_str(), |snapshot, params| {
                let params = serde_json::from_value(params)
                    .map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
                let result: <lsp::$request as lsp::Request>::Result = $function(snapshot, params);
                serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
            }),)*
        ];
    };
}

requests! {
    HoverRequest => hover::hover,
    DefinitionRequest => definition::definition,
    CompletionRequest => completion::completion,
}

/// Whether there is such a request.
pub(crate) fn is_known(method: &str) -> bool {
    REQUESTS.iter().any(|(known, _)| *known == method)
}

/// Answers a request.
pub(crate) fn answer(snapshot: &Snapshot<'_>, request: &Request) -> Answer {
    let handler = REQUESTS.iter().find(|(method, _)| *method == request.method);
    let (_, handler) = handler.ok_or_else(|| (ErrorCode::MethodNotFound, request.method.clone()))?;
    handler(snapshot, request.params.clone())
}

/// What the server can do.
pub(crate) fn capabilities(encoding: Encoding) -> lsp::ServerCapabilities {
    lsp::ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(true.into()),
                ..lsp::TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some([".", "<", "\"", "/", ":", "@", "{", " "].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        ..lsp::ServerCapabilities::default()
    }
}
