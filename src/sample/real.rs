//! Records with the statistics of real trails.
//!
//! What a reader can predict decides how fast it is: whether the next key is the usual one, whether a field has the value
//! of the record before. So the author works as accounts do: somebody makes a run of calls, in one service for a while,
//! on the same things; now and then a service acts on behalf; then it is somebody else's turn. docs/generator.md holds
//! the result against real sets, and tests/generator.rs holds it there.
//!
//! [`shapes`] says what is called with which parameters, [`values`] what fills them, [`cast`] who calls.

mod cast;
mod form;
mod shapes;
mod template;
mod values;

use std::fmt::Write;

use super::company::Region;
use super::layout::{Author, Moment};
use super::random::Random;
use cast::{Company, Session};
use shapes::{CHANNELS, Channel, Shape, Shapes};
use template::{Piece, Template};
use values::Values;

/// The Regions; the first is the main one, and has the events of global services, as all of the largest real set.
const REGIONS: &[Region] = &[
    Region { name: "us-east-1", weight: 0.86 },
    Region { name: "eu-central-1", weight: 0.1 },
    Region { name: "ap-southeast-2", weight: 0.04 },
];

/// Of 1,000 records, how many begin another run.
const NEW_RUN: u32 = 150;
/// Of 1,000 records of a run, how many begin work in another service.
const NEW_SERVICE: u32 = 330;
/// Of 1,000 records, how many repeat the call before.
const SAME_CALL: u32 = 100;
/// Of 1,000 records, how many begin or end a detour in which a service acts on behalf of the actor.
const DETOUR_BEGINS: u32 = 50;
const DETOUR_ENDS: u32 = 400;

/// Writes what goes on in an account.
pub(super) struct Everyday {
    shapes: Shapes,
    company: Company,
    values: Values,
    run: Option<Run>,
}

/// A series of calls by one actor.
struct Run {
    channel: Channel,
    actor: usize,
    session: Session,
    /// Whether a service acts on behalf of the actor for the moment.
    detour: bool,
    /// What was called last: channel, service and shape.
    last: (Channel, usize, usize),
}

impl Everyday {
    pub(super) fn new(seed: u64) -> Self {
        Self { shapes: Shapes::new(), company: Company::new(seed), values: Values::new(seed), run: None }
    }

    /// The run that goes on, or another one.
    fn run(&mut self, moment: &Moment, random: &mut Random) -> Run {
        if let Some(run) = self.run.take().filter(|_| !random.chance(NEW_RUN)) {
            return run;
        }
        let weight = |channel: Channel| if channel == Channel::Behalf { 0 } else { self.shapes.weight(channel) };
        let mut point = random.below(CHANNELS.into_iter().map(weight).sum());
        let channel = CHANNELS.into_iter().find(|&channel| {
            let within = point < weight(channel);
            point = point.saturating_sub(weight(channel));
            within
        });
        let channel = channel.unwrap_or(Channel::Api);
        let actor = self.company.draw(channel, random);
        let session = self.company.get(channel, actor).session(moment, random);
        let service = self.shapes.draw_service(channel, random);
        let shape = self.shapes.draw_shape(channel, service, random);
        Run { channel, actor, session, detour: false, last: (channel, service, shape) }
    }

    /// What is called next.
    fn call(&self, run: &mut Run, random: &mut Random) -> (Channel, usize, usize) {
        let may_detour = matches!(run.channel, Channel::Api | Channel::Console);
        run.detour = may_detour && random.chance(if run.detour { 1_000 - DETOUR_ENDS } else { DETOUR_BEGINS });
        let channel = if run.detour { Channel::Behalf } else { run.channel };
        let (before, service, shape) = run.last;
        if before == channel && random.chance(SAME_CALL) {
            return (channel, service, shape);
        }
        let goes_on = before == channel && !random.chance(NEW_SERVICE);
        let service = if goes_on { service } else { self.shapes.draw_service(channel, random) };
        (channel, service, self.shapes.draw_shape(channel, service, random))
    }
}

impl Author for Everyday {
    fn regions(&self) -> &'static [Region] {
        REGIONS
    }

    fn open(&mut self) {
        self.run = None;
        self.values.forget();
    }

    fn write(&mut self, moment: &Moment, random: &mut Random, out: &mut String) {
        let mut run = self.run(moment, random);
        run.last = self.call(&mut run, random);
        self.values.turn();
        let (channel, service, shape) = run.last;
        let Self { shapes, company, values, .. } = self;
        let shape = shapes.get(channel, service, shape);
        let region = REGIONS[moment.region].name;
        let mut record = Record { moment, region, random, values, out };
        // A String takes everything.
        let _ = record.write(channel, shape, &run, company);
        self.run = Some(run);
    }
}

/// Writes one record.
struct Record<'a> {
    moment: &'a Moment,
    region: &'static str,
    random: &'a mut Random,
    values: &'a mut Values,
    out: &'a mut String,
}

impl Record<'_> {
    /// The fields in the order in which CloudTrail writes them.
    fn write(&mut self, channel: Channel, shape: &Shape, run: &Run, company: &Company) -> std::fmt::Result {
        let Shape { service, name, is_read, is_data, .. } = shape;
        let (version, time, region) = (version(service), self.moment.time.to_rfc3339(), self.region);
        write!(self.out, r#"{{"eventVersion":"{version}","userIdentity":"#)?;
        let by_service = self.identity(channel, service, &run.session)?;
        write!(
            self.out,
            r#","eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":""#
        )?;
        let session = &run.session;
        match &by_service {
            Some(by) if channel == Channel::Behalf && run.channel == Channel::Console => {
                write!(self.out, r#"AWS Internal","userAgent":"{by}""#)?;
            }
            Some(by) => write!(self.out, r#"{by}","userAgent":"{by}""#)?,
            None => {
                write!(self.out, r#"{}","userAgent":""#, session.address)?;
                self.agent(&session.agent, service, name)?;
                self.out.push('"');
            }
        }
        self.optional(r#","errorCode":"#, &shape.error_code);
        self.optional(r#","errorMessage":"#, &shape.error_message);
        self.template(r#","requestParameters":"#, &shape.request);
        self.template(r#","responseElements":"#, &shape.response);
        self.optional(r#","additionalEventData":"#, &shape.additional);
        if channel != Channel::Event && channel != Channel::SignIn {
            self.request_id(service)?;
        }
        write!(self.out, r#","eventID":"{}","readOnly":{is_read}"#, self.random.uuid())?;
        self.optional(r#","resources":"#, &shape.resources);
        let kind = match channel {
            Channel::Event => "AwsServiceEvent",
            Channel::SignIn => "AwsConsoleSignIn",
            _ => "AwsApiCall",
        };
        write!(self.out, r#","eventType":"{kind}""#)?;
        self.optional(r#","apiVersion":"#, &shape.api_version);
        let account = super::company::ACCOUNT;
        write!(self.out, r#","managementEvent":{},"recipientAccountId":"{account}""#, !is_data)?;
        if channel == Channel::Service || session.is_foreign {
            write!(self.out, r#","sharedEventID":"{}""#, self.random.uuid())?;
        }
        self.optional(r#","serviceEventDetails":"#, &shape.details);
        let actor = company.get(run.channel, run.actor);
        if let (Some(endpoint), Channel::Api) = (&actor.endpoint, channel) {
            write!(self.out, r#","vpcEndpointId":"{endpoint}""#)?;
        }
        let category = if *is_data { "Data" } else { "Management" };
        write!(self.out, r#","eventCategory":"{category}""#)?;
        if self.random.chance(2) {
            let (id, time) = (self.random.uuid(), self.moment.since.to_rfc3339());
            write!(
                self.out,
                r#","addendum":{{"reason":"DELIVERY_DELAY","originalRequestID":"{id}","originalEventID":"{id}","updatedFields":"eventTime {time}"}}"#
            )?;
        }
        // Where the console's calls have both, either order is seen.
        let by_console = channel == Channel::Console;
        let (is_encrypted, is_late) = match channel {
            Channel::Api => (!self.random.chance(12), false),
            Channel::Console => (self.random.chance(25), self.random.chance(500)),
            channel => (channel == Channel::SignIn, false),
        };
        if by_console && !is_late {
            self.out.push_str(r#","sessionCredentialFromConsole":"true""#);
        }
        if is_encrypted {
            let (version, suite) = actor.tls;
            write!(self.out, r#","tlsDetails":{{"tlsVersion":"{version}","cipherSuite":"{suite}""#)?;
            let host = match *service {
                "iam" | "sts" | "route53" => format!("{service}.amazonaws.com"),
                _ => format!("{service}.{region}.amazonaws.com"),
            };
            write!(self.out, r#","clientProvidedHostHeader":"{host}"}}"#)?;
        }
        if by_console && is_late {
            self.out.push_str(r#","sessionCredentialFromConsole":"true""#);
        }
        self.out.push('}');
        Ok(())
    }

    /// `userIdentity`; answers the service that calls, if one does.
    fn identity(
        &mut self,
        channel: Channel,
        service: &str,
        session: &Session,
    ) -> Result<Option<String>, std::fmt::Error> {
        let by = match channel {
            Channel::Behalf if service == "kms" => "secretsmanager",
            Channel::Behalf if service == "health" => "health",
            Channel::Behalf => "cloudformation",
            Channel::Service => *self.random.pick(&["cloudtrail", "rds", "ec2", "inspector2", "lambda"]),
            _ => service,
        };
        let by = format!("{by}.amazonaws.com");
        match channel {
            Channel::Behalf => write!(self.out, r#"{},"invokedBy":"{by}"}}"#, session.delegated)?,
            Channel::Service => write!(self.out, r#"{{"type":"AWSService","invokedBy":"{by}"}}"#)?,
            Channel::Event => {
                let account = super::company::ACCOUNT;
                write!(self.out, r#"{{"accountId":"{account}","invokedBy":"{by}"}}"#)?;
            }
            _ => {
                write!(self.out, "{}}}", session.identity)?;
                return Ok(None);
            }
        }
        Ok(Some(by))
    }

    fn agent(&mut self, agent: &str, service: &str, name: &str) -> std::fmt::Result {
        let mut rest = agent;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((gap, after)) = after.split_once('>') else { break };
            write!(self.out, "{before}{}", if gap == "service" { service } else { name })?;
            rest = after;
        }
        self.out.push_str(rest);
        Ok(())
    }

    /// S3 has its own kind of request ids, as have some others.
    fn request_id(&mut self, service: &str) -> std::fmt::Result {
        let mut id = String::new();
        match service {
            "s3" => form::write("?{16}", self.random, &mut id),
            "route53" => form::write("*{142}", self.random, &mut id),
            _ => id = self.random.uuid(),
        }
        write!(self.out, r#","requestID":"{id}""#)
    }

    fn optional(&mut self, key: &str, template: &Option<Template>) {
        if let Some(template) = template {
            self.template(key, template);
        }
    }

    fn template(&mut self, key: &str, template: &Template) {
        self.out.push_str(key);
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => self.out.push_str(text),
                &Piece::Value(kind) => self.values.write(kind, self.moment, self.region, self.random, self.out),
            }
        }
    }
}

/// Most services write the version of the time they were last changed.
fn version(service: &str) -> &'static str {
    match service {
        "athena" | "bedrock" | "dynamodb" | "sqs" => "1.11",
        "ecr" | "ecs" | "eks" | "guardduty" | "cognito-idp" => "1.10",
        "cloudformation" | "lambda" | "sns" => "1.09",
        _ => "1.08",
    }
}
