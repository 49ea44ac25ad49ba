//! Whether the hub still answers, judged by this device: a hub that is silent cannot say so itself. Only the time that the
//! device is awake counts, its silence is told once, and so is its return.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hygie_model::{Mono, Wall};
use hygie_platform::clock;
use serde::{Deserialize, Serialize};

use crate::{
    StateDir,
    config::Config,
    guard::{Board, Fact, HubTold, Keeper},
    incidents::{HubNotice, tell_all},
};

/// The judge. Cheap to clone.
#[derive(Clone)]
pub(crate) struct HubWord(Arc<Inner>);

struct Inner {
    state: StateDir,
    board: Board,
    keeper: Keeper,
    bound: Duration,
    /// How people are told.
    notify: fn(&StateDir, HubNotice),
    watch: Mutex<Watch>,
}

struct Watch {
    silence: Silence,
    /// Up to when the time was counted.
    counted: Mono,
    /// When it was kept on disk last.
    kept: Mono,
}

/// What is known of the hub; kept on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Silence {
    /// When it answered last; never, for this device, where there is none.
    heard: Option<Wall>,
    /// Milliseconds since then, or since the device was enrolled, that the device was awake.
    awake_ms: u64,
    /// Whether that was told.
    told: Told,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    #[default]
    No,
    Yes,
}

/// What people have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    /// It has been silent for too long.
    Silent,
    /// It answers again, after that was told.
    Back,
}

impl Silence {
    fn hears(&mut self, at: Wall) -> Option<News> {
        let was = std::mem::replace(
            self,
            Self {
                heard: Some(at),
                ..Self::default()
            },
        );
        (was.told == Told::Yes).then_some(News::Back)
    }

    fn wakes(&mut self, time: Duration, bound: Duration) -> Option<News> {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.awake_ms = self.awake_ms.saturating_add(time);
        let silent = u128::from(self.awake_ms) >= bound.as_millis();
        if !silent || self.told == Told::Yes {
            return None;
        }
        self.told = Told::Yes;
        Some(News::Silent)
    }
}

impl HubWord {
    /// Takes up what was known, and looks each minute from here on.
    pub(crate) fn start(state: &StateDir, board: Board, keeper: Keeper) -> Self {
        let word = Self::take_up(state, (board, keeper), tell_all, clock::mono());
        word.look(clock::mono());
        let own = word.clone();
        // Without the thread nothing is judged, and the status says when the hub was heard last.
        let _ = std::thread::Builder::new()
            .name("hygie-hub-word".into())
            .spawn(move || {
                loop {
                    std::thread::sleep(MINUTE);
                    own.look(clock::mono());
                }
            });
        word
    }

    fn take_up(
        state: &StateDir,
        (board, keeper): (Board, Keeper),
        notify: fn(&StateDir, HubNotice),
        now: Mono,
    ) -> Self {
        let config = Config::load(&state.config()).unwrap_or_default();
        Self(Arc::new(Inner {
            state: state.clone(),
            board,
            keeper,
            bound: config.hub.silence.get(),
            notify,
            watch: Mutex::new(Watch {
                silence: read(&state.hub_word()),
                counted: now,
                kept: now,
            }),
        }))
    }

    /// The courier heard it just now.
    pub(crate) fn heard(&self, at: Wall, now: Mono) {
        let news = self.change(now, Keep::Now, |silence, _| silence.hears(at));
        self.tell(news);
    }

    /// Counts the time that has passed.
    fn look(&self, now: Mono) {
        if !self.0.state.enrolled().exists() {
            // Another enrolment begins anew.
            let _ = fs::remove_file(self.0.state.hub_word());
            let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
            (watch.silence, watch.counted) = (Silence::default(), now);
            drop(watch);
            self.0.board.hub(None);
            return;
        }
        let bound = self.0.bound;
        let news = self.change(now, Keep::Later, |silence, time| silence.wakes(time, bound));
        self.tell(news);
    }

    fn change(
        &self,
        now: Mono,
        keep: Keep,
        act: impl FnOnce(&mut Silence, Duration) -> Option<News>,
    ) -> Option<News> {
        let mut watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let time = now.since(watch.counted);
        watch.counted = now;
        let news = act(&mut watch.silence, time);
        if keep == Keep::Now || news.is_some() || now.since(watch.kept) >= KEPT_EACH {
            watch.kept = now;
            // What cannot be kept is counted anew after a restart: told later, not falsely.
            let _ = write(&self.0.state.hub_word(), &watch.silence);
        }
        let silence = watch.silence;
        drop(watch);
        self.0.board.hub(Some(HubTold {
            heard: silence.heard,
            silent: silence.told == Told::Yes,
        }));
        news
    }

    fn tell(&self, news: Option<News>) {
        let Some(news) = news else {
            return;
        };
        let watch = self.0.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = watch.silence.heard;
        drop(watch);
        let (fact, notice) = match news {
            News::Silent => (Fact::HubSilent, HubNotice::Silent { heard }),
            News::Back => (Fact::HubBack, HubNotice::Back),
        };
        let heard = heard.map(|at| at.to_rfc3339());
        self.0.keeper.tell(fact, [("heard", heard.into())]);
        let (state, notify) = (self.0.state.clone(), self.0.notify);
        // Desktops may take seconds.
        let _ = std::thread::Builder::new()
            .name("hygie-notice".into())
            .spawn(move || notify(&state, notice));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Now,
    Later,
}

fn read(file: &Path) -> Silence {
    let text = fs::read(file).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn write(file: &Path, silence: &Silence) -> io::Result<()> {
    let next: PathBuf = file.with_extension("json.new");
    let mut made = File::create(&next)?;
    made.write_all(&serde_json::to_vec(silence)?)?;
    fs::rename(next, file)
}

const MINUTE: Duration = Duration::from_secs(60);
/// A kill costs so much of the count at most.
const KEPT_EACH: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const BOUND: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn silence_is_told_once_and_so_is_its_end() {
        let mut silence = Silence::default();
        assert_eq!(silence.hears(Wall(1)), None);
        let told: Vec<_> = (0..100)
            .filter_map(|_| silence.wakes(HOUR, BOUND))
            .collect();
        assert_eq!(told, [News::Silent]);
        assert_eq!(silence.heard, Some(Wall(1)));
        assert_eq!(silence.hears(Wall(2)), Some(News::Back));
        assert_eq!(silence.hears(Wall(3)), None);
        // A line that comes and goes is told nobody.
        let flapping = (0..100).filter_map(|_| {
            let news = silence.wakes(23 * HOUR, BOUND);
            news.or(silence.hears(Wall(4)))
        });
        assert_eq!(flapping.count(), 0);
    }

    static NOTICES: std::sync::Mutex<Vec<HubNotice>> = std::sync::Mutex::new(Vec::new());

    fn noted(_: &StateDir, notice: HubNotice) {
        NOTICES.lock().unwrap().push(notice);
    }

    #[test]
    fn a_week_of_silence_is_seen_in_the_status_the_journal_and_one_notice() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(&folder.path().join("state")).unwrap();
        let board = Board::new(Wall(0), Vec::new());
        let keeper = Keeper::start(&state, board.clone());
        let at = |minutes: u64| Mono(0).after(Duration::from_secs(60 * minutes));
        let word = HubWord::take_up(&state, (board.clone(), keeper.clone()), noted, at(0));
        // Not enrolled, it has no hub that could be silent.
        let begin = 100_000;
        word.look(at(begin));
        assert_eq!(board.status().hub, None);
        fs::create_dir(state.courier()).unwrap();
        fs::write(state.enrolled(), "{}").unwrap();
        word.heard(Wall(7), at(begin));
        let silent = |minute: u64| {
            word.look(at(begin + minute));
            let hub = board.status().hub.unwrap();
            assert_eq!(hub.heard, Some(Wall(7)));
            hub.silent
        };
        let since: Vec<u64> = (1..=7 * 24 * 60).filter(|minute| silent(*minute)).collect();
        assert_eq!(since[0], 24 * 60, "a day");
        word.heard(Wall(8), at(begin + 8 * 24 * 60));
        let well = HubTold {
            heard: Some(Wall(8)),
            silent: false,
        };
        assert_eq!(board.status().hub, Some(well));
        keeper.flush();
        let reader = hygie_journal::Reader::new(&state.journal());
        let kinds: Vec<String> = reader
            .entries()
            .unwrap()
            .map(|record| record.unwrap().kind.as_str().to_owned())
            .filter(|kind| kind.starts_with("hub."))
            .collect();
        assert_eq!(kinds, ["hub.silent", "hub.back"]);
        // Each is told in a thread of its own.
        while NOTICES.lock().unwrap().len() < 2 {
            std::thread::yield_now();
        }
        let mut notices = NOTICES.lock().unwrap().clone();
        notices.sort_by_key(|notice| *notice == HubNotice::Back);
        let heard = Some(Wall(7));
        assert_eq!(notices, [HubNotice::Silent { heard }, HubNotice::Back]);
    }

    #[test]
    fn a_restart_neither_forgets_nor_tells_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub-word.json");
        let mut silence = read(&file);
        assert_eq!(silence, Silence::default());
        silence.wakes(23 * HOUR, BOUND);
        write(&file, &silence).unwrap();
        let mut silence = read(&file);
        assert_eq!(silence.wakes(HOUR, BOUND), Some(News::Silent));
        write(&file, &silence).unwrap();
        let mut silence = read(&file);
        assert_eq!(silence.wakes(HOUR, BOUND), None);
        assert_eq!(silence.hears(Wall(9)), Some(News::Back));
        fs::write(&file, "half").unwrap();
        assert_eq!(read(&file), Silence::default());
        let line = r#"{"heard":"1970-01-01T00:00:00Z","awake_ms":5,"told":"yes"}"#;
        let kept: Silence = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&kept).unwrap(), line);
    }
}
