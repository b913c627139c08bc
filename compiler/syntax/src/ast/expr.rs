//! Expressions.

use ecow::EcoString;
use tova_source::Span;

use super::{Block, Element, Ident, NodeId, Pattern, TypeExpr};

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its id.
    pub id: NodeId,
    /// The place.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `0xff`, `1_000`
    Int(i64),
    /// `1.5`, `1e9`
    Float(f64),
    /// A string without interpolation, escapes resolved.
    Str(EcoString),
    /// `"a {b} c"`: text (escapes resolved) and expressions in turn.
    Template(Vec<TemplatePart>),
    /// `/pattern/flags`
    Regex { pattern: EcoString, flags: EcoString },
    /// A name.
    Name(EcoString),
    /// `[a, ...b]`
    List(Vec<ListElement>),
    /// `[e for x in xs if c]`
    ListComp { value: Box<Expr>, clause: Box<CompClause> },
    /// `{ a: 1, "b": 2, [k]: 3, ...r, name }`
    Record(Vec<RecordEntry>),
    /// `{ k: v for k, v in m if c }`
    RecordComp { key: Box<Expr>, value: Box<Expr>, clause: Box<CompClause> },
    /// `(a, b)`; `()` is the empty tuple.
    Tuple(Vec<Expr>),
    /// `(e)`, kept for the formatter.
    Paren(Box<Expr>),
    /// `e.name`, `e?.name`; any word may follow the dot. `30.seconds` and `(n + 1).megabytes` are fields too: the checker
    /// knows the units.
    Field { object: Box<Expr>, name: Ident, optional: bool },
    /// `.name`, `.name == 3`, `.name(args)` as an argument or pipe step: a function of its receiver. The body's innermost
    /// receiver is [`ExprKind::ImplicitReceiver`].
    ImplicitFn(Box<Expr>),
    /// The receiver inside [`ExprKind::ImplicitFn`].
    ImplicitReceiver,
    /// `e.0`
    TupleField { object: Box<Expr>, index: u32, index_span: Span },
    /// `e[i]`
    Index { object: Box<Expr>, index: Box<Expr> },
    /// `e[a:b:s]`
    Slice { object: Box<Expr>, start: Option<Box<Expr>>, end: Option<Box<Expr>>, step: Option<Box<Expr>> },
    /// `f(a, name: b, ...c)`
    Call { callee: Box<Expr>, args: Vec<Arg> },
    /// `-e`, `not e`, `!e`, `~e`
    Unary { op: UnaryOp, op_span: Span, operand: Box<Expr> },
    /// `a + b`. A chain `a < b <= c` is [`ExprKind::Chain`].
    Binary { op: BinaryOp, op_span: Span, left: Box<Expr>, right: Box<Expr> },
    /// Two or more comparisons: `a < b <= c`; every operand is evaluated once.
    Chain { first: Box<Expr>, rest: Vec<(BinaryOp, Span, Expr)> },
    /// `a..b`, `a..=b`
    Range { start: Box<Expr>, end: Box<Expr>, inclusive: bool },
    /// `e is Circle`, `e is not nil`
    Is { value: Box<Expr>, name: Ident, negated: bool },
    /// `a |> f(b)`: the step is kept as written; `_` arguments are [`ExprKind::Placeholder`].
    Pipe { value: Box<Expr>, step: Box<Expr> },
    /// `_` as an argument.
    Placeholder,
    /// `e?`
    Propagate(Box<Expr>),
    /// `await e`; changes nothing, effects are inferred.
    Await(Box<Expr>),
    /// Every way to write a function without a name.
    Lambda(Lambda),
    /// `if c { … } elif d { … } else { … }`
    If(IfExpr),
    /// `match e { … }`
    Match { subject: Box<Expr>, arms: Vec<MatchArm> },
    /// `try { … } catch e { … } finally { … }`
    Try { body: Block, catch: Option<Box<Catch>>, finally: Option<Block> },
    /// A block where a value is expected.
    Block(Block),
    /// JSX.
    View(Box<Element>),
    /// Text that is not an expression; it has been reported.
    Error,
}

/// An element of a list literal.
#[derive(Clone, Debug)]
pub struct ListElement {
    /// Place of `...`, if the element is spread.
    pub spread: Option<Span>,
    /// The value.
    pub value: Expr,
}

/// A piece of a string with interpolation.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text, escapes resolved.
    Text(EcoString, Span),
    /// `{e}`
    Expr(Expr),
}

/// An entry of a record literal.
#[derive(Clone, Debug)]
pub enum RecordEntry {
    /// `name: e`, `"name": e`; any word may be the name.
    Field { name: Ident, value: Expr },
    /// `name`, short for `name: name`; the value is the name's expression.
    Short { name: Ident, value: Expr },
    /// `[e]: v`
    Computed { key: Expr, value: Expr },
    /// `...e`
    Spread { span: Span, value: Expr },
}

/// `for k, v in e if c` of a comprehension.
#[derive(Clone, Debug)]
pub struct CompClause {
    /// One pattern, or two.
    pub targets: Vec<Pattern>,
    /// What is walked.
    pub iterable: Expr,
    /// `if c`
    pub cond: Option<Expr>,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Arg {
    /// `name:`
    pub name: Option<Ident>,
    /// Place of `...`, if spread.
    pub spread: Option<Span>,
    /// The value.
    pub value: Expr,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// A name, or a pattern that takes the argument apart.
    pub pattern: Pattern,
    /// Place of `...` of a rest parameter.
    pub rest: Option<Span>,
    /// `: T`
    pub ty: Option<TypeExpr>,
    /// `= e`
    pub default: Option<Expr>,
}

/// `fn(a) e`, `fn(a) { … }`, `a => e`, `(a, b) -> e`
#[derive(Clone, Debug)]
pub struct Lambda {
    /// The parameters.
    pub params: Vec<Param>,
    /// `-> T` of the `fn` form.
    pub ret: Option<TypeExpr>,
    /// The body. A single assignment (`fn() n += 1`) is a block of one statement with the statement's span.
    pub body: Box<LambdaBody>,
}

/// The body of a lambda.
#[derive(Clone, Debug)]
pub enum LambdaBody {
    /// An expression.
    Expr(Expr),
    /// Statements.
    Block(Block),
}

/// `if c { … } elif d { … } else { … }`
#[derive(Clone, Debug)]
pub struct IfExpr {
    /// Condition and body of `if` and each `elif` / `else if`.
    pub branches: Vec<(Expr, Block)>,
    /// `else { … }`
    pub else_: Option<Block>,
}

/// `pattern if guard => body`
#[derive(Clone, Debug)]
pub struct MatchArm {
    /// The whole text.
    pub span: Span,
    /// The pattern.
    pub pattern: Pattern,
    /// `if guard`
    pub guard: Option<Expr>,
    /// The body: an expression, or a statement (assignment, `return`, …) as a block of one with the statement's span.
    pub body: LambdaBody,
}

/// `catch e { … }`
#[derive(Clone, Debug)]
pub struct Catch {
    /// The name of the error, declared by this pattern.
    pub name: Option<Pattern>,
    /// The body.
    pub body: Block,
}

/// Operators before an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `not`, `!`
    Not,
    /// `~`
    BitNot,
}

/// Operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `**`
    Pow,
    /// `++`
    Concat,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `and`, `&&`
    And,
    /// `or`, `||`
    Or,
    /// `??`
    Coalesce,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `>>>`
    UShr,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl BinaryOp {
    /// How the operator is written.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Pow => "**",
            Self::Concat => "++",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::And => "and",
            Self::Or => "or",
            Self::Coalesce => "??",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Shl => "<<",
            Self::Shr => ">>",
            Self::UShr => ">>>",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}
