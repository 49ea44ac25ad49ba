//! temporary
use super::lab::{Lab, born, node, print};
use crate::{Entry, Reader};
use hygie_model::{FileId, Metadata, NodeKind, Wall};
use std::path::Path;
use std::{fs, time::Instant};
#[test]
fn speed() {
    let place = tempfile::tempdir_in("/var/tmp").unwrap();
    let mut lab = Lab::with_vault(place.path(), Path::new("/p"));
    let src = tempfile::tempdir_in("/var/tmp").unwrap();
    for (count, size) in [(4000_usize, 20_000_usize), (8, 64 << 20)] {
        let mut files = vec![];
        for i in 0..count {
            let path = src.path().join(format!("{i}"));
            let mut bytes = vec![u8::try_from(i % 256).unwrap(); size];
            bytes[..8].copy_from_slice(&(i + count).to_le_bytes());
            fs::write(&path, bytes).unwrap();
            files.push(path);
        }
        rustix::fs::sync();
        let start = Instant::now();
        let (mut take, mut commit) = (0.0, 0.0);
        for part in files.chunks(256) {
            let mut batch = vec![];
            let t = Instant::now();
            for path in part {
                let id = lab.vault.next_node();
                batch.push(node(id, NodeKind::File));
                batch.push(born(
                    lab.root,
                    path.file_name().unwrap().to_str().unwrap(),
                    id,
                    2000,
                ));
                let f = fs::File::open(path).unwrap();
                batch.push(Entry::Version {
                    file: FileId(id),
                    content: lab.vault.objects().take(&f).unwrap(),
                    since: Wall(2000),
                    meta: Metadata::default(),
                    fingerprint: print(1, 1),
                });
            }
            take += t.elapsed().as_secs_f64();
            let t = Instant::now();
            lab.vault.commit(batch, Wall(2000)).unwrap();
            commit += t.elapsed().as_secs_f64();
        }
        let s = start.elapsed().as_secs_f64();
        println!(
            "{count} x {size}: {s:.2} s (take {take:.2}, commit {commit:.2}), {:.0} MB/s, {:.0} files/s",
            (count * size) as f64 / 1e6 / s,
            count as f64 / s
        );
    }
    let mut times = vec![];
    let a = lab.file(lab.root, "held", 3000);
    for i in 0..60_i64 {
        let state = lab.state(a, &vec![u8::try_from(i).unwrap(); 100_000], 3000 + i);
        let t = Instant::now();
        lab.commit(vec![state], 3000 + i);
        times.push(t.elapsed().as_micros());
    }
    times.sort();
    println!(
        "held copy commit: p50 {} us, p90 {} us",
        times[30], times[54]
    );
    let reader = Reader::open(&lab.store()).unwrap();
    let t = Instant::now();
    println!(
        "tree {} in {:?}",
        reader.tree_at(lab.root, None).unwrap().len(),
        t.elapsed()
    );
    let out = tempfile::tempdir_in("/var/tmp").unwrap();
    let t = Instant::now();
    let plan = reader
        .plan_restore(Path::new("/p"), None, Some(out.path()))
        .unwrap();
    println!("plan {:?}", t.elapsed());
    let outcome = plan.run(&reader).unwrap();
    println!(
        "restored {} files {} bytes in {:?}",
        outcome.files,
        outcome.bytes,
        t.elapsed()
    );
    let t = Instant::now();
    reader.check(&mut |_| {}).unwrap();
    println!("check {:?}", t.elapsed());
}
