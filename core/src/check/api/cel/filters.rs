//! Filters of HTTPRoutes and GRPCRoutes: which may be there how often, and what their type asks for.

use super::Port;
use super::eval::{and, count, exists, has, integer, is, items};
use super::union::{given, needs, only};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "self.filter(f, f.type == 'RequestHeaderModifier').size() <= 1",
        holds: |this, _| at_most_one(this, "RequestHeaderModifier"),
    },
    Port {
        expression: "self.filter(f, f.type == 'ResponseHeaderModifier').size() <= 1",
        holds: |this, _| at_most_one(this, "ResponseHeaderModifier"),
    },
    Port {
        expression: "self.filter(f, f.type == 'RequestRedirect').size() <= 1",
        holds: |this, _| at_most_one(this, "RequestRedirect"),
    },
    Port {
        expression: "self.filter(f, f.type == 'URLRewrite').size() <= 1",
        holds: |this, _| at_most_one(this, "URLRewrite"),
    },
    Port {
        expression: "self.filter(f, f.type == 'CORS').size() <= 1",
        holds: |this, _| at_most_one(this, "CORS"),
    },
    Port {
        expression: "!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",
        holds: redirect_or_rewrite,
    },
    Port {
        expression: "!(has(self.requestHeaderModifier) && self.type != 'RequestHeaderModifier')",
        holds: |this, _| only(this, "type", "RequestHeaderModifier", "requestHeaderModifier"),
    },
    Port {
        expression: "!(!has(self.requestHeaderModifier) && self.type == 'RequestHeaderModifier')",
        holds: |this, _| given(this, "type", "RequestHeaderModifier", "requestHeaderModifier"),
    },
    Port {
        expression: "!(has(self.responseHeaderModifier) && self.type != 'ResponseHeaderModifier')",
        holds: |this, _| only(this, "type", "ResponseHeaderModifier", "responseHeaderModifier"),
    },
    Port {
        expression: "!(!has(self.responseHeaderModifier) && self.type == 'ResponseHeaderModifier')",
        holds: |this, _| given(this, "type", "ResponseHeaderModifier", "responseHeaderModifier"),
    },
    Port {
        expression: "!(has(self.requestMirror) && self.type != 'RequestMirror')",
        holds: |this, _| only(this, "type", "RequestMirror", "requestMirror"),
    },
    Port {
        expression: "!(!has(self.requestMirror) && self.type == 'RequestMirror')",
        holds: |this, _| given(this, "type", "RequestMirror", "requestMirror"),
    },
    Port {
        expression: "!(has(self.requestRedirect) && self.type != 'RequestRedirect')",
        holds: |this, _| only(this, "type", "RequestRedirect", "requestRedirect"),
    },
    Port {
        expression: "!(!has(self.requestRedirect) && self.type == 'RequestRedirect')",
        holds: |this, _| given(this, "type", "RequestRedirect", "requestRedirect"),
    },
    Port {
        expression: "!(has(self.urlRewrite) && self.type != 'URLRewrite')",
        holds: |this, _| only(this, "type", "URLRewrite", "urlRewrite"),
    },
    Port {
        expression: "!(!has(self.urlRewrite) && self.type == 'URLRewrite')",
        holds: |this, _| given(this, "type", "URLRewrite", "urlRewrite"),
    },
    Port {
        expression: "!(has(self.extensionRef) && self.type != 'ExtensionRef')",
        holds: |this, _| only(this, "type", "ExtensionRef", "extensionRef"),
    },
    Port {
        expression: "!(!has(self.extensionRef) && self.type == 'ExtensionRef')",
        holds: |this, _| given(this, "type", "ExtensionRef", "extensionRef"),
    },
    Port {
        expression: "!(has(self.cors) && self.type != 'CORS')",
        holds: |this, _| only(this, "type", "CORS", "cors"),
    },
    Port {
        expression: "!(!has(self.cors) && self.type == 'CORS')",
        holds: |this, _| given(this, "type", "CORS", "cors"),
    },
    Port {
        expression: "!(has(self.externalAuth) && self.type != 'ExternalAuth')",
        holds: |this, _| only(this, "type", "ExternalAuth", "externalAuth"),
    },
    Port {
        expression: "!(!has(self.externalAuth) && self.type == 'ExternalAuth')",
        holds: |this, _| given(this, "type", "ExternalAuth", "externalAuth"),
    },
    Port {
        expression: "!(has(self.percent) && has(self.fraction))",
        holds: |this, _| !(has(this, "percent") && has(this, "fraction")),
    },
    Port {
        expression: "self.numerator <= self.denominator",
        holds: |this, _| {
            integer(this, "numerator").zip(integer(this, "denominator")).is_some_and(|(part, of)| part <= of)
        },
    },
    Port {
        expression: "!('*' in self && self.size() > 1)",
        holds: |this, _| items(this).len() <= 1 || items(this).iter().all(|item| item.as_text() != Some("*")),
    },
    Port {
        expression: "self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true",
        holds: |this, _| needs(this, "type", "ReplaceFullPath", "replaceFullPath"),
    },
    Port {
        expression: "has(self.replaceFullPath) ? self.type == 'ReplaceFullPath' : true",
        holds: |this, _| only(this, "type", "ReplaceFullPath", "replaceFullPath"),
    },
    Port {
        expression: "self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) : true",
        holds: |this, _| needs(this, "type", "ReplacePrefixMatch", "replacePrefixMatch"),
    },
    Port {
        expression: "has(self.replacePrefixMatch) ? self.type == 'ReplacePrefixMatch' : true",
        holds: |this, _| only(this, "type", "ReplacePrefixMatch", "replacePrefixMatch"),
    },
    Port {
        expression: "self.protocol == 'GRPC' ? has(self.grpc) : true",
        holds: |this, _| needs(this, "protocol", "GRPC", "grpc"),
    },
    Port {
        expression: "has(self.grpc) ? self.protocol == 'GRPC' : true",
        holds: |this, _| only(this, "protocol", "GRPC", "grpc"),
    },
    Port {
        expression: "self.protocol == 'HTTP' ? has(self.http) : true",
        holds: |this, _| needs(this, "protocol", "HTTP", "http"),
    },
    Port {
        expression: "has(self.http) ? self.protocol == 'HTTP' : true",
        holds: |this, _| only(this, "protocol", "HTTP", "http"),
    },
];

/// `self.filter(f, f.type == 'word').size() <= 1`.
fn at_most_one(this: &Node<'_>, word: &str) -> bool {
    count(items(this), |filter| is(filter, "type", word)).is_some_and(|count| count <= 1)
}

fn redirect_or_rewrite(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    let any = |word| exists(items(this), |filter| is(filter, "type", word));
    and(any("RequestRedirect"), any("URLRewrite")) == Some(false)
}
