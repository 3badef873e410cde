//! Long staff lists. Some thousand people in the ordinary run; `TRP_CHECK_LONG=1 cargo test --release --test long` takes
//! millions.

#[cfg(target_os = "linux")]
mod batch_memory;
mod million;
mod support;
