//! Scans: runs, tasks, facts received once, delivery to catalog and classification.
