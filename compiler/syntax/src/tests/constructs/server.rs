//! Declarations of server blocks.

use super::{check, fails};

#[test]
fn routes() {
    check(r#"server { route GET "/a/:id" => f }"#, r#"(server (route GET "/a/:id" f))"#);
    check(
        r#"server { route POST "/a" body: [New] with auth, role("x") -> Item? => add }"#,
        r#"(server (route POST "/a" (body (list New)) (with auth (call role "x")) (-> (? Item)) add))"#,
    );
    check(
        r#"server { route get "/a" => fn(req) { 1 } with auth }"#,
        r#"(server (route GET "/a" (with auth) (lambda (req) (do 1))))"#,
    );
    check(
        r#"server { route WS "/ws" => connect
  route GET "/b" => req => req.id }"#,
        r#"(server (route WS "/ws" connect) (route GET "/b" (lambda (req) (. req id))))"#,
    );
}

#[test]
fn middleware() {
    check(
        "server { middleware cors(req, res) { res.end() } }",
        "(server (middleware cors (req res) (do (call (. res end)))))",
    );
    check(
        "server { middleware fn auth(req, next) { next(req) } }",
        "(server (middleware auth (req next) (do (call next req))))",
    );
}

#[test]
fn models() {
    check(
        "server { model User { name: String, email: String? } }",
        "(server (model User (field name String) (field email (? String))))",
    );
    check("server { model User }", "(server (model User))");
    check(
        r#"server { model Post { author: User, belongs_to: [User], table: "posts", timestamps: true, type: Int } }"#,
        r#"(server
  (model Post (field author User) (field type Int) (belongs_to (list User)) (table "posts") (timestamps true)))"#,
    );
}

#[test]
fn settings() {
    check(
        r#"server { db { adapter: "sqlite"
  database: "app.db" } }"#,
        r#"(server (config db (adapter "sqlite") (database "app.db")))"#,
    );
    check(
        r#"server { cors { origins: env("X") |> split(","), credentials: true, } }"#,
        r#"(server (config cors (origins (|> (call env "X") (call split ","))) (credentials true)))"#,
    );
    check(
        r#"server { rate_limit { window: 1.minute, key: fn(req) req.headers["x"] |> unwrapOr(req.ip) } }"#,
        r#"(server
  (config rate_limit
    (window (. 1 minute))
    (key (lambda (req) (|> (index (. req headers) "x") (call unwrapOr (. req ip)))))))"#,
    );
    check(
        r#"server { cache { default: "public" } sessions {} }"#,
        r#"(server (config cache (default "public")) (config sessions))"#,
    );
    check("server { corss { a: { b: 1 } } }", "(server (config corss (a (record (b: 1)))))");
    check(
        r#"server { static "/a" => "dir" fallback "index.html" }"#,
        r#"(server (config static (path "/a") (dir "dir") (fallback "index.html")))"#,
    );
}

#[test]
fn single_values() {
    check("server { port 3000 }", "(server (port 3000))");
    check("server { max_body 5.megabytes }", "(server (max_body (. 5 megabytes)))");
    check(
        r#"server { env PORT: Int = 3000
  env KEY: Option<String> = None
  env URL: String }"#,
        "(server (env PORT Int 3000) (env KEY (Option String) None) (env URL String))",
    );
    check(r#"server { health "/h" }"#, r#"(server (health "/h"))"#);
    check(r#"server { health "/h" { check_db, check_memory } }"#, r#"(server (health "/h" check_db check_memory))"#);
}

#[test]
fn hooks() {
    check(
        "server { on_error fn(e, req, res) { res.status(500) } }",
        "(server (on_error (lambda (e req res) (do (call (. res status) 500)))))",
    );
    check("server { on_start { f() } }", "(server (on_start (lambda () (do (call f)))))");
    check("server { on_stop fn() { f() } }", "(server (on_stop (lambda () (do (call f)))))");
    check("server { on_error(e, req) { e } }", "(server (on_error (lambda (e req) (do e))))");
}

#[test]
fn mistakes_in_servers_are_named() {
    fails(r#"server { route GET "/x" y }"#, "E0001", "expected `=>` and a handler, found `y`");
    fails("server { route GET /x => y }", "E0001", "expected the end of the statement, found `GET`");
    fails(r#"server { cors { origins "x" } }"#, "E0001", "expected `:` and a value, found a string");
    fails("server { env X }", "E0001", "expected `:`, found `}`");
}
