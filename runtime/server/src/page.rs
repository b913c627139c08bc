//! The page and its files, embedded in the binary or read from the folder that `tova dev` names.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::reply::Reply;
use crate::settings;

/// The page of a program.
#[derive(Debug)]
pub struct Page {
    /// The files; `/index.html` is the page itself.
    pub assets: &'static [Asset],
    /// Addresses that the page talks to beside its own origin, for the content security policy.
    pub connect: &'static [&'static str],
}

/// A file of the page.
#[derive(Debug)]
pub struct Asset {
    /// The path on the wire, `/app.wasm`.
    pub path: &'static str,
    /// The content type.
    pub content_type: &'static str,
    /// The bytes.
    pub identity: &'static [u8],
    /// The bytes compressed with brotli.
    pub brotli: Option<&'static [u8]>,
    /// The bytes compressed with gzip.
    pub gzip: Option<&'static [u8]>,
}

/// A page that is being served.
pub(crate) struct Served {
    source: Source,
    policy: HeaderValue,
}

enum Source {
    /// The files with their tags.
    Embedded(Vec<(&'static Asset, String)>),
    Folder(PathBuf),
}

const INDEX: &str = "/index.html";

impl Served {
    /// Gets a page ready. The folder in `TOVA_CLIENT_DIR` beats the embedded files.
    pub(crate) fn new(page: &'static Page) -> Self {
        let source = match settings::variable("TOVA_CLIENT_DIR") {
            Some(folder) => Source::Folder(folder.into()),
            None => Source::Embedded(page.assets.iter().map(|asset| (asset, tag(asset.identity))).collect()),
        };
        Self { source, policy: policy(page.connect) }
    }

    /// The file at this path.
    pub(crate) fn file(&self, path: &str, headers: &HeaderMap) -> Option<Reply> {
        let path = if path == "/" { INDEX } else { path };
        match &self.source {
            Source::Embedded(files) => {
                let (asset, tag) = files.iter().find(|(asset, _)| asset.path == path)?;
                Some(self.embedded(asset, tag, headers))
            }
            Source::Folder(folder) => self.read(folder, path),
        }
    }

    /// The page itself for a path that has no file, if a person navigates there: the client's router knows the path.
    pub(crate) fn fallback(&self, path: &str, headers: &HeaderMap) -> Option<Reply> {
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if is_file || !accept.contains("text/html") { None } else { self.file(INDEX, headers) }
    }

    fn embedded(&self, asset: &'static Asset, tag: &str, headers: &HeaderMap) -> Reply {
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (bytes, encoding) = match (asset.brotli, asset.gzip) {
            (Some(bytes), _) if accepts(accepted, "br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts(accepted, "gzip") => (bytes, Some("gzip")),
            _ => (asset.identity, None),
        };
        let tag = format!("\"{tag}{}\"", encoding.map(|name| format!("-{name}")).unwrap_or_default());
        let mut reply = self.reply(asset.content_type, Bytes::from_static(bytes), "no-cache");
        if asset.brotli.is_some() || asset.gzip.is_some() {
            reply.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        if let Some(encoding) = encoding {
            reply.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let unchanged = known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
        set(reply.headers_mut(), ETAG, &tag);
        if unchanged { reply.with_status(304) } else { reply }
    }

    /// A file of the folder, fresh at every request. Files of a page are small and this is dev alone.
    fn read(&self, folder: &Path, path: &str) -> Option<Reply> {
        let path = path.trim_start_matches('/');
        let inside =
            path.split('/').all(|part| !part.is_empty() && part != ".." && part != "." && !part.contains(['\\', '\0']));
        if !inside {
            return None;
        }
        let bytes = std::fs::read(folder.join(path)).ok()?;
        Some(self.reply(content_type(path), bytes.into(), "no-store"))
    }

    fn reply(&self, content_type: &'static str, body: Bytes, cache: &'static str) -> Reply {
        let mut headers = HeaderMap::with_capacity(12);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        if content_type.starts_with("text/html") {
            headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        }
        Reply {
            status: Some(200),
            headers: Some(Box::new(headers)),
            content_type: Some(HeaderValue::from_static(content_type)),
            body,
        }
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether a client takes an encoding (and has not given it the weight 0).
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Names the content, for `ETag`.
fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}

/// The content security policy of the page. It needs no `unsafe-eval`; styles may be set on elements by views.
fn policy(connect: &[&str]) -> HeaderValue {
    let dev = settings::variable("TOVA_CSP_CONNECT").unwrap_or_default();
    let mut sources = String::from("'self'");
    for source in connect.iter().copied().chain(dev.split(',')).filter(|source| !source.is_empty()) {
        sources.push(' ');
        sources.push_str(source);
    }
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         connect-src {sources}; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
    );
    // A source that no header can carry would have been refused by the compiler.
    HeaderValue::from_str(&policy)
        .unwrap_or(HeaderValue::from_static("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"))
}

/// The content type of a file by its name.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
