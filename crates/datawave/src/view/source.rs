//! A governed source, and the steps of its test.

use datawave_proto::datawave::edge::v1 as edge;
use datawave_proto::datawave::sources::v1 as pb;
use serde::Serialize;

use crate::output::{Table, plain, short_id};

/// A source, as `source list` prints it.
#[derive(Debug, Serialize)]
pub(crate) struct SourceLine {
    /// Id, src_….
    pub(crate) id: String,
    /// Name.
    pub(crate) source: String,
    /// Engine.
    pub(crate) engine: String,
    /// Where it is; no credential.
    pub(crate) url: String,
    /// Login name; null for files.
    pub(crate) login: Option<String>,
    /// Where the password is; null when none is needed.
    pub(crate) credential_ref: Option<String>,
    /// Edge node that reads it.
    pub(crate) edge: String,
    /// Patterns to look at.
    pub(crate) include: Vec<String>,
    /// Patterns to leave out.
    pub(crate) exclude: Vec<String>,
    /// Registered.
    pub(crate) created_at: Option<String>,
    /// Last changed.
    pub(crate) updated_at: Option<String>,
    /// Changes with every change.
    pub(crate) etag: String,
}

impl From<pb::Source> for SourceLine {
    fn from(source: pb::Source) -> Self {
        Self {
            id: short_id(&source.name).to_owned(),
            source: source.display_name,
            engine: source.engine,
            url: source.url,
            login: super::some(source.login),
            credential_ref: super::some(source.credential_ref),
            edge: source.edge,
            include: source.include,
            exclude: source.exclude,
            created_at: super::time(source.create_time),
            updated_at: super::time(source.update_time),
            etag: source.etag,
        }
    }
}

impl SourceLine {
    /// Sources by name.
    pub(crate) fn table(lines: &[Self]) -> Table {
        let mut table = Table::new(&["NAME", "ENGINE", "ADDRESS", "LOGIN", "ID"]);
        for line in lines {
            table.row([
                line.source.clone().into(),
                line.engine.clone().into(),
                line.url.clone().into(),
                line.login.clone().unwrap_or_default().into(),
                line.id.clone().into(),
            ]);
        }
        table
    }

    /// One source.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} ({})\n  engine      {}\n  address     {}\n",
            self.source, self.id, self.engine, self.url
        );
        if let Some(login) = &self.login {
            text.push_str(&format!("  login       {login}\n"));
        }
        if let Some(reference) = &self.credential_ref {
            text.push_str(&format!("  password    {reference}\n"));
        }
        if !self.include.is_empty() {
            text.push_str(&format!("  only        {}\n", self.include.join(", ")));
        }
        if !self.exclude.is_empty() {
            text.push_str(&format!("  without     {}\n", self.exclude.join(", ")));
        }
        text.push_str(&format!("  read by     edge node {}\n", self.edge));
        plain(&text)
    }
}

/// One step of a test.
#[derive(Debug, Serialize)]
pub(crate) struct StepLine {
    /// reach, tls, login, grants, list or sample.
    pub(crate) step: String,
    /// ok, failed or skipped.
    pub(crate) status: &'static str,
    /// Reason code; null when it did not fail.
    pub(crate) reason: Option<String>,
    /// What was seen.
    pub(crate) message: Option<String>,
    /// What to do next; for missing grants the exact statements.
    pub(crate) remedy: Option<String>,
}

impl From<edge::TestSourceResponse> for StepLine {
    fn from(step: edge::TestSourceResponse) -> Self {
        let status = match step.status() {
            edge::StepStatus::Ok => "ok",
            edge::StepStatus::Failed => "failed",
            edge::StepStatus::Skipped | edge::StepStatus::Unspecified => "skipped",
        };
        Self {
            step: step.step,
            status,
            reason: super::some(step.reason),
            message: super::some(step.message),
            remedy: super::some(step.remedy),
        }
    }
}

impl StepLine {
    /// One line for people.
    pub(crate) fn text(&self) -> String {
        let reason = self
            .reason
            .as_ref()
            .map(|r| format!(" ({r})"))
            .unwrap_or_default();
        let message = self.message.as_deref().unwrap_or_default();
        plain(&format!("{:<8}{:<9}{message}{reason}\n", self.step, self.status))
    }
}
