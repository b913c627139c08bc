//! Expressions: a structured tree in which control flow, evaluation order and conversions are explicit.

#![expect(missing_docs, reason = "the fields of a variant are explained by the line above it")]

use ecow::EcoString;
use tova_source::Span;

use crate::{EnumId, FnId, GlobalId, ModelId, RecordId, RpcId, Type, View};

/// An expression with its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Type,
    /// The place in the source that it comes from.
    pub span: Span,
}

/// Index into [`Function::locals`](crate::Function::locals) of the function that an expression stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// Names a loop or labelled block of a function, unique within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelId(pub u32);

/// The kinds of expressions. Arguments are evaluated from left to right.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// The value of [`Type::Unit`].
    Unit,
    /// A literal.
    Bool(bool),
    /// A literal.
    Int(i64),
    /// A literal.
    Float(f64),
    /// A literal.
    Str(EcoString),
    /// A span of time in milliseconds.
    Duration(i64),
    /// A size in bytes.
    Size(i64),
    /// The absent value of an option, or the nil of `Any`.
    Nil,
    /// A present value of an option: `T` to `T?`.
    Some(Box<Expr>),
    /// The value of a local. Of a [`LocalKind::Signal`](crate::LocalKind) and its kin: a tracked read.
    Local(LocalId),
    /// The value of a global. Of a signal or memo: a tracked read.
    Global(GlobalId),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{k: v}` as a map.
    Map(Vec<(Expr, Expr)>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// All fields in order of declaration.
    Record { record: RecordId, fields: Vec<Expr> },
    /// A copy of `base` with some fields replaced.
    RecordUpdate { record: RecordId, base: Box<Expr>, fields: Vec<(u32, Expr)> },
    /// A variant's value.
    Variant { enum_: EnumId, variant: u32, args: Vec<Expr> },
    /// A record's field.
    Field { object: Box<Expr>, index: u32 },
    /// A tuple's element.
    TupleField { object: Box<Expr>, index: u32 },
    /// Whether an enum's value is of this variant.
    IsVariant { object: Box<Expr>, enum_: EnumId, variant: u32 },
    /// An operator of the language.
    Prim { op: Prim, args: Vec<Expr> },
    /// A function of the standard library that each backend provides, by the name in its `@intrinsic` attribute.
    Intrinsic { name: EcoString, args: Vec<Expr> },
    /// Applies an intrinsic that updates its first operand, a place: `xs.push(1)`.
    Update { place: Place, name: EcoString, args: Vec<Expr> },
    /// A call of a known function.
    Call { function: FnId, args: Vec<Expr> },
    /// A call of a function value.
    CallValue { callee: Box<Expr>, args: Vec<Expr> },
    /// A known function as a value.
    FnValue(FnId),
    /// A function value with captures.
    Closure(Box<Closure>),
    /// Waits for the call inside; the only place where a function suspends.
    Await(Box<Expr>),
    /// The text of a value, as in interpolation. Type `Str`.
    Display(Box<Expr>),
    /// Joins texts; every part is a `Str`.
    Concat(Vec<Expr>),
    /// A value as dynamic data.
    ToAny(Box<Expr>),
    /// Dynamic data as a value of the type; throws `TypeError` naming the path if it does not fit.
    FromAny(Box<Expr>),
    /// Computes a global's first value. Only in the function of a script, at the place of the declaration.
    Init(GlobalId),
    /// Declares a local with its first value.
    Let { local: LocalId, value: Box<Expr> },
    /// Updates a place.
    Assign { place: Place, value: Box<Expr> },
    /// One after another; the value is that of the last, unit if empty.
    Block(Vec<Expr>),
    /// A decision; without `else_` the type is unit.
    If { cond: Box<Expr>, then: Box<Expr>, else_: Option<Box<Expr>> },
    /// A decision by variant. Without `default` the cases are exhaustive.
    SwitchEnum { subject: Box<Expr>, enum_: EnumId, cases: Vec<EnumCase>, default: Option<Box<Expr>> },
    /// A decision by presence; `binding` has the value in `some`.
    SwitchOption { subject: Box<Expr>, binding: Option<LocalId>, some: Box<Expr>, none: Box<Expr> },
    /// A decision by literal, always with a default.
    SwitchLiteral { subject: Box<Expr>, cases: Vec<(Literal, Expr)>, default: Box<Expr> },
    /// A block that a [`ExprKind::Break`] with its label leaves with a value.
    Labelled { label: LabelId, body: Box<Expr> },
    /// Repeats until a break. Its type is unit, or never without one.
    Loop { label: LabelId, body: Box<Expr> },
    /// Repeats while the condition holds.
    While { label: LabelId, cond: Box<Expr>, body: Box<Expr> },
    /// Walks a snapshot. The locals are new in each turn.
    For { label: LabelId, iter: Box<ForIter>, body: Box<Expr> },
    /// Leaves a loop or labelled block.
    Break { label: LabelId, value: Option<Box<Expr>> },
    /// Starts the next turn of a loop.
    Continue(LabelId),
    /// Leaves the function or closure.
    Return(Option<Box<Expr>>),
    /// Runs `body`; what it throws, a run-time fault included, is bound to `error` (a record `Error`) for `handler`. `finally` runs in every case.
    Try { body: Box<Expr>, error: Option<LocalId>, handler: Option<Box<Expr>>, finally: Option<Box<Expr>> },
    /// Throws a record `Error`.
    Throw(Box<Expr>),
    /// Calls a function of a server from the client: suspends, may throw.
    Rpc { rpc: RpcId, args: Vec<Expr> },
    /// A statement on a model's table: may throw.
    Query { model: ModelId, query: Query },
    /// The field of a request that the program's middleware sets; an option.
    RequestField { request: Box<Expr>, index: u32 },
    /// Sets such a field.
    SetRequestField { request: Box<Expr>, index: u32, value: Box<Expr> },
    /// JSX: builds nodes.
    View(Box<View>),
    /// Starts an effect in the current owner; the closure is run now and whenever what it read changes.
    Effect(Box<Closure>),
}

/// A case of [`ExprKind::SwitchEnum`].
#[derive(Clone, Debug, PartialEq)]
pub struct EnumCase {
    /// The variant.
    pub variant: u32,
    /// A local for each field that the body uses.
    pub bindings: Vec<Option<LocalId>>,
    /// What to do.
    pub body: Expr,
}

/// A literal of a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// An integer.
    Int(i64),
    /// A text.
    Str(EcoString),
    /// A truth value.
    Bool(bool),
}

/// What a [`ExprKind::For`] walks.
#[derive(Clone, Debug, PartialEq)]
pub enum ForIter {
    /// From `start` up to `end`.
    Range { item: LocalId, start: Expr, end: Expr, inclusive: bool },
    /// The elements of a list, a set, or the characters of a string, with the index if asked for.
    Items { item: LocalId, index: Option<LocalId>, list: Expr },
    /// The entries of a map, or of an `Any` that holds one.
    Entries { key: LocalId, value: LocalId, map: Expr },
}

/// Something that can be updated: a `mut` variable, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The variable.
    pub root: PlaceRoot,
    /// The way to the part.
    pub path: Vec<PlaceStep>,
    /// The type of the part.
    pub ty: Type,
}

/// The variable of a place.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceRoot {
    /// A local.
    Local(LocalId),
    /// A global. A signal is updated by copy and notifies unless the value is equal.
    Global(GlobalId),
}

/// A step into a place.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceStep {
    /// A record's field.
    Field { record: RecordId, index: u32 },
    /// A tuple's element.
    Tuple(u32),
    /// A list's element; out of range is a fault naming index and length.
    Index(Expr),
    /// A map's entry; as the last step it may be new, before it must be present.
    Key(Expr),
    /// A member of dynamic data by a string or int (both as `Any`).
    Dynamic(Expr),
    /// The value inside an option, known or required to be present.
    Some,
}

/// A function value with captures. Its parameters and locals live in the table of the function that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// The parameters.
    pub params: Vec<LocalId>,
    /// Locals of the surrounding function that the body uses, in order of first use. Immutable ones are copied,
    /// [`LocalKind::Shared`](crate::LocalKind) and reactive ones are shared.
    pub captures: Vec<LocalId>,
    /// Type of the result.
    pub ret: Type,
    /// The body.
    pub body: Expr,
    /// What a call may do.
    pub effects: crate::Effects,
}

/// Operators of the language. Operands have the same type unless said otherwise; the checker's conversions are explicit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Prim {
    /// Sum of ints (checked) or floats, durations, sizes.
    Add,
    /// Difference.
    Sub,
    /// Product; of a duration or size with an int too.
    Mul,
    /// Quotient of floats.
    Div,
    /// Remainder with the sign of the dividend; of ints a fault if the divisor is 0.
    Rem,
    /// Power; of ints a fault if the exponent is negative.
    Pow,
    /// Negation.
    Neg,
    /// Truth negation.
    Not,
    /// `a and b`; `b` is evaluated only if needed.
    And,
    /// `a or b`; likewise.
    Or,
    /// Structural equality of any type; handles by identity, functions never.
    Eq,
    /// Its negation.
    Ne,
    /// Order of ints, floats, strings (by scalar value), bools, durations, sizes, tuples and lists of these.
    Lt,
    /// Order.
    Le,
    /// Order.
    Gt,
    /// Order.
    Ge,
    /// Concatenation of two lists. (Texts use [`ExprKind::Concat`].)
    ListConcat,
    /// Bits of ints.
    BitAnd,
    /// Bits.
    BitOr,
    /// Bits.
    BitXor,
    /// Bits inverted.
    BitNot,
    /// Shift; the count is taken modulo 64.
    Shl,
    /// Arithmetic shift.
    Shr,
    /// Logical shift.
    UShr,
    /// Int to float.
    IntToFloat,
    /// `(xs: [T], i: Int) -> T`; negative counts from the end, out of range is a fault naming index and length.
    ListGet,
    /// `(s: Str, i: Int) -> Str`, likewise by scalar value.
    StrGet,
    /// `(m: Map<K, V>, k: K) -> V?`
    MapGet,
    /// `(a: Any, k: Any) -> Any`: a member by name or index; nil if absent.
    AnyGet,
    /// `(x, xs) -> Bool` for a list, set, map (key) or string (part).
    Contains,
    /// Whether an option is present.
    IsSome,
    /// The value of an option that is present; a fault if not.
    Unwrap,
    /// Whether dynamic data is neither nil nor false.
    AnyTruthy,
    /// `(xs, start: Int?, end: Int?, step: Int?)` of a list or string, by Python's rules.
    Slice,
    /// A range as a list of ints: `(start, end)`, end exclusive.
    RangeList,
}

/// A statement on a model's table. Values have the columns' types.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// All rows: `[T]`.
    All,
    /// Inserts and returns the row: `T`. Pairs of column index and value.
    Create(Vec<(u32, Expr)>),
    /// By id: `T?`.
    Find(Box<Expr>),
    /// Rows for which all conditions hold: `[T]`.
    Where(Vec<Condition>),
    /// First such row: `T?`.
    FindBy(Vec<Condition>),
    /// Updates by id and returns the row: `T?`.
    Update { id: Box<Expr>, values: Vec<(u32, Expr)> },
    /// Deletes by id: whether there was such a row.
    Delete(Box<Expr>),
    /// How many: `Int`.
    Count(Vec<Condition>),
}

/// `column operator value`
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Index of the column.
    pub column: u32,
    /// How to compare.
    pub op: CompareOp,
    /// With what; an absent option means `is null`. For [`CompareOp::In`] a list.
    pub value: Expr,
}

/// Comparisons of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in (…)`
    In,
    /// `like`
    Like,
}
