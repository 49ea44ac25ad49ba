//! A disk of a guest: a raw image on this machine, never mounted here.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::store::output;

/// A raw image.
#[derive(Debug, Clone)]
pub struct Disk {
    pub(crate) image: PathBuf,
    pub(crate) log: Option<PathBuf>,
}

impl Disk {
    /// A new image of so many megabytes with an empty ext4.
    ///
    /// # Errors
    /// The file exists, or `mkfs.ext4` refused.
    pub fn ext4(image: &Path, size_mb: u64) -> Result<Self> {
        let file = File::create_new(image).with_context(|| format!("make {}", image.display()))?;
        file.set_len(size_mb << 20)?;
        // Nothing is left to be initialised in the background: a log holds what the test does.
        let now = [
            "-q",
            "-E",
            "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
        ];
        let path = "/usr/sbin:/sbin:/usr/bin:/bin";
        output(
            Command::new("mkfs.ext4")
                .args(now)
                .arg(image)
                .env("PATH", path),
        )?;
        Ok(Self {
            image: image.to_owned(),
            log: None,
        })
    }

    /// Writes each request of the guest into a new log besides, in order, so that the disk as a power cut would
    /// leave it can be made for any moment.
    ///
    /// # Errors
    /// The log cannot be made.
    pub fn logged(mut self, log: &Path) -> Result<Self> {
        File::create_new(log).with_context(|| format!("make {}", log.display()))?;
        self.log = Some(log.to_owned());
        Ok(self)
    }

    /// A second disk of equal content.
    ///
    /// # Errors
    /// The system refused.
    pub fn copy(&self, image: &Path) -> Result<Self> {
        let sparse = ["--sparse=always", "--reflink=auto"];
        output(Command::new("cp").args(sparse).arg(&self.image).arg(image))?;
        Ok(Self {
            image: image.to_owned(),
            log: None,
        })
    }

    /// Its image.
    #[must_use]
    pub fn image(&self) -> &Path {
        &self.image
    }

    /// Takes the image away.
    ///
    /// # Errors
    /// The system refused.
    pub fn remove(self) -> Result<()> {
        Ok(fs::remove_file(&self.image)?)
    }

    /// QEMU's words for it.
    pub(crate) fn words(&self, number: usize) -> Vec<String> {
        let image = self.image.display();
        let backend = match &self.log {
            None => {
                format!("driver=raw,node-name=disk{number},file.driver=file,file.filename={image}")
            }
            Some(log) => format!(
                "driver=blklogwrites,node-name=disk{number},log-sector-size=512,file.driver=file,\
                 file.filename={image},log.driver=file,log.filename={}",
                log.display()
            ),
        };
        let device = format!(
            "virtio-blk-pci,drive=disk{number},discard=off,write-zeroes=off,write-cache=on"
        );
        [
            "-blockdev".to_owned(),
            backend,
            "-device".to_owned(),
            device,
        ]
        .into()
    }
}
