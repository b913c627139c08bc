//! The shape of generated code: server "api" of the dashboard. Written by hand; the backend generates this.

use tova_server::prelude::*;

fn main() -> ExitCode {
    Server::new("api", 3000)
        .start(start)
        .database(database, &[USERS])
        .page(&PAGE)
        .needs_secret()
        .middleware(Middleware::before(middleware_cors))
        .middleware(Middleware::before(middleware_auth))
        .middleware(Middleware::before(middleware_rate_limit).stateful())
        .route("GET", "/api/users", Handler::sync(get_api_users))
        .route("GET", "/api/users/:id", Handler::sync(get_api_users_id))
        .route("POST", "/api/users", Handler::sync(post_api_users))
        .rpc("list_users", Handler::sync(rpc_list_users))
        .run()
}

/// `db { database: "app.db" }`
fn database() -> Result<Str, Fault> {
    Ok("app.db".into())
}

/// The page: what `dist/client` holds, embedded. The first asset is the page itself.
static PAGE: Page = Page {
    assets: &[Asset {
        path: "/index.html",
        content_type: "text/html; charset=utf-8",
        identity: b"<!doctype html><title>Dashboard</title>",
        brotli: None,
        gzip: None,
    }],
    connect: &["ws://localhost:3001"],
};

/// `type User` of the shared block.
#[derive(Clone, Debug, PartialEq)]
struct User {
    id: i64,
    name: Str,
    email: Str,
}

impl ToJson for User {
    fn to_json(&self, out: &mut JsonWriter) {
        out.raw("{\"id\":");
        self.id.to_json(out);
        out.raw(",\"name\":");
        self.name.to_json(out);
        out.raw(",\"email\":");
        self.email.to_json(out);
        out.raw("}");
    }
}

/// The table of `model User`.
const USERS: Table = Table {
    name: "users",
    columns: &[
        Column { name: "name", ty: ColumnType::Text, optional: false, default: None },
        Column { name: "email", ty: ColumnType::Text, optional: false, default: None },
    ],
};

impl User {
    /// A row of `users`: id, name, email.
    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        Ok(Self { id: row.int(0)?, name: row.text(1)?, email: row.text(2)? })
    }

    fn all() -> Result<List<Self>, Fault> {
        db::select("SELECT \"id\", \"name\", \"email\" FROM \"users\" ORDER BY \"id\"", &[], Self::from_row)
    }

    fn find(id: i64) -> Result<Option<Self>, Fault> {
        db::first("SELECT \"id\", \"name\", \"email\" FROM \"users\" WHERE \"id\" = ?1", &[id.into()], Self::from_row)
    }

    fn create(name: Str, email: Str) -> Result<Self, Fault> {
        db::insert(
            "INSERT INTO \"users\" (\"name\", \"email\") VALUES (?1, ?2) RETURNING \"id\", \"name\", \"email\"",
            &[name.into(), email.into()],
            Self::from_row,
        )
    }
}

/// The `mut` state of the server.
struct Globals {
    request_counts: Map<Str, i64>,
}

static STATE: State<Globals> = State::new();

/// Computes the globals before the first request.
fn start() -> Pending<Result<(), Fault>> {
    Box::pin(async move {
        STATE.set(Globals { request_counts: Map::new() });
        Ok(())
    })
}

/// Fields that the program's middleware adds to a request.
#[derive(Default)]
struct RequestFields {
    user: Option<Any>,
}

fn cors(_req: &Request, res: &Response) {
    res.set_header("Access-Control-Allow-Origin", "*");
    res.set_header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    res.set_header("Access-Control-Allow-Headers", "Content-Type, Authorization");
}

fn auth(req: &Request, res: &Response) -> Result<Option<Str>, Fault> {
    let token = req.headers().get("authorization");
    let Some(token) = token else {
        res.status(401);
        return Ok(Some("Unauthorized".into()));
    };
    let user = verify_token(&token)?;
    req.with_fields(|f: &mut RequestFields| f.user = Some(user));
    Ok(None)
}

fn rate_limit(req: &Request, res: &Response) -> Option<Str> {
    let ip = req.headers().get("x-forwarded-for").unwrap_or_else(|| req.connection().remote_address());
    let count = STATE.read(|s| s.request_counts.get(&ip).copied()).unwrap_or(0);
    if count >= 100 {
        res.status(429);
        return Some("Too many requests".into());
    }
    STATE.write(|s| s.request_counts.insert(ip, count + 1));
    None
}

fn list_users() -> Result<List<User>, Fault> {
    User::all()
}

fn get_user(id: i64) -> Result<Option<User>, Fault> {
    User::find(id)
}

fn create_user(name: Str, email: Str) -> Result<User, Fault> {
    User::create(name, email)
}

/// `middleware cors`
fn middleware_cors(ctx: &Ctx) -> Result<Flow, Fault> {
    cors(&ctx.req, &ctx.res);
    Ok(Flow::Continue)
}

/// `middleware auth`
fn middleware_auth(ctx: &Ctx) -> Result<Flow, Fault> {
    Ok(Flow::ended_by(auth(&ctx.req, &ctx.res)?.as_ref()))
}

/// `middleware rate_limit`
fn middleware_rate_limit(ctx: &Ctx) -> Result<Flow, Fault> {
    Ok(Flow::ended_by(rate_limit(&ctx.req, &ctx.res).as_ref()))
}

/// `route GET "/api/users"`
fn get_api_users(_ctx: &Ctx) -> Answer {
    Ok(Reply::json(&list_users()?))
}

/// `route GET "/api/users/:id"`
fn get_api_users_id(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let id = args.get("id");
    let Some(id) = id else { return args.refuse() };
    Reply::found(get_user(id)?.as_ref())
}

/// `route POST "/api/users"`
fn post_api_users(ctx: &Ctx) -> Answer {
    let mut args = Args::of_request(ctx)?;
    let (name, email) = (args.get("name"), args.get("email"));
    let (Some(name), Some(email)) = (name, email) else { return args.refuse() };
    Ok(Reply::json(&create_user(name, email)?))
}

/// `POST /rpc/list_users`
fn rpc_list_users(_ctx: &Ctx) -> Answer {
    Ok(Reply::result(&list_users()?))
}
