//! Scripts from hand-made programs: compiled without a warning, and run.

mod build;

use build::*;
use tova_ir::{
    Effects, EnumCase, EnumId, EnumKind, ExprKind, Field, FnId, ForIter, LocalKind, PlaceStep, Prim, Program, RecordId,
    Type, Variant,
};

fn script(functions: Vec<tova_ir::Function>) -> Program {
    let script = Some(FnId(functions.len() as u32 - 1));
    Program { functions, script, records: vec![error_record()], error: Some(RecordId(0)), ..Program::default() }
}

#[test]
fn values_are_updated_in_place_and_never_alias() {
    let mut f = Build::new("main_script");
    let xs = f.local("xs", Type::list(Type::Int), LocalKind::Mut);
    let ys = f.local("ys", Type::list(Type::Int), LocalKind::Let);
    let m = f.local("m", Type::map(Type::Str, Type::Int), LocalKind::Mut);
    let x = f.local("x", Type::Int, LocalKind::Let);
    let i = f.local("i", Type::Int, LocalKind::Let);
    let sum = f.local("sum", Type::Int, LocalKind::Mut);
    let label = f.label();
    let push = expr(
        ExprKind::Update {
            place: f.place(xs, vec![], Type::list(Type::Int)),
            name: "list.push".into(),
            args: vec![int(3)],
        },
        Type::Unit,
    );
    let first = expr(
        ExprKind::Assign {
            place: f.place(xs, vec![PlaceStep::Index(int(0))], Type::Int),
            value: Box::new(prim(
                Prim::Add,
                vec![prim(Prim::ListGet, vec![f.get(xs), int(-1)], Type::Int), int(7)],
                Type::Int,
            )),
        },
        Type::Unit,
    );
    let entry = expr(
        ExprKind::Assign { place: f.place(m, vec![PlaceStep::Key(text("a b"))], Type::Int), value: Box::new(int(1)) },
        Type::Unit,
    );
    let add =
        f.set(sum, prim(Prim::Add, vec![f.get(sum), prim(Prim::Mul, vec![f.get(x), f.get(i)], Type::Int)], Type::Int));
    let walk = expr(
        ExprKind::For {
            label,
            iter: Box::new(ForIter::Items { item: x, index: Some(i), list: f.get(xs) }),
            body: Box::new(block(vec![add])),
        },
        Type::Unit,
    );
    let body = block(vec![
        f.let_(xs, list(vec![int(1), int(2)], Type::Int)),
        f.let_(ys, f.get(xs)),
        push,
        first,
        f.let_(m, expr(ExprKind::Map(vec![]), Type::map(Type::Str, Type::Int))),
        entry,
        f.let_(sum, int(0)),
        walk,
        print(vec![f.get(xs), f.get(ys), f.get(m), f.get(sum)]),
        print(vec![concat(vec![text("len "), display(intrinsic("list.len", vec![f.get(xs)], Type::Int)), text("!")])]),
    ]);
    assert_eq!(
        run("in_place", &script(vec![f.done(Type::Unit, Effects::default(), body)])),
        "[10, 2, 3] [1, 2] {\"a b\": 1} 8\nlen 3!\n"
    );
}

#[test]
fn closures_share_what_is_updated() {
    let mut map = Build::new("map_of_Int_Int");
    let function = Type::function(vec![Type::Int], Type::Int);
    let (xs, g) = (map.param("xs", Type::list(Type::Int)), map.param("f", function));
    let (out, x) = (map.local("out", Type::list(Type::Int), LocalKind::Mut), map.local("x", Type::Int, LocalKind::Let));
    let label = map.label();
    let push = expr(
        ExprKind::Update {
            place: map.place(out, vec![], Type::list(Type::Int)),
            name: "list.push".into(),
            args: vec![call_value(map.get(g), vec![map.get(x)], Type::Int)],
        },
        Type::Unit,
    );
    let walk = expr(
        ExprKind::For {
            label,
            iter: Box::new(ForIter::Items { item: x, index: None, list: map.get(xs) }),
            body: Box::new(push),
        },
        Type::Unit,
    );
    let body = block(vec![map.let_(out, list(vec![], Type::Int)), walk, map.get(out)]);
    let map = map.done(Type::list(Type::Int), Effects::default(), body);

    let mut f = Build::new("script");
    let count = f.local("count", Type::Int, LocalKind::Shared);
    let base = f.local("base", Type::Str, LocalKind::Let);
    let n = f.local("n", Type::Int, LocalKind::Let);
    let bump = f.set(count, prim(Prim::Add, vec![f.get(count), f.get(n)], Type::Int));
    let inner =
        block(vec![bump, print(vec![f.get(base), f.get(n)]), prim(Prim::Mul, vec![f.get(n), int(2)], Type::Int)]);
    let closure = f.closure(vec![n], vec![count, base], inner, Type::Int);
    let body = block(vec![
        f.let_(count, int(0)),
        f.let_(base, text("a text that is longer than inline")),
        print(vec![call(0, vec![list(vec![int(1), int(2)], Type::Int), closure], Type::list(Type::Int))]),
        print(vec![f.get(count), f.get(base)]),
    ]);
    let output = run("closures", &script(vec![map, f.done(Type::Unit, Effects::default(), body)]));
    assert_eq!(
        output,
        "a text that is longer than inline 1\na text that is longer than inline 2\n[2, 4]\n3 a text that is longer than inline\n"
    );
}

#[test]
fn try_catches_throws_and_faults_and_lets_returns_through() {
    let mut risky = Build::new("risky");
    let n = risky.param("n", Type::Int);
    let fails = prim(Prim::Eq, vec![risky.get(n), int(0)], Type::Bool);
    let body = block(vec![
        if_(fails, throw(error(RecordId(0), "zero")), None),
        prim(Prim::Rem, vec![int(10), prim(Prim::Sub, vec![risky.get(n), int(1)], Type::Int)], Type::Int),
    ]);
    let risky = risky.done(Type::Int, throws(), body);

    let mut safe = Build::new("safe");
    let n = safe.param("n", Type::Int);
    let e = safe.local("e", Type::Record(RecordId(0)), LocalKind::Let);
    let early = if_(prim(Prim::Gt, vec![safe.get(n), int(5)], Type::Bool), return_(text("early")), None);
    let tried = block(vec![early, display(call(0, vec![safe.get(n)], Type::Int))]);
    let handler = concat(vec![text("caught "), field(safe.get(e), 0, Type::Str)]);
    let attempt = expr(
        ExprKind::Try {
            body: Box::new(tried),
            error: Some(e),
            handler: Some(Box::new(handler)),
            finally: Some(Box::new(print(vec![text("finally")]))),
        },
        Type::Str,
    );
    let safe = safe.done(Type::Str, Effects::default(), attempt);

    let f = Build::new("script");
    let case = |n: i64| print(vec![call(1, vec![int(n)], Type::Str)]);
    let body = block(vec![case(0), case(1), case(4), case(9), print(vec![call(0, vec![int(1)], Type::Int)])]);
    let output = run("attempts", &script(vec![risky, safe, f.done(Type::Unit, throws(), body)]));
    let (before, after) = output.split_once("error: ").expect("the last call fails");
    assert_eq!(before, "finally\ncaught zero\nfinally\ncaught division by zero\nfinally\n1\nfinally\nearly\n");
    assert!(after.starts_with("division by zero\n  at "), "{after}");
}

#[test]
fn enums_records_and_options_are_plain_rust() {
    let shape = Type::Enum(EnumId(0));
    let field = |name: &str, ty: Type| Field { name: name.into(), ty };
    let shapes = tova_ir::Enum {
        name: "Shape".into(),
        kind: EnumKind::Declared,
        docs: Some("A shape.".into()),
        span: span(),
        variants: vec![
            Variant { name: "Disc".into(), fields: vec![field("radius", Type::Float)] },
            Variant { name: "Group".into(), fields: vec![field("type", Type::Str), field("inner", shape.clone())] },
            Variant { name: "Dot".into(), fields: vec![] },
        ],
    };
    let variant = |variant: u32, args| expr(ExprKind::Variant { enum_: EnumId(0), variant, args }, shape.clone());
    let float = |x: f64| expr(ExprKind::Float(x), Type::Float);

    let mut name = Build::new("nameOf");
    let s = name.param("s", shape.clone());
    let (kind, inner, radius) = (
        name.local("kind", Type::Str, LocalKind::Let),
        name.local("inner", shape.clone(), LocalKind::Let),
        name.local("radius", Type::Float, LocalKind::Let),
    );
    let cases = vec![
        EnumCase {
            variant: 0,
            bindings: vec![Some(radius)],
            body: concat(vec![text("disc "), display(name.get(radius))]),
        },
        EnumCase {
            variant: 1,
            bindings: vec![Some(kind), Some(inner)],
            body: concat(vec![name.get(kind), text("/"), call(0, vec![name.get(inner)], Type::Str)]),
        },
    ];
    let body = expr(
        ExprKind::SwitchEnum {
            subject: Box::new(name.get(s)),
            enum_: EnumId(0),
            cases,
            default: Some(Box::new(text("dot"))),
        },
        Type::Str,
    );
    let name = name.done(Type::Str, Effects::default(), body);

    let mut f = Build::new("script");
    let (s, age) =
        (f.local("s", shape.clone(), LocalKind::Let), f.local("age", Type::option(Type::Int), LocalKind::Let));
    let found = f.local("found", Type::Int, LocalKind::Let);
    let nested = variant(1, vec![text("g"), variant(0, vec![float(2.5)])]);
    let or_else = expr(
        ExprKind::SwitchOption {
            subject: Box::new(f.get(age)),
            binding: Some(found),
            some: Box::new(f.get(found)),
            none: Box::new(int(7)),
        },
        Type::Int,
    );
    let body = block(vec![
        f.let_(s, nested),
        f.let_(age, expr(ExprKind::Nil, Type::option(Type::Int))),
        print(vec![call(0, vec![f.get(s)], Type::Str), f.get(s), call(0, vec![variant(2, vec![])], Type::Str)]),
        print(vec![or_else, f.get(age), prim(Prim::IsSome, vec![f.get(age)], Type::Bool)]),
        print(vec![intrinsic("json.stringify", vec![f.get(s)], Type::Str)]),
        print(vec![prim(
            Prim::Eq,
            vec![
                intrinsic("json.parse", vec![intrinsic("json.stringify", vec![f.get(s)], Type::Str)], shape.clone()),
                f.get(s),
            ],
            Type::Bool,
        )]),
    ]);
    let program = Program { enums: vec![shapes], ..script(vec![name, f.done(Type::Unit, throws(), body)]) };
    let json = r#"{"__tag":"Group","type":"g","inner":{"__tag":"Disc","radius":2.5}}"#;
    assert_eq!(run("enums", &program), format!("g/disc 2.5 Group(\"g\", Disc(2.5)) dot\n7 nil false\n{json}\ntrue\n"));
}
