//! The generated server trait: enter, convert, one call into the app, convert back. The only tonic here.

use std::sync::Arc;

use datawave_db::page;
use datawave_proto::datawave::access::v1 as pb;
use datawave_proto::datawave::access::v1::access_service_server::{AccessService, AccessServiceServer};
use datawave_proto::datawave::common::v1::{PageRequest, PageResponse};
use datawave_rpc::{enter, status};
use secrecy::ExposeSecret;
use tonic::{Request, Response, Status};

use crate::app::AccessApp;
use crate::convert;

/// What the server stack mounts.
pub type Routes = tonic::service::Routes;

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone)]
struct AccessRpc {
    app: Arc<AccessApp>,
}

pub(crate) fn routes(app: Arc<AccessApp>) -> Routes {
    Routes::new(AccessServiceServer::new(AccessRpc { app }))
}

fn paging(page: Option<PageRequest>) -> page::PageRequest {
    let page = page.unwrap_or_default();
    page::PageRequest::new(page.page_size, &page.page_token)
}

fn paged(next_page_token: String) -> Option<PageResponse> {
    Some(PageResponse { next_page_token })
}

#[tonic::async_trait]
impl AccessService for AccessRpc {
    async fn create_token(
        &self,
        request: Request<pb::CreateTokenRequest>,
    ) -> Answer<pb::CreateTokenResponse> {
        let (ctx, message) = enter(request)?;
        let wish = convert::wish(message).map_err(status)?;
        let (token, secret) = self.app.create_token(&ctx, wish).await.map_err(status)?;
        Ok(Response::new(pb::CreateTokenResponse {
            token: Some(convert::pb_token(&token)),
            secret: secret.expose_secret().to_owned(),
        }))
    }

    async fn list_tokens(&self, request: Request<pb::ListTokensRequest>) -> Answer<pb::ListTokensResponse> {
        let (ctx, message) = enter(request)?;
        let page = self
            .app
            .list_tokens(&ctx, paging(message.page))
            .await
            .map_err(status)?;
        let tokens = page.items.iter().map(convert::pb_token).collect();
        Ok(Response::new(pb::ListTokensResponse {
            tokens,
            page: paged(page.next),
        }))
    }

    async fn revoke_token(
        &self,
        request: Request<pb::RevokeTokenRequest>,
    ) -> Answer<pb::RevokeTokenResponse> {
        let (ctx, message) = enter(request)?;
        let id = convert::token_id(&message.name).map_err(status)?;
        let token = self.app.revoke_token(&ctx, id).await.map_err(status)?;
        Ok(Response::new(pb::RevokeTokenResponse {
            token: Some(convert::pb_token(&token)),
        }))
    }

    async fn create_binding(
        &self,
        request: Request<pb::CreateBindingRequest>,
    ) -> Answer<pb::CreateBindingResponse> {
        let (ctx, message) = enter(request)?;
        let binding = convert::binding(message.binding).map_err(status)?;
        self.app.create_binding(&ctx, &binding).await.map_err(status)?;
        Ok(Response::new(pb::CreateBindingResponse {
            binding: Some(convert::pb_binding(&binding)),
        }))
    }

    async fn delete_binding(
        &self,
        request: Request<pb::DeleteBindingRequest>,
    ) -> Answer<pb::DeleteBindingResponse> {
        let (ctx, message) = enter(request)?;
        let binding = convert::binding(message.binding).map_err(status)?;
        self.app.delete_binding(&ctx, &binding).await.map_err(status)?;
        Ok(Response::new(pb::DeleteBindingResponse {}))
    }

    async fn list_bindings(
        &self,
        request: Request<pb::ListBindingsRequest>,
    ) -> Answer<pb::ListBindingsResponse> {
        let (ctx, message) = enter(request)?;
        let page = self
            .app
            .list_bindings(&ctx, paging(message.page))
            .await
            .map_err(status)?;
        let bindings = page.items.iter().map(convert::pb_binding).collect();
        Ok(Response::new(pb::ListBindingsResponse {
            bindings,
            page: paged(page.next),
        }))
    }

    async fn get_policies(
        &self,
        request: Request<pb::GetPoliciesRequest>,
    ) -> Answer<pb::GetPoliciesResponse> {
        let (ctx, _) = enter(request)?;
        let snapshot = self.app.policies(&ctx).map_err(status)?;
        Ok(Response::new(pb::GetPoliciesResponse {
            policies: snapshot.text().to_owned(),
            revision: snapshot.revision(),
        }))
    }

    async fn who_am_i(&self, request: Request<pb::WhoAmIRequest>) -> Answer<pb::WhoAmIResponse> {
        let (ctx, _) = enter(request)?;
        Ok(Response::new(pb::WhoAmIResponse {
            subject: ctx.actor.subject,
            tenant: ctx.tenant.to_string(),
            roles: ctx.actor.roles,
        }))
    }

    async fn resolve_token(
        &self,
        request: Request<pb::ResolveTokenRequest>,
    ) -> Answer<pb::ResolveTokenResponse> {
        let (ctx, message) = enter(request)?;
        let (tenant, actor) = self
            .app
            .resolve_for(&ctx, &message.secret)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::ResolveTokenResponse {
            subject: actor.subject,
            tenant: tenant.to_string(),
            roles: actor.roles,
        }))
    }
}
