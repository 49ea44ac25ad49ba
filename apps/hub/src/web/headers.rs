//! What a browser is told to refuse on every page: scripts and styles written into it, foreign frames, foreign requests.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// No inline script and no inline style: what a file's name or a message smuggles into a page runs nowhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The address of a page may name a file.
    // Others learn nothing; with no-referrer a browser would not say to us either where a form comes from (`Origin: null`).
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), \
         publickey-credentials-create=(self)",
    ),
];

/// Puts them on whatever is answered; pages are kept by no cache unless they say so themselves.
pub(crate) async fn shut(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    put(response.headers_mut());
    response
}

fn put(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_not_kept_and_run_nothing_inline() {
        let mut headers = HeaderMap::new();
        put(&mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
