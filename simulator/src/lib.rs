//! Every service of the toolkit in one process: stateful, strict, over real sockets, with faults on demand.
