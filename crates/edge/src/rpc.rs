//! The node's services on the wire.

use std::pin::Pin;
use std::sync::Arc;

use datawave_proto::datawave::edge::v1::edge_node_service_server::{EdgeNodeService, EdgeNodeServiceServer};
use datawave_proto::datawave::edge::v1::{
    DeleteCredentialRequest, DeleteCredentialResponse, PutCredentialRequest, PutCredentialResponse,
    TestSourceRequest, TestSourceResponse,
};
use datawave_proto::datawave::inspect::v1::inspect_service_server::{InspectService, InspectServiceServer};
use datawave_proto::datawave::inspect::v1::{
    InspectColumnRequest, InspectColumnResponse, InspectTextRequest, InspectTextResponse,
};
use datawave_rpc::{enter, status};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status};

use crate::convert;
use crate::node::Node;

/// Serves `EdgeNodeService`.
pub(crate) struct NodeRpc(Arc<Node>);

impl NodeRpc {
    pub(crate) fn server(node: Arc<Node>) -> EdgeNodeServiceServer<Self> {
        EdgeNodeServiceServer::new(Self(node))
    }
}

#[tonic::async_trait]
impl EdgeNodeService for NodeRpc {
    type TestSourceStream = Pin<Box<dyn Stream<Item = Result<TestSourceResponse, Status>> + Send>>;

    async fn put_credential(
        &self,
        request: Request<PutCredentialRequest>,
    ) -> Result<Response<PutCredentialResponse>, Status> {
        let (_, request) = enter(request)?;
        let credential_ref = self
            .0
            .put_credential(&request.key, request.secret)
            .await
            .map_err(status)?;
        Ok(Response::new(PutCredentialResponse { credential_ref }))
    }

    async fn delete_credential(
        &self,
        request: Request<DeleteCredentialRequest>,
    ) -> Result<Response<DeleteCredentialResponse>, Status> {
        let (_, request) = enter(request)?;
        self.0.delete_credential(&request.key).await.map_err(status)?;
        Ok(Response::new(DeleteCredentialResponse {}))
    }

    async fn test_source(
        &self,
        request: Request<TestSourceRequest>,
    ) -> Result<Response<Self::TestSourceStream>, Status> {
        let (_, request) = enter(request)?;
        let steps = Arc::clone(&self.0)
            .test_source(convert::probe(request))
            .await
            .map_err(status)?;
        let answers = ReceiverStream::new(steps).map(|step| Ok(convert::step(step)));
        Ok(Response::new(Box::pin(answers)))
    }
}

/// Serves `InspectService`.
pub(crate) struct InspectRpc(Arc<Node>);

impl InspectRpc {
    pub(crate) fn server(node: Arc<Node>) -> InspectServiceServer<Self> {
        InspectServiceServer::new(Self(node))
    }
}

#[tonic::async_trait]
impl InspectService for InspectRpc {
    async fn inspect_text(
        &self,
        request: Request<InspectTextRequest>,
    ) -> Result<Response<InspectTextResponse>, Status> {
        let (_, request) = enter(request)?;
        let found = self.0.inspect_text(request.text).await.map_err(status)?;
        Ok(Response::new(convert::inspected_text(found)))
    }

    async fn inspect_column(
        &self,
        request: Request<InspectColumnRequest>,
    ) -> Result<Response<InspectColumnResponse>, Status> {
        let (_, request) = enter(request)?;
        let found = self
            .0
            .inspect_column(request.table, request.name, request.declared_type, request.values)
            .await
            .map_err(status)?;
        Ok(Response::new(convert::inspected_column(found)))
    }
}
