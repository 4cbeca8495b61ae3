//! What a child says.

use datawave_core::{Failure, Reason};
use datawave_facts::Fact;
use serde::{Deserialize, Serialize};

/// Everything that can come out of a child.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case", deny_unknown_fields)]
pub enum Frame {
    /// The child is up and confined; the first frame.
    Hello {
        /// Version of these words.
        protocol: u32,
        /// Version of engine and catalogue of detection.
        engine_version: String,
    },
    /// Something that may leave the site.
    Fact {
        /// The fact.
        fact: Fact,
    },
    /// A step of a test has ended.
    Step {
        /// The step.
        step: StepReport,
    },
    /// The order at hand has ended.
    Done {
        /// Why it failed; absent when it succeeded.
        trouble: Option<Trouble>,
    },
}

/// The public half of a failure, in words of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// Reason code.
    pub reason: String,
    /// What happened.
    pub message: String,
    /// What to do next.
    pub remedy: Option<String>,
}

/// Bounds of the contract on texts of errors, in characters.
const MESSAGE_CHARS: usize = 1_000;
const REMEDY_CHARS: usize = 2_000;

impl From<&Failure> for Trouble {
    fn from(failure: &Failure) -> Self {
        let cut = |text: &str, most| text.chars().take(most).collect();
        Self {
            reason: failure.reason().as_str().to_owned(),
            message: cut(failure.message(), MESSAGE_CHARS),
            remedy: failure.remedy().map(|text| cut(text, REMEDY_CHARS)),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let reason = Reason::parse(&trouble.reason).unwrap_or(Reason::Internal);
        let failure = Self::new(reason, trouble.message);
        match trouble.remedy {
            Some(remedy) => failure.with_remedy(remedy),
            None => failure,
        }
    }
}

/// How a step of a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// It works.
    Ok,
    /// It does not.
    Failed,
    /// It was not tried.
    Skipped,
}

/// One step of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepReport {
    /// reach, tls, login, grants, list, sample.
    pub name: String,
    /// Outcome.
    pub status: StepStatus,
    /// Reason code when failed, else empty.
    pub reason: String,
    /// What was seen.
    pub message: String,
    /// What to do next; for missing grants the exact statements.
    pub remedy: String,
}
