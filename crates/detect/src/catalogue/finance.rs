//! Money and the means of paying.

use super::{InfoType, entry};
use crate::taxonomy::Label::*;

pub(super) const TYPES: &[InfoType] = &[
    entry("card_verification", CreditCard, "Card verification code"),
    entry("bank_account", BankAccount, "Bank account"),
    entry("crypto_address", BankAccount, "Address of a crypto wallet"),
    entry("salary", Financial, "Salary"),
    entry("income", Financial, "Income"),
    entry("balance", Financial, "Balance, limit or score"),
    entry("amount", Financial, "Amount of money"),
];
