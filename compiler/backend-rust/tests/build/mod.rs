//! Small constructors for programs, and what compiles and runs them.

#![expect(dead_code, reason = "each test file uses some of it")]

pub(crate) mod front;

use std::path::{Path, PathBuf};
use std::process::Command;

use tova_backend_rust::{Options, RUSTC_FLAGS, ServiceCrate, emit};
use tova_ir::{
    Closure, Effects, Expr, ExprKind, Field, FnId, FnType, Function, Home, LabelId, Local, LocalId, LocalKind, Place,
    PlaceRoot, PlaceStep, Prim, Program, Record, RecordId, Type,
};
use tova_source::{FileId, SourceMap, Span};

/// A function in the making.
pub(crate) struct Build {
    pub(crate) name: &'static str,
    pub(crate) locals: Vec<Local>,
    pub(crate) params: Vec<LocalId>,
    pub(crate) labels: u32,
}

pub(crate) const fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

pub(crate) fn expr(kind: ExprKind, ty: Type) -> Expr {
    Expr { kind, ty, span: span() }
}

pub(crate) fn int(n: i64) -> Expr {
    expr(ExprKind::Int(n), Type::Int)
}

pub(crate) fn text(s: &str) -> Expr {
    expr(ExprKind::Str(s.into()), Type::Str)
}

pub(crate) fn bool(b: bool) -> Expr {
    expr(ExprKind::Bool(b), Type::Bool)
}

pub(crate) fn unit() -> Expr {
    expr(ExprKind::Unit, Type::Unit)
}

pub(crate) fn block(exprs: Vec<Expr>) -> Expr {
    let ty = exprs.last().map_or(Type::Unit, |last| last.ty.clone());
    expr(ExprKind::Block(exprs), ty)
}

pub(crate) fn prim(op: Prim, args: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Prim { op, args }, ty)
}

pub(crate) fn list(items: Vec<Expr>, item: Type) -> Expr {
    expr(ExprKind::List(items), Type::list(item))
}

pub(crate) fn display(value: Expr) -> Expr {
    expr(ExprKind::Display(Box::new(value)), Type::Str)
}

pub(crate) fn concat(parts: Vec<Expr>) -> Expr {
    expr(ExprKind::Concat(parts), Type::Str)
}

pub(crate) fn intrinsic(name: &str, args: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Intrinsic { name: name.into(), args }, ty)
}

pub(crate) fn print(values: Vec<Expr>) -> Expr {
    intrinsic("print", values, Type::Unit)
}

pub(crate) fn call(function: u32, args: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::Call { function: FnId(function), args }, ty)
}

pub(crate) fn call_value(callee: Expr, args: Vec<Expr>, ty: Type) -> Expr {
    expr(ExprKind::CallValue { callee: Box::new(callee), args }, ty)
}

pub(crate) fn some(value: Expr) -> Expr {
    let ty = Type::option(value.ty.clone());
    expr(ExprKind::Some(Box::new(value)), ty)
}

pub(crate) fn if_(cond: Expr, then: Expr, else_: Option<Expr>) -> Expr {
    let ty = if else_.is_some() { then.ty.clone() } else { Type::Unit };
    expr(ExprKind::If { cond: Box::new(cond), then: Box::new(then), else_: else_.map(Box::new) }, ty)
}

pub(crate) fn field(object: Expr, index: u32, ty: Type) -> Expr {
    expr(ExprKind::Field { object: Box::new(object), index }, ty)
}

pub(crate) fn throw(error: Expr) -> Expr {
    expr(ExprKind::Throw(Box::new(error)), Type::Never)
}

pub(crate) fn return_(value: Expr) -> Expr {
    expr(ExprKind::Return(Some(Box::new(value))), Type::Never)
}

impl Build {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, locals: Vec::new(), params: Vec::new(), labels: 0 }
    }

    pub(crate) fn local(&mut self, name: &str, ty: Type, kind: LocalKind) -> LocalId {
        self.locals.push(Local { name: name.into(), ty, kind, span: span() });
        LocalId(self.locals.len() as u32 - 1)
    }

    pub(crate) fn param(&mut self, name: &str, ty: Type) -> LocalId {
        let local = self.local(name, ty, LocalKind::Let);
        self.params.push(local);
        local
    }

    pub(crate) fn label(&mut self) -> LabelId {
        self.labels += 1;
        LabelId(self.labels)
    }

    pub(crate) fn get(&self, local: LocalId) -> Expr {
        expr(ExprKind::Local(local), self.locals[local.0 as usize].ty.clone())
    }

    pub(crate) fn let_(&self, local: LocalId, value: Expr) -> Expr {
        expr(ExprKind::Let { local, value: Box::new(value) }, Type::Unit)
    }

    pub(crate) fn place(&self, local: LocalId, path: Vec<PlaceStep>, ty: Type) -> Place {
        Place { root: PlaceRoot::Local(local), path, ty }
    }

    pub(crate) fn set(&self, local: LocalId, value: Expr) -> Expr {
        let ty = value.ty.clone();
        expr(ExprKind::Assign { place: self.place(local, Vec::new(), ty), value: Box::new(value) }, Type::Unit)
    }

    pub(crate) fn closure(&self, params: Vec<LocalId>, captures: Vec<LocalId>, body: Expr, ret: Type) -> Expr {
        let types = params.iter().map(|param| self.locals[param.0 as usize].ty.clone()).collect();
        let ty = Type::function(types, ret.clone());
        expr(ExprKind::Closure(Box::new(Closure { params, captures, ret, body, effects: Effects::default() })), ty)
    }

    pub(crate) fn done(self, ret: Type, effects: Effects, body: Expr) -> Function {
        Function {
            name: self.name.into(),
            docs: None,
            span: span(),
            home: Home::Shared,
            params: self.params,
            ret,
            locals: self.locals,
            body,
            effects,
        }
    }
}

/// A record of the program.
pub(crate) fn record(name: &str, fields: &[(&str, Type)]) -> Record {
    let fields = fields.iter().map(|(name, ty)| Field { name: (*name).into(), ty: ty.clone() }).collect();
    Record { name: name.into(), shown: Some(name.into()), fields, docs: None, span: span() }
}

/// The record `Error`.
pub(crate) fn error_record() -> Record {
    record("Error", &[("message", Type::Str), ("code", Type::option(Type::Str)), ("status", Type::option(Type::Int))])
}

/// A record `Error` with a message.
pub(crate) fn error(record: RecordId, message: &str) -> Expr {
    let nil = |ty: Type| expr(ExprKind::Nil, Type::option(ty));
    expr(ExprKind::Record { record, fields: vec![text(message), nil(Type::Str), nil(Type::Int)] }, Type::Record(record))
}

pub(crate) fn throws() -> Effects {
    Effects { throws: true, ..Effects::default() }
}

pub(crate) fn fn_type(params: Vec<Type>, ret: Type, is_async: bool) -> Type {
    Type::Fn(std::sync::Arc::new(FnType { params, ret, is_async }))
}

/// The crates of a program whose only file is called `app.tova`.
pub(crate) fn crates(program: &Program) -> Vec<ServiceCrate> {
    let mut sources = SourceMap::default();
    sources.add("app.tova", "");
    emit(program, &Options { sources: &sources, runtime: runtime_path(), page: &[] })
}

/// The path of the runtime as generated crates name it.
pub(crate) fn runtime_path() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/server")
}

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime/server").canonicalize().expect("the runtime is there")
}

/// Where generated crates and the runtime are built: the folder in which the runtime's own tests build it too.
fn target() -> PathBuf {
    std::env::var_os("TOVA_GENERATED_TARGET")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("../runtime"), PathBuf::from)
}

/// Builds the runtime and gives the flags that let rustc find it.
pub(crate) fn runtime_flags() -> Vec<String> {
    let target = target();
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--lib", "--manifest-path"])
        .arg(runtime().join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the runtime does not build");
    let debug = target.join("debug");
    vec![
        format!("--extern=tova_server={}", debug.join("libtova_server.rlib").display()),
        format!("-Ldependency={}", debug.join("deps").display()),
    ]
}

/// Writes a crate and gives its folder.
pub(crate) fn written(name: &str, service: &ServiceCrate) -> PathBuf {
    let folder = target().join("crates").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for file in &service.files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::write(path, &file.text).expect("a file can be written");
    }
    folder
}

/// Lets clippy look at a crate; every warning is an error.
pub(crate) fn linted(name: &str, service: &ServiceCrate) {
    let folder = written(name, service);
    let output = Command::new("clippy-driver")
        .arg("rustc")
        .arg(folder.join("src/main.rs"))
        .args(["--edition=2024", "-Dwarnings", "--crate-name=program", "--emit=metadata", "-o"])
        .arg(folder.join("metadata"))
        .args(runtime_flags())
        .output()
        .expect("clippy is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Compiles a crate with every warning an error and gives the binary.
pub(crate) fn compiled(name: &str, service: &ServiceCrate) -> PathBuf {
    let folder = written(name, service);
    let binary = folder.join("binary");
    let output = Command::new("rustc")
        .arg(folder.join("src/main.rs"))
        .args(["--edition=2024", "-Dwarnings", "-Cdebuginfo=0", "--crate-name=program", "-o"])
        .arg(&binary)
        .args(RUSTC_FLAGS)
        .args(runtime_flags())
        .output()
        .expect("rustc runs");
    let texts: String = service.files.iter().map(|file| format!("--- {}\n{}", file.path, file.text)).collect();
    assert!(output.status.success(), "{}\n{texts}", String::from_utf8_lossy(&output.stderr));
    binary
}

/// Compiles and runs a script; gives what it printed on standard output and standard error.
pub(crate) fn run(name: &str, program: &Program) -> String {
    let crates = crates(program);
    let [script] = crates.as_slice() else { panic!("one crate") };
    let output = Command::new(compiled(name, script)).output().expect("the program runs");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
