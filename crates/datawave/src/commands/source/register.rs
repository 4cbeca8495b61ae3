//! Registering a source: the address to the registry, the password to the site, a reference between them.

use std::io::{self, BufRead as _, IsTerminal as _};

use datawave_connectors::Credential;
use datawave_core::{Failure, IdSource as _, RandomIds, Reason};
use datawave_proto::datawave::edge::v1::PutCredentialRequest;
use datawave_proto::datawave::edge::v1::edge_node_service_client::EdgeNodeServiceClient;
use datawave_proto::datawave::sources::v1::sources_service_client::SourcesServiceClient;
use datawave_proto::datawave::sources::v1::{CreateSourceRequest, Source, UpdateSourceRequest};
use datawave_rpc::failure;

use super::Address;
use crate::attach::Session;
use crate::cli::LoginArgs;

/// A source that somebody wants registered.
pub(crate) struct Wish {
    /// Address, maybe with a password.
    pub(crate) url: String,
    /// Name, if it is not to be derived.
    pub(crate) name: Option<String>,
    /// Patterns to look at.
    pub(crate) include: Vec<String>,
    /// Patterns to leave out.
    pub(crate) exclude: Vec<String>,
    /// Where else the password is.
    pub(crate) login: LoginArgs,
}

/// A registered source.
pub(crate) struct Registered {
    /// The source.
    pub(crate) source: Source,
    /// Whether it is new.
    pub(crate) created: bool,
}

/// Registers a source, or brings the login of a registered one up to date.
pub(crate) async fn register(session: &Session, wish: Wish) -> Result<Registered, Failure> {
    let address = Address::parse(&wish.url)?;
    let secret = match given_secret(&wish.login)? {
        Some(secret) => Some(secret),
        None => address.secret,
    };
    let mut client = SourcesServiceClient::new(session.channel.clone());
    let request = CreateSourceRequest {
        url: address.url.clone(),
        display_name: wish.name.unwrap_or_default(),
        credential_ref: wish.login.credential.clone().unwrap_or_default(),
        login: address.login.clone(),
        include: wish.include,
        exclude: wish.exclude,
        request_id: uuid::Uuid::from_u128(RandomIds.next()).to_string(),
        ..CreateSourceRequest::default()
    };
    let answer = client.create_source(request).await.map_err(failure)?.into_inner();
    let source = answer
        .source
        .ok_or_else(|| Failure::internal("the answer has no source"))?;

    let reference = match (&wish.login.credential, secret) {
        (Some(reference), _) => Some(reference.clone()),
        (None, Some(secret)) => Some(put_credential(session, &source, &secret).await?),
        (None, None) => None,
    };
    let reference = reference.filter(|reference| *reference != source.credential_ref);
    let login = Some(address.login).filter(|login| !login.is_empty() && *login != source.login);
    if reference.is_none() && login.is_none() {
        return Ok(Registered {
            source,
            created: answer.created,
        });
    }
    let request = UpdateSourceRequest {
        name: source.name,
        etag: source.etag,
        credential_ref: reference,
        login,
        ..UpdateSourceRequest::default()
    };
    let source = client
        .update_source(request)
        .await
        .map_err(failure)?
        .into_inner()
        .source;
    let source = source.ok_or_else(|| Failure::internal("the answer has no source"))?;
    Ok(Registered {
        source,
        created: answer.created,
    })
}

async fn put_credential(session: &Session, source: &Source, secret: &Credential) -> Result<String, Failure> {
    let request = PutCredentialRequest {
        key: source.name.trim_start_matches("sources/").to_owned(),
        secret: secret.expose().to_owned(),
    };
    let mut client = EdgeNodeServiceClient::new(session.channel.clone());
    Ok(client
        .put_credential(request)
        .await
        .map_err(failure)?
        .into_inner()
        .credential_ref)
}

/// The password on standard input, when it is said to be there.
pub(super) fn given_secret(login: &LoginArgs) -> Result<Option<Credential>, Failure> {
    if !login.password_stdin {
        return Ok(None);
    }
    let wrong = |what: &str| {
        Failure::new(
            Reason::InvalidRequest,
            format!("no password on standard input: {what}"),
        )
        .with_remedy("pipe it in: `datawave source add URL --password-stdin < password.txt`")
    };
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(wrong("it is a terminal, which would show it"));
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|cause| wrong("it cannot be read").with_source(cause))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(wrong("it is empty"));
    }
    Ok(Some(Credential::new(password)))
}
