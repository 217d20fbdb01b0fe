//! How much each way to share host names out moves them: the table of docs/organizations.md, counted anew
//! (`UPDATE_GOLDEN=1` writes it).

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fmt::Write as _;
use std::fs;

use gatewright_core::placement::{Bin, Entry, Load, place, score};
use gatewright_tests::golden;

/// Host names that are shared out.
const HOSTS: usize = 100_000;

/// Gateways before one comes, and after.
const GATEWAYS: (usize, usize) = (10, 11);

/// Room of a Gateway beside the average, in percent, where it is bounded.
const SPARE: usize = 10;

/// Organizations on ten Gateways of 62 listeners, of which this many places are free.
const FULL: [usize; 3] = [60, 20, 5];

const START: &str = "<!-- tests/tests/placement.rs counts what follows -->\n";
const END: &str = "<!-- up to here -->\n";

fn hosts() -> Vec<String> {
    (0..HOSTS).map(|number| format!("web.org-{number:06}.example.com")).collect()
}

fn gateways(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("gw-{number:02}")).collect()
}

/// What most think of first: the hash of the name, modulo the number of Gateways.
fn modulo(hosts: &[String], count: usize) -> Vec<usize> {
    hosts.iter().map(|host| index(score(host, "") % count as u64)).collect()
}

/// Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014, in integers.
fn jump(hosts: &[String], count: usize) -> Vec<usize> {
    let of = |host: &String| {
        let (mut key, mut last, mut next) = (score(host, ""), 0_u64, 0_u64);
        while next < count as u64 {
            last = next;
            key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
            next = ((u128::from(last) + 1) * (1 << 31) / (u128::from(key >> 33) + 1))
                .try_into()
                .expect("the quotient fits");
        }
        index(last)
    };
    hosts.iter().map(of).collect()
}

/// Ours; without a room every host has the Gateway it likes best.
fn rendezvous(hosts: &[String], count: usize, room: u32) -> Vec<usize> {
    let names = gateways(count);
    let load = Load { listeners: 1, ..Load::default() };
    let entries: Vec<_> = hosts.iter().map(|name| Entry { name, load, recorded: None }).collect();
    let room = Load { listeners: room, ..Load::UNBOUNDED };
    let bins: Vec<_> = names.iter().map(|name| Bin { name, room }).collect();
    place(&entries, &bins).bins.into_iter().map(|bin| bin.expect("there is room")).collect()
}

fn index(number: u64) -> usize {
    usize::try_from(number).expect("an index")
}

fn bounded(hosts: &[String], count: usize) -> Vec<usize> {
    let average = HOSTS.div_ceil(count);
    rendezvous(hosts, count, u32::try_from(average + average * SPARE / 100).expect("a small number"))
}

/// Hosts that have another Gateway, in percent with one place, and the fullest Gateway's share of the average.
fn row(name: &str, way: &dyn Fn(usize) -> Vec<usize>) -> String {
    let (few, many) = GATEWAYS;
    let (before, after) = (way(few), way(many));
    let moved = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    let fullest =
        (0..few).map(|gateway| before.iter().filter(|at| **at == gateway).count()).max().unwrap_or_default();
    let percent = |part: usize, whole: usize| {
        let tenths = (part * 1_000 + whole / 2) / whole;
        format!("{}.{} %", tenths / 10, tenths % 10)
    };
    format!("| {name} | {} | {} |\n", percent(moved, HOSTS), percent(fullest * few, HOSTS))
}

/// Of organizations on nearly full Gateways, how many move where as many as are free come, one after the other.
fn displaced(free: usize) -> usize {
    let (gateways, room) = (GATEWAYS.0, 62);
    let hosts: Vec<String> = (0..gateways * room).map(|number| format!("org-{number:05}")).collect();
    let placed =
        |count: usize| rendezvous(&hosts[..count], gateways, u32::try_from(room).expect("a small number"));
    let first = gateways * room - free;
    let mut before = placed(first);
    let mut moved = 0;
    for count in first + 1..=gateways * room {
        let after = placed(count);
        moved += before.iter().zip(&after).filter(|(before, after)| before != after).count();
        before = after;
    }
    moved
}

#[test]
fn the_table_is_current() {
    let hosts = hosts();
    let mut table = format!(
        "| {HOSTS} host names, {} to {} Gateways | have another one | fullest of {}, to the average |\n|---|---|---|\n",
        GATEWAYS.0, GATEWAYS.1, GATEWAYS.0
    );
    table += &row("hash modulo the number of Gateways", &|count| modulo(&hosts, count));
    table += &row("jump hashing (the new one is always the last)", &|count| jump(&hosts, count));
    table += &row("rendezvous hashing", &|count| rendezvous(&hosts, count, u32::MAX));
    table += &row(&format!("rendezvous hashing, room for {SPARE} % more than the average"), &|count| {
        bounded(&hosts, count)
    });
    table.push_str("| recorded placements | 0.0 % | as recorded |\n\n");
    table.push_str("| ten Gateways of 62 listeners, free places | organizations that others moved while those filled up |\n|---|---|\n");
    for free in FULL {
        writeln!(table, "| {free} | {} |", displaced(free)).expect("a string takes every text");
    }
    let file = golden::root().join("docs/organizations.md");
    let page = fs::read_to_string(&file).expect("docs/organizations.md is there");
    let (head, rest) = page.split_once(START).expect("the table's start is marked");
    let (_, tail) = rest.split_once(END).expect("its end is marked");
    assert_eq!(golden::hold(&file, &format!("{head}{START}\n{table}\n{END}{tail}")), Ok(()));
}
