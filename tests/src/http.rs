//! A small HTTP/1.1 client that shows what came back, and sends what no well-behaved client would.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A question without a body.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: method.to_owned(), path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// `GET` of a path.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// `POST` of a JSON text, well-formed or not.
    #[must_use]
    pub fn post_json(path: &str, json: &str) -> Self {
        Self::new("POST", path).header("content-type", "application/json").body(json)
    }

    /// A call of a server function, as a page makes it.
    #[must_use]
    pub fn rpc(function: &str, arguments: &Value) -> Self {
        Self::post_json(&format!("/rpc/{function}"), &serde_json::json!({ "__args": arguments }).to_string())
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    /// The question as it goes over the wire.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            text.push_str("host: localhost\r\n");
        }
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() || self.method == "POST" || self.method == "PUT" {
            text.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends the question over a connection of its own.
    ///
    /// # Errors
    /// If there is no whole answer within ten seconds.
    pub fn send(&self, port: u16) -> io::Result<Response> {
        Connection::open(port)?.send(&self.clone().header("connection", "close"))
    }
}

/// A connection that stays open between questions.
pub struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// Connects to a port of this machine.
    ///
    /// # Errors
    /// If nothing listens there.
    pub fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_write_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { reader: BufReader::new(stream) })
    }

    /// Sends a question and reads the answer.
    ///
    /// # Errors
    /// If there is no whole answer within ten seconds.
    pub fn send(&mut self, request: &Request) -> io::Result<Response> {
        // A server may refuse a body before it has come to its end, and close: the answer is there all the same.
        let sent = self.send_bytes(&request.bytes());
        self.read().map_err(|error| sent.err().unwrap_or(error))
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// If the other side does not take them.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// Reads one answer.
    ///
    /// # Errors
    /// If it ends early, is no HTTP, or does not come within ten seconds.
    pub fn read(&mut self) -> io::Result<Response> {
        let status = self.line()?;
        let status = status
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("no status line: {status:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':') {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let mut response = Response { status, headers, body: Vec::new() };
        if status >= 200 && status != 204 && status != 304 {
            response.body = self.body(&response)?;
        }
        Ok(response)
    }

    fn body(&mut self, response: &Response) -> io::Result<Vec<u8>> {
        if response.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            return self.chunks();
        }
        let mut body = Vec::new();
        if let Some(length) = response.header("content-length").and_then(|length| length.parse().ok()) {
            body.resize(length, 0);
            self.reader.read_exact(&mut body)?;
        } else {
            self.reader.read_to_end(&mut body)?;
        }
        Ok(body)
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let length = line.split(';').next().and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
            let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no chunk size"))?;
            let mut chunk = vec![0; length];
            self.reader.read_exact(&mut chunk)?;
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
            body.append(&mut chunk);
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// How long the other side takes to close; `None` if it has not within `limit`.
    #[must_use]
    pub fn closes_within(&mut self, limit: Duration) -> Option<Duration> {
        let start = std::time::Instant::now();
        let _ = self.reader.get_mut().set_read_timeout(Some(limit));
        let mut rest = Vec::new();
        match self.reader.read_to_end(&mut rest) {
            Ok(_) => Some(start.elapsed()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Some(start.elapsed()),
            Err(_) => None,
        }
    }
}
