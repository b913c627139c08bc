//! Models on SQLite through the functions that generated code calls.

use tova_server::prelude::*;

use crate::support::{Running, get, post, send, short, start};

#[derive(Clone, Debug, PartialEq)]
struct Task {
    id: i64,
    title: Str,
    done: bool,
    weight: Option<f64>,
}

impl ToJson for Task {
    fn to_json(&self, out: &mut JsonWriter) {
        out.record(&[("id", &self.id), ("title", &self.title), ("done", &self.done), ("weight", &self.weight)]);
    }
}

const TASKS: Table = Table {
    name: "tasks",
    columns: &[
        Column { name: "title", ty: ColumnType::Text, optional: false, default: None },
        Column { name: "done", ty: ColumnType::Bool, optional: false, default: Some("0") },
        Column { name: "weight", ty: ColumnType::Float, optional: true, default: None },
    ],
};

impl Task {
    fn from_row(row: &Row<'_>) -> Result<Self, Fault> {
        Ok(Self { id: row.int(0)?, title: row.text(1)?, done: row.bool(2)?, weight: row.optional(3, Row::float)? })
    }

    fn write_row(row: &Row<'_>, out: &mut JsonWriter) -> Result<(), Fault> {
        out.raw("{\"id\":");
        row.int(0)?.to_json(out);
        out.raw(",\"title\":");
        out.string(row.text_ref(1)?);
        out.raw("}");
        Ok(())
    }
}

fn file() -> Result<Str, Fault> {
    Ok(":memory:".into())
}

fn list(_ctx: &Ctx) -> Answer {
    Reply::try_json(|out| {
        db::select_json(out, "SELECT \"id\", \"title\" FROM \"tasks\" ORDER BY \"id\"", &[], Task::write_row)
    })
}

fn create(ctx: &Ctx) -> Answer {
    let mut args = Args::of_request(ctx)?;
    let (title, weight) = (args.get::<Str>("title"), args.get::<Option<f64>>("weight"));
    let (Some(title), Some(weight)) = (title, weight) else { return args.refuse() };
    let sql = "INSERT INTO \"tasks\" (\"title\", \"weight\") VALUES (?1, ?2) RETURNING \"id\", \"title\", \"done\", \"weight\"";
    Ok(respond(201, &db::insert(sql, &[title.into(), weight.into()], Task::from_row)?))
}

fn finish(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let Some(id) = args.get::<i64>("id") else { return args.refuse() };
    let sql = "UPDATE \"tasks\" SET \"done\" = ?1 WHERE \"id\" = ?2 RETURNING \"id\", \"title\", \"done\", \"weight\"";
    Reply::found(db::update(sql, &[true.into(), id.into()], Task::from_row)?.as_ref())
}

fn remove(ctx: &Ctx) -> Answer {
    let mut args = Args::of_path(ctx);
    let Some(id) = args.get::<i64>("id") else { return args.refuse() };
    Ok(Reply::json(&(db::execute("DELETE FROM \"tasks\" WHERE \"id\" = ?1", &[id.into()])? > 0)))
}

fn raw(_ctx: &Ctx) -> Answer {
    let bad = db::query("SELECT nonsense", &[]).expect_err("a fault");
    let run = db::run("INSERT INTO tasks (title) VALUES (?)", &[Str::from("raw").into()])?;
    let row =
        db::get("SELECT title, done, weight FROM tasks WHERE id = ?", &[run.get("lastInsertRowid").copied().into()])?;
    let open = db::count(
        "SELECT count(*) FROM tasks WHERE done = ?1 AND title = ?2",
        &[false.into(), Str::from("raw").into()],
    )?;
    Ok(Reply::json(&List::from([json::stringify(&row), bad.message, show(&open)])))
}

async fn server() -> Running {
    let server = Server::new("", 0)
        .limits(short())
        .database(file, &[TASKS])
        .route("GET", "/tasks", Handler::sync(list))
        .route("POST", "/tasks", Handler::sync(create))
        .route("PUT", "/tasks/:id", Handler::sync(finish))
        .route("DELETE", "/tasks/:id", Handler::sync(remove))
        .route("GET", "/raw", Handler::sync(raw));
    start(server).await
}

#[tokio::test]
async fn rows_are_created_found_changed_and_removed() {
    let server = server().await;
    let created = post(&server, "/tasks", r#"{"title": "naïve \"quotes\"", "weight": 2}"#).await;
    assert_eq!(
        (created.status, created.body.as_str()),
        (201, r#"{"id":1,"title":"naïve \"quotes\"","done":false,"weight":2}"#)
    );
    assert_eq!(
        post(&server, "/tasks", r#"{"title": "b"}"#).await.body,
        r#"{"id":2,"title":"b","done":false,"weight":null}"#
    );
    assert_eq!(get(&server, "/tasks").await.body, r#"[{"id":1,"title":"naïve \"quotes\""},{"id":2,"title":"b"}]"#);
    assert_eq!(send(&server, "PUT /tasks/2", "", "").await.body, r#"{"id":2,"title":"b","done":true,"weight":null}"#);
    assert_eq!(send(&server, "PUT /tasks/9", "", "").await.status, 404);
    assert_eq!(send(&server, "DELETE /tasks/1", "", "").await.body, "true");
    assert_eq!(send(&server, "DELETE /tasks/1", "", "").await.body, "false");
    let raw = get(&server, "/raw").await;
    assert_eq!(
        raw.body,
        r#"["{\"title\":\"raw\",\"done\":0,\"weight\":null}","database: no such column: nonsense in SELECT nonsense at offset 7","1"]"#
    );
}
