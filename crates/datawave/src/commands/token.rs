//! `datawave token`: who may talk to the instance.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use datawave_core::{Failure, Reason};
use datawave_proto::datawave::access::v1::access_service_client::AccessServiceClient;
use datawave_proto::datawave::access::v1::{CreateTokenRequest, ListTokensRequest, RevokeTokenRequest};
use datawave_rpc::failure;

use super::{Context, names, paging};
use crate::attach::Session;
use crate::cli::TokenCommand;
use crate::output::exit;
use crate::view::{NewTokenLine, TokenLine};

pub(super) async fn run(context: &Context, session: &Session, command: TokenCommand) -> Result<u8, Failure> {
    let mut client = AccessServiceClient::new(session.channel.clone());
    match command {
        TokenCommand::Create {
            subject,
            roles,
            description,
            ttl,
            file,
        } => {
            // The file is made first: a secret that cannot be kept must not be made.
            let kept = file.as_deref().map(new_file).transpose()?;
            let subject = if subject.contains(':') {
                subject
            } else {
                format!("user:{subject}")
            };
            let ttl = ttl
                .map(prost_types::Duration::try_from)
                .transpose()
                .map_err(Failure::internal)?;
            let created = client
                .create_token(CreateTokenRequest {
                    subject,
                    description,
                    ttl,
                    roles,
                })
                .await
                .map_err(failure);
            let created = match (created, &file) {
                (Err(failure), Some(path)) => {
                    // Empty, and ours: it would only be in the way of the next try.
                    let _ = std::fs::remove_file(path);
                    return Err(failure);
                }
                (created, _) => created?.into_inner(),
            };
            let token = created
                .token
                .ok_or_else(|| Failure::internal("the answer has no token"))?;
            let mut line = NewTokenLine {
                token: token.into(),
                secret: Some(created.secret),
                secret_file: None,
            };
            if let (Some(mut kept), Some(path)) = (kept, &file) {
                let secret = line.secret.take().unwrap_or_default();
                writeln!(kept, "{secret}")
                    .and_then(|()| kept.sync_all())
                    .map_err(|cause| unwritable(path, cause))?;
                line.secret_file = Some(path.display().to_string());
            }
            context
                .output
                .one(&line, |line| match (&line.secret, &line.secret_file) {
                    (Some(secret), _) => format!("{secret}\n"),
                    (None, Some(path)) => format!("{path}\n"),
                    (None, None) => String::new(),
                })?;
            if context.output.is_table() && line.secret.is_some() {
                context.output.note(&format!(
                    "token {} for {}; it is shown this once",
                    line.token.token, line.token.subject
                ));
            }
        }
        TokenCommand::List => {
            let tokens = paging::all(None, async |page| {
                let request = ListTokensRequest { page: Some(page) };
                let answer = client
                    .clone()
                    .list_tokens(request)
                    .await
                    .map_err(failure)?
                    .into_inner();
                Ok((answer.tokens, answer.page))
            })
            .await?;
            let lines: Vec<TokenLine> = tokens.into_iter().map(TokenLine::from).collect();
            context.output.list(&lines, TokenLine::table)?;
        }
        TokenCommand::Revoke { token } => {
            let name = names::resource("tokens", "tok", &token)?;
            let answer = client
                .revoke_token(RevokeTokenRequest { name })
                .await
                .map_err(failure)?
                .into_inner();
            let token = answer
                .token
                .ok_or_else(|| Failure::internal("the answer has no token"))?;
            context.output.one(&TokenLine::from(token), |line| {
                format!("{} of {} is revoked\n", line.token, line.subject)
            })?;
        }
    }
    Ok(exit::OK)
}

fn new_file(path: &Path) -> Result<std::fs::File, Failure> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|cause| unwritable(path, cause))
}

fn unwritable(path: &Path, cause: std::io::Error) -> Failure {
    let (reason, why) = match cause.kind() {
        std::io::ErrorKind::AlreadyExists => (Reason::ResourceExists, "it exists already"),
        _ => (Reason::InvalidRequest, "this user may not write there"),
    };
    Failure::new(reason, format!("{} cannot be written: {why}", path.display()))
        .with_remedy("give another file with --file")
        .with_source(cause)
}
