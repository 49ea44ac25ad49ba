//! A console without a network: requests go to the router as a browser's would, with its cookies and forms. The guard is a
//! socket that answers as the test says.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use axum_extra::extract::cookie::Cookie;
use hygie_agent::door::{Question, Reply};
use hygie_identity::{
    provider::{self, Opening, OpeningId},
    session::Means,
};
use hygie_model::{DeviceId, PersonId, PracticeId, Role, Wall};
use hygie_post::sender::{self, Names};
use hygie_sandbox::{Job, Part, Sandbox, message::Received};
use hygie_store::{Person, PracticeFacts, Store};
use hygie_text::TimeZone;
use hygie_wire::{
    Asked, Said,
    post::{Answer, Ask},
};
use tempfile::TempDir;
use tokio_stream::StreamExt;
use tower::ServiceExt;
use uuid::Uuid;

use super::{gate::FORM, session, speech::Catalogs};
use crate::core::{
    Hub, Parts, guard::Door, journal::Journal, openings, post::PostDoor, seal::Seal, tls::Tls,
};

/// What the time is in these tests.
pub(crate) const NOW: Wall = Wall(1_795_507_920_000_000_000);
/// The console's name.
pub(crate) const HOST: &str = "hygie-cabinet.local";

/// A zone with the key of labo-rivage.example, and nothing else.
pub(crate) struct Labo;

impl Names for Labo {
    fn ask(&self, question: &sender::Question) -> sender::Reply {
        if question.name.as_str() == "ed._domainkey.labo-rivage.example" {
            let record = include_str!("../../../../tests/check/messages/signe.txt");
            sender::Reply::Found(vec![record.to_owned()])
        } else {
            sender::Reply::Nothing
        }
    }
}

/// What a worker asks whoever asked it.
struct Asker<'a>(&'a UnixStream);

impl Names for Asker<'_> {
    fn ask(&self, question: &sender::Question) -> sender::Reply {
        let mut stream = self.0;
        writeln!(stream, "{}", serde_json::json!({ "question": question })).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

/// A console in a folder of its own.
pub(crate) struct Console {
    pub(crate) hub: Hub,
    app: Router,
    folder: TempDir,
}

impl Console {
    /// Before the set-up.
    pub(crate) async fn bare() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap()).await
    }

    /// Ended, and started again with another database in the place of its own.
    pub(crate) async fn restarted_with(self, database: &Path) -> Self {
        let Self { hub, app, folder } = self;
        hub.store.close().await.unwrap();
        drop((hub, app));
        let store = folder.path().join("store");
        for entry in std::fs::read_dir(&store).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains(".db") {
                std::fs::remove_file(path).unwrap();
            }
        }
        std::fs::copy(database, store.join("hub-1.db")).unwrap();
        Self::in_folder(folder).await
    }

    async fn in_folder(folder: TempDir) -> Self {
        let dir = folder.path();
        let parts = Parts {
            dir: dir.to_owned(),
            store: Store::open_sqlite(&dir.join("store")).await.unwrap(),
            catalogs: Catalogs::new(&TimeZone::UTC),
            zone: TimeZone::UTC,
            guard: Door::at(dir.join("guard.sock")),
            lane: crate::core::lane::Lane::default(),
            post: PostDoor::at(dir.join("post.sock")),
            sandbox: Sandbox::at(&dir.join("sandbox.sock")),
            recovery: dir.join("recovery.json"),
            senders: dir.join("senders.json"),
            names: Some(Arc::new(Labo)),
            journal: Journal::open(&dir.join("journal"), NOW).unwrap(),
            seal: Seal::load(&dir.join("seal.key")).unwrap(),
            tls: Tls::new(dir.join("signer.sock"), dir.join("tls")),
            port: 8443,
            devices: SocketAddr::from(([127, 0, 0, 1], 8444)),
            announced: crate::core::announce::Board::default(),
            clock: || NOW,
        };
        let hub = parts.on_port(8443);
        let app = crate::serve::app(&hub);
        Self { hub, app, folder }
    }

    /// Set up: a practice of the name *Cabinet des Tilleuls*.
    pub(crate) async fn new() -> Self {
        let console = Self::bare().await;
        let store = &console.hub.store;
        let facts = PracticeFacts {
            id: PracticeId(Uuid::from_u128(1)),
            name: "Cabinet des Tilleuls".to_owned(),
            host: HOST.to_owned(),
            created: NOW,
        };
        store.create_practice(&facts).await.unwrap();
        console
    }

    /// Answers for the guard, in a thread of its own.
    pub(crate) fn guard(&self, answer: impl Fn(Question) -> Reply + Send + Sync + 'static) {
        let listener = UnixListener::bind(self.folder.path().join("guard.sock")).unwrap();
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(&stream).lines();
                    while let Some(Ok(line)) = lines.next() {
                        let question = serde_json::from_str(&line).unwrap();
                        let mut reply = serde_json::to_vec(&answer(question)).unwrap();
                        reply.push(b'\n');
                        if (&stream).write_all(&reply).is_err() {
                            return;
                        }
                    }
                });
            }
        });
    }

    /// Answers for the guard of another device, in a task of its own. Returns once the device listens.
    pub(crate) async fn device(
        &self,
        device: DeviceId,
        answer: impl Fn(Asked) -> Option<Reply> + Send + 'static,
    ) {
        let hub = self.hub.clone();
        let (listens, hold) = (hub.clone(), Duration::from_secs(5));
        tokio::spawn(async move {
            loop {
                for asked in hub.lane.listen(device, hold, hub.clock).await {
                    let id = asked.id;
                    let reply = answer(asked).map(|reply| serde_json::to_value(reply).unwrap());
                    hub.lane.hear(device, Said { id, reply });
                }
            }
        });
        while !listens.lane.is_there(device, NOW) {
            tokio::task::yield_now().await;
        }
    }

    /// Answers for the sandbox, in a thread of its own: with what the parser makes of the mail that is handed in.
    pub(crate) fn sandbox(&self) {
        let listener = UnixListener::bind(self.folder.path().join("sandbox.sock")).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut handed = BufReader::new(&stream);
                let mut line = String::new();
                handed.read_line(&mut line).unwrap();
                let request: serde_json::Value = serde_json::from_str(&line).unwrap();
                let received = request["received"].as_str();
                assert!(matches!(received, Some("sent" | "pasted")), "{received:?}");
                let mut mail = Vec::new();
                let follow = request["follow"].as_u64().unwrap();
                handed.take(follow).read_to_end(&mut mail).unwrap();
                let work: Received = serde_json::from_value(request).unwrap();
                let of = mail.len() as u64;
                let read = work.run_asking(Part { bytes: &mail, of }, &Asker(&stream));
                writeln!(&stream, "{}", serde_json::json!({ "answer": read })).unwrap();
            }
        });
    }

    /// Answers for the post, in a thread of its own.
    pub(crate) fn post(&self, answer: impl Fn(Ask) -> Answer + Send + 'static) {
        let listener = UnixListener::bind(self.folder.path().join("post.sock")).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                if BufReader::new(&stream).read_line(&mut line).is_ok() {
                    let ask = serde_json::from_str(&line).unwrap();
                    let mut bytes = serde_json::to_vec(&answer(ask)).unwrap();
                    bytes.push(b'\n');
                    // Whoever asked may be gone.
                    let _ = (&stream).write_all(&bytes);
                }
            }
        });
    }

    /// The bytes of every file of the console: what it keeps.
    pub(crate) fn everything_kept(&self) -> String {
        let mut folders = vec![self.folder.path().to_owned()];
        let mut kept = String::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    let bytes = std::fs::read(entry.path()).unwrap();
                    kept.push_str(&String::from_utf8_lossy(&bytes));
                }
            }
        }
        kept
    }

    /// Adds somebody.
    pub(crate) async fn add(&self, number: u128, name: &str, role: Role) -> Person {
        let person = Person {
            id: PersonId(Uuid::from_u128(number)),
            name: name.to_owned(),
            login: name.to_lowercase().replace(' ', "."),
            role,
            address: None,
            created: NOW,
            until: None,
            closed: None,
        };
        let practice = self.hub.practice().await.unwrap().unwrap();
        let practice = self.hub.of(&practice);
        practice.add_person(&person).await.unwrap();
        if role == Role::ItProvider {
            // She gets in while somebody lets her, and no longer.
            let by = (PersonId(Uuid::from_u128(1)), Role::Practitioner);
            let id = OpeningId(Uuid::from_u128(number));
            let opening = Opening::open(id, (person.id, role), by, provider::USUAL, NOW).unwrap();
            openings::keep(practice, &person, &opening, None, NOW)
                .await
                .unwrap();
        }
        person
    }

    /// A browser in which somebody of that role has just signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Browser {
        let number = 100 + Role::ALL.iter().position(|one| *one == role).unwrap() as u128;
        let practice = self.hub.practice().await.unwrap().unwrap();
        let practice = self.hub.of(&practice);
        let id = PersonId(Uuid::from_u128(number));
        if practice.person(id).await.unwrap().is_none() {
            self.add(number, &format!("{role:?}"), role).await;
        }
        self.browser_of(id).await
    }

    /// A browser in which this person has just signed in.
    pub(crate) async fn browser_of(&self, person: PersonId) -> Browser {
        self.browser_since(person, NOW).await
    }

    /// A browser in which this person signed in then.
    pub(crate) async fn browser_since(&self, person: PersonId, at: Wall) -> Browser {
        let practice = self.hub.practice().await.unwrap().unwrap();
        let from = session::From {
            address: "127.0.0.1",
            agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0",
        };
        let practice = self.hub.of(&practice);
        let cookie = session::begin(practice, person, Means::Passkey, &from, at).await;
        let mut browser = self.browser();
        browser.keep(&cookie.unwrap());
        browser
    }

    /// A browser of nobody, on the machine itself.
    pub(crate) fn browser(&self) -> Browser {
        Browser {
            app: self.app.clone(),
            cookies: BTreeMap::new(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            language: "fr",
            host: HOST,
            origin: None,
        }
    }
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    cookies: BTreeMap<String, String>,
    pub(crate) address: IpAddr,
    pub(crate) language: &'static str,
    pub(crate) host: &'static str,
    /// What it says of where a form comes from; older ones say nothing.
    pub(crate) origin: Option<&'static str>,
}

/// A live part that somebody looks on at.
pub(crate) struct Watch {
    stream: std::pin::Pin<Box<axum::body::BodyDataStream>>,
    kept: String,
}

impl Watch {
    /// Whether it comes to an end; what is still sent before that is read and thrown away.
    pub(crate) async fn ends(mut self) -> bool {
        let end = async { while self.stream.next().await.is_some() {} };
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, end).await.is_ok()
    }

    /// The next content of the part; waits for it.
    pub(crate) async fn next(&mut self) -> String {
        loop {
            if let Some((event, rest)) = self.kept.split_once("\n\n") {
                let lines = event.lines().filter_map(|line| line.strip_prefix("data: "));
                let (part, rest) = (lines.collect::<Vec<_>>().join("\n"), rest.to_owned());
                self.kept = rest;
                if !part.is_empty() {
                    return part;
                }
                continue;
            }
            let bytes = self
                .stream
                .next()
                .await
                .expect("a live part goes on")
                .unwrap();
            self.kept.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

impl Shown {
    /// Where it leads.
    pub(crate) fn leads(&self) -> &str {
        let found = self.headers.get(header::LOCATION);
        found
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The hidden value of that name on the page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at = self
            .body
            .find(&mark)
            .unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[at + mark.len()..];
        rest[..rest.find('"').unwrap()].to_owned()
    }
}

impl Browser {
    fn keep(&mut self, cookie: &Cookie<'_>) {
        self.cookies
            .insert(cookie.name().to_owned(), cookie.value().to_owned());
    }

    /// Asks for a page.
    pub(crate) async fn get(&mut self, path: &str) -> Shown {
        self.ask(Request::get(path), Body::empty()).await
    }

    /// Sends a form with the token of a page that this browser was shown.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let page = self.get("/first-gestures").await;
        let token = if page.body.contains("name=\"form\"") {
            page.hidden("form")
        } else {
            self.get("/signin").await.hidden("form")
        };
        let mut all = vec![("form", token.as_str())];
        all.extend_from_slice(fields);
        self.send(path, &all).await
    }

    /// Sends what a script of a page that this browser was shown would.
    pub(crate) async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Shown {
        let token = self.get("/first-gestures").await.hidden("form");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-hygie-form", token);
        self.ask(request, Body::from(body.to_string())).await
    }

    /// Sends a form as it is.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.ask(request, Body::from(body)).await
    }

    /// Sends a form in parts, as it is, chunk by chunk.
    pub(crate) async fn send_parts(&mut self, path: &str, boundary: &str, body: &str) -> Shown {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        let chunks: Vec<_> = body.as_bytes().chunks(8192).map(<[u8]>::to_vec).collect();
        let chunks = tokio_stream::iter(chunks.into_iter().map(Ok::<_, std::convert::Infallible>));
        self.ask(request, Body::from_stream(chunks)).await
    }

    /// Looks on at a live part.
    pub(crate) async fn watch(&mut self, path: &str) -> Watch {
        let response = self.answer(Request::get(path), Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        Watch {
            stream: Box::pin(response.into_body().into_data_stream()),
            kept: String::new(),
        }
    }

    async fn ask(&mut self, request: axum::http::request::Builder, body: Body) -> Shown {
        let (parts, body) = self.answer(request, body).await.into_parts();
        let live = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/event-stream");
        // A live part has no end.
        let bytes = if live {
            Vec::new()
        } else {
            to_bytes(body, 1 << 24).await.unwrap().to_vec()
        };
        Shown {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes).unwrap_or_default(),
        }
    }

    /// Sends a request as it is, and keeps the cookies that come back.
    async fn answer(
        &mut self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> axum::response::Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = match self.origin {
            Some(origin) => request.header(header::ORIGIN, origin),
            None => request,
        };
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::HOST, format!("{}:8443", self.host))
            .extension(ConnectInfo(SocketAddr::new(self.address, 40_000)))
            .body(body)
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        for value in response.headers().get_all(header::SET_COOKIE) {
            let cookie = Cookie::parse(value.to_str().unwrap().to_owned()).unwrap();
            assert!(
                cookie.secure() == Some(true) && cookie.http_only() == Some(true),
                "{cookie}"
            );
            if cookie.value().is_empty() {
                self.cookies.remove(cookie.name());
            } else {
                self.keep(&cookie);
            }
        }
        response
    }

    /// Whether it has a cookie of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    /// A cookie's value.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.cookies.get(name).cloned()
    }

    /// Puts a cookie there.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Forgets the cookie that forms are known by: another browser, or another site.
    pub(crate) fn forget_forms(&mut self) {
        self.cookies.remove(FORM);
    }
}
