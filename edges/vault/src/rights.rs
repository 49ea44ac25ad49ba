//! Mode, owner and attributes as bytes, so that the many versions that share them store them once.

use hygie_model::Metadata;

/// Everything of `meta` but the two times.
pub(crate) fn encode(meta: &Metadata) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16);
    for number in [meta.mode, meta.uid, meta.gid] {
        bytes.extend(number.to_le_bytes());
    }
    for (name, value) in &meta.xattrs {
        for part in [name, value] {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
    }
    bytes
}

/// The reverse; `None` when the bytes are not ours.
pub(crate) fn decode(mut bytes: &[u8], mtime_ns: i64, atime_ns: i64) -> Option<Metadata> {
    let mut meta = Metadata {
        mode: number(&mut bytes)?,
        uid: number(&mut bytes)?,
        gid: number(&mut bytes)?,
        mtime_ns,
        atime_ns,
        xattrs: Vec::new(),
    };
    while !bytes.is_empty() {
        let name = part(&mut bytes)?;
        meta.xattrs.push((name, part(&mut bytes)?));
    }
    Some(meta)
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*head))
}

fn part(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = bytes.split_first_chunk()?;
    let len = usize::try_from(u64::from_le_bytes(*head)).ok()?;
    let (part, rest) = rest.split_at_checked(len)?;
    *bytes = rest;
    Some(part.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn metadata_is_read_back(
            (mode, uid, gid, mtime_ns, atime_ns) in any::<(u32, u32, u32, i64, i64)>(),
            xattrs in any::<Vec<(Vec<u8>, Vec<u8>)>>(),
        ) {
            let meta = Metadata { mode, uid, gid, mtime_ns, atime_ns, xattrs };
            prop_assert_eq!(decode(&encode(&meta), mtime_ns, atime_ns), Some(meta));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in any::<Vec<u8>>()) {
            decode(&bytes, 0, 0);
        }
    }
}
