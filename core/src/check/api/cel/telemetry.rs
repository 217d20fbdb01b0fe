//! XTelemetryPolicy.

use super::Port;
use super::eval::has;
use super::union::{exactly, only};

pub(super) const PORTS: &[Port] = &[
    Port { expression: "has(self.tracing)", holds: |this, _| has(this, "tracing") },
    Port {
        expression: "self.mode == 'Enabled' ? has(self.provider) : !has(self.provider)",
        holds: |this, _| exactly(this, "mode", "Enabled", "provider"),
    },
    Port {
        expression: "has(self.attributes) ? self.mode == 'Enabled' : true",
        holds: |this, _| only(this, "mode", "Enabled", "attributes"),
    },
    Port {
        expression: "has(self.parentBasedSampling) ? self.mode == 'Enabled' : true",
        holds: |this, _| only(this, "mode", "Enabled", "parentBasedSampling"),
    },
    Port {
        expression: "has(self.samplingRate) ? self.mode == 'Enabled' : true",
        holds: |this, _| only(this, "mode", "Enabled", "samplingRate"),
    },
    Port {
        expression: "has(self.serviceName) ? self.mode == 'Enabled' : true",
        holds: |this, _| only(this, "mode", "Enabled", "serviceName"),
    },
    Port {
        expression: "has(self.spanName) ? self.mode == 'Enabled' : true",
        holds: |this, _| only(this, "mode", "Enabled", "spanName"),
    },
    Port {
        expression: "self.sourceType == 'Attribute' ? has(self.attributeKey) : !has(self.attributeKey)",
        holds: |this, _| exactly(this, "sourceType", "Attribute", "attributeKey"),
    },
    Port {
        expression: "self.sourceType == 'Header' ? has(self.headerName) : !has(self.headerName)",
        holds: |this, _| exactly(this, "sourceType", "Header", "headerName"),
    },
    Port {
        expression: "self.sourceType == 'Literal' ? has(self.literalValue) : !has(self.literalValue)",
        holds: |this, _| exactly(this, "sourceType", "Literal", "literalValue"),
    },
];
