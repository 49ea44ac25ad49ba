//! What all pages share: who asks, whether she may, what language she reads, the frame around a page.
//! Knows nothing of files or incidents.

pub(crate) mod assets;
pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod gate;
pub(crate) mod headers;
pub(crate) mod icon;
pub(crate) mod live;
pub(crate) mod route;
pub(crate) mod session;
pub(crate) mod speech;
pub(crate) mod typed;
pub(crate) mod visitor;

#[cfg(test)]
pub(crate) mod testing;
