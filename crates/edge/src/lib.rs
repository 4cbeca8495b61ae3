//! Edge node: reads sources beside the data in a child process per scan; only facts leave it.
