//! Messages over standard input and output. Unlike the transport of `lsp-server`, a message that is no JSON does not end the session: it is
//! answered with an error, and the next one is read.

use std::io::{self, BufRead, Read, Write};
use std::thread;

use lsp_server::{Connection, Message};
use serde_json::{Value, json};

/// No message is larger; a length beyond it is a broken header.
const MAX_LENGTH: usize = 256 << 20;

/// What was read.
#[derive(Debug)]
enum Frame {
    Message(Message),
    /// What came instead of a message, as an answer to it.
    Broken(Value),
    End,
}

/// A connection over standard input and output. The handle ends when everything has been written.
#[must_use]
pub fn stdio() -> (Connection, thread::JoinHandle<()>) {
    let (ours, theirs) = Connection::memory();
    let Connection { sender, receiver } = theirs;
    let errors = ours.sender.clone();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            match read(&mut input) {
                Ok(Frame::Message(message)) => {
                    let last = matches!(&message, Message::Notification(note) if note.method == "exit");
                    if sender.send(message).is_err() || last {
                        return;
                    }
                }
                Ok(Frame::Broken(answer)) => {
                    // Sent the other way round: it is for the editor.
                    let note = lsp_server::Notification { method: BROKEN.to_owned(), params: answer };
                    if errors.send(Message::Notification(note)).is_err() {
                        return;
                    }
                }
                Ok(Frame::End) | Err(_) => return,
            }
        }
    });
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        for message in receiver {
            let written = match message {
                Message::Notification(note) if note.method == BROKEN => write(&mut output, &note.params),
                message => message.write(&mut output),
            };
            if written.is_err() {
                return;
            }
        }
    });
    (ours, writer)
}

/// Marks an answer without an id on its way to the writer, which the types of `lsp-server` cannot hold.
const BROKEN: &str = "$/broken";

fn read(input: &mut impl BufRead) -> io::Result<Frame> {
    let Some(length) = read_header(input)? else { return Ok(Frame::End) };
    let Some(length) = length.filter(|length| *length <= MAX_LENGTH) else {
        return Ok(broken(-32700, "a message begins with `Content-Length: N` and an empty line"));
    };
    let mut body = Vec::new();
    if input.take(length as u64).read_to_end(&mut body)? < length {
        return Ok(Frame::End);
    }
    let Ok(value) = serde_json::from_slice::<Value>(&body) else {
        return Ok(broken(-32700, "the message is not JSON"));
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    Ok(match serde_json::from_value(value) {
        Ok(message) => Frame::Message(message),
        Err(_) => Frame::Broken(error(&id, -32600, "the message is neither a request nor a notification")),
    })
}

fn broken(code: i32, message: &str) -> Frame {
    Frame::Broken(error(&Value::Null, code, message))
}

fn error(id: &Value, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// The length that a header names; the outer option is absent at the end of the input.
fn read_header(input: &mut impl BufRead) -> io::Result<Option<Option<usize>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            return Ok(Some(length));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
}

fn write(output: &mut impl Write, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{Frame, read};

    fn frames(input: &str) -> Vec<String> {
        let mut input = input.as_bytes();
        let mut out = Vec::new();
        loop {
            match read(&mut input).expect("reads from memory") {
                Frame::End => return out,
                Frame::Message(_) => out.push("message".to_owned()),
                Frame::Broken(answer) => out.push(answer["error"]["code"].to_string()),
            }
        }
    }

    fn framed(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    #[test]
    fn a_broken_message_does_not_hide_the_next() {
        let good = framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        let input = format!("{}{good}{}{good}{}{good}", framed("{oops"), framed("[1]"), "Content-Type: x\r\n\r\n");
        assert_eq!(frames(&input), ["-32700", "message", "-32600", "message", "-32700", "message"]);
    }

    #[test]
    fn an_input_that_ends_early_ends_the_session() {
        assert!(frames("Content-Length: 10\r\n\r\n{}").is_empty());
        assert!(frames("Content-Le").is_empty());
    }
}
