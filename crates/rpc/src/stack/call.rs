//! What happens to a call, step by step. The order is part of the promise:
//!
//! 1. correlation id and trace context, so that everything later can be found;
//! 2. panic guard and deadline around all that follows;
//! 3. peer (set by listener or in-process channel) and authentication;
//! 4. method table: what it does not know, nobody may call;
//! 5. authorisation; a denial is audited before it is answered;
//! 6. a free place, or a refusal at once;
//! 7. the handler;
//! 8. audit of sensitive reads, before the answer leaves.
//!
//! Counting and the completion of errors happen on the way out, in `body.rs`.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use datawave_core::{Actor, AuditRecord, CallContext, Failure, Reason, TenantId};
use datawave_proto::{AuditLevel, Method};
use futures::FutureExt as _;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::{Code, Status};
use tower::ServiceExt as _;
use tracing::Instrument as _;

use super::body::{AnswerBody, CallEnd, EndsBecause, RequestBody, panicked};
use super::{Area, Stack, Target};
use crate::gate::{AuditedResource, Authenticated, Peer};
use crate::headers;
use crate::metrics::MethodLabels;
use crate::status::{self, deadline_exceeded};
use crate::telemetry::propagate;

const HEALTH: &str = "/grpc.health.v1.Health/";
const REFLECTION: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
];

/// Where a path leads.
#[derive(Clone, Copy)]
enum Destination<'a> {
    Method(&'a Target),
    Health,
    Reflection,
    Unknown,
}

/// A call, from its headers.
struct Call<'a> {
    destination: Destination<'a>,
    peer: Peer,
    path: String,
    request_id: String,
    trace_id: Option<String>,
    /// When the caller stops waiting.
    deadline: Option<Instant>,
}

impl Stack {
    /// Serves one call. Never fails and never panics: whatever happens becomes an answer.
    pub(crate) async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        if !is_grpc(&request) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return response;
        }
        let started = Instant::now();
        let destination = self.destination(request.uri().path());
        let labels = destination.labels();
        let request_id =
            headers::request_id(request.headers()).map_or_else(|| self.0.ids.id("req"), str::to_owned);
        let span = tracing::info_span!(
            "call",
            otel.name = format!("{}/{}", labels.service, labels.method),
            otel.kind = "server",
            rpc.system = "grpc",
            rpc.service = labels.service,
            rpc.method = labels.method,
            rpc.grpc.status_code = tracing::field::Empty,
            subject = tracing::field::Empty,
            request_id,
        );
        propagate::extract(request.headers(), &span);
        self.0.metrics.call_started(&labels);
        let mut end = CallEnd {
            metrics: self.0.metrics.clone(),
            labels,
            started,
            code: None,
            place: None,
            span: span.clone(),
        };
        let trace_id = span
            .in_scope(propagate::current_trace_id)
            .or_else(|| headers::trace_id(request.headers()));
        let call = Call {
            destination,
            // Nothing but a listener or a local channel can set the peer; without one, nobody is believed.
            peer: request
                .extensions_mut()
                .remove()
                .unwrap_or(Peer::Public { loopback: false }),
            path: request.uri().path().to_owned(),
            request_id,
            trace_id,
            deadline: headers::text(request.headers(), &headers::TIMEOUT)
                .and_then(headers::parse_timeout)
                .and_then(|time| started.checked_add(time)),
        };
        let outcome = self.guarded(&call, request, &mut end).instrument(span).await;
        self.leave(&call, outcome, end)
    }

    /// Step 2: nothing that follows takes longer than it may or takes others with it.
    async fn guarded(
        &self,
        call: &Call<'_>,
        request: Request<Body>,
        end: &mut CallEnd,
    ) -> Result<Response<Body>, Failure> {
        let cap = end.started + self.0.limits.unary_deadline;
        let until = call.deadline.map_or(cap, |deadline| deadline.min(cap));
        let work = AssertUnwindSafe(self.steps(call, request, &mut end.place)).catch_unwind();
        match tokio::time::timeout_at(until, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => {
                tracing::error!("the handler panicked");
                Err(panicked())
            }
            Err(_) => Err(deadline_exceeded()),
        }
    }

    /// Steps 3 to 8.
    async fn steps(
        &self,
        call: &Call<'_>,
        mut request: Request<Body>,
        place: &mut Option<OwnedSemaphorePermit>,
    ) -> Result<Response<Body>, Failure> {
        let caller = self.authenticate(call, request.headers()).await?;
        tracing::Span::current().record("subject", &caller.actor.subject);
        // Whoever is behind the call, the handler gets it from the context and not from the wire.
        request.headers_mut().remove(AUTHORIZATION);
        let target = match call.destination {
            Destination::Method(target) => target,
            Destination::Health => {
                *place = Some(self.place(true)?);
                return serve(&self.0.health, request).await;
            }
            Destination::Reflection => {
                *place = Some(self.place(true)?);
                return serve(&self.0.reflection, request).await;
            }
            Destination::Unknown => return Err(unknown_method(&call.path)),
        };
        let method = target.method;
        let area = target.area.as_ref().ok_or_else(|| not_mounted(method))?;
        let context = self.authorise(call, method, area, caller).await?;
        *place = Some(self.place(method.server_streaming || method.client_streaming)?);
        request.extensions_mut().insert(context.clone());
        let limit = self.0.limits.message_bytes;
        let request = request.map(|body| RequestBody::wrap(body, limit));
        let response = serve(&area.routes, request).await?;
        if let Some(record) = self.record_of(method, area, &context, &response) {
            self.record(area, record).await?;
        }
        Ok(response)
    }

    /// Step 3. A token counts before anything else: whoever brings one acts as its owner. Without one, parts of
    /// this process and of the mesh are who they are; others may call only what is public.
    async fn authenticate(&self, call: &Call<'_>, map: &HeaderMap) -> Result<Authenticated, Failure> {
        if map.contains_key(AUTHORIZATION) {
            let token = headers::text(map, &AUTHORIZATION)
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
                .map(|(_, token)| token.trim())
                .ok_or_else(|| {
                    Failure::new(
                        Reason::CredentialsInvalid,
                        "the authorization header is not a bearer token",
                    )
                    .with_remedy("send `authorization: Bearer <token>` once")
                })?;
            return self.0.authenticator.authenticate(token).await;
        }
        let mut actor = match &call.peer {
            Peer::Local(actor) => actor.clone(),
            Peer::Mesh(id) => id.actor(),
            Peer::Public { loopback } => {
                let open = match call.destination {
                    Destination::Health => *loopback,
                    Destination::Method(target) => target.method.permission == "public",
                    Destination::Reflection | Destination::Unknown => false,
                };
                if !open {
                    return Err(
                        Failure::new(Reason::CredentialsMissing, "the call carries no token")
                            .with_remedy("log in, or send `authorization: Bearer <token>`"),
                    );
                }
                return Ok(Authenticated {
                    tenant: TenantId::default_tenant(),
                    actor: Actor::anonymous(),
                });
            }
        };
        let tenant = match headers::text(map, &headers::TENANT) {
            Some(text) => TenantId::parse(text)
                .ok_or_else(|| Failure::invalid("x-datawave-tenant", "is not the name of a tenant"))?,
            None => TenantId::default_tenant(),
        };
        if let Some(origin) = headers::text(map, &headers::ORIGIN) {
            actor.origin = Some(origin.chars().take(256).collect());
        }
        Ok(Authenticated { tenant, actor })
    }

    /// Step 5: the decision, and on a denial its record. The context is what the handler will see.
    async fn authorise(
        &self,
        call: &Call<'_>,
        method: &'static Method,
        area: &Area,
        caller: Authenticated,
    ) -> Result<CallContext, Failure> {
        let mut context = CallContext {
            tenant: caller.tenant,
            actor: caller.actor,
            method: format!("{}/{}", method.service, method.name),
            permission: method.permission.to_owned(),
            policies: Vec::new(),
            policy_revision: 0,
            request_id: call.request_id.clone(),
            trace_id: call.trace_id.clone(),
            idempotency_key: None,
            deadline: call.deadline.map(Instant::into_std),
        };
        if method.permission == "public" {
            return Ok(context);
        }
        let decision = self.0.authorizer.decide(&context.tenant, &context.actor, method);
        context.policies = decision.policies;
        context.policy_revision = decision.revision;
        if decision.allowed {
            return Ok(context);
        }
        self.record(area, self.denial(area, &context, "")).await?;
        tracing::warn!(
            subject = context.actor.subject,
            permission = method.permission,
            "denied"
        );
        Err(Failure::new(
            Reason::PermissionMissing,
            format!("the caller lacks the permission `{}`", method.permission),
        )
        .with_metadata("permission", method.permission)
        .with_remedy("ask an administrator for a role with this permission"))
    }

    /// Step 6. Streams have places of their own, so that watchers cannot crowd out calls.
    fn place(&self, streaming: bool) -> Result<OwnedSemaphorePermit, Failure> {
        let places = if streaming { &self.0.streams } else { &self.0.calls };
        Arc::clone(places).try_acquire_owned().map_err(|_| {
            Failure::new(Reason::Overloaded, "the server is at its limit")
                .with_retry_after(self.0.limits.retry_after)
                .with_remedy("try again after the time given, or use another replica")
        })
    }

    /// Step 8: the record of an answer, for sensitive reads that succeeded and for refusals by the handler itself (of
    /// an object, not of the method).
    fn record_of(
        &self,
        method: &Method,
        area: &Area,
        context: &CallContext,
        response: &Response<Body>,
    ) -> Option<AuditRecord> {
        let code = Status::from_header_map(response.headers()).map_or(Code::Ok, |s| s.code());
        let resource = response
            .extensions()
            .get::<AuditedResource>()
            .map_or("", |named| named.0.as_str());
        match code {
            Code::Ok if method.audit == AuditLevel::Read => Some(AuditRecord::allowed(
                self.0.ids.id("aud"),
                self.0.clock.now(),
                &area.name,
                context,
                "read",
                resource,
            )),
            Code::PermissionDenied => Some(self.denial(area, context, resource)),
            _ => None,
        }
    }

    fn denial(&self, area: &Area, context: &CallContext, resource: &str) -> AuditRecord {
        AuditRecord::denied(
            self.0.ids.id("aud"),
            self.0.clock.now(),
            &area.name,
            context,
            resource,
        )
    }

    async fn record(&self, area: &Area, record: AuditRecord) -> Result<(), Failure> {
        area.sink.record(record).await.map_err(|failure| {
            let cause = format!("{failure}: {}", failure.source_chain());
            Failure::new(
                Reason::AuditUnavailable,
                "the audit record could not be written, so the answer is withheld",
            )
            .with_remedy("try again; an operator finds the cause in the log under this request id")
            .with_source(cause)
        })
    }

    /// The way out: failures become answers, errors get their details, and the body is followed to its end.
    fn leave(
        &self,
        call: &Call<'_>,
        outcome: Result<Response<Body>, Failure>,
        mut end: CallEnd,
    ) -> Response<Body> {
        let area = match call.destination {
            Destination::Method(target) => super::area_of(target.method.service),
            _ => "",
        };
        let streaming = match call.destination {
            Destination::Method(target) => target.method.server_streaming,
            _ => true,
        };
        let span = end.span.clone();
        let _entered = span.enter();
        let mut response = match outcome {
            Ok(mut response) => {
                let headers = response.headers_mut();
                let code = status::complete(headers, area, &call.request_id);
                if headers.contains_key("grpc-status") {
                    end.code = Some(code);
                    drop(end);
                    response
                } else {
                    let limits = &self.0.limits;
                    let mut ends = (end.started + limits.unary_deadline, EndsBecause::Deadline);
                    if streaming {
                        ends = (end.started + limits.stream_age, EndsBecause::StreamAge);
                    }
                    if let Some(deadline) = call.deadline
                        && deadline < ends.0
                    {
                        ends = (deadline, EndsBecause::Deadline);
                    }
                    let id = &call.request_id;
                    response.map(|body| AnswerBody::wrap(body, limits.message_bytes, ends, area, id, end))
                }
            }
            Err(failure) => {
                status::log(&failure);
                let response = status::answer(&failure, area, &call.request_id);
                end.code = Status::from_header_map(response.headers()).map(|s| s.code());
                response
            }
        };
        if let Ok(value) = HeaderValue::try_from(call.request_id.as_str()) {
            response.headers_mut().insert(headers::REQUEST_ID, value);
        }
        response
    }

    fn destination(&self, path: &str) -> Destination<'_> {
        match self.0.methods.get(path) {
            Some(target) => Destination::Method(target),
            None if path.starts_with(HEALTH) => Destination::Health,
            None if REFLECTION.iter().any(|prefix| path.starts_with(prefix)) => Destination::Reflection,
            None => Destination::Unknown,
        }
    }
}

impl Destination<'_> {
    /// A closed list, whatever path was asked for.
    fn labels(&self) -> MethodLabels {
        let (service, method) = match self {
            Self::Method(target) => return target.labels.clone(),
            Self::Health => ("grpc.health.v1.Health", "any"),
            Self::Reflection => ("grpc.reflection.v1.ServerReflection", "any"),
            Self::Unknown => ("unknown", "unknown"),
        };
        MethodLabels { service, method }
    }
}

async fn serve(routes: &Routes, request: Request<Body>) -> Result<Response<Body>, Failure> {
    let Ok(response) = routes.clone().oneshot(request).await;
    Ok(response)
}

fn is_grpc(request: &Request<Body>) -> bool {
    request.method() == http::Method::POST
        && headers::text(request.headers(), &CONTENT_TYPE).is_some_and(|kind| {
            kind.strip_prefix("application/grpc")
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
        })
}

fn unknown_method(path: &str) -> Failure {
    // Cut, and without what a terminal would obey: the path is the caller's.
    let shown: String = path.chars().filter(|c| c.is_ascii_graphic()).take(128).collect();
    Failure::new(
        Reason::MethodUnavailable,
        format!("the contracts have no method `{shown}`"),
    )
    .with_remedy("check the name, and that client and server have the same version")
}

fn not_mounted(method: &Method) -> Failure {
    Failure::new(
        Reason::MethodUnavailable,
        format!("this process does not serve {}", method.service),
    )
    .with_remedy("call the process that does, or start this one with the service")
}
