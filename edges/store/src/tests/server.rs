//! What only PostgreSQL has: many hubs at once, a connection that is cut, a server that goes away.
//! Whatever breaks, a signal that was acknowledged is kept, and one that was not is taken again.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, Row as _};

use super::{
    cluster::Cluster,
    lab::{DESK, HERE, Lab, NOW, Place, WITH_FAILING, WITH_NEXT, assert_whole, batch, run},
};
use crate::{Seq, Store, StoreError};

#[test]
fn a_change_of_format_is_one_step() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    run(async {
        let url = cluster.database("format").await;
        let lab = Lab::new(Place::Pg(url.clone())).await.peopled().await;
        let here = lab.store.practice(HERE);
        here.append(batch(DESK, 1..=100), NOW).await.unwrap();
        let told = Store::open_pg_with(&url, WITH_FAILING).await.err();
        assert!(
            matches!(told, Some(StoreError::Migration { to: 3, .. })),
            "{told:?}"
        );
        // The version before goes on, and starts again.
        assert_whole(&lab.store).await;
        assert_whole(&Store::open_pg(&url).await.unwrap()).await;
        let saved = lab.store.backup(Path::new("/nowhere")).await;
        assert!(
            matches!(saved, Err(StoreError::ByOperator { .. })),
            "{saved:?}"
        );

        // Many hubs start at once.
        let (one, two) = tokio::join!(
            Store::open_pg_with(&url, WITH_NEXT),
            Store::open_pg_with(&url, WITH_NEXT)
        );
        assert_whole(&one.unwrap()).await;
        assert_eq!(
            two.unwrap().confirm(hygie_model::Wall(i64::MAX)).unwrap(),
            0
        );
        let told = Store::open_pg(&url).await.err();
        assert!(
            matches!(told, Some(StoreError::Newer { found: 2, known: 1 })),
            "{told:?}"
        );
    });
}

/// Ends the connections of `application` that wait for a lock, after one does; how many.
async fn cut_waiting(operator: &mut PgConnection, application: &str) -> usize {
    loop {
        let rows = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE application_name = $1 AND wait_event_type = 'Lock'",
        )
        .bind(application)
        .fetch_all(&mut *operator)
        .await
        .unwrap();
        if !rows.is_empty() {
            return rows.len();
        }
        // The one that shall wait runs in this thread.
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_cut_connection_is_told_and_made_again() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    run(async {
        let url = cluster.database("cut").await;
        let lab = Lab::new(Place::Pg(url.clone())).await.peopled().await;
        let store = lab.store.clone();
        let here = lab.store.practice(HERE);
        here.append(batch(DESK, 1..=10), NOW).await.unwrap();

        // Somebody holds the practice's stream, so that the commit stands still in its middle.
        let mut operator = PgConnection::connect(&url).await.unwrap();
        let mut holder = PgConnection::connect(&url).await.unwrap();
        let mut held = holder.begin().await.unwrap();
        sqlx::query("SELECT arrived FROM stream FOR UPDATE")
            .fetch_all(&mut *held)
            .await
            .unwrap();
        let sent = tokio::spawn(async move {
            let here = store.practice(HERE);
            here.append(batch(DESK, 11..=20), NOW).await
        });
        assert_eq!(cut_waiting(&mut operator, "hygie").await, 1);
        let told = sent.await.unwrap();
        assert!(
            matches!(told, Err(StoreError::Unreachable { .. })),
            "{told:?}"
        );
        held.rollback().await.unwrap();
        let kept = here.append(batch(DESK, 11..=20), NOW).await.unwrap();
        assert_eq!((kept.upto, kept.new), (Seq(20), 10));

        // Those that lay idle are made again without a word.
        let cut = sqlx::query(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE application_name = 'hygie'",
        )
        .fetch_one(&mut operator)
        .await
        .unwrap();
        assert!(cut.get::<i64, _>(0) > 0);
        let kept = here.append(batch(DESK, 21..=30), NOW).await.unwrap();
        assert_eq!((kept.upto, kept.new), (Seq(30), 10));
    });
}

/// Two hubs take the same device's signals at once, for it was sent from one to the other.
#[test]
fn many_hubs_keep_each_signal_once() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    run(async {
        let url = cluster.database("many").await;
        let lab = Lab::new(Place::Pg(url.clone())).await.peopled().await;
        let mut sending = tokio::task::JoinSet::new();
        for _hub in 0..3 {
            let store = Store::open_pg(&url).await.unwrap();
            sending.spawn(async move {
                for from in (1..=200_u64).step_by(10) {
                    let sent = batch(DESK, from.saturating_sub(5).max(1)..from + 10);
                    store.practice(HERE).append(sent, NOW).await.unwrap();
                }
            });
        }
        sending.join_all().await;
        let all = lab.store.practice(HERE);
        let all = all.signals_after(crate::Arrival(0), 1_000).await.unwrap();
        let kept = all.iter().map(|it| (it.arrival.0, it.seq.0));
        assert!(kept.eq((1..=200).map(|seq| (seq, seq))));
    });
}

#[test]
fn a_server_that_is_gone_is_told() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    run(async {
        let url = cluster.database("gone").await;
        let lab = Lab::new(Place::Pg(url.clone())).await.peopled().await;
        let here = lab.store.practice(HERE);
        cluster.stop();
        let told = here.append(batch(DESK, [1]), NOW).await;
        assert!(
            matches!(told, Err(StoreError::Unreachable { .. })),
            "{told:?}"
        );
        let told = Store::open_pg(&url).await.err();
        assert!(
            matches!(told, Some(StoreError::Unreachable { .. })),
            "{told:?}"
        );
    });
}
