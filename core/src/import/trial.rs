//! The values on trial: rendered, held against the objects, and made anew without what does not hold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::entries::with_backends;
use super::findings::{
    DIFFERS, NOT_COMPARED, UPSTREAM_KEPT, by_listener, is_route_or_gateway, left_out, left_out_with,
    no_organization, not_rendered, place, say_added, say_left,
};
use super::fitting::{NO_PLACE, hint_of};
use super::objects::{Key, Object, Objects};
use super::options::{self, Choice};
use super::organizations::Organizations;
use super::upstreams::{Upstream, Upstreams};
use super::verify::{Rendered, differences, rendered};
use crate::check::api;
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::release::{Channel, Target};
use crate::tree::Node;

/// Most renderings of one import; our own bound. Each takes out everything that it finds, so that two or three
/// do mostly.
const TRIALS: usize = 8;

/// An entry of `gateways` or `routes`.
pub(super) struct Entry<'a> {
    pub(super) object: usize,
    pub(super) name: Cow<'a, str>,
    pub(super) node: Node<'a>,
    /// Parts of the object of which it was said that they have no place in it.
    pub(super) unplaced: BTreeSet<Path>,
}

/// The objects of the entries that a rendering had, in its order.
struct Rendering {
    gateways: Vec<usize>,
    routes: Vec<usize>,
}

/// What a rendering refuses.
#[derive(Default)]
struct Refused {
    /// Of Gateways and routes.
    objects: BTreeSet<usize>,
    /// External services by their index.
    upstreams: BTreeSet<usize>,
    /// Organizations by their index, each with the reason.
    organizations: BTreeMap<usize, String>,
}

/// Entries, and what is known of them so far.
pub(super) struct Trial<'t, 'a> {
    objects: &'t Objects<'a>,
    target: Target,
    pub(super) gateways: Vec<Entry<'a>>,
    pub(super) routes: Vec<Entry<'a>>,
    pub(super) organizations: Organizations<'a>,
    upstreams: Upstreams<'a>,
    /// Values that make objects of further kinds.
    choices: Vec<Choice<'a>>,
    /// Objects whose entries cannot be rendered, so that they are not in the values.
    refused: BTreeSet<usize>,
}

impl<'t, 'a> Trial<'t, 'a> {
    pub(super) fn new(objects: &'t Objects<'a>, target: Target) -> Self {
        Self {
            objects,
            target,
            gateways: Vec::new(),
            routes: Vec::new(),
            organizations: Organizations::default(),
            upstreams: Upstreams::default(),
            choices: Vec::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Tries the entries until what they render to is known, says what it is, and gives the values.
    pub(super) fn run(mut self, out: &mut Vec<Diagnostic>) -> Node<'a> {
        let routes: Vec<(usize, Node<'a>)> =
            self.routes.iter().map(|route| (route.object, route.node.clone())).collect();
        let (upstreams, misfits) = Upstreams::of(self.objects, &routes, self.target, out);
        self.upstreams = upstreams;
        out.extend(misfits.iter().filter_map(|(upstream, why)| self.kept(upstream, why)));
        for trial in 1..=TRIALS {
            match rendered(self.values()) {
                Rendered::Refused(faults) => {
                    if !self.take_out(&faults, out) {
                        break;
                    }
                }
                Rendered::Objects(made) => {
                    let unequal = self.unequal(&made, out);
                    let other = self.organizations.unequal(&made);
                    if unequal.is_empty() && other.is_empty() {
                        let made = self.choose(made);
                        self.say_differences(&made, out);
                        break;
                    }
                    self.upstreams.drop(&unequal);
                    self.drop_organizations(&other, out);
                }
            }
            if trial == TRIALS {
                let message =
                    format!("something new is in the way after {TRIALS} renderings: not all was compared");
                let hint = "import what is left in parts, or read what `gatewright render` says";
                out.push(Diagnostic::warning(NOT_COMPARED, Path::ROOT, message).hint(hint));
            }
        }
        self.values()
    }

    /// Takes the values that make more of the objects and nothing beside them; gives what is rendered with them.
    fn choose(&mut self, mut made: BTreeMap<Key, Node<'static>>) -> BTreeMap<Key, Node<'static>> {
        let mut score = options::score(self.objects, &made, self.target);
        for choice in options::of(self.objects) {
            self.choices.push(choice);
            if let Rendered::Objects(with) = rendered(self.values()) {
                let with_score = options::score(self.objects, &with, self.target);
                if with_score.is_better_than(&score) {
                    (made, score) = (with, with_score);
                    continue;
                }
            }
            self.choices.pop();
        }
        made
    }

    /// The values, without what is refused.
    fn values(&self) -> Node<'a> {
        let mut values = Node::map([]);
        if self.target != Target::DEFAULT {
            let mut api = Node::map([("version", Node::text(self.target.release.name()))]);
            if self.target.channel == Channel::Experimental {
                api = api.with("channel", Node::text(self.target.channel.name()));
            }
            values = values.with("gatewayAPI", api);
        }
        if let Some(way) = self.upstreams.way() {
            values = values.with("externalHostnames", Node::text(way.hostnames));
            if let Some(profile) = way.profile.filter(|_| self.gateways.is_empty()) {
                values = values.with("profile", Node::text(profile));
            }
        }
        for (key, value) in &self.choices {
            values = values.with(key, value.clone());
        }
        let services: Vec<_> = self.upstreams.list.iter().map(|upstream| upstream.node.clone()).collect();
        let gateways = self.gateways().into_iter().map(|(_, node)| node).collect();
        let routes = self.routes().filter_map(|entry| {
            Some(with_backends(&entry.node, self.objects.get(entry.object)?, &self.upstreams))
        });
        let sections = [("externalServices", services), ("gateways", gateways), ("routes", routes.collect())];
        for (section, entries) in sections {
            if !entries.is_empty() {
                values = values.with(section, Node::list(entries));
            }
        }
        self.organizations.add_to(values)
    }

    /// The Gateways of the values without what organizations bring, the one that others are made like first.
    fn gateways(&self) -> Vec<(&Entry<'a>, Node<'a>)> {
        let pattern = self.organizations.pattern();
        let is_pattern = |entry: &Entry<'a>| pattern == Some(&entry.name);
        let entries = self.gateways.iter().filter(|entry| !self.refused.contains(&entry.object));
        let cut = |entry: &'_ Entry<'a>| self.organizations.without_listeners(&entry.node, entry.object);
        let mut gateways: Vec<_> = entries.clone().map(|entry| (entry, cut(entry))).collect();
        // Where the input has no such Gateway, one is written that rendering leaves out.
        let theirs = || gateways.iter().find(|(entry, _)| self.organizations.are_on(entry.object));
        let written = pattern.filter(|_| !entries.clone().any(is_pattern)).zip(theirs());
        let written = written
            .map(|(name, (entry, node))| (*entry, node.clone().with("name", Node::text(name.to_owned()))));
        // One without listeners would get those that services ask for.
        gateways
            .retain(|(entry, node)| is_pattern(entry) || !node.get("listeners").is_some_and(Node::is_empty));
        gateways.sort_by_key(|(entry, _)| !is_pattern(entry));
        written.into_iter().chain(gateways).collect()
    }

    /// The routes of the values that are no organization's.
    fn routes(&self) -> impl Iterator<Item = &Entry<'a>> {
        let is_out = |object| self.refused.contains(&object) || self.organizations.has_route(object);
        self.routes.iter().filter(move |entry| !is_out(entry.object))
    }

    /// Lets routes of organizations be routes again, and says why.
    fn drop_organizations(&mut self, dropped: &BTreeMap<usize, String>, out: &mut Vec<Diagnostic>) {
        for (index, why) in dropped {
            let Some(organization) = self.organizations.list.get(*index) else { continue };
            let Some(first) = organization.routes.first() else { continue };
            out.extend(no_organization(
                self.objects,
                &(*first, Some(organization.name.clone()), why.clone()),
            ));
        }
        self.organizations.drop(&dropped.keys().copied().collect());
    }

    /// Takes out what a rendering refuses: external services become names again, Gateways and routes are errors.
    /// Gives whether there is anything left that another rendering could tell.
    fn take_out(&mut self, faults: &[Diagnostic], out: &mut Vec<Diagnostic>) -> bool {
        let entries = Rendering {
            gateways: self.gateways().into_iter().map(|(entry, _)| entry.object).collect(),
            routes: self.routes().map(|entry| entry.object).collect(),
        };
        let mut refused = Refused::default();
        for fault in faults {
            self.refuse(fault, &entries, &mut refused, out);
        }
        self.refuse_routes(&mut refused.objects, out);
        let Refused { objects, upstreams, organizations } = refused;
        let goes_on = !objects.is_empty() || !upstreams.is_empty() || !organizations.is_empty();
        self.refused.extend(objects);
        self.upstreams.drop(&upstreams);
        self.drop_organizations(&organizations, out);
        goes_on
    }

    /// Finds what is to be taken out for one fault.
    fn refuse(
        &self,
        fault: &Diagnostic,
        entries: &Rendering,
        refused: &mut Refused,
        out: &mut Vec<Diagnostic>,
    ) {
        let (section, index, path) = place(&fault.path);
        let object = match section {
            "gateways" => entries.gateways.get(index),
            "routes" => entries.routes.get(index),
            "externalServices" => {
                if let Some(upstream) = self.upstreams.list.get(index)
                    && refused.upstreams.insert(index)
                {
                    out.extend(self.kept(upstream, &fault.message));
                }
                None
            }
            "organizations" => {
                refused.organizations.insert(index, fault.message.clone());
                None
            }
            // What is wrong with all of them together.
            _ if !self.organizations.list.is_empty() => {
                let all = 0..self.organizations.list.len();
                refused.organizations.extend(all.map(|index| (index, fault.message.clone())));
                None
            }
            _ => {
                out.push(not_rendered(fault, fault.path.clone()));
                None
            }
        };
        if let Some(object) = object {
            let owners = self.organizations.with_reach_of(self.objects, *object);
            if section == "routes" && !owners.is_empty() {
                // It may be refused for the listeners that they have taken with them.
                let why = |of: String| format!("`gatewright render` would refuse {of}: {}", fault.message);
                refused.organizations.extend(owners.into_iter().map(|(index, of)| (index, why(of))));
                return;
            }
            let said = left_out(fault, path);
            out.extend(self.objects.get(*object).map(|object| object.say(said)));
            refused.objects.insert(*object);
        }
    }

    /// Takes out what attaches to Gateways that are taken out, and says it.
    fn refuse_routes(&self, refused: &mut BTreeSet<usize>, out: &mut Vec<Diagnostic>) {
        let gone = self.gateways.iter().filter(|gateway| refused.contains(&gateway.object));
        let gone: BTreeSet<&str> = gone.map(|gateway| gateway.name.as_ref()).collect();
        for route in self.routes() {
            let gateway = route.node.get("gateway").and_then(Node::as_text);
            if let Some(gateway) = gateway.filter(|gateway| gone.contains(gateway))
                && refused.insert(route.object)
            {
                let object = self.objects.get(route.object);
                out.extend(object.map(|object| object.say(left_out_with(gateway))));
            }
        }
    }

    /// External services that do not come back as the objects that they were made from.
    fn unequal(&self, made: &BTreeMap<Key, Node<'static>>, out: &mut Vec<Diagnostic>) -> BTreeSet<usize> {
        let mut unequal = BTreeSet::new();
        // What is rendered under the name of an upstream, and is not of the input.
        let is_new = |key: &&Key| self.objects.find(&key[0], &key[1], &key[2], &key[3]).is_none();
        let new: BTreeMap<(&str, &str), &str> = made
            .keys()
            .filter(is_new)
            .map(|[_, kind, namespace, name]| ((namespace.as_str(), name.as_str()), kind.as_str()))
            .collect();
        for (index, upstream) in self.upstreams.list.iter().enumerate() {
            let mut of = upstream.objects.iter().filter_map(|index| self.objects.get(*index));
            let why = of.find_map(|object| match made.get(&object.key()) {
                None => Some(format!("{} would not be rendered again", object.identity)),
                Some(made) => {
                    let first = differences(object, made, self.target).into_iter().next()?;
                    Some(format!("of {} `{}` differs: {}", object.identity, first.path, first.what))
                }
            });
            let added = || {
                let first = self.objects.get(*upstream.objects.first()?)?;
                let kind = new.get(&(first.namespace(), first.name()))?;
                Some(format!("a {kind} would be rendered beside it"))
            };
            if let Some(why) = why.or_else(added) {
                unequal.insert(index);
                out.extend(self.kept(upstream, &why));
            }
        }
        unequal
    }

    fn kept(&self, upstream: &Upstream<'_>, why: &str) -> Option<Diagnostic> {
        let object = self.objects.get(*upstream.objects.first()?)?;
        let message = format!("routes go on naming it, for no external service gives it again: {why}");
        let hint = "keep it beside the values, or write an external service that may differ";
        Some(object.say(Diagnostic::info(UPSTREAM_KEPT, Path::ROOT, message).hint(hint)))
    }

    /// Says of every object what becomes of it, where that is not the same object.
    fn say_differences(&self, made: &BTreeMap<Key, Node<'static>>, out: &mut Vec<Diagnostic>) {
        let mut known: BTreeSet<Key> = BTreeSet::new();
        for entry in self.gateways.iter().chain(&self.routes) {
            let Some(object) = self.objects.get(entry.object) else { continue };
            let [group, kind, namespace, _] = object.key();
            let key = [group, kind, namespace, entry.name.to_string()];
            if self.organizations.has_route(entry.object) && !made.contains_key(&key) {
                let path = Path::ROOT.key("metadata").key("name");
                let message = "is rendered under another name, by its organization";
                let hint = "delete the old one once the new one is there";
                out.push(object.say(Diagnostic::warning(DIFFERS, path, message).hint(hint)));
            } else if let Some(made) = made.get(&key) {
                let differences = differences(object, made, self.target).into_iter();
                let news = differences.filter(|found| !entry.unplaced.contains(&found.path));
                out.extend(by_listener(news).map(|found| {
                    let hint = "see whether it still means the same";
                    object.say(Diagnostic::warning(DIFFERS, found.path, found.what).hint(hint))
                }));
            } else if !self.refused.contains(&entry.object) {
                let hint = "keep it beside the values if something else goes by it";
                let found = Diagnostic::warning(DIFFERS, Path::ROOT, "is not rendered again");
                out.push(object.say(found.hint(hint)));
            }
            known.insert(key);
        }
        let of_upstreams = self.upstreams.list.iter().flat_map(|upstream| &upstream.objects);
        known.extend(of_upstreams.filter_map(|index| Some(self.objects.get(*index)?.key())));
        let entries: BTreeSet<usize> =
            self.gateways.iter().chain(&self.routes).map(|entry| entry.object).collect();
        let mut left = Vec::new();
        for (index, object) in self.objects.list.iter().enumerate() {
            let key = object.key();
            if entries.contains(&index) || known.contains(&key) || is_route_or_gateway(object) {
                continue;
            }
            let comes_back =
                || made.get(&key).is_some_and(|made| differences(object, made, self.target).is_empty());
            if comes_back() {
                known.insert(key);
                continue;
            }
            if !api::GROUPS.contains(&object.group()) || object.identity.kind == "GatewayClass" {
                left.push(object);
                continue;
            }
            out.extend(self.no_place(object, made.get(&key)));
            known.insert(key);
        }
        out.extend(say_left(left.into_iter()));
        out.extend(say_added(made.keys().filter(|key| !known.contains(*key))));
    }

    /// What becomes of an object that no entry is made of: nothing, or what rendering derives.
    fn no_place(&self, object: &Object<'_>, made: Option<&Node<'static>>) -> Option<Diagnostic> {
        let kind = &object.identity.kind;
        let what = match made {
            None => format!("values have no place for this {kind}"),
            Some(made) => {
                let first = differences(object, made, self.target).into_iter().next()?;
                format!("the {kind} that is rendered differs in `{}`: {}", first.path, first.what)
            }
        };
        Some(object.say(Diagnostic::warning(NO_PLACE, Path::ROOT, what).hint(hint_of(kind, made.is_some()))))
    }
}
