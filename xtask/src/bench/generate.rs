//! Programs of any length.

use std::fmt::Write as _;

/// A program of about this many lines that uses the language as people do: types, functions, matches, pipes, loops.
pub(crate) fn long_program(lines: usize) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.lines().count() < lines {
        text.push_str(&PART.replace('#', &number.to_string()));
        number += 1;
    }
    text
}

const PART: &str = r#"
type Order# { id: Int, customer: String, lines: [Line#], state: State# }
type Line# { product: String, count: Int, price: Float }
type State# { Open#  Paid#(on: String)  Sent#(on: String, parcel: Int) }

fn total#(order: Order#) {
  mut sum = 0.0
  for line in order.lines {
    guard line.count > 0 else { continue }
    sum += line.count * line.price
  }
  sum
}

fn describe#(order: Order#) {
  state = match order.state {
    Open# => "open"
    Paid#(on) => "paid on {on}"
    Sent#(on, parcel) if parcel > 1 => "sent on {on} in {parcel} parcels"
    Sent#(on, _) => "sent on {on}"
  }
  "{order.customer}: {total#(order)}, {state}"
}

fn busy#(orders: [Order#]) {
  orders
    |> filter(fn(order) len(order.lines) > 2)
    |> map(fn(order) ({ name: order.customer, worth: total#(order) }))
    |> filter(fn(entry) entry.worth > 10.0)
}

fn by_product#(orders: [Order#]) {
  mut counts = {}
  for order in orders {
    for line in order.lines {
      counts[line.product] = (counts[line.product] || 0) + line.count
    }
  }
  counts
}

fn search#(orders: [Order#], text: String) {
  found = orders.find(fn(order) order.customer.lower().contains(text.lower()))
  if found == nil { "nobody" } else { found.customer }
}
"#;

/// What the dashboard does again and again in one program of at least so many lines: two servers with a model for each part, and one page.
pub(crate) fn many_dashboards(lines: usize) -> String {
    let mut parts = 1;
    loop {
        let text = dashboards(parts);
        if text.lines().count() >= lines {
            return text;
        }
        parts += 1;
    }
}

fn dashboards(parts: usize) -> String {
    let each = |part: &str| {
        (0..parts).fold(String::new(), |mut text, number| {
            text.push_str(&part.replace('#', &number.to_string()));
            text
        })
    };
    let mut text = format!("shared {{\n{}}}\n\nserver \"api\" {{\n{API}{}}}\n\n", each(SHARED), each(API_PART));
    let _ = write!(text, "server \"events\" {{\n{}}}\n\n", each(EVENTS_PART));
    let uses = each("        <Users# />\n        <Feed# />\n");
    let _ = write!(text, "client {{\n{}{}}}\n", each(CLIENT_PART), APP.replace("USES", uses.trim_end()));
    text
}

const SHARED: &str = r"  type User# {
    id: Int
    name: String
    email: String
  }

  type Event# {
    type: String
    payload: String
    timestamp: String
  }

";

const API: &str = r#"  db {
    adapter: "sqlite"
    database: "app.db"
  }

  middleware cors(req, res) {
    res.setHeader("Access-Control-Allow-Origin", "*")
    res.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
    res.setHeader("Access-Control-Allow-Headers", "Content-Type, Authorization")
  }

  middleware auth(req, res) {
    token = req.headers["authorization"]
    guard token != nil else {
      res.status(401)
      return { error: "Unauthorized" }
    }
    req.user = verify_token(token)
  }

"#;

const API_PART: &str = r##"  model User# {
    name: String
    email: String
  }

  // Counts the requests of each client of this part
  mut request_counts# = {}

  middleware tag#(req, res) {
    part = "part #"
    guard req.method != "TRACE" else {
      res.status(405)
      return { error: "{part} does not do that" }
    }
    res.setHeader("X-Part-#", part)
  }

  fn count#(ip: String) {
    count = request_counts#[ip] || 0
    request_counts#[ip] = count + 1
    count
  }

  fn list_users#() -> [User#] {
    User#.all()
  }

  fn get_user#(id) -> User# {
    User#.find(id)
  }

  fn create_user#(name, email) -> User# {
    User#.create({ name: name, email: email })
  }

  fn busy#(req) {
    ip = req.headers["x-forwarded-for"] || req.connection.remoteAddress
    guard count#(ip) < 100 else {
      return { busy: true, name: "" }
    }
    first = list_users#() |> filter(fn(user) user.name != "") |> map(fn(user) user.name) |> join(", ")
    return { busy: false, name: first }
  }

  route GET "/api/users#" => list_users#
  route GET "/api/users#/:id" => get_user#
  route POST "/api/users#" => create_user#
  route GET "/api/busy#" => busy#

"##;

const EVENTS_PART: &str = r#"  mut connections# = []

  fn ws_connect#(ws) {
    connections# = connections# ++ [ws]

    ws.on("close", fn() {
      connections# = connections# |> filter(fn(c) c != ws)
    })

    ws.on("message", fn(data) {
      event = JSON.parse(data)

      for conn in connections# {
        match conn != ws {
          true => conn.send(JSON.stringify(event))
          false => nil
        }
      }
    })
  }

  fn broadcast#(event) {
    data = JSON.stringify(event)
    for conn in connections# {
      conn.send(data)
    }
  }

  route WS "/ws#" => ws_connect#

"#;

const CLIENT_PART: &str = r#"  state users# = []
  state events# = []
  state connected# = false

  effect {
    result = server.list_users#()
    users# = result
  }

  effect {
    ws = WebSocket.new("ws://localhost:3001/ws#")

    ws.onopen = fn() {
      connected# = true
    }

    ws.onmessage = fn(e) {
      event = JSON.parse(e.data)
      events# = [event] ++ events#
    }

    ws.onclose = fn() {
      connected# = false
    }
  }

  component Users# {
    <div class="user-list">
      <h2>"Users"</h2>
      <ul>
        {users# |> map(fn(user) {
          <li>"{user.name} ({user.email})"</li>
        })}
      </ul>
    </div>
  }

  component Feed# {
    <div class="event-feed">
      <h2>"Live Events"</h2>
      <p class="status">
        {match connected# {
          true => "Connected"
          false => "Disconnected"
        }}
      </p>
      <ul>
        {events# |> map(fn(event) {
          <li>"[{event.type}] {event.payload}"</li>
        })}
      </ul>
    </div>
  }

"#;

const APP: &str = r#"  component App {
    <div class="app">
      <header>
        <h1>"Dashboard"</h1>
      </header>

      <div class="grid">
USES
      </div>
    </div>
  }
"#;

#[cfg(test)]
mod tests {
    use super::{long_program, many_dashboards};

    #[test]
    fn the_programs_have_the_length_that_was_asked_for() {
        let lines = long_program(1_000).lines().count();
        assert!((1_000..1_100).contains(&lines), "{lines}");
        let lines = many_dashboards(1_770).lines().count();
        assert!((1_770..1_950).contains(&lines), "{lines}");
    }
}
