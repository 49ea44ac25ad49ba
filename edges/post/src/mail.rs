//! A letter by SMTP: TLS first, then who signs in, then each addressee, so that each no has its own word.

use std::{
    io::{self, Cursor},
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use hygie_model::{
    Wall,
    letter::{Letter, Security, Trouble},
};
use lettre::{
    Message,
    message::{
        Mailbox, Mailboxes, SinglePart,
        header::{HeaderName, HeaderValue, To},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream},
        commands::{Data, Mail, Rcpt, Starttls},
        extension::{ClientId, Extension},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite, Join, ReadBuf, ReadHalf, WriteHalf, join, split},
    time::timeout,
};
use tokio_rustls::client::TlsStream;
use uuid::Uuid;

use crate::{Taken, Trust, line::Line, way::MailWay};

pub(crate) async fn send(
    trust: &Trust,
    way: &MailWay,
    id: Uuid,
    letter: &Letter,
    now: Wall,
) -> Result<Taken, Trouble> {
    let bytes = written(way, id, letter, now)?;
    let line = Line::to(&way.server, way.port).await?;
    let mut server = match way.security {
        Security::Tls => {
            let stream = Private::new(trust.over(way.name.clone(), line).await?, b"")?;
            greet(Box::new(stream)).await?
        }
        Security::StartTls => {
            let line = asked_for_tls(line).await?;
            let stream = Private::new(trust.over(way.name.clone(), line).await?, GREETING)?;
            greet(Box::new(stream)).await?
        }
    };
    if let Some(login) = &way.login {
        let credentials = Credentials::new(login.user.clone(), login.password.to_string());
        server
            .auth(&MECHANISMS, &credentials)
            .await
            .map_err(|error| at_login(&error))?;
    }
    let taken = hand_over(&mut server, way, &bytes).await?;
    // It has the letter; how it takes leave changes nothing.
    let _ = timeout(LEAVING, server.quit()).await;
    Ok(taken)
}

/// Sender, addressees, letter.
async fn hand_over(
    server: &mut AsyncSmtpConnection,
    way: &MailWay,
    bytes: &[u8],
) -> Result<Taken, Trouble> {
    let from = Mail::new(Some(way.from.clone()), Vec::new());
    let said = server.command(from).await;
    said.map_err(|error| at_address(&error))?;
    let mut left_out = Vec::new();
    let mut last = Trouble::AddressRefused;
    for to in &way.to {
        match server.command(Rcpt::new(to.clone(), Vec::new())).await {
            Ok(_) => {}
            // A no to one of them is none to the others.
            Err(error) if error.status().is_some() => {
                last = at_address(&error);
                left_out.push(to.to_string());
            }
            Err(error) => return Err(at_address(&error)),
        }
    }
    if left_out.len() == way.to.len() {
        return Err(last);
    }
    server.command(Data).await.map_err(|error| why(&error))?;
    let said = server.message(bytes).await;
    said.map_err(|error| why(&error))?;
    Ok(Taken { left_out })
}

/// The letter as it goes over the line; lettre writes headers so that no text becomes a header of its own.
fn written(way: &MailWay, id: Uuid, letter: &Letter, now: Wall) -> Result<Vec<u8>, Trouble> {
    let to: Mailboxes = way
        .to
        .iter()
        .map(|to| Mailbox::new(None, to.clone()))
        .collect();
    let mut message = Message::builder()
        .message_id(Some(format!("<{id}@{}>", way.from.domain())))
        .date(moment(now))
        .from(Mailbox::new(None, way.from.clone()))
        .mailbox(To::from(to))
        .subject(letter.subject.clone())
        .singlepart(SinglePart::plain(letter.text.trim_end().to_owned()))
        .map_err(|_| Trouble::AddressRefused)?;
    // Away notices do not answer it.
    message.headers_mut().insert_raw(HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    ));
    Ok(message.formatted())
}

fn moment(now: Wall) -> SystemTime {
    let nanos = Duration::from_nanos(now.0.unsigned_abs());
    let moment = if now.0 < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(nanos)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(nanos)
    };
    moment.unwrap_or(SystemTime::UNIX_EPOCH)
}

async fn greet(stream: Box<dyn AsyncTokioStream>) -> Result<AsyncSmtpConnection, Trouble> {
    AsyncSmtpConnection::connect_with_transport(stream, &hello())
        .await
        .map_err(|error| why(&error))
}

/// What is not this machine's name: a mail server has no need of it, and takes this of every mail program.
fn hello() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

/// Has a server begin TLS. What it said before, and in one breath with its yes, is thrown away with the connection's
/// buffer: whoever stands between could have said it.
async fn asked_for_tls(line: Line) -> Result<Line, Trouble> {
    let lent = Lent(Arc::new(Mutex::new(line)));
    let mut server = greet(Box::new(lent.clone())).await?;
    if !server.server_info().supports_feature(Extension::StartTls) {
        return Err(Trouble::TlsRefused);
    }
    let said = server.command(Starttls).await;
    said.map_err(|error| match error.status() {
        Some(_) => Trouble::TlsRefused,
        None => why(&error),
    })?;
    drop(server);
    let line = Arc::into_inner(lent.0).ok_or(Trouble::BrokenOff)?;
    Ok(line.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn at_login(error: &Error) -> Trouble {
    match code(error) {
        // 421 and the like: busy, not wrong.
        Some(code) if code < 500 => Trouble::Later { code },
        Some(_) => Trouble::LoginRefused,
        // It offers no way to sign in that is known here.
        None if error.is_client() => Trouble::LoginRefused,
        None => why(error),
    }
}

fn at_address(error: &Error) -> Trouble {
    match code(error) {
        // "Sign in first" is said here by servers that were not asked to let somebody in.
        Some(530) => Trouble::LoginRefused,
        Some(550..=559 | 501) => Trouble::AddressRefused,
        Some(_) | None => why(error),
    }
}

fn why(error: &Error) -> Trouble {
    match code(error) {
        Some(code) if code < 500 => Trouble::Later { code },
        Some(code) => Trouble::Refused { code },
        None => Trouble::BrokenOff,
    }
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

/// A line that is taken back after the part without TLS.
#[derive(Clone, Debug)]
struct Lent(Arc<Mutex<Line>>);

impl Lent {
    fn with<T>(&self, does: impl FnOnce(Pin<&mut Line>) -> T) -> T {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        does(Pin::new(&mut *line))
    }
}

impl AsyncRead for Lent {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.with(|line| line.poll_read(context, into))
    }
}

impl AsyncWrite for Lent {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.with(|line| line.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|line| line.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|line| line.poll_shutdown(context))
    }
}

impl AsyncTokioStream for Lent {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.with(|line| line.peer())
    }
}

type Halves = Join<
    tokio::io::Chain<Cursor<&'static [u8]>, ReadHalf<TlsStream<Line>>>,
    WriteHalf<TlsStream<Line>>,
>;

/// A private connection. After STARTTLS no server greets a second time, and lettre waits for a greeting: so it hears one
/// of ours first.
#[derive(Debug)]
struct Private {
    stream: Halves,
    peer: SocketAddr,
}

impl Private {
    fn new(stream: TlsStream<Line>, first: &'static [u8]) -> Result<Self, Trouble> {
        let peer = stream.get_ref().0.peer().map_err(|_| Trouble::BrokenOff)?;
        let (reading, writing) = split(stream);
        let reading = tokio::io::AsyncReadExt::chain(Cursor::new(first), reading);
        Ok(Self {
            stream: join(reading, writing),
            peer,
        })
    }
}

impl AsyncRead for Private {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Private {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Private {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

const GREETING: &[u8] = b"220 TLS\r\n";
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const LEAVING: Duration = Duration::from_secs(2);
