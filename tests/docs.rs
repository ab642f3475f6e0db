//! What the documentation lists is what the code has.

/// The kebab-case names of the variants of `Code`, read from its source.
fn codes() -> Vec<String> {
    let source = include_str!("../src/base/diagnostic.rs");
    let (_, body) = source.split_once("pub enum Code {").unwrap_or_default();
    let (body, _) = body.split_once("\n}").unwrap_or_default();
    let names =
        body.lines().map(str::trim).filter(|line| !line.starts_with("//")).filter_map(|line| line.strip_suffix(','));
    names
        .map(|name| {
            let mut kebab = String::new();
            for c in name.chars() {
                if c.is_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.extend(c.to_lowercase());
            }
            kebab
        })
        .collect()
}

#[test]
fn every_diagnostic_code_is_documented_once() {
    let page = include_str!("../docs/diagnostics.md");
    let codes = codes();
    assert!(codes.len() > 20, "the source of `Code` was not understood: {codes:?}");
    for code in &codes {
        assert_eq!(page.matches(&format!("\n| `{code}` |")).count(), 1, "{code}");
    }
    assert_eq!(page.matches("\n| `").count(), codes.len(), "a code is documented that does not exist");
}
