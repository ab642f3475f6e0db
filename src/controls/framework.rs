//! Frameworks the controls belong to, and the ids and clauses that each has for a control.

use super::{Control, all};
use serde::{Deserialize, Serialize};

/// Versions of the CIS AWS Foundations Benchmark, oldest first.
pub const CIS_VERSIONS: [&str; 10] =
    ["v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0", "v2.0.0", "v3.0.0", "v4.0", "v5.0.0", "v6.0.0", "v7.0.0"];

/// A framework.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Framework {
    /// A version of the CIS benchmark, by its place in [`CIS_VERSIONS`].
    Cis(u8),
    /// AWS Security Hub's controls for CloudWatch.
    #[default]
    SecurityHub,
    /// PCI DSS 4.0.
    PciDss4,
    /// PCI DSS 3.2.1.
    PciDss3,
    /// The HIPAA security rule.
    Hipaa,
}

/// Controls that a framework puts together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they have in common; empty when the framework does not divide them.
    pub title: String,
    /// The controls.
    pub controls: Vec<&'static Control>,
}

impl Framework {
    /// All, in the order offered.
    pub fn every() -> impl Iterator<Item = Self> {
        let cis = (0..CIS_VERSIONS.len() as u8).rev().map(Self::Cis);
        [Self::SecurityHub].into_iter().chain(cis).chain([Self::PciDss4, Self::PciDss3, Self::Hipaa])
    }

    /// Its name in links and on the command line.
    pub fn code(self) -> String {
        match self {
            Self::Cis(_) => format!("cis-{}", self.cis_version().unwrap_or_default()),
            Self::SecurityHub => "security-hub".into(),
            Self::PciDss4 => "pci-dss-4.0".into(),
            Self::PciDss3 => "pci-dss-3.2.1".into(),
            Self::Hipaa => "hipaa".into(),
        }
    }

    /// The framework with this code.
    pub fn by_code(code: &str) -> Option<Self> {
        Self::every().find(|framework| framework.code() == code)
    }

    /// Its name for people.
    pub fn title(self) -> String {
        match self {
            Self::Cis(_) => format!("CIS AWS Foundations Benchmark {}", self.cis_version().unwrap_or_default()),
            Self::SecurityHub => "AWS Security Hub".into(),
            Self::PciDss4 => "PCI DSS 4.0".into(),
            Self::PciDss3 => "PCI DSS 3.2.1".into(),
            Self::Hipaa => "HIPAA security rule".into(),
        }
    }

    /// The version of the CIS benchmark, if it is one.
    pub fn cis_version(self) -> Option<&'static str> {
        match self {
            Self::Cis(at) => CIS_VERSIONS.get(usize::from(at)).copied(),
            _ => None,
        }
    }

    /// The ids or clauses it has for a control; none when it does not have the control.
    pub fn ids(self, control: &Control) -> Vec<&str> {
        match self {
            Self::Cis(_) => {
                self.cis_version().and_then(|version| Some(control.cis.get(version)?.as_str())).into_iter().collect()
            }
            Self::SecurityHub => control.security_hub.as_deref().into_iter().collect(),
            Self::PciDss4 => control.pci_dss.v4.iter().map(String::as_str).collect(),
            Self::PciDss3 => control.pci_dss.v3.iter().map(String::as_str).collect(),
            Self::Hipaa => control.hipaa.clauses.iter().map(String::as_str).collect(),
        }
    }

    /// Whose mapping the ids are.
    pub fn source(self, control: &Control) -> &str {
        match self {
            Self::Cis(_) => "ids as Security Hub, Prowler and Powerpipe give them; the benchmark itself is not public",
            Self::SecurityHub => "AWS Security Hub User Guide, controls for Amazon CloudWatch",
            Self::PciDss4 | Self::PciDss3 => &control.pci_dss.source,
            Self::Hipaa => &control.hipaa.source,
        }
    }

    /// Whether the ids are others' opinion of what the standard asks for.
    pub fn is_opinion(self) -> bool {
        matches!(self, Self::PciDss4 | Self::PciDss3 | Self::Hipaa)
    }

    /// The pattern that belongs to the framework: a CIS version has its own, all others go by the recommended one.
    pub fn pattern(self, control: &Control) -> &str {
        self.cis_version().and_then(|version| control.cis_pattern(version)).unwrap_or_else(|| control.pattern())
    }

    /// All fifteen controls: CIS by level, the others by whether they have the control.
    pub fn groups(self) -> Vec<Group> {
        let (inside, outside): (Vec<_>, Vec<_>) = all().iter().partition(|control| !self.ids(control).is_empty());
        let outside_title = if self.is_opinion() {
            "Not mapped by the sources read".into()
        } else {
            format!("Not in {}", self.title())
        };
        let mut groups = if let Self::Cis(_) = self {
            let (first, second): (Vec<_>, Vec<_>) =
                inside.into_iter().partition(|control| !self.is_second_level(control));
            let group = |title: &str, controls| Group { title: title.into(), controls };
            vec![group("Level 1", first), group("Level 2", second)]
        } else {
            vec![Group { title: String::new(), controls: inside }]
        };
        groups.push(Group { title: outside_title, controls: outside });
        groups.retain(|group| !group.controls.is_empty());
        groups
    }

    /// Whether the benchmark has the control on its second level. Unauthorized API calls went there with v4.0.
    fn is_second_level(self, control: &Control) -> bool {
        match control.cis_profile.as_str() {
            "Level 2" => true,
            "Level 1" => false,
            _ => {
                let v4 = CIS_VERSIONS.iter().position(|version| *version == "v4.0");
                matches!(self, Self::Cis(at) if Some(usize::from(at)) >= v4)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back() {
        let all: Vec<Framework> = Framework::every().collect();
        assert_eq!(all.len(), 14);
        for framework in all {
            assert_eq!(Framework::by_code(&framework.code()), Some(framework));
        }
        assert_eq!(Framework::by_code("cis-v9"), None);
    }

    #[test]
    fn every_framework_shows_all_fifteen_once() {
        for framework in Framework::every() {
            let shown: usize = framework.groups().iter().map(|group| group.controls.len()).sum();
            assert_eq!(shown, 15, "{framework:?}");
        }
    }

    #[test]
    fn levels_follow_the_version() {
        let level_two = |code: &str| {
            let framework = Framework::by_code(code).unwrap();
            let group = framework.groups().into_iter().find(|group| group.title == "Level 2").unwrap();
            group.controls.iter().map(|control| control.key.as_str()).collect::<Vec<_>>()
        };
        assert!(!level_two("cis-v3.0.0").contains(&"unauthorized_api_calls"));
        assert!(level_two("cis-v4.0").contains(&"unauthorized_api_calls"));
        assert!(level_two("cis-v1.2.0").contains(&"nacl_changes"));
    }

    #[test]
    fn a_version_of_the_benchmark_has_its_own_text_where_it_is_known() {
        let control = super::super::by_key("unauthorized_api_calls").unwrap();
        let of = |code: &str| Framework::by_code(code).unwrap().pattern(control);
        assert_eq!(of("cis-v1.2.0"), control.pattern());
        assert!(of("cis-v1.4.0").contains("|| ($.eventName!=\"HeadBucket\")"));
        assert!(of("cis-v5.0.0").contains("&& ($.eventName!=\"HeadBucket\")"));
        assert_eq!(of("pci-dss-4.0"), control.pattern());
    }
}
