//! What a careful person writes with axum: prepared statements on a connection per thread, rows written straight into the body's buffer, one
//! allocation of about the right size.
//!
//! `PORT` is where it listens; the database `bench.db` lies in the working directory.

use std::cell::RefCell;
use std::io::{self, Write as _};

use axum::Router;
use axum::body::Body;
use axum::extract::{Json, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

thread_local! {
    static DATABASE: RefCell<Connection> = RefCell::new(open().expect("bench.db can be opened"));
}

fn open() -> rusqlite::Result<Connection> {
    let connection = Connection::open("bench.db")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL, stock INTEGER NOT NULL)",
    )?;
    Ok(connection)
}

#[derive(Serialize)]
struct Order {
    id: i64,
    customer: String,
    total: f64,
    paid: bool,
    tags: [&'static str; 3],
}

#[derive(Deserialize)]
struct NewItem {
    name: String,
    price: f64,
    stock: i64,
}

async fn hello() -> &'static str {
    "Hello, world!"
}

async fn order(Path(id): Path<i64>) -> Json<Order> {
    Json(Order { id, customer: format!("Customer {id}"), total: id as f64 * 1.25, paid: id % 2 == 0, tags: ["new", "gift", "rush"] })
}

async fn items() -> Response {
    match DATABASE.with_borrow(rows) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn rows(database: &Connection) -> rusqlite::Result<Vec<u8>> {
    let mut statement = database.prepare_cached("SELECT id, name, price, stock FROM items")?;
    let mut rows = statement.query([])?;
    let mut body = Vec::with_capacity(8 * 1024);
    let mut number = itoa::Buffer::new();
    body.push(b'[');
    while let Some(row) = rows.next()? {
        if body.len() > 1 {
            body.push(b',');
        }
        body.extend_from_slice(b"{\"id\":");
        body.extend_from_slice(number.format(row.get_ref(0)?.as_i64()?).as_bytes());
        body.extend_from_slice(b",\"name\":");
        json(&mut body, row.get_ref(1)?.as_str()?).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        body.extend_from_slice(b",\"price\":");
        json(&mut body, &row.get_ref(2)?.as_f64()?).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        body.extend_from_slice(b",\"stock\":");
        body.extend_from_slice(number.format(row.get_ref(3)?.as_i64()?).as_bytes());
        body.push(b'}');
    }
    body.push(b']');
    Ok(body)
}

fn json<T: Serialize + ?Sized>(body: &mut Vec<u8>, value: &T) -> serde_json::Result<()> {
    serde_json::to_writer(body, value)
}

async fn add(Json(item): Json<NewItem>) -> StatusCode {
    let added = DATABASE.with_borrow(|database| {
        let mut insert = database.prepare_cached("INSERT INTO items (name, price, stock) VALUES (?1, ?2, ?3)")?;
        insert.execute((&item.name, item.price, item.stock))
    });
    if added.is_ok() { StatusCode::CREATED } else { StatusCode::INTERNAL_SERVER_ERROR }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let port: u16 = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let app = Router::new()
        .route("/hello", get(hello))
        .route("/orders/{id}", get(order))
        .route("/items", get(items).post(add));
    io::stdout().write_all(b"listening\n")?;
    axum::serve(listener, app).await
}
