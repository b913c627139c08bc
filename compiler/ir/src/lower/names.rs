//! Unique names of functions and types.

use std::collections::HashSet;

use ecow::{EcoString, eco_format};

use crate::{Program, Type};

/// The names taken so far.
#[derive(Default)]
pub(crate) struct Names {
    taken: HashSet<EcoString>,
}

impl Names {
    /// `wish`, or `wish_2`, `wish_3`, … if it is taken.
    pub(crate) fn unique(&mut self, wish: &str) -> EcoString {
        let wish: EcoString = wish.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
        let mut name = wish.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = eco_format!("{wish}_{number}");
            number += 1;
        }
        name
    }
}

/// A type as part of a name: `ListOfInt`.
pub(crate) fn of_type(program: &Program, ty: &Type) -> EcoString {
    let of = |ty: &Type| of_type(program, ty);
    let all = |types: &[Type]| types.iter().map(|ty| of_type(program, ty)).collect::<EcoString>();
    match ty {
        Type::Unit => "Unit".into(),
        Type::Never => "Never".into(),
        Type::Bool => "Bool".into(),
        Type::Int => "Int".into(),
        Type::Float => "Float".into(),
        Type::Str => "Str".into(),
        Type::Any => "Any".into(),
        Type::Duration => "Duration".into(),
        Type::Size => "Size".into(),
        Type::View => "View".into(),
        Type::List(item) => eco_format!("ListOf{}", of(item)),
        Type::Map(key, value) => eco_format!("MapOf{}{}", of(key), of(value)),
        Type::Set(item) => eco_format!("SetOf{}", of(item)),
        Type::Tuple(items) => eco_format!("TupleOf{}", all(items)),
        Type::Option(item) => eco_format!("Opt{}", of(item)),
        Type::Record(id) => {
            program.records.get(id.0 as usize).map_or_else(EcoString::new, |record| record.name.clone())
        }
        Type::Enum(id) => program.enums.get(id.0 as usize).map_or_else(EcoString::new, |enum_| enum_.name.clone()),
        Type::Fn(function) => eco_format!("Fn{}To{}", all(&function.params), of(&function.ret)),
        Type::Handle(name) => name.clone(),
    }
}

/// `name` with its first letter in upper case.
pub(crate) fn capitalized(name: &str) -> EcoString {
    let mut chars = name.chars();
    chars.next().map_or_else(EcoString::new, |first| first.to_uppercase().chain(chars).collect())
}
