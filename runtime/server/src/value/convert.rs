//! Between dynamic data and the types of a program.

use super::{Any, Duration, Fault, Func, Key, List, Map, Never, Set, Show, Size, Str, concat, show};

/// A type that dynamic data can be checked against.
pub trait FromAny: Sized {
    /// The data as a value of the type.
    ///
    /// # Errors
    /// It does not fit.
    fn from_any(data: &Any) -> Result<Self, Mismatch>;

    /// The value if there is no data at all: options only.
    fn absent() -> Option<Self> {
        None
    }
}

/// A type whose values can be dynamic data.
pub trait ToAny {
    /// The value as dynamic data.
    fn to_any(&self) -> Any;
}

/// Data that does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The way from the outermost value: `user.emails[0]`.
    pub path: Str,
    /// `expected a string, found a number`
    pub problem: Str,
}

impl Mismatch {
    /// The mismatch as seen from the object that has the data as a field.
    #[must_use]
    pub fn in_field(self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: concat(&[&name, &dot, &self.path]), ..self }
    }

    /// The mismatch as seen from the list that has the data as an element.
    #[must_use]
    pub fn in_item(self, index: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: concat(&[&"[", &(index as i64), &"]", &dot, &self.path]), ..self }
    }
}

impl From<Mismatch> for Fault {
    fn from(mismatch: Mismatch) -> Self {
        let colon = if mismatch.path.is_empty() { "" } else { ": " };
        Self::with_status(400, "TYPE_ERROR", concat(&[&mismatch.path, &colon, &mismatch.problem]))
    }
}

/// The mismatch of data that is not what is `expected`, with its article.
#[must_use]
pub fn found(expected: &str, data: &Any) -> Mismatch {
    Mismatch { path: Str::new(), problem: concat(&[&"expected ", &expected, &", found ", &data.kind()]) }
}

/// Dynamic data as a value of a type.
///
/// # Errors
/// It does not fit.
pub fn decode<T: FromAny>(data: &Any) -> Result<T, Fault> {
    T::from_any(data).map_err(Fault::from)
}

/// The field of an object.
///
/// # Errors
/// It is not there, or does not fit.
pub fn field<T: FromAny>(data: &Any, name: &str) -> Result<T, Mismatch> {
    let Any::Map(map) = data else { return Err(found("an object", data)) };
    match map.get(name) {
        Some(value) => T::from_any(value).map_err(|mismatch| mismatch.in_field(name)),
        None => T::absent().ok_or_else(|| Mismatch { path: name.into(), problem: "missing".into() }),
    }
}

/// The name of the variant that an object is tagged with.
///
/// # Errors
/// There is none.
pub fn variant(data: &Any) -> Result<Str, Mismatch> {
    field(data, "__tag")
}

impl FromAny for Any {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        Ok(data.clone())
    }

    fn absent() -> Option<Self> {
        Some(Self::Nil)
    }
}

impl FromAny for () {
    fn from_any(_: &Any) -> Result<Self, Mismatch> {
        Ok(())
    }

    fn absent() -> Option<Self> {
        Some(())
    }
}

impl FromAny for Never {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        Err(found("nothing", data))
    }
}

impl FromAny for bool {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        if let Any::Bool(b) = data { Ok(*b) } else { Err(found("a boolean", data)) }
    }
}

impl FromAny for i64 {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        match data {
            Any::Int(n) => Ok(*n),
            // 2^63 is the first whole float that does not fit.
            Any::Float(x) if x.fract() == 0.0 && x.abs() < 9_223_372_036_854_775_808.0 => Ok(*x as Self),
            Any::Float(_) => Err(Mismatch {
                path: Str::new(),
                problem: "expected an integer, found a number with a fraction".into(),
            }),
            other => Err(found("an integer", other)),
        }
    }
}

impl FromAny for f64 {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        match data {
            #[expect(clippy::cast_precision_loss, reason = "ints widen to floats")]
            Any::Int(n) => Ok(*n as Self),
            Any::Float(x) => Ok(*x),
            other => Err(found("a number", other)),
        }
    }
}

impl FromAny for Str {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        if let Any::Str(text) = data { Ok(text.clone()) } else { Err(found("a string", data)) }
    }
}

impl FromAny for Duration {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        i64::from_any(data).map(Self)
    }
}

impl FromAny for Size {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        i64::from_any(data).map(Self)
    }
}

impl FromAny for Fault {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        Ok(Self::new(field(data, "message")?, field(data, "code")?, field(data, "status")?))
    }
}

impl<T: FromAny> FromAny for Option<T> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        if matches!(data, Any::Nil) { Ok(None) } else { T::from_any(data).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromAny> FromAny for std::sync::Arc<T> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        T::from_any(data).map(Self::new)
    }
}

impl<T: FromAny> FromAny for List<T> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        let Any::List(items) = data else { return Err(found("a list", data)) };
        let each = items.iter().enumerate();
        each.map(|(at, item)| T::from_any(item).map_err(|mismatch| mismatch.in_item(at))).collect()
    }
}

impl<T: FromAny + Key> FromAny for Set<T> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        Ok(List::<T>::from_any(data)?.into_iter().collect())
    }
}

impl<K: FromAny + Key, V: FromAny> FromAny for Map<K, V> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        let Any::Map(map) = data else { return Err(found("an object", data)) };
        let entry =
            |(name, value): (&Str, &Any)| Ok((key_of(name)?, V::from_any(value).map_err(|m| m.in_field(name))?));
        map.iter().map(entry).collect()
    }
}

/// Names of an object are texts; keys of other types are read from them.
fn key_of<K: FromAny>(name: &Str) -> Result<K, Mismatch> {
    let text = Any::Str(name.clone());
    K::from_any(&text).or_else(|mismatch| match super::json::read(name) {
        Ok(data) => K::from_any(&data).map_err(|m| m.in_field(name)),
        Err(_) => Err(mismatch.in_field(name)),
    })
}

impl<F: ?Sized> FromAny for Func<F> {
    fn from_any(data: &Any) -> Result<Self, Mismatch> {
        Err(found("a function", data))
    }
}

macro_rules! tuple_from_any {
    ($($count:literal ($($T:ident $index:tt),+);)*) => {$(
        impl<$($T: FromAny),+> FromAny for ($($T,)+) {
            fn from_any(data: &Any) -> Result<Self, Mismatch> {
                let Any::List(items) = data else { return Err(found("a list", data)) };
                if items.len() != $count {
                    let problem = concat(&[&"expected ", &$count, &" elements, found ", &items.length()]);
                    return Err(Mismatch { path: Str::new(), problem });
                }
                Ok(($($T::from_any(&items[$index]).map_err(|mismatch| mismatch.in_item($index))?,)+))
            }
        }

        impl<$($T: ToAny),+> ToAny for ($($T,)+) {
            fn to_any(&self) -> Any {
                Any::List(List::from([$(self.$index.to_any()),+]))
            }
        }
    )*};
}

tuple_from_any! {
    2 (A 0, B 1);
    3 (A 0, B 1, C 2);
    4 (A 0, B 1, C 2, D 3);
    5 (A 0, B 1, C 2, D 3, E 4);
    6 (A 0, B 1, C 2, D 3, E 4, F 5);
}

macro_rules! to_any {
    ($($T:ty: $value:ident => $any:expr;)*) => {$(
        impl ToAny for $T {
            fn to_any(&self) -> Any {
                let $value = self;
                $any
            }
        }
    )*};
}

to_any! {
    Any: value => value.clone();
    (): _unit => Any::Nil;
    Never: value => match *value {};
    bool: value => Any::Bool(*value);
    i64: value => Any::Int(*value);
    f64: value => Any::Float(*value);
    Str: value => Any::Str(value.clone());
    Duration: value => Any::Int(value.0);
    Size: value => Any::Int(value.0);
    Fault: value => Any::Map(Map::from([
        ("message".into(), value.message.to_any()),
        ("code".into(), value.code.to_any()),
        ("status".into(), value.status.to_any()),
    ]));
}

impl<T: ToAny> ToAny for Option<T> {
    fn to_any(&self) -> Any {
        self.as_ref().map_or(Any::Nil, ToAny::to_any)
    }
}

impl<T: ToAny> ToAny for std::sync::Arc<T> {
    fn to_any(&self) -> Any {
        (**self).to_any()
    }
}

impl<T: ToAny> ToAny for List<T> {
    fn to_any(&self) -> Any {
        Any::List(self.iter().map(ToAny::to_any).collect())
    }
}

impl<T: ToAny> ToAny for Set<T> {
    fn to_any(&self) -> Any {
        Any::List(self.iter().map(ToAny::to_any).collect())
    }
}

impl<K: Show, V: ToAny> ToAny for Map<K, V> {
    fn to_any(&self) -> Any {
        Any::Map(self.iter().map(|(key, value)| (show(key), value.to_any())).collect())
    }
}

impl<F: ?Sized> ToAny for Func<F> {
    fn to_any(&self) -> Any {
        Any::Nil
    }
}
