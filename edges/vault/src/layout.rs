//! Where things lie in the store's folder: `index.db`, `objects/ab/cdef…`, `tmp/`, `lock`.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use hygie_model::ContentHash;

use crate::{
    VaultError,
    sys::{self, Made},
};

/// The store's folder.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    dir: PathBuf,
}

impl Layout {
    pub(crate) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_path_buf(),
        }
    }

    /// Makes what is missing, for the owner alone.
    pub(crate) fn create(&self) -> Result<Made, VaultError> {
        let make = |dir: &Path| {
            sys::private_dir(dir).map_err(VaultError::io("making the store's folder", dir))
        };
        make(&self.dir)?;
        make(&self.tmp())?;
        let objects = self.objects();
        make(&objects)?;
        // The last one is made last: where it stands, all do.
        if objects.join("ff").is_dir() {
            return Ok(Made::There);
        }
        (0..=u8::MAX).try_for_each(|fan| make(&objects.join(format!("{fan:02x}"))))?;
        Ok(Made::New)
    }

    /// Removes what a killed or unplugged writer left half written.
    pub(crate) fn clear_tmp(&self) -> Result<(), VaultError> {
        let tmp = self.tmp();
        let name = |path: &Path| VaultError::io("clearing half-written copies in", path);
        for found in fs::read_dir(&tmp).map_err(name(&tmp))? {
            let path = found.map_err(name(&tmp))?.path();
            fs::remove_file(&path).map_err(name(&path))?;
        }
        Ok(())
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.dir.join("index.db")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.dir.join("tmp")
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.dir.join("objects")
    }

    pub(crate) fn object(&self, content: ContentHash) -> PathBuf {
        let name = content.to_string();
        let (fan, rest) = name.split_at(2);
        self.objects().join(fan).join(rest)
    }

    /// Opens the file of a content.
    pub(crate) fn open(&self, content: ContentHash) -> io::Result<File> {
        File::open(self.object(content))
    }
}
