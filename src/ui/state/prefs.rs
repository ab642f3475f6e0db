//! Preferences kept between visits in `localStorage`. Nothing about the data is ever stored there.

use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const KEY: &str = "trailscope:prefs";

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the operating system.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Height of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// 24 px rows.
    #[default]
    Compact,
    /// 32 px rows.
    Comfortable,
}

/// Time zone of everything shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ZoneChoice {
    /// Coordinated Universal Time, as the logs have it.
    #[default]
    Utc,
    /// The browser's zone.
    Local,
    /// An IANA name such as `Asia/Tokyo`.
    Named(String),
}

/// Everything kept between visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Colours of the page.
    pub theme: Theme,
    /// Height of rows.
    pub density: Density,
    /// Time zone of everything shown.
    pub zone: ZoneChoice,
    /// Workers to start for the next data set; `None` lets the machine decide.
    pub workers: Option<usize>,
    /// Megabytes of memory that all workers together may take before reading stops; `None` lets the machine decide.
    pub memory_mb: Option<u64>,
    /// Whether single keys without Ctrl are shortcuts (WCAG 2.1.4).
    pub single_keys: bool,
    /// Whether the facet pane is open.
    pub facets_open: bool,
    /// Width of the facet pane in CSS pixels.
    pub facets_width: u32,
    /// Width of the detail drawer in CSS pixels.
    pub detail_width: u32,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            density: Density::default(),
            zone: ZoneChoice::default(),
            workers: None,
            memory_mb: None,
            single_keys: true,
            facets_open: true,
            facets_width: 264,
            detail_width: 480,
        }
    }
}

/// The stored preferences, kept stored and applied to the document's root as they change.
pub fn provide() -> RwSignal<Prefs> {
    let prefs = RwSignal::new(LocalStorage::get::<Prefs>(KEY).unwrap_or_default());
    Effect::new(move |_| {
        let prefs = prefs.get();
        // Private windows may refuse storage; the preferences then last for this visit.
        let _ = LocalStorage::set(KEY, &prefs);
        if let Some(root) = document().document_element() {
            let theme = match prefs.theme {
                Theme::System => "system",
                Theme::Light => "light",
                Theme::Dark => "dark",
            };
            let density = match prefs.density {
                Density::Compact => "compact",
                Density::Comfortable => "comfortable",
            };
            let _ = root.set_attribute("data-theme", theme);
            let _ = root.set_attribute("data-density", density);
        }
    });
    prefs
}
