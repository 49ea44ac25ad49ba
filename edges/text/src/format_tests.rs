//! How both languages write numbers, sizes, times and dates.

use proptest::prelude::*;

use super::*;

fn plain(text: &str) -> String {
    text.replace(FULL, " ").replace(NARROW, "_")
}

#[test]
fn numbers() {
    for (number, fr, en) in [
        (0, "0", "0"),
        (999, "999", "999"),
        (1204, "1_204", "1,204"),
        (1_000_000, "1_000_000", "1,000,000"),
        (
            u64::MAX,
            "18_446_744_073_709_551_615",
            "18,446,744,073,709,551,615",
        ),
    ] {
        assert_eq!(plain(&count(Language::Fr, number)), fr);
        assert_eq!(plain(&count(Language::En, number)), en);
    }
}

#[test]
fn sizes_are_cut_not_rounded() {
    for (size, fr, en) in [
        (0, "0 o", "0 B"),
        (999, "999 o", "999 B"),
        (1000, "1 ko", "1 kB"),
        (1_299_999, "1,2 Mo", "1.2 MB"),
        (99_990_000, "99,9 Mo", "99.9 MB"),
        (999_999_999, "999 Mo", "999 MB"),
        (200_000_000_000, "200 Go", "200 GB"),
        (u64::MAX, "18_446 Po", "18,446 PB"),
    ] {
        assert_eq!(plain(&bytes(Language::Fr, size)), fr);
        assert_eq!(plain(&bytes(Language::En, size)), en);
    }
}

#[test]
fn measured_times_are_cut() {
    for (millis, fr, en) in [
        (0, "0 ms", "0 ms"),
        (45, "45 ms", "45 ms"),
        (399, "0,3 s", "0.3 s"),
        (2000, "2 s", "2 s"),
        (9999, "9,9 s", "9.9 s"),
        (59_999, "59 s", "59 s"),
        (60_000, "1 min", "1 min"),
        (125_000, "2 min 5 s", "2 min 5 s"),
        (3_600_000, "1 h", "1 h"),
        (11_105_000, "3 h 5 min", "3 h 5 min"),
        (86_400_000, "1 jour", "1 day"),
        (180_000_000, "2 jours 2 h", "2 days 2 h"),
    ] {
        let time = Duration::from_millis(millis);
        assert_eq!(plain(&spent(Language::Fr, time)), fr);
        assert_eq!(plain(&spent(Language::En, time)), en);
    }
}

#[test]
fn times_to_come_are_rounded_up() {
    for (millis, fr) in [
        (0, "1 s"),
        (1, "1 s"),
        (3001, "4 s"),
        (36_000, "40 s"),
        (58_000, "1 min"),
        (60_000, "1 min"),
        (61_000, "2 min"),
        (3_601_000, "1 h 1 min"),
        (90_000_001, "1 jour 2 h"),
    ] {
        assert_eq!(
            plain(&left(Language::Fr, Duration::from_millis(millis))),
            fr
        );
    }
}

#[test]
fn moments_are_told_in_their_zone() {
    let morning = Wall(1_795_507_920_000_000_000);
    let summer = Wall(1_782_864_000_000_000_000);
    let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    for (at, zone, fr, en) in [
        (
            morning,
            &TimeZone::UTC,
            "24 novembre 2026 à 08:12",
            "24 November 2026 at 08:12",
        ),
        (
            morning,
            &paris,
            "24 novembre 2026 à 09:12",
            "24 November 2026 at 09:12",
        ),
        (
            summer,
            &paris,
            "1er juillet 2026 à 02:00",
            "1 July 2026 at 02:00",
        ),
        (
            Wall(i64::MIN),
            &TimeZone::UTC,
            "21 septembre 1677 à 00:12",
            "21 September 1677 at 00:12",
        ),
    ] {
        assert_eq!(plain(&moment(Language::Fr, at, zone)), fr);
        assert_eq!(plain(&moment(Language::En, at, zone)), en);
    }
}

proptest! {
    #[test]
    fn nothing_overflows(number in any::<u64>(), nanos in any::<u32>(), at in any::<i64>()) {
        for language in Language::ALL {
            let time = Duration::new(number, nanos % 1_000_000_000);
            for text in [
                count(language, number),
                bytes(language, number),
                spent(language, time),
                left(language, time),
                moment(language, Wall(at), &TimeZone::UTC),
            ] {
                prop_assert!(!text.is_empty());
            }
        }
    }
}
