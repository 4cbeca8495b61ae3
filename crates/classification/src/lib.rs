//! Classification: findings, evidence, review decisions.
