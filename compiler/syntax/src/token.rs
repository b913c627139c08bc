//! The kinds of tokens of ordinary text. Strings, comments and regular expressions are only begun here; the
//! [lexer](crate::lexer) finds their ends. JSX text has rules of its own and never comes as tokens.

use logos::Logos;

/// A token and its place in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: T,
    /// Whether a line ends between the token before and this one.
    pub(crate) newline: bool,
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Offset after its last byte.
    pub(crate) end: u32,
}

/// The kinds of tokens. Words that only some positions give a meaning to (`route`, `state`, `type`, …) are [`T::Ident`].
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[logos(skip r"[ \t\r\u{feff}]+")]
pub(crate) enum T {
    #[token("\n")]
    Newline,
    #[regex(r"//[^\n]*", allow_greedy = true)]
    LineComment,
    #[token("/*")]
    BlockComment,

    #[regex(r"[\p{XID_Start}_$][\p{XID_Continue}$]*", priority = 2)]
    Ident,
    #[token("_", priority = 10)]
    Underscore,
    #[regex(
        r"[0-9][0-9_]*|0[xX][0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*|0[bB][01_]*[01][01_]*|0[oO][0-7_]*[0-7][0-7_]*",
        priority = 5
    )]
    Int,
    #[regex(r"[0-9][0-9_]*\.[0-9][0-9_]*([eE][+-]?[0-9][0-9_]*)?|[0-9][0-9_]*[eE][+-]?[0-9][0-9_]*", priority = 6)]
    Float,
    #[regex(r"[0-9][0-9A-Za-z_]*", priority = 1)]
    BadNumber,
    /// A whole string literal, whatever its quotes.
    #[token("\"")]
    #[token("\"\"\"")]
    #[token("'")]
    #[token("r\"", priority = 10)]
    #[token("f\"", priority = 10)]
    #[token("f\"\"\"", priority = 10)]
    Str,

    #[token("and")]
    And,
    #[token("or")]
    Or,
    #[token("not")]
    Not,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("if")]
    If,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("for")]
    For,
    #[token("while")]
    While,
    #[token("loop")]
    Loop,
    #[token("match")]
    Match,
    #[token("fn")]
    Fn,
    #[token("return")]
    Return,
    #[token("break")]
    Break,
    #[token("continue")]
    Continue,
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("nil")]
    Nil,
    #[token("try")]
    Try,
    #[token("catch")]
    Catch,
    #[token("finally")]
    Finally,
    #[token("guard")]
    Guard,
    #[token("let")]
    Let,
    #[token("mut")]
    Mut,
    #[token("var")]
    Var,
    #[token("await")]
    Await,
    #[token("async")]
    Async,
    #[token("defer")]
    Defer,
    #[token("import")]
    Import,
    #[token("pub")]
    Pub,
    #[token("export")]
    Export,

    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token(",")]
    Comma,
    #[token(";")]
    Semi,
    #[token(":")]
    Colon,
    #[token("::")]
    ColonColon,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("..=")]
    DotDotEq,
    #[token("...")]
    Ellipsis,
    #[token("?")]
    Question,
    #[token("?.")]
    QuestionDot,
    #[token("??")]
    Coalesce,
    #[token("=>")]
    FatArrow,
    #[token("->")]
    Arrow,
    #[token("|>")]
    Pipe,
    #[token("=")]
    Eq,
    #[token("==")]
    EqEq,
    #[token("===")]
    EqEqEq,
    #[token("!=")]
    Ne,
    #[token("!==")]
    NeEq,
    #[token("<")]
    Lt,
    #[token("<=")]
    Le,
    #[token("<<")]
    Shl,
    #[token(">")]
    Gt,
    #[token(">=")]
    Ge,
    #[token("&&")]
    AmpAmp,
    #[token("||")]
    BarBar,
    #[token("!")]
    Bang,
    #[token("&")]
    Amp,
    #[token("|")]
    Bar,
    #[token("^")]
    Caret,
    #[token("~")]
    Tilde,
    #[token("+")]
    Plus,
    #[token("++")]
    PlusPlus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("**")]
    StarStar,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("+=")]
    PlusEq,
    #[token("-=")]
    MinusEq,
    #[token("*=")]
    StarEq,
    #[token("/=")]
    SlashEq,
    #[token("%=")]
    PercentEq,
    #[token("&=")]
    AmpEq,
    #[token("|=")]
    BarEq,
    #[token("^=")]
    CaretEq,
    #[token("<<=")]
    ShlEq,
    #[token("@")]
    At,

    /// The end of the text.
    Eof,
}

impl T {
    /// Whether this is a name or a keyword: what may stand where any word may.
    pub(crate) const fn is_word(self) -> bool {
        matches!(
            self,
            Self::Ident
                | Self::And
                | Self::Or
                | Self::Not
                | Self::In
                | Self::Is
                | Self::If
                | Self::Elif
                | Self::Else
                | Self::For
                | Self::While
                | Self::Loop
                | Self::Match
                | Self::Fn
                | Self::Return
                | Self::Break
                | Self::Continue
                | Self::True
                | Self::False
                | Self::Nil
                | Self::Try
                | Self::Catch
                | Self::Finally
                | Self::Guard
                | Self::Let
                | Self::Mut
                | Self::Var
                | Self::Await
                | Self::Async
                | Self::Defer
                | Self::Import
                | Self::Pub
                | Self::Export
        )
    }

    /// Whether this word opens a statement or declaration wherever it stands, so that a reader who has lost the thread
    /// can take it up again here.
    pub(crate) const fn opens_statement(self) -> bool {
        matches!(
            self,
            Self::For
                | Self::While
                | Self::Loop
                | Self::Return
                | Self::Break
                | Self::Continue
                | Self::Guard
                | Self::Let
                | Self::Mut
                | Self::Var
                | Self::Defer
                | Self::Import
                | Self::Pub
                | Self::Export
        )
    }
}
