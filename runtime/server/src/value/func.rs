//! Function values.

use std::sync::Arc;

use super::Fault;
use crate::handler::Pending;

/// A function value with captures. Never equal to another.
pub struct Func<F: ?Sized> {
    run: Arc<F>,
    name: &'static str,
}

impl<F: ?Sized> Func<F> {
    /// The name of a known function; empty for closures.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The same function, to be shown by this name.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { run: self.run, name }
    }
}

impl<F: ?Sized> Clone for Func<F> {
    fn clone(&self) -> Self {
        Self { run: Arc::clone(&self.run), name: self.name }
    }
}

impl<F: ?Sized> PartialEq for Func<F> {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl<F: ?Sized> std::fmt::Debug for Func<F> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("<fn>")
    }
}

macro_rules! functions {
    ($($count:literal $plain:ident $suspending:ident ($($A:ident $a:ident),*);)*) => {$(
        #[doc = concat!("A function of ", $count, " that never suspends.")]
        pub type $plain<$($A,)* R> = Func<dyn Fn($($A),*) -> Result<R, Fault> + Send + Sync>;

        impl<$($A,)* R> $plain<$($A,)* R> {
            /// A closure as a value.
            #[must_use]
            pub fn new(run: impl Fn($($A),*) -> Result<R, Fault> + Send + Sync + 'static) -> Self {
                Self { run: Arc::new(run), name: "" }
            }

            /// Calls it.
            ///
            /// # Errors
            /// What it throws.
            pub fn call(&self $(, $a: $A)*) -> Result<R, Fault> {
                (self.run)($($a),*)
            }

            /// Calls it where nothing is expected to be thrown; if it does, that unwinds.
            pub fn apply(&self $(, $a: $A)*) -> R {
                (self.run)($($a),*).unwrap_or_else(|error| error.raise())
            }
        }

        #[doc = concat!("A function of ", $count, " that may suspend.")]
        pub type $suspending<$($A,)* R> = Func<dyn Fn($($A),*) -> Pending<Result<R, Fault>> + Send + Sync>;

        impl<$($A,)* R> $suspending<$($A,)* R> {
            /// A closure as a value.
            #[must_use]
            pub fn new(run: impl Fn($($A),*) -> Pending<Result<R, Fault>> + Send + Sync + 'static) -> Self {
                Self { run: Arc::new(run), name: "" }
            }

            /// Calls it.
            #[must_use]
            pub fn call(&self $(, $a: $A)*) -> Pending<Result<R, Fault>> {
                (self.run)($($a),*)
            }
        }
    )*};
}

functions! {
    "nothing" Fn0 AsyncFn0 ();
    "one value" Fn1 AsyncFn1 (A a);
    "two values" Fn2 AsyncFn2 (A a, B b);
    "three values" Fn3 AsyncFn3 (A a, B b, C c);
    "four values" Fn4 AsyncFn4 (A a, B b, C c, D d);
    "five values" Fn5 AsyncFn5 (A a, B b, C c, D d, E e);
}
