//! Every operation that is sent to a Connect server: reads, and nothing else.

http_core::operations! {
    Read {
        LIST_VAULTS = "list_vaults",
        LIST_ITEMS = "list_items",
        GET_ITEM = "get_item",
    }
    Idempotent {}
    NonIdempotent {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e7_nothing_is_written() {
        assert_eq!((READS.len(), WRITES), (3, [""; 0].as_slice()));
    }
}
