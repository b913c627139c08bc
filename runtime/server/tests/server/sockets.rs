//! `route WS`

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use tova_server::Stop;
use tova_server::prelude::*;

use crate::support::{Running, get, short, start};

static ROOM: State<List<Socket>> = State::new();

fn begin() -> Pending<Result<(), Fault>> {
    Box::pin(async {
        ROOM.set(List::new());
        Ok(())
    })
}

/// Passes every message on to the others, as the dashboard's events server does.
fn chat(ws: Socket) -> Pending<Result<(), Fault>> {
    Box::pin(async move {
        ROOM.write(|room| room.push(ws.clone()));
        let me = ws.clone();
        ws.on_close(Fn0::new(move || {
            let kept = ROOM.read(Clone::clone).into_iter().filter(|other| *other != me).collect();
            ROOM.write(|room| *room = kept);
            Ok(())
        }));
        let me = ws.clone();
        ws.on_message(Fn1::new(move |text: Str| {
            let _data: Any = json::parse(&text)?;
            for other in ROOM.read(Clone::clone) {
                if other != me {
                    other.send(&text);
                }
            }
            Ok(())
        }));
        Ok(())
    })
}

/// Answers, and leaves on demand.
fn echo(ws: Socket) -> Pending<Result<(), Fault>> {
    Box::pin(async move {
        ws.send("welcome");
        let me = ws.clone();
        ws.on_message(AsyncFn1::new(move |text: Str| {
            let me = me.clone();
            Box::pin(async move {
                match text.as_str() {
                    "leave" => me.close_with(4000, "bye"),
                    "panic" => panic!("at the disco"),
                    "flood" => (0..5000).for_each(|n| me.send(&format!("{n}"))),
                    text => me.send(text),
                }
                Ok(())
            })
        }));
        Ok(())
    })
}

fn count(_ctx: &Ctx) -> Answer {
    Ok(Reply::json(&ROOM.read(List::length)))
}

fn guard(ctx: &Ctx) -> Result<Flow, Fault> {
    if ctx.req.query().contains_key("refuse") {
        Err(Fault::with_status(401, "UNAUTHORIZED", "no"))
    } else {
        Ok(Flow::Continue)
    }
}

async fn room() -> Running {
    let server = Server::new("", 0).limits(short()).start(begin).socket("/chat", chat, true);
    start(server.route("GET", "/count", Handler::sync(count).stateful())).await
}

async fn parrot() -> Running {
    let server = Server::new("", 0).limits(short()).middleware(Middleware::before(guard));
    start(server.socket("/echo", echo, false)).await
}

type Ws = WebSocketStream<TcpStream>;

async fn open(server: &Running, path: &str, origin: &str) -> Result<Ws, Error> {
    let mut request = format!("ws://localhost:{}{path}", server.address.port()).into_client_request()?;
    if !origin.is_empty() {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    let stream = TcpStream::connect(server.address).await?;
    Ok(client_async(request, stream).await?.0)
}

async fn refused(server: &Running, path: &str, origin: &str) -> u16 {
    match open(server, path, origin).await {
        Err(Error::Http(reply)) => reply.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

async fn text(ws: &mut Ws) -> String {
    let next = tokio::time::timeout(Duration::from_secs(2), ws.next()).await.expect("a message in time");
    next.unwrap().unwrap().into_text().unwrap().to_string()
}

async fn close_code(ws: &mut Ws) -> u16 {
    loop {
        match tokio::time::timeout(Duration::from_secs(3), ws.next()).await.expect("an end in time") {
            Some(Ok(Message::Close(frame))) => return frame.map_or(1005, |frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return 1006,
        }
    }
}

async fn until_count(server: &Running, wanted: &str) {
    for _ in 0..200 {
        if get(server, "/count").await.body == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the count never became {wanted}");
}

#[tokio::test]
async fn messages_reach_the_others_and_leavers_are_forgotten() {
    let server = room().await;
    let (mut a, mut b, mut c) = (
        open(&server, "/chat", "").await.unwrap(),
        open(&server, "/chat", "").await.unwrap(),
        open(&server, "/chat", "").await.unwrap(),
    );
    until_count(&server, "3").await;
    // What is not JSON throws in the callback, which leaves the socket open.
    a.send(Message::text("not json")).await.unwrap();
    a.send(Message::text("{\"n\":1}")).await.unwrap();
    assert_eq!((text(&mut b).await, text(&mut c).await), ("{\"n\":1}".into(), "{\"n\":1}".into()));
    b.close(None).await.unwrap();
    drop(c);
    until_count(&server, "1").await;
    a.send(Message::text("2")).await.unwrap();
    let stopped = server.stop(Stop::Politely);
    assert_eq!(close_code(&mut a).await, 1001);
    // Reading on answers the close.
    assert!(a.next().await.is_none_or(|end| end.is_err()));
    assert_eq!(stopped.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn sockets_are_refused_before_they_open() {
    let server = parrot().await;
    assert_eq!(refused(&server, "/echo?refuse=1", "").await, 401);
    assert_eq!(refused(&server, "/echo", "https://evil.example").await, 403);
    assert_eq!(refused(&server, "/nope", "").await, 404);
    assert_eq!(get(&server, "/echo").await.status, 426);
    assert!(open(&server, "/echo", "http://127.0.0.1:3000").await.is_ok());
}

#[tokio::test]
async fn a_socket_survives_what_its_callbacks_throw() {
    let server = parrot().await;
    let mut ws = open(&server, "/echo", "").await.unwrap();
    assert_eq!(text(&mut ws).await, "welcome");
    ws.send(Message::text("panic")).await.unwrap();
    ws.send(Message::text("still here")).await.unwrap();
    assert_eq!(text(&mut ws).await, "still here");
    ws.send(Message::text("leave")).await.unwrap();
    assert_eq!(close_code(&mut ws).await, 4000);
}

#[tokio::test]
async fn clients_that_send_or_get_too_much_are_disconnected() {
    let server = parrot().await;
    let mut large = open(&server, "/echo", "").await.unwrap();
    assert_eq!(text(&mut large).await, "welcome");
    large.send(Message::text("x".repeat(5000))).await.unwrap();
    assert_eq!(close_code(&mut large).await, 1009);

    // More than the queue holds, and the client reads nothing meanwhile.
    let mut flooded = open(&server, "/echo", "").await.unwrap();
    assert_eq!(text(&mut flooded).await, "welcome");
    flooded.send(Message::text("flood")).await.unwrap();
    assert_eq!(close_code(&mut flooded).await, 1006);
}
