//! Cases about what people are told: incidents, duties, alerts, commands, the journal.
//! What is heard twice or too late must change nothing.

use hygie_model::{PersonId, Wall};
use uuid::Uuid;

use super::lab::{CLAIRE, DESK, HERE, LAPTOP, Lab, NOW, after, batch, json};
use crate::{
    Alert, Change, Duty, Effect, IncidentCursor, JournalFilter, JournalLine, NewCommand, Seq,
    StoreError,
};

fn incident(seq: u64, number: u64, state: &str, at: Wall) -> Effect {
    Effect {
        seq: Seq(seq),
        change: Change::Incident {
            number,
            state: state.to_owned(),
            at,
            body: json(&format!("[{seq}]")),
        },
    }
}

pub(super) async fn incidents_follow_their_signals(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    let mut first = batch(DESK, 1..=3);
    first.effects = vec![
        incident(1, 7, "stopped", after(1)),
        incident(2, 8, "stopped", after(2)),
        incident(3, 7, "undone", after(3)),
        Effect {
            seq: Seq(3),
            change: Change::State {
                version: "0.2.0".to_owned(),
                state: json(r#"{"protection":"protected"}"#),
            },
        },
    ];
    here.append(first.clone(), NOW).await.unwrap();
    // The same words again, read otherwise by a newer hub: what was carried out stays.
    first.effects.push(incident(3, 7, "allowed", after(9)));
    here.append(first, NOW).await.unwrap();
    let seven = here.incident(DESK, 7).await.unwrap().unwrap();
    assert_eq!(
        (seven.state.as_str(), seven.began, seven.changed, seven.seq),
        ("undone", after(1), after(3), Seq(3))
    );
    assert_eq!(seven.body, json("[3]"));
    let device = here.device(DESK).await.unwrap().unwrap();
    assert_eq!(device.version, "0.2.0");
    assert_eq!(device.state, json(r#"{"protection":"protected"}"#));

    let mut other = batch(LAPTOP, [1]);
    other.effects = vec![incident(1, 7, "stopped", after(2))];
    here.append(other, NOW).await.unwrap();
    let mut shown = Vec::new();
    let mut cursor: Option<IncidentCursor> = None;
    loop {
        let page = here.incidents(None, cursor, 1).await.unwrap();
        shown.extend(page.items.into_iter().map(|it| (it.device, it.number)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(shown, [(LAPTOP, 7), (DESK, 8), (DESK, 7)]);
    let stopped = here
        .incidents(Some("stopped"), None, 9)
        .await
        .unwrap()
        .items;
    assert_eq!(stopped.len(), 2);
    assert_eq!(here.incident(LAPTOP, 8).await.unwrap(), None);
}

pub(super) async fn duties_keep_since_when(lab: Lab) {
    let here = lab.store.practice(HERE);
    let duty = |state: &str, at: i64, well: Option<i64>| Duty {
        who: "hub".to_owned(),
        what: "alerts".to_owned(),
        state: state.to_owned(),
        since: after(at),
        well: well.map(after),
        heard: after(at),
        body: json("{}"),
    };
    here.hear_duty(&duty("well", 1, Some(1))).await.unwrap();
    here.hear_duty(&duty("well", 2, Some(2))).await.unwrap();
    let read = here.duties().await.unwrap().remove(0);
    assert_eq!(
        (read.since, read.well, read.heard),
        (after(1), Some(after(2)), after(2))
    );
    here.hear_duty(&duty("trouble", 4, None)).await.unwrap();
    here.hear_duty(&duty("well", 3, Some(3))).await.unwrap();
    let read = here.duties().await.unwrap().remove(0);
    assert_eq!(
        (read.state.as_str(), read.since, read.well, read.heard),
        ("trouble", after(4), Some(after(2)), after(4))
    );
    assert_eq!(here.duty("hub", "alerts").await.unwrap(), Some(read));
    assert_eq!(here.duty("hub", "guard").await.unwrap(), None);
    assert!(here.drop_duty("hub", "alerts").await.unwrap());
    assert_eq!(here.duties().await.unwrap(), []);
}

pub(super) async fn alerts_and_what_the_engine_knows_are_kept_together(lab: Lab) {
    let here = lab.store.practice(HERE);
    let alert = |number: u128| Alert {
        id: Uuid::from_u128(number),
        about: "device 20".to_owned(),
        body: json("{}"),
        made: after(i64::try_from(number).unwrap()),
        given: None,
        second: None,
        trouble: None,
        read: None,
        reader: None,
        ended: None,
    };
    assert_eq!(here.alerting(NOW).await.unwrap(), None);
    assert!(
        here.keep_alerting(None, b"1", &[alert(1)], NOW)
            .await
            .unwrap()
    );
    // Another hub was faster: nothing of it is kept.
    for judged in [None, Some(b"0".as_slice())] {
        let late = here.keep_alerting(judged, b"2", &[alert(2)], NOW).await;
        assert!(!late.unwrap());
    }
    assert_eq!(here.alerting(after(9)).await.unwrap().unwrap(), b"1");
    assert_eq!(here.unread_alerts(9).await.unwrap(), [alert(1)]);
    // Two open ones about one thing are a fault, and again nothing is kept.
    let twice = here.keep_alerting(Some(b"1"), b"2", &[alert(2)], NOW).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
    assert_eq!(here.alerting(NOW).await.unwrap().unwrap(), b"1");
    let over = Alert {
        given: Some(after(2)),
        second: Some(after(3)),
        trouble: Some(json("\"no route\"")),
        ended: Some(after(4)),
        ..alert(1)
    };
    let both = [over.clone(), alert(2)];
    let kept = here.keep_alerting(Some(b"1"), b"2", &both, NOW).await;
    assert!(kept.unwrap());
    assert_eq!(here.unread_alerts(9).await.unwrap(), both);
    assert!(here.alert_read(over.id, CLAIRE, after(5)).await.unwrap());
    assert!(
        !here
            .alert_read(over.id, PersonId(Uuid::nil()), after(6))
            .await
            .unwrap()
    );
    assert_eq!(here.unread_alerts(9).await.unwrap(), [alert(2)]);
    let page = here.alerts(None, 1).await.unwrap();
    assert_eq!(page.items, [alert(2)]);
    let page = here.alerts(page.next, 1).await.unwrap();
    let told = &page.items[0];
    assert_eq!((told.read, told.reader), (Some(after(5)), Some(CLAIRE)));
    assert_eq!(page.next, None);
    here.forget_passed(after(99)).await.unwrap();
    assert!(here.alerting(NOW).await.unwrap().is_some());
}

pub(super) async fn a_command_waits_and_runs_out(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    let command = |number: u128, expires: i64| NewCommand {
        id: Uuid::from_u128(number),
        device: DESK,
        kind: "undo".to_owned(),
        body: json("{}"),
        by: Some(CLAIRE),
        expires: after(expires),
    };
    for (number, expires) in [(1, 10), (2, 20), (3, 30)] {
        let made = after(i64::try_from(number).unwrap());
        here.command(&command(number, expires), made).await.unwrap();
    }
    let ids = |commands: Vec<crate::Command>| -> Vec<u128> {
        commands
            .into_iter()
            .map(|it| it.command.id.as_u128())
            .collect()
    };
    assert_eq!(
        ids(here.commands_for(DESK, after(5)).await.unwrap()),
        [1, 2, 3]
    );
    assert_eq!(ids(here.commands_for(LAPTOP, after(5)).await.unwrap()), []);
    let two = Uuid::from_u128(2);
    assert!(
        !here
            .acknowledge(LAPTOP, two, &json("1"), after(6))
            .await
            .unwrap()
    );
    assert!(
        here.acknowledge(DESK, two, &json("1"), after(6))
            .await
            .unwrap()
    );
    assert!(
        !here
            .acknowledge(DESK, two, &json("2"), after(7))
            .await
            .unwrap()
    );
    let done = here.command_of(two).await.unwrap().unwrap();
    assert_eq!((done.done, done.outcome), (Some(after(6)), Some(json("1"))));
    assert_eq!(ids(here.commands_for(DESK, after(10)).await.unwrap()), [3]);
    assert_eq!(
        ids(here.commands_expired(after(5), after(25)).await.unwrap()),
        [1]
    );
    assert_eq!(ids(here.newest_commands(DESK, 2).await.unwrap()), [3, 2]);
    here.retire_device(DESK, after(11)).await.unwrap();
    assert_eq!(ids(here.commands_for(DESK, after(11)).await.unwrap()), []);
    assert_eq!(
        ids(here.commands_expired(after(5), after(25)).await.unwrap()),
        [1, 3]
    );
}

pub(super) async fn the_journal_is_found_by_person_kind_and_time(lab: Lab) {
    let here = lab.store.practice(HERE);
    assert_eq!(here.last_line().await.unwrap(), None);
    let line = |seq: u64| JournalLine {
        seq,
        // The clock was set back between 4 and 5.
        at: after(if seq < 5 {
            i64::try_from(seq).unwrap() * 10
        } else {
            25
        }),
        kind: if seq.is_multiple_of(2) {
            "session.begun"
        } else {
            "file.restored"
        }
        .to_owned(),
        person: (seq != 3).then_some(CLAIRE),
        device: (seq == 4).then_some(DESK),
        line: format!("{{\"seq\":{seq}}}"),
    };
    for seq in 1..=6 {
        here.append_line(&line(seq)).await.unwrap();
    }
    assert!(matches!(
        here.append_line(&line(6)).await,
        Err(StoreError::Taken { .. })
    ));
    assert_eq!(here.last_line().await.unwrap(), Some(line(6)));
    assert_eq!(here.lines_from(5, 9).await.unwrap(), [line(5), line(6)]);
    let found = async |filter: JournalFilter| {
        let mut cursor = None;
        let mut found = Vec::new();
        loop {
            let page = here.journal(&filter, cursor, 2).await.unwrap();
            found.extend(page.items.into_iter().map(|it| it.seq));
            cursor = page.next;
            if cursor.is_none() {
                return found;
            }
        }
    };
    let all = JournalFilter::default();
    assert_eq!(found(all.clone()).await, [4, 3, 6, 5, 2, 1]);
    let person = Some(CLAIRE);
    let kind = Some("session.begun".to_owned());
    let by_person = JournalFilter {
        person,
        ..all.clone()
    };
    assert_eq!(found(by_person.clone()).await, [4, 6, 5, 2, 1]);
    let by_kind = JournalFilter {
        kind: kind.clone(),
        ..all.clone()
    };
    assert_eq!(found(by_kind).await, [4, 6, 2]);
    let both = JournalFilter {
        kind,
        from: Some(after(20)),
        to: Some(after(40)),
        ..by_person
    };
    assert_eq!(found(both).await, [6, 2]);
    let time = JournalFilter {
        from: Some(after(25)),
        to: Some(after(30)),
        ..all
    };
    assert_eq!(found(time).await, [6, 5]);
    assert_eq!(here.forget_lines(3).await.unwrap(), 2);
    assert_eq!(here.lines_from(0, 9).await.unwrap().len(), 4);
}

pub(super) async fn a_closed_store_says_so(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    lab.store.close().await.unwrap();
    lab.store.close().await.unwrap();
    let told = here.devices().await;
    assert!(matches!(told, Err(StoreError::Closed)), "{told:?}");
    let told = here.append(batch(DESK, [1]), NOW).await;
    assert!(matches!(told, Err(StoreError::Closed)), "{told:?}");
}
