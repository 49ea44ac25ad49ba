//! Descriptors that were opened before, perhaps before the guard.

use rustix::fs::OFlags;

use super::Way;
use crate::report::Failure;
use crate::run::{Run, write_at};

pub(super) const WAYS: &[Way] = &[Way::whole(
    "held-descriptor",
    "opens all files to read and write, says that it is ready, overwrites after a byte on standard input",
    1,
    held,
)];

/// Prints the ready line when all are open. End of input instead of a byte: it goes without harm.
fn held(run: &Run<'_>) -> Result<(), Failure> {
    let mut open = Vec::new();
    for victim in &run.victims {
        match run
            .scrambled(victim)
            .and_then(|content| Ok((run.open(&victim.path, OFlags::RDWR)?, content)))
        {
            Ok(ready) => open.push(ready),
            Err(failure) => run.report.outcome(Err(failure)),
        }
    }
    run.wait_for_go()?;
    for (file, content) in open {
        run.report.outcome(write_at(&file, &content, 0));
    }
    Ok(())
}
