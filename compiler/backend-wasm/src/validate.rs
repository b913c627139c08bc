//! What is wrong with a module, as far as can be seen without an engine.

use wasmparser::{KnownCustom, Name, Parser, Payload, Validator};

/// Checks a module; a mistake names the function that has it.
pub(crate) fn validate(wasm: &[u8]) -> Result<(), String> {
    Validator::new().validate_all(wasm).map(drop).map_err(|error| {
        let place = function_at(wasm, error.offset()).unwrap_or_default();
        format!("{error} in `{place}`")
    })
}

/// The name of the function at an offset of the module.
fn function_at(wasm: &[u8], offset: u64) -> Option<String> {
    let (mut found, mut bodies, mut imported) = (None, 0, 0);
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm).flatten() {
        match payload {
            Payload::ImportSection(imports) => {
                let functions =
                    imports.into_imports().flatten().filter(|import| matches!(import.ty, wasmparser::TypeRef::Func(_)));
                imported = functions.count();
            }
            Payload::CodeSectionEntry(body) => {
                if body.range().contains(&offset) {
                    found = Some(bodies);
                }
                bodies += 1;
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(section) = section.as_known() else { continue };
                for name in section.into_iter().flatten() {
                    if let Name::Function(functions) = name {
                        names.extend(
                            functions.into_iter().flatten().map(|naming| (naming.index, naming.name.to_owned())),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    let index = u32::try_from(found? + imported).ok()?;
    names.into_iter().find(|(at, _)| *at == index).map(|(_, name)| name)
}
