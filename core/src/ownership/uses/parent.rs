//! What routes attach to.

use std::borrow::Cow;

use super::unmistakable;
use crate::check::model::{self, ObjectRef};
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP};

/// A parentRef with its defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ownership) struct Parent<'a> {
    pub(in crate::ownership) group: Cow<'a, str>,
    pub(in crate::ownership) kind: Cow<'a, str>,
    pub(in crate::ownership) namespace: Cow<'a, str>,
    pub(in crate::ownership) name: Cow<'a, str>,
    pub(in crate::ownership) section: Option<Cow<'a, str>>,
    pub(in crate::ownership) port: Option<i64>,
}

impl<'a> Parent<'a> {
    pub(in crate::ownership) fn of(parent: &model::ParentRef<'a>, own: &'a str) -> Self {
        let ObjectRef { group, kind, namespace, name } = &parent.target;
        Self {
            group: group.clone(),
            kind: kind.clone(),
            namespace: namespace.clone().unwrap_or(Cow::Borrowed(own)),
            name: name.clone(),
            section: parent.section.clone(),
            port: parent.port,
        }
    }

    /// All of it as a text.
    pub(super) fn key(&self) -> String {
        let Self { group, kind, namespace, name, section, port } = self;
        let port = port.map(|port| port.to_string()).unwrap_or_default();
        let (has_section, section) = match section {
            Some(section) => ("section", &**section),
            None => ("", ""),
        };
        unmistakable(&[group, kind, namespace, name, has_section, section, &port])
    }

    /// Whether it is a Gateway.
    pub(in crate::ownership) fn is_gateway(&self) -> bool {
        self.group == GATEWAY_GROUP && self.kind == "Gateway"
    }

    /// Whether it is a Gateway or a ListenerSet.
    pub(in crate::ownership) fn has_listeners(&self) -> bool {
        self.is_gateway() || self.listener_set().is_some()
    }

    /// The kind, where it is a ListenerSet.
    pub(in crate::ownership) fn listener_set(&self) -> Option<&'static str> {
        match (self.group.as_ref(), self.kind.as_ref()) {
            (GATEWAY_GROUP, "ListenerSet") => Some("ListenerSet"),
            (EXPERIMENTAL_GROUP, "XListenerSet") => Some("XListenerSet"),
            _ => None,
        }
    }
}

impl std::fmt::Display for Parent<'_> {
    /// ``Gateway `edge/public` `` with section and port.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { group: _, kind, namespace, name, section, port } = self;
        write!(f, "{kind} `{namespace}/{name}`")?;
        if let Some(section) = section {
            write!(f, " section `{section}`")?;
        }
        if let Some(port) = port {
            write!(f, " port {port}")?;
        }
        Ok(())
    }
}
