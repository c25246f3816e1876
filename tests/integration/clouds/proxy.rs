//! Stands before a server and passes requests on as they are, except for those that a test wants to go wrong.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use super::http::{Message, read_request, read_response};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is answered by the server.
    Answered,
    /// 503, and the server never hears of it.
    Unavailable,
    /// The connection is closed, and the server never hears of it.
    Refused,
    /// Answered after a while.
    Delayed(Duration),
    /// Half of it reaches the server before the connection is closed.
    Torn,
    /// Carried out, and the connection closed before the answer.
    Unanswered,
    /// Carried out, and the connection closed amid the answer.
    HalfAnswered,
    /// Carried out twice, as when a network delivers it again; the second answer counts.
    Repeated,
    /// Held before the server hears of it until the client is gone.
    HeldBefore,
    /// Held with half of it sent.
    HeldAmid,
    /// Carried out, with the answer held.
    HeldAfter,
}

/// A request as a test is asked about it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// From 0, among all of them.
    pub number: usize,
    /// From 0, among those that write.
    pub write: Option<usize>,
    pub method: String,
    pub target: String,
    /// Differs for different parts of one object.
    pub range: String,
    /// Length of the body.
    pub content: usize,
}

/// What went through, as the client would count it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub requests: BTreeMap<String, usize>,
    pub sent: usize,
    pub received: usize,
    writes: usize,
}

impl Counts {
    pub fn all(&self) -> usize {
        self.requests.values().sum()
    }
}

type Rule = Box<dyn FnMut(&Asked) -> Fate + Send>;

struct State {
    server: SocketAddr,
    counts: Mutex<Counts>,
    rule: Mutex<Rule>,
    held: Mutex<mpsc::Sender<Asked>>,
}

pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<State>,
    held: Mutex<mpsc::Receiver<Asked>>,
}

impl Proxy {
    /// Listens until the tests end.
    pub fn before(server: SocketAddr, rule: impl FnMut(&Asked) -> Fate + Send + 'static) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (held, receiver) = mpsc::channel();
        let state =
            State { server, counts: Mutex::default(), rule: Mutex::new(Box::new(rule)), held: Mutex::new(held) };
        let proxy =
            Proxy { address: listener.local_addr().unwrap(), state: Arc::new(state), held: Mutex::new(receiver) };
        let state = Arc::clone(&proxy.state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&state);
                // A connection that breaks is the client's to notice.
                std::thread::spawn(move || serve(&state, client));
            }
        });
        proxy
    }

    /// One that lets everything pass.
    pub fn open(server: SocketAddr) -> Proxy {
        Proxy::before(server, |_| Fate::Answered)
    }

    /// Begins to count anew, with another rule.
    pub fn begin(&self, rule: impl FnMut(&Asked) -> Fate + Send + 'static) {
        *self.state.counts.lock().unwrap() = Counts::default();
        *self.state.rule.lock().unwrap() = Box::new(rule);
        while self.held.lock().unwrap().try_recv().is_ok() {}
    }

    pub fn counts(&self) -> Counts {
        self.state.counts.lock().unwrap().clone()
    }

    /// The request that is held, once there is one.
    pub fn held(&self, patience: Duration) -> Option<Asked> {
        self.held.lock().unwrap().recv_timeout(patience).ok()
    }
}

fn serve(state: &State, client: TcpStream) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let mut requests = BufReader::new(client.try_clone()?);
    let mut server: Option<BufReader<TcpStream>> = None;
    while let Some(request) = read_request(&mut requests)? {
        let asked = ask(state, &request);
        let fate = (state.rule.lock().unwrap())(&asked);
        if let Fate::Delayed(time) = fate {
            std::thread::sleep(time);
        }
        if fate == Fate::Unavailable {
            let answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
            (&client).write_all(answer.as_bytes())?;
            continue;
        }
        if fate == Fate::HeldBefore {
            hold(state, &asked, &client);
        }
        if matches!(fate, Fate::Refused | Fate::HeldBefore) {
            break;
        }
        let server = match &mut server {
            Some(server) => server,
            None => server.insert(BufReader::new(TcpStream::connect(state.server)?)),
        };
        if matches!(fate, Fate::Torn | Fate::HeldAmid) {
            let half = request.head.len() / 2 + request.body.len() / 2;
            // Without a body half of the headers; with one all of them, and half of the body.
            let half = if request.body.is_empty() { half } else { request.head.len() + request.body.len() / 2 };
            server.get_mut().write_all(&request.bytes()[..half])?;
            if fate == Fate::HeldAmid {
                hold(state, &asked, &client);
            }
            server.get_ref().shutdown(Shutdown::Both)?;
            break;
        }
        let mut answer = forward(server, &request)?;
        if fate == Fate::Repeated {
            answer = forward(server, &request)?;
        }
        if fate == Fate::HeldAfter {
            hold(state, &asked, &client);
        }
        if matches!(fate, Fate::Unanswered | Fate::HeldAfter) {
            break;
        }
        if fate == Fate::HalfAnswered {
            let half =
                if answer.body.is_empty() { answer.head.len() / 2 } else { answer.head.len() + answer.body.len() / 2 };
            (&client).write_all(&answer.bytes()[..half])?;
            break;
        }
        state.counts.lock().unwrap().received += answer.content;
        (&client).write_all(&answer.bytes())?;
        if answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            break;
        }
    }
    client.shutdown(Shutdown::Both)
}

fn ask(state: &State, request: &Message) -> Asked {
    let mut counts = state.counts.lock().unwrap();
    let writes = ["PUT", "POST", "DELETE"].contains(&request.method());
    let asked = Asked {
        number: counts.all(),
        write: writes.then_some(counts.writes),
        method: request.method().to_string(),
        target: request.target().to_string(),
        range: ["range", "x-ms-range"].iter().filter_map(|name| request.header(name)).collect(),
        content: request.content,
    };
    counts.writes += usize::from(writes);
    *counts.requests.entry(asked.method.clone()).or_insert(0) += 1;
    counts.sent += request.content;
    asked
}

/// The server may have closed a connection that was idle; then a new one is made.
fn forward(server: &mut BufReader<TcpStream>, request: &Message) -> std::io::Result<Message> {
    server.get_mut().write_all(&request.bytes())?;
    read_response(server, request.method())
}

/// Tells the test, and waits until the client is gone.
fn hold(state: &State, asked: &Asked, client: &TcpStream) {
    let _ = state.held.lock().unwrap().send(asked.clone());
    let _ = client.set_read_timeout(Some(Duration::from_secs(60)));
    let _ = client.peek(&mut [0]);
}
