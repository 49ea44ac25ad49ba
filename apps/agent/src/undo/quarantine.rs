//! What the family made or spoilt goes to the quarantine, and comes back out of it.

use std::os::fd::{AsRawFd, OwnedFd};

use hygie_acts::Place;
use hygie_platform::linux::handle::Handle;
use hygie_vault::content_of;
use rustix::fs::OFlags;

use super::{
    ground::{here, rename_free},
    run::{Run, Tried},
    step::{Done, Trouble},
};

impl Run<'_> {
    pub(super) fn quarantine(
        &mut self,
        nth: usize,
        node: i64,
        at: &Place,
    ) -> Result<Tried, Trouble> {
        let (fs, handle) = self.handle(node)?;
        let pen = self.ground.pen(fs)?;
        let inside = nth.to_string();
        if here(pen, inside.as_bytes())?.as_ref() == Some(&handle) {
            return Ok(Tried::Done(Done::Yes));
        }
        let (_, dir) = self.dir(at.dir)?;
        if here(&dir, &at.name)?.as_ref() != Some(&handle) {
            // It is gone, or an honest program gave it another name since.
            return Ok(Tried::Done(Done::Nothing));
        }
        self.ground
            .note(fs, &self.evidence(&inside, &dir, at, fs, &handle))?;
        rename_free((&dir, &at.name), (pen, inside.as_bytes()))?;
        Ok(Tried::Done(Done::Yes))
    }

    /// A line of the quarantine's list.
    fn evidence(
        &self,
        inside: &str,
        dir: &OwnedFd,
        at: &Place,
        fs: i64,
        handle: &Handle,
    ) -> serde_json::Value {
        use std::os::unix::fs::MetadataExt;
        let proc = format!("/proc/self/fd/{}", dir.as_raw_fd());
        let folder = std::fs::read_link(proc).unwrap_or_default();
        let name = String::from_utf8_lossy(&at.name).into_owned();
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = self.ground.open(fs, handle, flags).ok();
        let stat = file.as_ref().and_then(|file| file.metadata().ok());
        let hash = file.as_ref().and_then(|file| content_of(file).ok());
        serde_json::json!({
            "kept_as": inside,
            "path": folder.join(name).to_string_lossy(),
            "blake3": hash.map(|hash| hash.to_string()),
            "bytes": stat.as_ref().map(MetadataExt::size),
            "uid": stat.as_ref().map(MetadataExt::uid),
            "gid": stat.as_ref().map(MetadataExt::gid),
            "at": self.now.to_rfc3339(),
        })
    }

    /// Back to the name that it had.
    pub(super) fn release(&mut self, nth: usize, node: i64, at: &Place) -> Result<Tried, Trouble> {
        let (fs, handle) = self.handle(node)?;
        let (_, dir) = self.dir(at.dir)?;
        let pen = self.ground.pen(fs)?;
        let inside = nth.to_string();
        if here(pen, inside.as_bytes())? != Some(handle) {
            return Ok(Tried::Done(Done::Nothing));
        }
        self.clear(nth, &dir, at)?;
        rename_free((pen, inside.as_bytes()), (&dir, &at.name))?;
        Ok(Tried::Done(Done::Yes))
    }
}
