//! Orders on a command line. Law: orders that are read are written as orders that read the same.
#![no_main]

use hygie_agent::orders::Orders;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(orders) = Orders::from_argument(text) else {
        return;
    };
    let written = orders.to_argument().expect("it was read as UTF-8");
    let again = Orders::from_argument(&written).expect("what was written is read");
    assert_eq!(again, orders);
    // A command line ends at a NUL.
    assert!(!written.contains('\0'));
    assert_eq!(orders.bound().as_millis(), u128::from(orders.bound_ms));
    assert_eq!(orders.room().budget, orders.budget);
});
