//! One file for each request, and the table that names them all.

mod actions;
mod calls;
mod completion;
mod definition;
mod format;
mod hover;
mod inlay;
mod lens;
mod outline;
mod references;
mod rename;
mod signature;
mod structure;
mod tokens;
mod type_definition;
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
    TypeDefinitionRequest => type_definition::type_definition,
    ImplementationRequest => type_definition::implementation,
    ReferencesRequest => references::references,
    DocumentHighlightRequest => references::highlight,
    PrepareRenameRequest => rename::prepare,
    RenameRequest => rename::rename,
    CompletionRequest => completion::completion,
    SignatureHelpRequest => signature::signature_help,
    DocumentSymbolRequest => outline::document,
    WorkspaceSymbolRequest => outline::workspace,
    SemanticTokensRequest => tokens::full,
    SemanticTokensRangeRequest => tokens::range,
    InlayHintRequest => inlay::hints,
    CodeActionRequest => actions::actions,
    FoldingRangeRequest => structure::folding,
    SelectionRangeRequest => structure::selection,
    CallHierarchyPrepareRequest => calls::prepare,
    CallHierarchyIncomingCallsRequest => calls::incoming,
    CallHierarchyOutgoingCallsRequest => calls::outgoing,
    CodeLensRequest => lens::lenses,
    DocumentFormattingRequest => format::document,
    DocumentRangeFormattingRequest => format::range,
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
        type_definition_provider: Some(true.into()),
        implementation_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        rename_provider: Some(
            lsp::RenameOptions { prepare_provider: Some(true), ..lsp::RenameOptions::default() }.into(),
        ),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
            ..lsp::SignatureHelpOptions::default()
        }),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: lsp::SemanticTokensLegend {
                    token_types: tokens::TYPES.iter().map(|name| (*name).to_owned()).collect(),
                    token_modifiers: tokens::MODIFIERS.iter().map(|name| (*name).to_owned()).collect(),
                },
                range: Some(true.into()),
                full: Some(true.into()),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        inlay_hint_provider: Some(true.into()),
        code_action_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        call_hierarchy_provider: Some(true.into()),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        ..lsp::ServerCapabilities::default()
    }
}
