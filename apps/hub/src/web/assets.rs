//! Style sheets, fonts and icons, carried in the program: a practice's network may have no way out.
//! Each address names the content's hash, so that a browser may keep it for good.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// A file that pages may load.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal $path:literal $kind:literal;)*) => {
        const ALL: &[Asset] = &[$(Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../../assets/", $path)),
        },)*];
    };
}

assets! {
    "tokens.css" "tokens.css" "text/css; charset=utf-8";
    "hygie.css" "hygie.css" "text/css; charset=utf-8";
    "passkey.js" "passkey.js" "text/javascript; charset=utf-8";
    "live.js" "live.js" "text/javascript; charset=utf-8";
    "fonts/atkinson-hyperlegible-next.woff2" "fonts/atkinson-hyperlegible-next.woff2" "font/woff2";
    "fonts/atkinson-hyperlegible-mono.woff2" "fonts/atkinson-hyperlegible-mono.woff2" "font/woff2";
    "hygie.webmanifest" "hygie.webmanifest" "application/manifest+json";
    "hygie-app.svg" "icons/hygie-app.svg" "image/svg+xml";
}

/// The first eight bytes of the hash of all assets: sheets name fonts beside themselves, so one mark is for all.
static MARK: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for asset in ALL {
        hasher.update(asset.name.as_bytes()).update(asset.bytes);
    }
    let hex = hasher.finalize().to_hex();
    hex.chars().take(16).collect()
});

/// Where an asset is served from.
#[must_use]
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", MARK.as_str())
}

/// `/assets/{mark}/{*name}`.
pub(crate) async fn serve(Path((mark, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Of an older page: the present content, not to be kept under that address.
    let keep = if mark == *MARK {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_asset_of_the_present_page_may_be_kept_and_an_older_one_not() {
        for (mark, kept) in [(MARK.clone(), true), ("0".repeat(16), false)] {
            let served = serve(Path((mark, "hygie.css".to_owned()))).await;
            assert_eq!(served.status(), StatusCode::OK);
            let said = served.headers()[header::CACHE_CONTROL].to_str().unwrap();
            assert_eq!(said.contains("immutable"), kept);
        }
        let none = serve(Path((MARK.clone(), "../Cargo.toml".to_owned()))).await;
        assert_eq!(none.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn sheets_load_nothing_from_elsewhere() {
        for asset in ALL.iter().filter(|asset| asset.name.ends_with(".css")) {
            let text = String::from_utf8_lossy(asset.bytes).into_owned();
            for (_, rest) in text.match_indices("url(").map(|(at, _)| text.split_at(at)) {
                let address = rest.trim_start_matches("url(").trim_start_matches('"');
                assert!(
                    address.starts_with("fonts/") || address.starts_with("data:"),
                    "{rest:.60}"
                );
            }
        }
    }
}
