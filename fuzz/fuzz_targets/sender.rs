//! Who sent a mail, of anybody's bytes. Law: it never breaks; without a server that is trusted and without an answer nothing is proven
//! and nobody refused; what stands in a mail's text and not in its headers is never asked.
#![no_main]

use std::cell::RefCell;

use hygie_model::Wall;
use hygie_post::sender::{Bounded, Kind, Names, Question, Reply, Server, Standing, standing};
use libfuzzer_sys::fuzz_target;

/// Answers with the mail's own lines, and notes what was asked.
struct Echo<'a>(Vec<&'a str>, RefCell<Vec<String>>);

impl Names for Echo<'_> {
    fn ask(&self, question: &Question) -> Reply {
        self.1.borrow_mut().push(question.name.as_str().to_owned());
        match question.kind {
            Kind::Txt if !self.0.is_empty() => Reply::Found(self.0.iter().map(|&line| line.to_owned()).collect()),
            Kind::A => Reply::Found(vec!["192.0.2.4".to_owned()]),
            Kind::Txt | Kind::Aaaa | Kind::Mx => Reply::Nothing,
        }
    }
}

struct Silent;

impl Names for Silent {
    fn ask(&self, _: &Question) -> Reply {
        Reply::Silent
    }
}

fuzz_target!(|raw: &[u8]| {
    let unheard = standing(raw, &[], Some(&Silent), Wall(0));
    assert!(matches!(unheard, Standing::Unsigned | Standing::Unknown), "{unheard:?}");
    let servers: Vec<Server> = Server::of("mx.cabinet.example").into_iter().collect();
    let _ = standing(raw, &servers, None, Wall(0));
    let text = String::from_utf8_lossy(raw);
    let echo = Echo(text.lines().take(4).collect(), RefCell::default());
    let bounded = Bounded::new(&echo, raw);
    let _ = standing(raw, &servers, Some(&bounded), Wall(0));
    assert!(echo.1.borrow().len() <= 24);
    let known = text.to_lowercase().replace(char::is_whitespace, "");
    for name in echo.1.borrow().iter() {
        let last = name.rsplit('.').next().unwrap_or_default();
        assert!(known.contains(last), "{name}");
    }
});
