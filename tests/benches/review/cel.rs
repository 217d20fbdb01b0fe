//! The same question in CEL: every grant is looked at, for the language has no index.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use kube_cel::KubeCelExt as _;
use kube_cel::cel::{Context, Program, Value};

/// Whether some grant has the name, or the domain above it.
const EXPRESSION: &str = "grants.exists(g, g == host || (g.startsWith('*.') && host.endsWith(g.substring(1)) && host != g.substring(2)))";

/// The expression with the names of all grants.
pub struct Policy {
    program: Program,
    context: Context<'static>,
}

impl Policy {
    pub fn new(grants: usize) -> Result<Self> {
        let program = Program::compile(EXPRESSION).map_err(|fault| anyhow!("{fault}"))?;
        let names = (0..grants).map(|team| Value::String(Arc::new(format!("*.team-{team}.example.com"))));
        let mut context = Context::default().with_all();
        context.add_variable_from_value("grants", Value::List(Arc::new(names.collect())));
        Ok(Self { program, context })
    }

    /// Whether a name is granted.
    pub fn allows(&self, host: &str) -> Result<bool> {
        let mut scope = self.context.new_inner_scope();
        scope.add_variable_from_value("host", Value::String(Arc::new(host.to_owned())));
        match self.program.execute(&scope) {
            Ok(Value::Bool(allowed)) => Ok(allowed),
            other => Err(anyhow!("{other:?}")),
        }
    }
}
