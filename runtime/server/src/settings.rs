//! What the environment and the program decide about a running server.

use std::time::Duration;

/// Deadlines and sizes. The defaults close every silent, half-sent or stalled connection within ten seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the first moment of a connection, or the end of the last reply, to the end of the request's head.
    pub head: Duration,
    /// A window in which a body must bring at least [`Limits::body_progress`] bytes.
    pub body: Duration,
    /// See [`Limits::body`].
    pub body_progress: usize,
    /// How long the client may take nothing of a reply.
    pub write: Duration,
    /// The largest body, in bytes.
    pub max_body: usize,
    /// How long a stopping server leaves idle connections open, so that a request on its way is not lost.
    pub idle_grace: Duration,
    /// How long a stopping server waits for running requests.
    pub drain: Duration,
    /// Time between two pings of a socket; one without an answer in between is closed.
    pub ping: Duration,
    /// The largest message of a socket, in bytes.
    pub max_message: usize,
    /// How many connections there may be; more are closed at once. `MAX_CONNECTIONS` sets another number.
    pub max_connections: usize,
    /// How many of them one address may have. `MAX_CONNECTIONS_PER_IP` sets another number, for a server behind a proxy.
    pub max_connections_per_ip: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(8),
            body: Duration::from_secs(8),
            body_progress: 1024,
            write: Duration::from_secs(8),
            max_body: 1_048_576,
            idle_grace: Duration::from_secs(1),
            drain: Duration::from_secs(30),
            ping: Duration::from_secs(30),
            max_message: 1_048_576,
            max_connections: 10_000,
            max_connections_per_ip: 1_000,
        }
    }
}

impl Limits {
    /// With the numbers that the environment sets.
    pub(crate) fn of_environment(mut self) -> Result<Self, String> {
        if let Some(count) = positive("MAX_CONNECTIONS")? {
            self.max_connections = count;
        }
        if let Some(count) = positive("MAX_CONNECTIONS_PER_IP")? {
            self.max_connections_per_ip = count;
        }
        Ok(self)
    }
}

/// A variable that holds a number above zero.
pub(crate) fn positive(name: &str) -> Result<Option<usize>, String> {
    let Some(value) = variable(name) else { return Ok(None) };
    let number = value.parse().ok().filter(|number| *number > 0);
    number.map(Some).ok_or_else(|| format!("{name} must be a positive number, found `{value}`"))
}

/// Whether `tova dev` runs this process.
pub(crate) fn is_dev() -> bool {
    variable("TOVA_DEV").is_some()
}

/// An environment variable; an empty one counts as missing.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The port of a server: `PORT_<NAME>`, then `PORT` if the program has one server, then the program's.
pub(crate) fn port(name: &str, single: bool, declared: u16) -> Result<u16, String> {
    let own = (!name.is_empty()).then(|| format!("PORT_{}", variable_name(name)));
    let names = own.into_iter().chain(single.then(|| "PORT".to_owned()));
    for name in names {
        if let Some(value) = variable(&name) {
            return value.parse().map_err(|_| format!("{name} must be a port number, found `{value}`"));
        }
    }
    Ok(declared)
}

/// `HOST`, else this machine alone in dev and every interface in production.
pub(crate) fn host() -> String {
    variable("HOST").unwrap_or_else(|| if is_dev() { "127.0.0.1" } else { "0.0.0.0" }.to_owned())
}

/// A server's name as it stands in `PORT_<NAME>`.
fn variable_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
