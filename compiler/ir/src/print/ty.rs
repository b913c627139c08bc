//! Types as text.

use super::Printer;
use crate::Type;

impl Printer<'_> {
    pub(super) fn types(&mut self) {
        for record in &self.program.records {
            let fields: Vec<String> =
                record.fields.iter().map(|field| format!("{}: {}", field.name, self.ty(&field.ty))).collect();
            self.line(&format!("record {} {{ {} }}", record.name, fields.join(", ")));
        }
        for enum_ in &self.program.enums {
            let variants: Vec<String> = enum_
                .variants
                .iter()
                .map(|variant| {
                    let fields: Vec<String> =
                        variant.fields.iter().map(|field| format!("{}: {}", field.name, self.ty(&field.ty))).collect();
                    if fields.is_empty() {
                        variant.name.to_string()
                    } else {
                        format!("{}({})", variant.name, fields.join(", "))
                    }
                })
                .collect();
            self.line(&format!("enum {} {{ {} }}", enum_.name, variants.join(" | ")));
        }
    }

    /// A type.
    pub(crate) fn ty(&self, ty: &Type) -> String {
        let all = |types: &[Type]| types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(", ");
        match ty {
            Type::Unit => "()".into(),
            Type::Never => "!".into(),
            Type::Bool => "Bool".into(),
            Type::Int => "Int".into(),
            Type::Float => "Float".into(),
            Type::Str => "Str".into(),
            Type::Any => "Any".into(),
            Type::Duration => "Duration".into(),
            Type::Size => "Size".into(),
            Type::View => "View".into(),
            Type::List(item) => format!("[{}]", self.ty(item)),
            Type::Map(key, value) => format!("Map<{}, {}>", self.ty(key), self.ty(value)),
            Type::Set(item) => format!("Set<{}>", self.ty(item)),
            Type::Tuple(items) => format!("({})", all(items)),
            Type::Option(item) => format!("{}?", self.ty(item)),
            Type::Record(id) => {
                self.program.records.get(id.0 as usize).map_or_else(|| "?".into(), |record| record.name.to_string())
            }
            Type::Enum(id) => {
                self.program.enums.get(id.0 as usize).map_or_else(|| "?".into(), |enum_| enum_.name.to_string())
            }
            Type::Fn(function) => {
                let word = if function.is_async { "async fn" } else { "fn" };
                format!("{word}({}) -> {}", all(&function.params), self.ty(&function.ret))
            }
            Type::Handle(name) => name.to_string(),
        }
    }
}
