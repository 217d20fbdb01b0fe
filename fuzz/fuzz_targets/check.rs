//! Manifests: no text stops a check, and an object is refused where the API server's level says so.

#![no_main]

use gatewright_core::check::attach::attach;
use gatewright_core::check::trace::{Request, trace};
use gatewright_core::check::{Run, Settings, status};
use gatewright_core::diagnostic::{Level, Severity};
use gatewright_core::profile;
use gatewright_core::release::{Channel, Release, Target};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for (release, channel, complete) in
        [(Release::V1_7, Channel::Experimental, true), (Release::V1_4, Channel::Standard, false)]
    {
        let settings = Settings {
            profile: profile::named("envoy-gateway"),
            complete,
            ..Settings::new(Target { release, channel })
        };
        // The first document alone is the cluster as it is; so are updates and contexts checked too.
        let context = text.split("\n---").next().unwrap_or_default();
        let mut run = Run::new(&settings);
        run.read_before(context, 0);
        run.read(text, 1);
        run.read_context(context, 2);
        let report = run.finish();
        for judged in report.results.iter().filter(|judged| !judged.in_context) {
            let refused = judged
                .diagnostics
                .iter()
                .any(|found| found.level == Level::Api && found.severity == Severity::Error);
            assert_eq!(judged.allowed == Some(false), refused, "{:?}", judged.object);
        }
        let attachments = attach(&report.model, &settings);
        status::predict(&report.model, &settings, &attachments);
        let request = Request {
            host: Some("shop.example.com".to_owned()),
            path: Some("/cart?item=1".to_owned()),
            method: None,
            headers: vec![("version".to_owned(), "2".to_owned())],
            query: Vec::new(),
            sni: None,
            port: None,
            gateway: None,
        };
        trace(&report.model, &settings, &attachments, &request);
    }
});
