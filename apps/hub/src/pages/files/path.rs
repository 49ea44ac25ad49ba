//! A path in an address: its bytes, for a name need not be text; and the folders above it, as links.

use std::{
    ffi::OsString,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

use data_encoding::BASE64URL_NOPAD;
use hygie_text::shown;

/// For a query.
#[must_use]
pub(in crate::pages) fn to_query(path: &Path) -> String {
    BASE64URL_NOPAD.encode(path.as_os_str().as_bytes())
}

/// From a query; `None` for what is no path of a file that could exist.
#[must_use]
pub(in crate::pages) fn from_query(text: &str) -> Option<PathBuf> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    let path = PathBuf::from(OsString::from_vec(bytes));
    let whole = path.is_absolute() && !path.as_os_str().as_bytes().contains(&0);
    whole.then_some(path)
}

/// The page of a file's versions.
#[must_use]
pub(in crate::pages) fn of_file(path: &Path) -> String {
    format!("/files/of?p={}", to_query(path))
}

/// The page of a folder.
#[must_use]
pub(super) fn of_folder(path: &Path) -> String {
    format!("/files?in={}", to_query(path))
}

/// The last part of a path, as it may be shown; the whole where there is none.
#[must_use]
pub(in crate::pages) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    shown(&name.to_string_lossy())
}

/// A folder above, with its page.
pub(super) struct Crumb {
    pub(super) name: String,
    pub(super) to: String,
}

/// The folders above a path, from the protected folder on; nothing for what is in none of them.
pub(super) fn crumbs(path: &Path, roots: &[PathBuf]) -> Vec<Crumb> {
    let inside = |root: &&PathBuf| path.starts_with(root) && path != root.as_path();
    let Some(root) = roots
        .iter()
        .filter(inside)
        .max_by_key(|root| root.as_os_str().len())
    else {
        return Vec::new();
    };
    let mut above: Vec<&Path> = path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(root))
        .collect();
    above.reverse();
    let crumb = |folder: &Path| Crumb {
        name: name(folder),
        to: of_folder(folder),
    };
    above.into_iter().map(crumb).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_comes_back_from_an_address() {
        for bytes in [&b"/srv/a b/\xff\n?&%"[..], "/srv/é".as_bytes(), b"/"] {
            let path = PathBuf::from(OsString::from_vec(bytes.to_vec()));
            let query = to_query(&path);
            assert!(
                query
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
            assert_eq!(from_query(&query), Some(path));
        }
        for bad in [
            "",
            "a",
            "%2F",
            "/srv",
            &BASE64URL_NOPAD.encode(b"srv/a"),
            &BASE64URL_NOPAD.encode(b"/a\0b"),
        ] {
            assert_eq!(from_query(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_way_to_a_file_begins_at_its_protected_folder() {
        let roots = ["/srv/patients".into(), "/srv".into(), "/home/a".into()];
        let names = |path: &str| -> Vec<String> {
            crumbs(Path::new(path), &roots)
                .into_iter()
                .map(|crumb| crumb.name)
                .collect()
        };
        assert_eq!(names("/srv/patients/2026/a.odt"), ["patients", "2026"]);
        assert_eq!(names("/srv/other/a.odt"), ["srv", "other"]);
        assert_eq!(names("/srv/patients"), ["srv"]);
        assert_eq!(names("/home/a"), Vec::<String>::new());
        assert_eq!(names("/etc/passwd"), Vec::<String>::new());
    }
}
