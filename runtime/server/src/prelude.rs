//! What generated code imports: `use tova_server::prelude::*;`.

pub use std::process::ExitCode;

pub use http::Method;

pub use crate::bind::Args;
pub use crate::callback::Callback;
pub use crate::cors::Cors;
#[cfg(feature = "sqlite")]
pub use crate::db::{self, Column, ColumnType, Row, SqlValue, Table};
pub use crate::handler::{Answer, Ctx, Flow, Handler, Middleware, Next, Pending};
#[cfg(feature = "jwt")]
pub use crate::jwt::{sign_jwt, verify_token};
pub use crate::page::{Asset, Page};
pub use crate::reply::{Reply, html, redirect, respond, text, with_headers};
pub use crate::request::{Connection, Headers, Request};
pub use crate::response::Response;
pub use crate::server::Server;
#[cfg(feature = "ws")]
pub use crate::socket::Socket;
pub use crate::state::State;
pub use crate::value::*;
