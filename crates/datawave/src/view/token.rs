//! Tokens.

use datawave_proto::datawave::access::v1 as pb;
use serde::Serialize;

use crate::output::{Cell, Table, short_id};

/// A token, without its secret.
#[derive(Debug, Serialize)]
pub(crate) struct TokenLine {
    /// Id, tok_….
    pub(crate) token: String,
    /// Who it is for.
    pub(crate) subject: String,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// Made.
    pub(crate) created_at: Option<String>,
    /// Ends; null when it does not.
    pub(crate) expires_at: Option<String>,
    /// Revoked; null when it is not.
    pub(crate) revoked_at: Option<String>,
    /// Who made it.
    pub(crate) created_by: Option<String>,
}

/// A new token.
#[derive(Debug, Serialize)]
pub(crate) struct NewTokenLine {
    /// The token.
    #[serde(flatten)]
    pub(crate) token: TokenLine,
    /// The secret, shown this once; absent when it went to a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<String>,
    /// The file that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret_file: Option<String>,
}

impl From<pb::Token> for TokenLine {
    fn from(token: pb::Token) -> Self {
        Self {
            token: short_id(&token.name).to_owned(),
            subject: token.subject,
            description: super::some(token.description),
            created_at: super::time(token.create_time),
            expires_at: super::time(token.expire_time),
            revoked_at: super::time(token.revoke_time),
            created_by: super::some(token.created_by),
        }
    }
}

impl TokenLine {
    /// Tokens.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["ID", "SUBJECT", "FOR", "EXPIRES", "STATE"]);
        for line in lines {
            let state = match line.revoked_at {
                Some(_) => Cell::warn("revoked"),
                None => Cell::good("valid"),
            };
            table.row([
                line.token.clone().into(),
                line.subject.clone().into(),
                line.description.clone().unwrap_or_default().into(),
                line.expires_at
                    .clone()
                    .unwrap_or_else(|| "never".to_owned())
                    .into(),
                state,
            ]);
        }
        table
    }
}
