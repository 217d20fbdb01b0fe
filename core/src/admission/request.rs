//! What is asked: the handful of fields that decide, and nothing about the rest, which is other people's.

use std::borrow::Cow;

use crate::ownership::{Change, Kind, Object};
use crate::tree::Node;
use crate::tree::json::{self, JsonFault, Keep};

/// An AdmissionRequest.
#[derive(Debug)]
pub struct Request<'a> {
    /// To be given back.
    pub uid: Cow<'a, str>,
    /// Namespace of the object; empty for cluster-scoped ones.
    pub namespace: Cow<'a, str>,
    /// Who sent it.
    pub user: Cow<'a, str>,
    /// The kind in words: `HTTPRoute.gateway.networking.k8s.io`.
    pub(super) kind_name: String,
    kind: Option<Kind>,
    operation: Cow<'a, str>,
    sub_resource: Cow<'a, str>,
    object: Option<Object<'a>>,
    old: Option<Object<'a>>,
    fault: Option<Fault>,
}

/// Why nothing can be decided.
#[derive(Debug)]
enum Fault {
    /// The object, or what it was before, cannot be read; which is nothing to us where its kind is not ours.
    Unreadable(String),
    /// The request says another kind than its object, or none: it may be anything.
    Contradictory(String),
}

/// What there is to decide.
pub(super) enum Question<'r, 'a> {
    /// Whether an object may change so.
    Change(Kind, Change<'r, 'a>),
    /// Nothing, and why.
    Nothing(&'static str),
    /// Nothing that we know of.
    Unknown,
}

/// The only version that there is.
///
/// Source: `k8s.io/api` v0.36.2, `admission/v1`; v1beta1 went with Kubernetes 1.22.
pub(super) const API_VERSION: &str = "admission.k8s.io/v1";

impl<'a> Request<'a> {
    /// Reads the request of an AdmissionReview.
    ///
    /// # Errors
    /// Why it cannot be read, with its uid as far as that is known.
    pub fn of_review(text: &'a str) -> Result<Self, (String, String)> {
        let review = json::part(text, keep).map_err(|error| (String::new(), unreadable(&error)))?;
        let request = review.get("request");
        let uid = request.and_then(|request| request.text_of("uid")).unwrap_or_default().into_owned();
        let version = review.text_of("apiVersion").unwrap_or_default();
        let kind = review.text_of("kind").unwrap_or_default();
        let is_review = version == API_VERSION && kind == "AdmissionReview";
        if !is_review && (request.is_some() || !kind.is_empty()) {
            // Whoever gives a manifest asks what another command answers.
            let other = "; `gatewright check --context DIR FILE` judges manifests";
            let other = if request.is_none() { other } else { "" };
            let kind = if kind.is_empty() { "what has no `kind`" } else { &*kind };
            let why = format!("{kind} of `{version}` is no AdmissionReview of {API_VERSION}{other}");
            return Err((uid, why));
        }
        let Some(request) = request else {
            let why = "an AdmissionReview with a request was expected, and there is none";
            return Err((uid, why.to_owned()));
        };
        Self::of(request)
    }

    /// Reads a request that stands alone.
    ///
    /// # Errors
    /// As [`Request::of_review`].
    pub fn read(text: &'a str) -> Result<Self, (String, String)> {
        let request = json::part(text, keep).map_err(|error| (String::new(), unreadable(&error)))?;
        Self::of(&request)
    }

    fn of(request: &Node<'a>) -> Result<Self, (String, String)> {
        let text = |key: &str| request.text_of(key).unwrap_or_default();
        let uid = text("uid");
        if uid.is_empty() {
            return Err((String::new(), "the request has no `uid` that is a text".to_owned()));
        }
        let mut fault = None;
        let mut object = |key: &str| {
            let raw = request.text_of(key)?;
            let Cow::Borrowed(raw) = raw else { return None };
            match Object::read(raw) {
                Ok(object) => Some(object),
                Err(error) => {
                    fault = Some(Fault::Unreadable(format!("`{key}` cannot be read: {error}")));
                    None
                }
            }
        };
        let (object, old) = (object("object"), object("oldObject"));
        let given = object.as_ref().or(old.as_ref());
        let (kind, kind_name) = match request.get("kind") {
            Some(kind) => {
                let group = kind.text_of("group").unwrap_or_default();
                let name = kind.text_of("kind").unwrap_or_default();
                let dot = if group.is_empty() { "" } else { "." };
                let kind_name = if name.is_empty() { String::new() } else { format!("{name}{dot}{group}") };
                (Kind::of(&group, &name), kind_name)
            }
            None => (
                given.and_then(|object| object.kind),
                given.map(|object| object.kind_name.to_string()).unwrap_or_default(),
            ),
        };
        if kind_name.is_empty() {
            let unreadable = fault.take().map(|fault| fault.text().to_owned());
            let why = || "the request names no kind in `kind`".to_owned();
            fault = Some(Fault::Contradictory(unreadable.unwrap_or_else(why)));
        }
        let is_other =
            |object: &Option<Object<'_>>| object.as_ref().is_some_and(|object| object.kind != kind);
        if fault.is_none() && (is_other(&object) || is_other(&old)) {
            let why = format!("the object is no {kind_name}, which the request says it is");
            fault = Some(Fault::Contradictory(why));
        }
        let namespace = request.text_of("namespace").or_else(|| given.map(|object| object.namespace.clone()));
        Ok(Self {
            uid,
            namespace: namespace.unwrap_or_default(),
            user: request.get("userInfo").and_then(|user| user.text_of("username")).unwrap_or_default(),
            kind_name,
            kind,
            operation: text("operation"),
            sub_resource: text("subResource"),
            object,
            old,
            fault,
        })
    }

    /// What there is to decide.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub(super) fn change(&self) -> Result<Question<'_, 'a>, String> {
        let Some(kind) = self.kind else {
            return match &self.fault {
                Some(Fault::Contradictory(why)) => Err(why.clone()),
                Some(Fault::Unreadable(_)) | None => Ok(Question::Unknown),
            };
        };
        // Whoever writes the status of an Ingress writes its annotations too; of other kinds nothing else is taken.
        if self.sub_resource == "status" && kind != Kind::Ingress {
            return Ok(Question::Nothing("a status uses nothing"));
        }
        if let Some(fault) = &self.fault {
            return Err(fault.text().to_owned());
        }
        let missing = |key: &str| format!("{} of {} comes without `{key}`", self.operation, self.kind_name);
        let object = || {
            let object = self.object.as_ref().ok_or_else(|| missing("object"))?;
            if kind.is_namespaced() && self.namespace.is_empty() {
                return Err("the request has no `namespace`".to_owned());
            }
            Ok(object)
        };
        Ok(match self.operation.as_ref() {
            "CREATE" => Question::Change(kind, Change::Create(object()?)),
            // Without what was there before, every use counts as new.
            "UPDATE" => match &self.old {
                Some(old) => Question::Change(kind, Change::Update(object()?, old)),
                None => Question::Change(kind, Change::Create(object()?)),
            },
            "DELETE" => match &self.old {
                Some(old) => Question::Change(kind, Change::Delete(old)),
                None if matches!(kind, Kind::Grant | Kind::Claim) => return Err(missing("oldObject")),
                None => Question::Nothing("what is deleted uses nothing any more"),
            },
            "CONNECT" => Question::Nothing("a connection changes nothing"),
            "" => return Err("the request has no `operation`: CREATE, UPDATE or DELETE".to_owned()),
            other => return Err(format!("`{other}` is no operation: CREATE, UPDATE and DELETE are")),
        })
    }
}

impl Fault {
    fn text(&self) -> &str {
        match self {
            Self::Unreadable(why) | Self::Contradictory(why) => why,
        }
    }
}

fn unreadable(error: &JsonFault) -> String {
    format!("the review cannot be read: {error}")
}

fn keep(key: &str) -> Keep {
    match key {
        "apiVersion" | "kind" | "request" | "uid" | "group" | "operation" | "namespace" | "subResource"
        | "userInfo" | "username" => Keep::Part,
        "object" | "oldObject" => Keep::Text,
        _ => Keep::Nothing,
    }
}
