//! What may be bound to a placeholder.

use datawave_core::{Failure, Reason, TenantId, Timestamp};

/// A bound value. NULL keeps its type, because PostgreSQL types every parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    I64(Option<i64>),
    /// DOUBLE PRECISION.
    F64(Option<f64>),
    /// BOOLEAN.
    Bool(Option<bool>),
    /// BYTEA.
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// Refuses what one of the two engines cannot hold.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::Text(Some(text)) => check_text(text),
            Self::F64(Some(number)) if number.is_nan() => Err(Failure::new(
                Reason::InvalidRequest,
                "a number is not a number (NaN); no store can hold it",
            )
            .with_remedy("leave the number out, or send a finite one")),
            _ => Ok(()),
        }
    }
}

/// Refuses text that PostgreSQL cannot hold, so that both engines accept the same texts.
pub(crate) fn check_text(text: &str) -> Result<(), Failure> {
    if text.contains('\0') {
        return Err(Failure::new(
            Reason::InvalidRequest,
            "a text contains the character U+0000 (NUL); no store can hold it",
        )
        .with_remedy("remove the NUL character and send the request again"));
    }
    Ok(())
}

macro_rules! from {
    ($($from:ty => $variant:ident, $value:ident, $as:expr;)*) => { $(
        impl From<$from> for Value {
            fn from($value: $from) -> Self { Self::$variant($as) }
        }
    )* };
}

from! {
    &str => Text, v, Some(v.to_owned());
    String => Text, v, Some(v);
    &String => Text, v, Some(v.clone());
    Option<String> => Text, v, v;
    Option<&str> => Text, v, v.map(str::to_owned);
    i64 => I64, v, Some(v);
    Option<i64> => I64, v, v;
    i32 => I64, v, Some(i64::from(v));
    u32 => I64, v, Some(i64::from(v));
    Timestamp => I64, v, Some(v.as_micros());
    Option<Timestamp> => I64, v, v.map(Timestamp::as_micros);
    f64 => F64, v, Some(v);
    Option<f64> => F64, v, v;
    bool => Bool, v, Some(v);
    Option<bool> => Bool, v, v;
    Vec<u8> => Bytes, v, Some(v);
    &[u8] => Bytes, v, Some(v.to_vec());
    &[u8; 32] => Bytes, v, Some(v.to_vec());
    Option<Vec<u8>> => Bytes, v, v;
    &TenantId => Text, v, Some(v.as_str().to_owned());
}
