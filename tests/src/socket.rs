//! A WebSocket client.

use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use tungstenite::{Message, WebSocket};

/// An open socket.
pub struct Socket {
    socket: WebSocket<TcpStream>,
}

impl Socket {
    /// Opens a socket on a port of this machine.
    ///
    /// # Errors
    /// If nothing listens there or the upgrade is refused.
    pub fn open(port: u16, path: &str) -> Result<Self, String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(|error| error.to_string())?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(|error| error.to_string())?;
        let address = format!("ws://localhost:{port}{path}");
        let (socket, _) = tungstenite::client(address, stream).map_err(|error| error.to_string())?;
        Ok(Self { socket })
    }

    /// Sends a text.
    ///
    /// # Errors
    /// If the socket is closed.
    pub fn send(&mut self, text: &str) -> Result<(), String> {
        self.socket.send(Message::text(text)).map_err(|error| error.to_string())
    }

    /// The next text, if one comes within five seconds.
    ///
    /// # Errors
    /// If none comes.
    pub fn receive(&mut self) -> Result<String, String> {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(text.to_string()),
                Ok(Message::Close(frame)) => return Err(format!("closed: {frame:?}")),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_)) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Whether no text comes within this time.
    #[must_use]
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        let _ = self.socket.get_ref().set_read_timeout(Some(time));
        let answer = self.receive();
        let _ = self.socket.get_ref().set_read_timeout(Some(Duration::from_secs(5)));
        answer.is_err()
    }

    /// The code with which the other side closes, if it does so within five seconds.
    #[must_use]
    pub fn close_code(&mut self) -> Option<u16> {
        loop {
            match self.socket.read() {
                Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Says goodbye.
    pub fn close(mut self) {
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
    }
}
