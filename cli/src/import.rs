//! `gatewright import`: values from what a cluster has.

use std::path::PathBuf;

use clap::Args;
use gatewright_core::diagnostic::has_errors;
use gatewright_core::hostname::Hostname;
use gatewright_core::import::{self, IngressSettings, Objects};

use crate::check::files;
use crate::exit::Exit;
use crate::name;
use crate::report::{self, Report};

/// Make values of the Gateways and routes, or of the Ingress objects, that a cluster has
///
/// Files, folders (every `.yaml`, `.yml` and `.json` in them) and `-` for stdin. The values go to stdout, and what has
/// no place in them to stderr. What is made is rendered and held against the objects.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  kubectl get gateway-api,services,endpointslices -A -o json | gatewright import - > values.yaml
  kubectl get ingress,services -A -o json | gatewright import --ingress --class eg --namespace edge - > values.yaml
  gatewright import --base-domain example.com gateways.yaml routes.yaml > values.yaml
  gatewright import manifests/ > values.yaml && gatewright render -f values.yaml
  gatewright import --report report.json --format json gateways.yaml routes.yaml > values.yaml")]
pub(crate) struct Arguments {
    /// Manifests: files, folders, `-` for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The domain below which tenants have their host names: they become organizations
    #[arg(long, value_name = "DOMAIN", value_parser = domain, conflicts_with = "ingress")]
    base_domain: Option<Hostname<'static>>,
    /// Read Ingress objects for ingress-nginx, as a starting point
    #[arg(long)]
    ingress: bool,
    /// The GatewayClass of the Gateways that Ingress objects get
    #[arg(long, value_name = "CLASS", requires = "ingress")]
    class: Option<String>,
    /// The namespace of those Gateways; default that of the Ingress objects
    #[arg(short = 'n', long, value_name = "NAMESPACE", requires = "ingress", value_parser = name::known_namespace)]
    namespace: Option<String>,
    #[command(flatten)]
    report: report::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let mut faults = Vec::new();
    let paths = files::all(&arguments.files, &mut faults);
    let inputs = files::read(&[&paths], &mut faults);
    let mut objects = Objects::default();
    for input in &inputs {
        faults.extend(objects.read(&input.text, input.source));
    }
    let unusable = has_errors(&faults);
    let imported = if arguments.ingress {
        let Arguments { namespace, class, .. } = arguments;
        let settings = IngressSettings { namespace: namespace.clone(), class: class.clone() };
        import::ingresses(&objects, &settings)
    } else {
        import::gateways(&objects, arguments.base_domain.as_ref())
    };
    let (count, text) = (objects.len(), imported.text());
    // Where a text could not be read, that there is nothing in it is no news.
    if !unusable || imported.values.is_some() {
        faults.extend(imported.diagnostics);
    }
    drop((imported.values, objects));
    let report = Report { unusable, ..Report::of(inputs, faults, count) };
    report::finish(report, &arguments.report, "the values", |stdout| stdout.write_all(text.as_bytes()))
}

fn domain(word: &str) -> Result<Hostname<'static>, String> {
    match Hostname::parse(word) {
        Ok((hostname, _)) if !hostname.is_wildcard() => Ok(hostname.into_owned()),
        Ok(_) => Err("is a wildcard; name the domain below it".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}
