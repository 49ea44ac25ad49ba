//! Takes one folder out of the configuration and leaves all else as somebody wrote it, comments too. The new text is read
//! before it replaces the old one: half a change would protect something else than was meant.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use super::{Config, ConfigError, Table, table};

/// Whether the folder was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is not any more.
    Yes,
    /// It was not.
    WasNotIn,
}

/// Takes `folder` out of the configuration in `file`.
///
/// # Errors
/// It cannot be read, or not written; then it is as it was.
pub fn leave_out(file: &Path, folder: &Path) -> Result<LeftOut, ConfigError> {
    let text = fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    let Some(new) = without(&text, file, folder)? else {
        return Ok(LeftOut::WasNotIn);
    };
    replace(file, &new).map_err(|source| ConfigError::Unwritable {
        file: file.to_owned(),
        source,
    })?;
    Ok(LeftOut::Yes)
}

/// The text without the folder; none where it is not in it.
fn without(text: &str, file: &Path, folder: &Path) -> Result<Option<String>, ConfigError> {
    let before = Config::parse(text, file)?;
    let document = table::document(text, file)?;
    let top = Table::top(&document, text, file)?;
    let spans = top.spans("folders");
    let found = before
        .folders
        .iter()
        .position(|known| known.leads_to(folder));
    let Some((at, span)) = found.and_then(|at| Some((at, spans.get(at)?))) else {
        return Ok(None);
    };
    // The comma after it goes with it; before the last one, the comma before.
    let (mut from, mut to) = (span.start, span.end);
    let rest = text.get(to..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    if rest.trim_start().starts_with(',') {
        to += blank + 1;
    } else if at > 0 {
        let ahead = text.get(..from).unwrap_or_default().trim_end();
        if ahead.ends_with(',') {
            from = ahead.len() - 1;
        }
    }
    let (head, tail) = (text.get(..from), text.get(to..));
    let new = head.unwrap_or_default().to_owned() + tail.unwrap_or_default();
    let mut meant = before;
    meant.folders.remove(at);
    match Config::parse(&new, file) {
        Ok(read) if read == meant => Ok(Some(new)),
        // A comment between a folder and its comma, for example: rather nothing than something else.
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Whole or not at all, with the same rights.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let new = file.with_extension("toml.new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let mode = fs::metadata(file)?.permissions().mode();
    let mut written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode & 0o777)
        .open(&new)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&new, file)?;
    File::open(file.parent().unwrap_or(Path::new("/")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, folder: &str) -> Option<String> {
        without(text, Path::new("hygie.toml"), Path::new(folder)).unwrap()
    }

    #[test]
    fn one_folder_goes_and_all_else_stays_as_it_was_written() {
        for (before, folder, after) in [
            (
                r#"folders = ["/a", "/b"] # mine"#,
                "/a",
                r#"folders = [ "/b"] # mine"#,
            ),
            (r#"folders = ["/a", "/b"]"#, "/b", r#"folders = ["/a"]"#),
            (
                r#"folders = ["/a", "/b" , ]"#,
                "/b",
                r#"folders = ["/a",  ]"#,
            ),
            (
                "# one\nfolders = [\n  # of Claire\n  \"/a\",\n  '/b', # of Paul\n]\n[help]\ncall = \"x\"\n",
                "/b",
                "# one\nfolders = [\n  # of Claire\n  \"/a\",\n   # of Paul\n]\n[help]\ncall = \"x\"\n",
            ),
            (r#"folders = ["/a"]"#, "/a", "folders = []"),
        ] {
            assert_eq!(left(before, folder).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn what_is_not_in_it_or_cannot_be_told_apart_is_left_alone() {
        for (text, folder) in [
            (r#"folders = ["/a", "/b"]"#, "/c"),
            (r#"folders = ["/a/b"]"#, "/a"),
            ("", "/a"),
            ("folders = [\"/a\" # x\n, \"/b\"]", "/a"),
        ] {
            assert_eq!(left(text, folder), None, "{text}");
        }
        let broken = without("folders = [", Path::new("x"), Path::new("/a"));
        assert!(broken.is_err());
    }

    #[test]
    fn the_file_keeps_its_rights_and_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("hygie.toml");
        fs::write(&file, r#"folders = ["/a", "/b"]"#).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(leave_out(&file, Path::new("/a")).unwrap(), LeftOut::Yes);
        assert_eq!(
            leave_out(&file, Path::new("/a")).unwrap(),
            LeftOut::WasNotIn
        );
        let config = Config::load(&file).unwrap();
        let folders: Vec<_> = config.folders.iter().map(|one| one.as_path()).collect();
        assert_eq!(folders, [Path::new("/b")]);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
