//! Alarms that wait for each other: CloudWatch stops evaluating them until one rule no longer depends on the others.

use std::collections::{HashMap, HashSet};

/// Of alarms and the names their rules mention (with the suppressor, whose state actions wait for, left out), those that
/// depend on themselves. What merely depends on a cycle is not in it.
pub fn cycles<'a>(children: &HashMap<&'a str, Vec<&'a str>>) -> HashSet<&'a str> {
    children.keys().copied().filter(|start| reaches(children, start)).collect()
}

/// Whether an alarm can be reached from itself.
fn reaches(children: &HashMap<&str, Vec<&str>>, start: &str) -> bool {
    let mut seen = HashSet::new();
    let mut ahead: Vec<&str> = children.get(start).cloned().unwrap_or_default();
    while let Some(name) = ahead.pop() {
        if name == start {
            return true;
        }
        if seen.insert(name) {
            ahead.extend(children.get(name).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_a_cycle_is_named() {
        let children = HashMap::from([
            ("a", vec!["b", "metric"]),
            ("b", vec!["c"]),
            ("c", vec!["a"]),
            ("d", vec!["a"]),
            ("e", vec!["e"]),
            ("f", vec!["metric"]),
        ]);
        assert_eq!(cycles(&children), HashSet::from(["a", "b", "c", "e"]));
    }
}
