//! The field that was probably meant by one that no event has.

use crate::model::partial::CatalogPart;
use std::cmp::Reverse;

/// Letters that can be wrong at most, and the part of a name that they can be at most.
const WRONG: usize = 2;
const PART: usize = 3;

/// Longer paths are not looked up.
const LONGEST: usize = 256;

/// Names shorter than this are too common to be looked up in other places.
const TELLING: usize = 5;

/// The field of the catalog that `field` is nearest to: the same but for arrays and the case of letters; with a letter or two
/// wrong; or the only one of its name, in another place.
pub fn nearest<'c>(field: &str, catalog: &'c CatalogPart) -> Option<&'c str> {
    let wanted = plain(field);
    if wanted.len() > LONGEST {
        return None;
    }
    let name = last(&wanted);
    let limit = (name.len() / PART).min(WRONG);
    let distance = |path: &str| {
        if path.len().abs_diff(wanted.len()) > limit {
            return None;
        }
        Some(strsim::osa_distance(path, &wanted)).filter(|distance| *distance <= limit)
    };
    let similar =
        catalog.paths.iter().filter_map(|(path, count)| Some((distance(&plain(path))?, Reverse(*count), path)));
    if let Some((_, _, path)) = similar.min() {
        return Some(path);
    }
    let mut elsewhere = catalog.paths.keys().filter(|path| name.len() >= TELLING && last(&plain(path)) == name);
    elsewhere.next().filter(|_| elsewhere.next().is_none()).map(String::as_str)
}

/// A path in lower case without its array steps.
fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('[') {
        plain.push_str(&rest[..at]);
        let step = &rest[at..];
        let end = step.find(']').map_or(step.len(), |end| end + 1);
        let is_array = step[1..end].trim_end_matches(']').bytes().all(|byte| byte == b'*' || byte.is_ascii_digit());
        if !is_array {
            plain.push_str(&step[..end]);
        }
        rest = &step[end..];
    }
    plain.push_str(rest);
    plain.make_ascii_lowercase();
    plain
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_that_was_meant() {
        let paths = [
            ("eventName", 100),
            ("eventTime", 100),
            ("userIdentity.type", 100),
            ("userIdentity.userName", 60),
            ("resources[*].ARN", 40),
            ("errorCode", 9),
            ("requestParameters.ip", 4),
            ("requestParameters.bucketName", 4),
            ("responseElements.bucketName", 1),
        ];
        let paths = paths.map(|(path, count)| (path.to_owned(), count)).into();
        let catalog = CatalogPart { paths, ..CatalogPart::default() };
        for (field, expected) in [
            ("eventname", Some("eventName")),
            ("eventNmae", Some("eventName")),
            ("errCode", Some("errorCode")),
            ("userIdentity.typ", Some("userIdentity.type")),
            ("useridentity.username", Some("userIdentity.userName")),
            ("resources.ARN", Some("resources[*].ARN")),
            ("resources[0].arn", Some("resources[*].ARN")),
            ("userName", Some("userIdentity.userName")),
            ("bucketName", None),
            ("requestParameters.id", None),
            ("nothing.like.it", None),
            ("['a.b'", None),
        ] {
            assert_eq!(nearest(field, &catalog), expected, "{field}");
        }
        assert_eq!(nearest(&"x".repeat(1_000), &catalog), None);
    }
}
