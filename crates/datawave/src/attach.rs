//! How a command finds an instance.
//!
//! With an endpoint it talks to that. Without one it talks to the process that serves the data directory; where none
//! does, it carries the instance inside itself, publishes it so that others can attach, and goes on serving until the
//! last of them has left. The lock of the directory decides which it is: whoever gets it carries.

use std::path::Path;
use std::time::Duration;

use datawave_core::{Failure, Kind, Reason};
use datawave_proto::datawave::access::v1::WhoAmIRequest;
use datawave_proto::datawave::access::v1::access_service_client::AccessServiceClient;
use datawave_rpc::{Channel, ClientLimits, Remote, Roots, Trust, failure};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::compose::{DataDirectory, Endpoint, Instance, Layout, Role};
use crate::config::{PATIENCE, Settings};
use crate::output::Output;

/// Between two looks at a directory whose process starts or stops.
const LOOK: Duration = Duration::from_millis(50);

/// A way to an instance.
pub(crate) struct Session {
    /// What every client stands on.
    pub(crate) channel: Channel,
    carried: Option<Box<Instance>>,
}

impl Session {
    /// Connects, or starts what to connect to.
    pub(crate) async fn open(settings: &Settings, output: &Output) -> Result<Self, Failure> {
        if let Some(address) = &settings.client.endpoint {
            let layout = Layout::new(&settings.data_dir);
            let endpoint = Published {
                address: address.clone(),
                ca_file: layout.roots(),
                token_file: layout.admin_token(),
            };
            let channel = endpoint.connect(settings).await?;
            return Ok(Self {
                channel,
                carried: None,
            });
        }
        let patience = Instant::now() + PATIENCE;
        loop {
            if let Some(directory) = DataDirectory::take(&settings.data_dir)? {
                return Self::carry(settings, directory, output).await;
            }
            let mut why = None;
            if let Some(endpoint) = Endpoint::read(&Layout::new(&settings.data_dir))? {
                let endpoint = Published {
                    address: endpoint.grpc,
                    ca_file: endpoint.ca_file,
                    token_file: endpoint.token_file,
                };
                match endpoint.connect(settings).await {
                    Ok(channel) => {
                        return Ok(Self {
                            channel,
                            carried: None,
                        });
                    }
                    // It is on its way out: the next look finds another, or nobody.
                    Err(failure) if failure.kind() == Kind::Unavailable => why = Some(failure),
                    Err(failure) => return Err(failure),
                }
            }
            if Instant::now() >= patience {
                return Err(why.unwrap_or_else(|| {
                    Failure::new(
                        Reason::DataDirectoryBusy,
                        format!(
                            "a process holds {} and does not say where it listens",
                            settings.data_dir.display()
                        ),
                    )
                    .with_remedy(
                        "wait until it has started or stopped, or use another directory with --data-dir",
                    )
                }));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn carry(settings: &Settings, directory: DataDirectory, output: &Output) -> Result<Self, Failure> {
        let instance = Box::new(Box::pin(Instance::start(settings, directory, Role::Carried)).await?);
        if let Some(version) = instance.upgraded_from() {
            output.note(&format!("the data directory was upgraded from {version}"));
        }
        let token_file = settings.client.token_file.as_deref();
        let token = read_token(token_file.unwrap_or(&instance.endpoint().token_file))?;
        let channel = instance.client_channel().with_bearer(&token)?;
        Ok(Self {
            channel,
            carried: Some(instance),
        })
    }

    /// Whether this command carries the instance: then nobody else was at work in it.
    pub(crate) fn carries(&self) -> bool {
        self.carried.is_some()
    }

    /// Leaves. A carried instance serves until the last of its other clients has gone.
    pub(crate) async fn close(self, output: &Output) {
        let Some(instance) = self.carried else { return };
        drop(self.channel);
        if instance.clients() > 0 {
            output.note("others are attached: serving until they are done (Ctrl-C to stop at once)");
            let left = async {
                while instance.clients() > 0 {
                    tokio::time::sleep(LOOK).await;
                }
            };
            tokio::select! {
                () = left => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        instance.stop().await;
    }
}

/// Where an instance is and how to be believed by it.
struct Published {
    address: String,
    ca_file: std::path::PathBuf,
    token_file: std::path::PathBuf,
}

impl Published {
    /// A channel that has been tried: the instance answers and accepts the token.
    async fn connect(&self, settings: &Settings) -> Result<Channel, Failure> {
        let client = &settings.client;
        let ca_file = client.ca_file.as_deref().unwrap_or(&self.ca_file);
        if !ca_file.exists() {
            return Err(Failure::new(
                Reason::ConfigInvalid,
                format!(
                    "the certificates to trust are missing: there is no {}",
                    ca_file.display()
                ),
            )
            .with_remedy(
                "give them with --ca-file; on the machine of the instance they are DIR/tls/roots.pem",
            ));
        }
        let token = read_token(client.token_file.as_deref().unwrap_or(&self.token_file))?;
        let channel = Channel::remote(&Remote {
            address: self.address.clone(),
            trust: Trust::Public(Roots::from_file(ca_file)?),
            limits: ClientLimits::default(),
        })?
        .with_bearer(&token)?;
        AccessServiceClient::new(channel.clone())
            .who_am_i(WhoAmIRequest {})
            .await
            .map_err(failure)?;
        Ok(channel)
    }
}

fn read_token(path: &Path) -> Result<SecretString, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Failure::new(
            Reason::CredentialsMissing,
            format!("there is no token: {} cannot be read", path.display()),
        )
        .with_remedy("give a file with a token with --token-file; `datawave token create` makes one")
        .with_source(cause)
    })?;
    let token = text.trim();
    if token.is_empty() {
        return Err(Failure::new(
            Reason::CredentialsMissing,
            format!("{} holds no token", path.display()),
        )
        .with_remedy("give a file with a token with --token-file; `datawave token create` makes one"));
    }
    Ok(SecretString::from(token.to_owned()))
}
