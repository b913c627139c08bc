//! The page's files on their way into a server's binary.

use std::io::Write as _;

use tova_backend_rust::PageAsset;

/// Below this, compression saves less than its header costs.
const WORTHWHILE: usize = 200;

/// The page's files as a generated crate includes them.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    /// What the code says of each.
    pub(crate) table: Vec<PageAsset>,
    /// Path below the crate's folder and content.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Puts the files, and what they are compressed, beside the crate's code.
pub(crate) fn assets(files: &[(String, Vec<u8>)]) -> Assets {
    let mut assets = Assets::default();
    for (path, content) in files {
        let file = format!("page/{path}");
        let mut smaller = |extension: &str, compressed: Option<Vec<u8>>| {
            let compressed =
                compressed.filter(|compressed| content.len() >= WORTHWHILE && compressed.len() < content.len())?;
            let name = format!("{file}.{extension}");
            assets.files.push((name.clone(), compressed));
            Some(name)
        };
        let (brotli, gzip) = (smaller("br", brotli(content)), smaller("gz", gzip(content)));
        let content_type = content_type(path).to_owned();
        assets.table.push(PageAsset { path: format!("/{path}"), content_type, file: file.clone(), brotli, gzip });
        assets.files.push((file, content.clone()));
    }
    // The page itself comes first.
    assets.table.sort_by_key(|asset| asset.path != "/index.html");
    assets
}

fn brotli(content: &[u8]) -> Option<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut out, &parameters).ok()?;
    Some(out)
}

fn gzip(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

/// The content type of a file of the page.
pub(crate) fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Adds a custom section to a WebAssembly module.
pub(crate) fn add_section(wasm: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut section = self::name(name);
    section.extend_from_slice(content);
    wasm.push(0);
    push_length(wasm, section.len());
    wasm.extend_from_slice(&section);
}

/// A text with its length before it, as names are written in a module.
pub(crate) fn name(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    push_length(&mut out, text.len());
    out.extend_from_slice(text.as_bytes());
    out
}

/// An unsigned LEB128 number.
fn push_length(out: &mut Vec<u8>, mut length: usize) {
    loop {
        let byte = (length & 0x7f) as u8;
        length >>= 7;
        if length == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{add_section, assets};

    #[test]
    fn long_files_are_compressed_and_the_page_comes_first() {
        let files = vec![("client.js".to_owned(), vec![b'x'; 1000]), ("index.html".to_owned(), b"<p>".to_vec())];
        let assets = assets(&files);
        assert_eq!(assets.table[0].path, "/index.html");
        assert_eq!(assets.table[0].brotli, None);
        assert_eq!(assets.table[1].brotli.as_deref(), Some("page/client.js.br"));
        assert!(assets.files.iter().any(|(path, content)| path == "page/client.js.gz" && content.len() < 100));
    }

    #[test]
    fn a_section_has_its_lengths() {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        add_section(&mut wasm, "places", &[7; 200]);
        assert_eq!(wasm[8..13], [0, 0xcf, 0x01, 6, b'p']);
        assert_eq!(wasm.len(), 8 + 3 + 207);
    }
}
