//! Holds the source to the design: who may import whom, how large a file may grow, where the outside
//! world may be touched. ARCHITECTURE.md gives the reasons; where a rule is wrong, change both together.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom. The longest left side that fits a file decides; an entry on the right opens that
/// module and all below it. A module may always import from itself, unless its own line is a narrower one.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &["base"]),
    ("ingest", &["base", "model"]),
    ("store", &["base", "model"]),
    ("filter", &["base", "model", "store"]),
    ("filter::predicate", &["base", "model"]),
    ("filter::elements", &["base"]),
    ("verify", &["base", "model"]),
    ("pattern", &["base", "model", "filter::predicate", "filter::elements"]),
    ("metric", &["base", "model", "filter", "store"]),
    // What PutMetricAlarm refuses about formulas.
    ("alarm", &["base", "model", "metric::math"]),
    ("insights", &["base", "model"]),
    // Its errors and colours are those of the other languages.
    ("alarm::composite", &["base", "model", "pattern", "alarm"]),
    ("deploy", &["base", "model", "pattern", "alarm"]),
    ("dialect", &["base", "model", "pattern", "filter::predicate"]),
    ("configuration", &["base", "model"]),
    ("controls", &["base", "model", "pattern", "metric", "alarm"]),
    ("sample", &["base", "model"]),
    ("query", &["base", "model", "ingest", "store", "verify", "filter", "pattern", "metric", "alarm"]),
    // The protocol speaks of ingest's jobs and reports; a second set of the same types would only be copied.
    ("worker::protocol", &["base", "model", "ingest"]),
    // Comparing the eventIDs of all workers concerns no engine, hence store.
    ("worker::server", &["base", "model", "ingest", "store", "query", "sample", "worker::protocol"]),
    ("worker::pool", &["base", "model", "ingest", "worker::protocol"]),
    ("worker::web", &["base", "model", "ingest", "worker"]),
    (
        "view",
        &[
            "base",
            "model",
            "configuration",
            "controls",
            "verify",
            "pattern",
            "metric",
            "alarm",
            "dialect",
            "insights",
            // The words of the trees of patterns.
            "filter::predicate",
        ],
    ),
    (
        "ui",
        &[
            "base",
            "model",
            "configuration",
            "controls",
            "verify",
            "view",
            "pattern",
            "metric",
            "alarm",
            "deploy",
            "dialect",
            "insights",
            "worker::pool",
            "worker::web",
        ],
    ),
    (
        "cli",
        &[
            "base",
            "model",
            "ingest",
            "store",
            "configuration",
            "controls",
            "verify",
            "filter",
            "pattern",
            "metric",
            "alarm",
            "insights",
            "query",
            "sample",
            // What the page shows and the command line prints alike.
            "view::advice",
            "view::composites",
            "view::controls",
            "view::evidence",
            "view::format",
            "view::inbox",
            "view::insights",
            "view::lint",
            "view::spelling",
            "view::verdict",
            "view::what_if",
            "view::workspace",
            "view::NamedComposite",
        ],
    ),
];

/// The browser's crates, and the modules that may use them.
const BROWSER: (&[&str], &[&str]) = (&["web_sys", "js_sys", "wasm_bindgen", "leptos", "gloo"], &["ui", "worker::web"]);

/// Files, processes, the environment and the clock, and the modules that may use them: `ingest::source` opens
/// files natively, behind the same trait as the browser's.
const OUTSIDE: (&[&str], &[&str]) =
    (&["std::fs", "std::env", "std::process", "std::net", "SystemTime", "Instant::now"], &["cli", "ingest::source"]);

/// More lines than this and a file does more than one thing.
const LONGEST_FILE: usize = 600;

#[test]
fn modules_import_only_what_lies_below_them() {
    let mut faults = Vec::new();
    for file in sources() {
        let Some(rule) = rule_of(&file.module) else {
            faults.push(format!("{}: module `{}` is not in the import table", file.name, file.module));
            continue;
        };
        for path in crate_paths(&file.code) {
            let inside = rule.0 == top(&file.module) && top(&path) == rule.0;
            if !(inside || within(&path, rule.0) || rule.1.iter().any(|open| within(&path, open))) {
                faults.push(format!("{}: `{}` may not import crate::{path}", file.name, rule.0));
            }
        }
        let climb = "super::".repeat(file.module.split("::").count());
        let code = file.code.split("#[cfg(test)]").next().unwrap_or_default();
        if code.contains(&climb) {
            faults.push(format!("{}: `{climb}` leaves the module; write crate:: so that the table sees it", file.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_page_touches_the_browser_and_only_the_command_line_the_machine() {
    let mut faults = Vec::new();
    for file in sources() {
        for (names, places) in [BROWSER, OUTSIDE] {
            if places.iter().any(|place| within(&file.module, place)) {
                continue;
            }
            let code = file.code.split("#[cfg(test)]").next().unwrap_or_default();
            faults.extend(
                names
                    .iter()
                    .filter(|name| code.contains(**name))
                    .map(|name| format!("{}: `{name}` belongs into {} only", file.name, places.join(" or "))),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_are_short_named_for_what_they_do_and_open_with_their_purpose() {
    let mut faults = Vec::new();
    for file in sources() {
        let lines = file.text.lines().count();
        if lines > LONGEST_FILE {
            faults.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", file.name));
        }
        if !file.text.starts_with("//!") {
            faults.push(format!("{}: does not open with a //! paragraph", file.name));
        }
        let last = file.module.rsplit("::").next().unwrap_or_default();
        if ["mod", "util", "utils", "helpers", "common", "misc"].contains(&last) {
            faults.push(format!("{}: a name that says nothing", file.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nothing_inline_and_nothing_foreign_reaches_the_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = files(&root.join("style"));
    pages.push(root.join("index.html"));
    let mut faults = Vec::new();
    for page in pages {
        // The name of the SVG namespace is an identifier; nobody fetches it.
        let text = read(&page).replace("http://www.w3.org/2000/svg", "");
        if ["http:", "https:", "url(//", "\"//", "'//"].iter().any(|foreign| text.contains(foreign)) {
            faults.push(format!("{}: a foreign address", page.display()));
        }
        if ["<style", " style=", "@import", " onclick="].iter().any(|inline| text.contains(inline)) {
            faults.push(format!("{}: something inline or imported that the policy blocks", page.display()));
        }
    }
    for file in sources().iter().filter(|file| within(&file.module, "ui")) {
        // The pair form sets a custom property through the object model, as style:name does.
        let code = file.code.replace(" style=(\"--", "");
        if [" style=", "set_attribute(\"style\"", "innerHTML"].iter().any(|inline| code.contains(inline)) {
            faults.push(format!("{}: the policy blocks style attributes; use style:name=value", file.name));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn grouped_imports_are_read_leaf_by_leaf() {
    let code =
        "use crate::{base::{time, bitset::BitSet}, model::*};\nfn f() -> crate::store::Segment { crate::query::run() }";
    let expect = ["base::bitset::BitSet", "base::time", "model", "query::run", "store::Segment"];
    assert_eq!(crate_paths(code).iter().map(String::as_str).collect::<Vec<_>>(), expect);
}

struct Source {
    /// Path below the repository root.
    name: String,
    /// `src/store/dedup.rs` is `store::dedup`.
    module: String,
    text: String,
    /// The text without comments.
    code: String,
}

/// Every module of the library; `lib.rs` and `main.rs` only join them.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for path in files(&root.join("src")) {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let Some(module) = name.strip_prefix("src/").and_then(|name| name.strip_suffix(".rs")) else { continue };
        if ["lib", "main"].contains(&module) {
            continue;
        }
        let module = module.replace('/', "::");
        let text = read(&path);
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        sources.push(Source { name, module, text, code });
    }
    assert!(!sources.is_empty(), "no sources found");
    sources
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rule_of(module: &str) -> Option<&'static (&'static str, &'static [&'static str])> {
    if module == "worker" {
        return Some(&("worker", &[]));
    }
    MAY_IMPORT.iter().filter(|(name, _)| within(module, name)).max_by_key(|(name, _)| name.len())
}

fn top(path: &str) -> &str {
    path.split("::").next().unwrap_or_default()
}

/// Whether `path` is `module` or lies below it.
fn within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every path that begins with `crate::`, without that beginning.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        if !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            expand("", &code[at + found.len()..], &mut paths);
        }
    }
    paths
}

/// Reads one path or `{…}` group behind `prefix` and adds its leaves; answers what follows it.
fn expand<'a>(prefix: &str, text: &'a str, paths: &mut BTreeSet<String>) -> &'a str {
    let mut path = prefix.to_owned();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group.trim_start();
            while !rest.is_empty() && !rest.starts_with('}') {
                rest = expand(&path, rest, paths).trim_start();
                rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            }
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !name.is_empty() && name != "self" {
            path = if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") };
        }
        match after.strip_prefix("::") {
            Some(next) if !name.is_empty() => rest = next,
            _ => {
                paths.insert(path);
                let skip = after.find([',', '}', ';', '\n']).unwrap_or(after.len());
                return &after[skip..];
            }
        }
    }
}
