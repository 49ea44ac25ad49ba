//! A picture in black and white in which no more is like the corner of a code than can be looked at.
//! The finder of codes weighs all corners against all others and paints over what they stand on: a picture full of them
//! would keep it for hours.

use std::ops::Range;

use image::GrayImage;

/// Points of black, row by row.
pub(super) struct Bitmap {
    width: usize,
    black: Vec<bool>,
}

/// Where a row goes dark, light, dark, light, dark as over the middle of a corner: 1 to 1 to 3 to 1 to 1.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    row: usize,
    runs: [usize; 5],
    start: usize,
}

/// Hits in rows below each other.
#[derive(Clone, Debug)]
struct Corner {
    middle: usize,
    rows: Range<usize>,
    module: usize,
    hits: Vec<usize>,
}

impl Bitmap {
    /// What is dark beside what is around it, as the finder of codes sees it: each row against a mean that runs to and fro.
    pub(super) fn of(picture: &GrayImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let span = (width / 8).max(1);
        let (mut before, mut behind) = (0, 0);
        let mut black = Vec::with_capacity(width * height);
        for (number, row) in picture.as_raw().chunks_exact(width.max(1)).enumerate() {
            let mut means = vec![0; width];
            for at in 0..width {
                let (one, other) = if number % 2 == 0 {
                    (width - 1 - at, at)
                } else {
                    (at, width - 1 - at)
                };
                before = before * (span - 1) / span + usize::from(row[one]);
                behind = behind * (span - 1) / span + usize::from(row[other]);
                means[one] += before;
                means[other] += behind;
            }
            let dark =
                |(point, mean): (&u8, &usize)| usize::from(*point) < mean * 95 / (200 * span);
            black.extend(row.iter().zip(&means).map(dark));
        }
        Self { width, black }
    }

    /// The same with no more corners than [`CORNERS`], the largest, and no more rows that are like one than [`HITS`]. `None`
    /// where that cannot be had.
    pub(super) fn bounded(mut self) -> Option<Self> {
        for _ in 0..PASSES {
            let hits = self.hits();
            let corners = grouped(&hits);
            if corners.len() <= CORNERS && hits.len() <= HITS {
                return Some(self);
            }
            let mut kept: Vec<&Corner> = corners.iter().filter(|one| self.is_round(one)).collect();
            kept.sort_by_key(|one| std::cmp::Reverse((one.module, one.hits.len())));
            kept.truncate(CORNERS);
            let mut keeps = vec![false; hits.len()];
            for at in kept.iter().flat_map(|one| &one.hits).take(HITS) {
                keeps[*at] = true;
            }
            for (hit, _) in hits.iter().zip(keeps).filter(|(_, keep)| !keep) {
                self.break_up(hit);
            }
        }
        None
    }

    pub(super) fn is_black(&self, across: usize, down: usize) -> bool {
        self.black
            .get(down * self.width + across)
            .copied()
            .unwrap_or(false)
    }

    fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.black.chunks_exact(self.width.max(1))
    }

    fn hits(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (row, points) in self.rows().enumerate() {
            let (mut runs, mut changes, mut long, mut last) = ([0; 5], 0, 0, false);
            // What is light behind the last point ends a corner at the edge.
            for (at, black) in points.iter().copied().chain([false]).enumerate() {
                if at == 0 || black == last {
                    (last, long) = (black, long + 1);
                    continue;
                }
                runs.rotate_left(1);
                runs[4] = long;
                (last, long, changes) = (black, 1, changes + 1);
                if !black && changes >= 5 && is_like_a_corner(runs) {
                    let start = at - runs.iter().sum::<usize>();
                    hits.push(Hit { row, runs, start });
                }
            }
        }
        hits
    }

    /// Whether it is a corner from above to below as well.
    fn is_round(&self, corner: &Corner) -> bool {
        let (middle, row) = (corner.middle, corner.rows.start.midpoint(corner.rows.end));
        let height = self.black.len() / self.width.max(1);
        let is = |down: usize| self.is_black(middle, down);
        // The stone, then the ring's light and dark, above and below.
        let count = |rows: &mut dyn Iterator<Item = usize>, from: usize| {
            let mut runs = [0_usize; 3];
            let mut at = 0;
            for down in rows.skip(from).take(corner.module * 6) {
                if is(down) != (at % 2 == 0) {
                    at += 1;
                }
                match runs.get_mut(at) {
                    Some(run) => *run += 1,
                    None => break,
                }
            }
            runs
        };
        let above = count(&mut (0..=row).rev(), 0);
        let below = count(&mut (row..height), 1);
        is_like_a_corner([above[2], above[1], above[0] + below[0], below[1], below[2]])
    }

    /// Lightens its last dark run, in its row.
    fn break_up(&mut self, hit: &Hit) {
        let end = hit.row * self.width + hit.start + hit.runs.iter().sum::<usize>();
        if let Some(points) = self.black.get_mut(end - hit.runs[4]..end) {
            points.fill(false);
        }
    }
}

/// The finder's own measure.
fn is_like_a_corner(runs: [usize; 5]) -> bool {
    let module = (runs[0] + runs[1] + runs[3] + runs[4]) / 4;
    let slack = module * 3 / 4;
    let fits =
        |run: usize, times: usize| run + slack >= times * module && run <= times * module + slack;
    module > 0
        && runs
            .iter()
            .zip([1, 1, 3, 1, 1])
            .all(|(&run, times)| fits(run, times))
}

fn grouped(hits: &[Hit]) -> Vec<Corner> {
    let mut done: Vec<Corner> = Vec::new();
    let mut open: Vec<Corner> = Vec::new();
    let mut row = 0;
    for (at, hit) in hits.iter().enumerate() {
        if hit.row != row {
            row = hit.row;
            let (near, far) = open.into_iter().partition(|one| one.rows.end + GAP >= row);
            open = near;
            done.extend::<Vec<_>>(far);
            open.sort_by_key(|one| one.middle);
        }
        let middle = hit.start + hit.runs[0] + hit.runs[1] + hit.runs[2] / 2;
        let module = hit.runs.iter().sum::<usize>() / 7;
        let first = open.partition_point(|one| one.middle + module < middle);
        match open.get_mut(first) {
            Some(one) if one.middle <= middle + module && one.rows.end <= row => {
                one.rows.end = row + 1;
                one.hits.push(at);
            }
            Some(_) | None => {
                let (rows, hits) = (row..row + 1, vec![at]);
                let one = Corner {
                    middle,
                    rows,
                    module: module.max(1),
                    hits,
                };
                open.insert(first, one);
            }
        }
    }
    done.extend(open);
    done
}

/// Four codes have so many.
const CORNERS: usize = 12;
/// Rows that are like one: four codes, each as large as the picture, and what their insides add.
const HITS: usize = 8000;
/// Rows between two of one corner.
const GAP: usize = 1;
/// Breaking some up may make others.
const PASSES: usize = 4;

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// A picture with these corners: left, top and width of a module.
    fn picture(corners: &[(u32, u32, u32)]) -> Bitmap {
        let picture = GrayImage::from_fn(400, 400, |x, y| {
            let dark = corners.iter().any(|&(left, top, module)| {
                let at = |place: u32, from: u32| {
                    place
                        .checked_sub(from)
                        .map(|far| far / module)
                        .filter(|far| *far < 7)
                };
                at(x, left).zip(at(y, top)).is_some_and(|(across, down)| {
                    let ring = across.abs_diff(3).max(down.abs_diff(3));
                    ring == 3 || ring < 2
                })
            });
            Luma([if dark { 0 } else { 255 }])
        });
        Bitmap::of(&picture)
    }

    #[test]
    fn corners_are_counted_once() {
        let map = picture(&[(10, 10, 6), (120, 10, 6), (10, 120, 4), (300, 300, 2)]);
        let corners = grouped(&map.hits());
        assert_eq!(corners.len(), 4, "{corners:?}");
        assert!(corners.iter().all(|one| map.is_round(one)), "{corners:?}");
        let black = map.black.clone();
        assert_eq!(map.bounded().unwrap().black, black);
    }

    #[test]
    fn the_largest_are_kept() {
        let mut all: Vec<(u32, u32, u32)> = (0..400)
            .map(|number| (number % 20 * 20 + 1, number / 20 * 14 + 100, 1))
            .collect();
        all.extend([(5, 2, 6), (100, 2, 6), (200, 2, 6)]);
        let map = picture(&all);
        assert!(grouped(&map.hits()).len() > 300);
        let bounded = map.bounded().unwrap();
        let left = grouped(&bounded.hits());
        assert!(left.len() <= CORNERS);
        assert_eq!(left.iter().filter(|one| one.module == 6).count(), 3);
    }

    #[test]
    fn stripes_are_no_corners() {
        let picture = GrayImage::from_fn(1000, 1000, |x, _| {
            Luma([if [0, 2, 3, 4, 6].contains(&(x % 8)) {
                0
            } else {
                255
            }])
        });
        let bounded = Bitmap::of(&picture).bounded();
        assert!(bounded.is_none_or(|map| map.hits().len() <= HITS));
        for (width, height) in [(0, 0), (1, 1), (7, 1), (1, 7)] {
            let map = Bitmap::of(&GrayImage::new(width, height));
            assert!(map.bounded().is_some());
        }
    }
}
