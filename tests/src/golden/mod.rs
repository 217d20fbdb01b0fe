//! Golden cases: values, and what every controller profile makes of them.
//!
//! A case is a folder of `tests/golden`. Its values are its `values.yaml`; without one, the chart's
//! example of its name. Each other `<profile>.yaml` holds the manifests for that profile (`auto`: as
//! written), and `report.txt` what is said of each. To add a case, write `values.yaml`, make an empty
//! file for each profile, run `UPDATE_GOLDEN=1 cargo test -p gatewright-tests --test golden`, and read.

mod render;

use std::path::{Path, PathBuf};
use std::{env, fs};

pub use render::{Object, Rendering, Settings, documents, read_values, render};

/// One folder of `tests/golden`.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The file with the values.
    pub values: PathBuf,
    /// Words of the profiles it is rendered for, in order; `auto` is as written.
    pub profiles: Vec<String>,
}

/// Every case, in order of its name.
pub fn cases() -> Vec<Case> {
    let mut cases: Vec<_> =
        names_in(&root().join("tests/golden")).into_iter().map(|name| case(&name)).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(cases.len() > 20, "the goldens are not where they should be");
    cases
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in a folder of the workspace")
}

/// Whether goldens are written instead of compared.
pub fn updating() -> bool {
    env::var_os("UPDATE_GOLDEN").is_some_and(|value| !value.is_empty())
}

/// Compares a file with what it should hold, or writes it where [`updating`]; gives the first
/// difference.
pub fn hold(file: &Path, should: &str) -> Result<(), String> {
    if updating() {
        fs::write(file, should).map_err(|fault| format!("{}: {fault}", file.display()))?;
        return Ok(());
    }
    let is = fs::read_to_string(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    if is == should {
        return Ok(());
    }
    let line = is.lines().zip(should.lines()).take_while(|(is, should)| is == should).count();
    let show = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    Err(format!(
        "{}:{}: the file says\n    {}\n  and now it is\n    {}\n  UPDATE_GOLDEN=1 writes it; then read the diff",
        file.strip_prefix(root()).unwrap_or(file).display(),
        line + 1,
        show(&is),
        show(should)
    ))
}

fn case(name: &str) -> Case {
    let folder = root().join("tests/golden").join(name);
    let own = folder.join("values.yaml");
    let values = if own.is_file() { own } else { root().join("chart/examples").join(format!("{name}.yaml")) };
    assert!(values.is_file(), "case {name} has no values.yaml, and the chart no example of that name");
    let mut profiles: Vec<String> = names_in(&folder)
        .iter()
        .filter_map(|file| file.strip_suffix(".yaml"))
        .filter(|stem| *stem != "values")
        .map(str::to_owned)
        .collect();
    profiles.sort();
    assert!(!profiles.is_empty(), "case {name} has no profile: make an empty auto.yaml");
    Case { name: name.to_owned(), folder, values, profiles }
}

/// Names of what lies in a folder.
pub fn names_in(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()))
        .map(|entry| entry.expect("the folder can be listed").file_name().to_string_lossy().into_owned())
        .collect()
}
