//! A path in a message: its text, or its bytes where it is no UTF-8.

use std::{
    ffi::OsString,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, Serializer};

pub(super) fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    match path.to_str() {
        Some(text) => to.serialize_str(text),
        None => to.collect_seq(path.as_os_str().as_bytes()),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    Ok(match Word::deserialize(from)? {
        Word::Text(text) => text.into(),
        Word::Bytes(bytes) => OsString::from_vec(bytes).into(),
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Bytes(Vec<u8>),
}

#[cfg(test)]
mod tests {
    use crate::door::Question;

    use super::*;

    #[test]
    fn any_path_is_read_back() {
        for bytes in [&b"/srv/a b"[..], b"/srv/\xff\n", "/srv/é".as_bytes(), b""] {
            let path = PathBuf::from(OsString::from_vec(bytes.to_vec()));
            let asked = Question::Versions { path };
            let line = serde_json::to_string(&asked).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<Question>(&line).unwrap(), asked);
        }
    }
}
