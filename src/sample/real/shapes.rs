//! The calls that are made: their names, parameters and results as templates, and how often each comes.
//!
//! The table is `shapes.tsv`; its head says what the columns are.

use super::template::Template;
use crate::sample::random::Random;
use crate::sample::weighted::Weighted;

const TABLE: &str = include_str!("shapes.tsv");

/// One event name with one set of parameters.
pub(super) struct Shape {
    /// Without `.amazonaws.com`.
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    pub(super) is_read: bool,
    /// Whether it is about data, not management.
    pub(super) is_data: bool,
    pub(super) request: Template,
    pub(super) response: Template,
    pub(super) error_code: Option<Template>,
    pub(super) error_message: Option<Template>,
    pub(super) additional: Option<Template>,
    pub(super) resources: Option<Template>,
    pub(super) api_version: Option<Template>,
    pub(super) details: Option<Template>,
}

/// How a call comes about. It decides which fields a record has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// A program calls.
    Api,
    /// The console calls for whoever looks at it.
    Console,
    /// A service calls with the rights of somebody who has called it.
    Behalf,
    /// A service calls on its own.
    Service,
    /// Nobody calls; a service tells.
    Event,
    /// Somebody signs in.
    SignIn,
}

/// All channels, in the order of their variants.
pub(super) const CHANNELS: [Channel; 6] =
    [Channel::Api, Channel::Console, Channel::Behalf, Channel::Service, Channel::Event, Channel::SignIn];

impl Channel {
    const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Console => "console",
            Self::Behalf => "behalf",
            Self::Service => "service",
            Self::Event => "event",
            Self::SignIn => "signin",
        }
    }
}

/// The calls of one service in one channel.
type Service = Weighted<Shape>;

/// All shapes: of each channel the services, of each service the shapes.
pub(super) struct Shapes([Weighted<Service>; CHANNELS.len()]);

impl Shapes {
    pub(super) fn new() -> Self {
        Self(CHANNELS.map(|channel| {
            let mut services: Weighted<Service> = Weighted::default();
            let (mut service, mut name) = (Service::default(), "");
            for (weight, shape) in TABLE.lines().filter_map(|line| parse(line, channel)) {
                if shape.service != name {
                    name = shape.service;
                    let done = std::mem::take(&mut service);
                    services.push(done.total(), done);
                }
                service.push(weight, shape);
            }
            services.push(service.total(), service);
            services
        }))
    }

    /// Number of a service that is called through the channel.
    pub(super) fn draw_service(&self, channel: Channel, random: &mut Random) -> usize {
        self.0[channel as usize].draw(random)
    }

    /// Number of a shape of the service with that number.
    pub(super) fn draw_shape(&self, channel: Channel, service: usize, random: &mut Random) -> usize {
        self.0[channel as usize].get(service).draw(random)
    }

    /// The shape with these numbers.
    pub(super) fn get(&self, channel: Channel, service: usize, shape: usize) -> &Shape {
        self.0[channel as usize].get(service).get(shape)
    }

    /// How many of all calls come through the channel.
    pub(super) fn weight(&self, channel: Channel) -> u64 {
        self.0[channel as usize].total()
    }
}

/// Weight and shape of a line, if it is of the channel.
fn parse(line: &'static str, channel: Channel) -> Option<(u64, Shape)> {
    let mut columns = line.split('\t');
    let weight = columns.next()?.parse().ok()?;
    let (service, named, name, access) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    if named != channel.name() {
        return None;
    }
    let (request, response) = (Template::new(columns.next()?), Template::new(columns.next()?));
    let mut shape = Shape {
        service,
        name,
        is_read: access.starts_with("read"),
        is_data: access.ends_with("-data"),
        request,
        response,
        error_code: None,
        error_message: None,
        additional: None,
        resources: None,
        api_version: None,
        details: None,
    };
    for (key, value) in columns.filter_map(|column| column.split_once('=')) {
        let field = match key {
            "errorCode" => &mut shape.error_code,
            "errorMessage" => &mut shape.error_message,
            "additionalEventData" => &mut shape.additional,
            "resources" => &mut shape.resources,
            "apiVersion" => &mut shape.api_version,
            "serviceEventDetails" => &mut shape.details,
            _ => return None,
        };
        *field = Some(Template::new(value));
    }
    Some((weight, shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::real::values::KINDS;

    #[test]
    fn every_line_is_understood_and_every_gap_is_a_kind() {
        let lines: Vec<_> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 300);
        for line in lines {
            assert_eq!(CHANNELS.iter().filter(|&&channel| parse(line, channel).is_some()).count(), 1, "{line}");
            for gap in line.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(gap, _)| gap) {
                assert!(KINDS.iter().any(|kind| kind.name == gap), "<{gap}> in {line}");
            }
        }
        for channel in CHANNELS {
            assert!(Shapes::new().weight(channel) > 0, "{channel:?}");
        }
    }

    #[test]
    fn a_service_stands_in_one_place_of_the_table() {
        let mut seen = Vec::new();
        for service in TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').nth(1)) {
            if seen.last() != Some(&service) {
                assert!(!seen.contains(&service), "{service} twice");
                seen.push(service);
            }
        }
    }
}
