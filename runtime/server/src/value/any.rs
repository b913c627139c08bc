//! Dynamic data.

use super::{List, Map, Str, concat, fault, show};

/// What JSON can say: the type `Any` of the language.
#[derive(Clone, Debug, Default)]
pub enum Any {
    /// `nil`
    #[default]
    Nil,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Str(Str),
    /// A list.
    List(List<Any>),
    /// An object.
    Map(Map<Str, Any>),
}

impl PartialEq for Any {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            #[expect(clippy::cast_precision_loss, reason = "an int meets a float by widening")]
            (Self::Int(int), Self::Float(float)) | (Self::Float(float), Self::Int(int)) => *int as f64 == *float,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl Any {
    /// Neither nil nor false.
    #[must_use]
    pub const fn is_truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// The member with this name or index; nil if there is none.
    #[must_use]
    pub fn member(&self, key: &Self) -> Self {
        match (self, key) {
            (Self::Map(map), Self::Str(name)) => map.get(name).cloned().unwrap_or_default(),
            (Self::List(items), Self::Int(index)) => items.at(*index).unwrap_or_default(),
            (Self::Str(text), Self::Int(index)) => super::text::at(text, *index).map_or(Self::Nil, Self::Str),
            _ => Self::Nil,
        }
    }

    /// The member with this name; nil if there is none.
    #[must_use]
    pub fn named(&self, name: &str) -> Self {
        if let Self::Map(map) = self { map.get(name).cloned().unwrap_or_default() } else { Self::Nil }
    }

    /// The element or character at `index`; nil if there is none.
    #[must_use]
    pub fn nth(&self, index: i64) -> Self {
        self.member(&Self::Int(index))
    }

    /// The place of a member, to update it; a new name is added to an object.
    #[track_caller]
    pub fn member_mut(&mut self, key: &Self) -> &mut Self {
        match (self, key) {
            (Self::Map(map), Self::Str(name)) => {
                if !map.contains_key(name) {
                    map.insert(name.clone(), Self::Nil);
                }
                map.entry_mut(name)
            }
            (Self::List(items), Self::Int(index)) => items.item_mut(*index),
            (value, key) => fault(concat(&[&"cannot set ", &show(key), &" of ", &value.kind()])),
        }
    }

    /// The entries of an object, as a loop walks them; of a list the elements by the texts of their indices.
    #[must_use]
    pub fn entries(&self) -> List<(Str, Self)> {
        match self {
            Self::Map(map) => map.entries(),
            Self::List(items) => {
                items.iter().enumerate().map(|(at, item)| (show(&(at as i64)), item.clone())).collect()
            }
            _ => List::new(),
        }
    }

    /// The elements of a list, as a loop walks them; a fault if it is none.
    #[must_use]
    #[track_caller]
    pub fn items(&self) -> List<Self> {
        match self {
            Self::List(items) => items.clone(),
            other => fault(concat(&[&"cannot walk ", &other.kind()])),
        }
    }

    /// Whether it holds an equal element, a key, or a part of a text.
    #[must_use]
    pub fn contains(&self, item: &Self) -> bool {
        match (self, item) {
            (Self::List(items), item) => items.contains(item),
            (Self::Map(map), Self::Str(name)) => map.contains_key(name),
            (Self::Str(text), Self::Str(part)) => text.contains(part.as_str()),
            _ => false,
        }
    }

    /// What it is, with its article: `a number`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}
