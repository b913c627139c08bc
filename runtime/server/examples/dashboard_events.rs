//! The shape of generated code: server "events" of the dashboard. Written by hand; the backend generates this.

use tova_server::prelude::*;

fn main() -> ExitCode {
    Server::new("events", 3001).start(start).socket("/ws", ws_connect, true).run()
}

/// The `mut` state of the server.
struct Globals {
    connections: List<Socket>,
}

static STATE: State<Globals> = State::new();

/// Computes the globals before the first request.
fn start() -> Pending<Result<(), Fault>> {
    Box::pin(async move {
        STATE.set(Globals { connections: List::new() });
        Ok(())
    })
}

fn ws_connect(ws: Socket) -> Pending<Result<(), Fault>> {
    Box::pin(async move {
        let connections = STATE.read(|s| s.connections.clone());
        let connections = connections.concat(&List::from([ws.clone()]));
        STATE.write(|s| s.connections = connections);
        ws.on_close({
            let ws = ws.clone();
            Fn0::new(move || {
                let connections = STATE.read(|s| s.connections.clone());
                let kept = connections.into_iter().filter(|c| *c != ws).collect();
                STATE.write(|s| s.connections = kept);
                Ok(())
            })
        });
        ws.on_message({
            let ws = ws.clone();
            Fn1::new(move |data: Str| {
                let event: Any = json::parse(&data)?;
                for conn in STATE.read(|s| s.connections.clone()) {
                    if conn != ws {
                        conn.send(&json::stringify(&event));
                    }
                }
                Ok(())
            })
        });
        Ok(())
    })
}
