//! Who calls: users, roles and their sessions, with their addresses and tools.
//!
//! The mix is that of the real sets: one or two users do most of it with long-term keys, and many roles little each.

use std::fmt::Write;

use super::form;
use super::shapes::Channel;
use crate::sample::company::ACCOUNT;
use crate::sample::layout::Moment;
use crate::sample::random::Random;
use crate::sample::weighted::Weighted;

/// What kind of identity an actor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// A user with a long-term key.
    Key,
    /// A user in the console.
    Person,
    /// A role of a program; a flag says whether records still have `webIdFederationData`.
    Role {
        old: bool,
    },
    /// A role that somebody has signed in to.
    SingleSignOn,
    /// A role that a container or pipeline assumes with a token.
    WebIdentity,
    /// A role of an instance.
    Instance,
    Federated,
    Root,
    OtherAccount,
    IdentityCenter,
}

/// Nature, number of actors, weight of the first; each next one has half as much.
type Cast = &'static [(Nature, u64, u64)];

const PROGRAMS: Cast = &[
    (Nature::Key, 3, 800),
    (Nature::Role { old: true }, 6, 50),
    (Nature::Role { old: false }, 8, 50),
    (Nature::Instance, 4, 30),
    (Nature::WebIdentity, 4, 20),
    (Nature::SingleSignOn, 5, 16),
    (Nature::Federated, 1, 3),
    (Nature::OtherAccount, 2, 4),
    (Nature::IdentityCenter, 1, 3),
];
const PEOPLE: Cast = &[(Nature::Person, 3, 60), (Nature::SingleSignOn, 3, 16), (Nature::Root, 1, 3)];

/// Tools of programs; `<session>` is an id of the run, `<service>` and `<call>` are what is called.
const TOOLS: &[&str] = &[
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.39.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.50.30 (go1.21.7; linux; amd64) pipeline_<session> HashiCorp-terraform-exec/0.17.3",
    "APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-aws/4.67.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.44.261 (go1.19.8; linux; amd64)",
    "[APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-aws/4.67.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/1.44.261 (go1.19.8; linux; amd64)]",
    "aws-cli/2.15.24 Python/3.11.8 Linux/6.5.0-1014-aws exe/x86_64.ubuntu.22 prompt/off command/<service>.<call>",
    "Boto3/1.34.55 md/Botocore#1.34.55 ua/2.0 os/linux#6.1.79 md/arch#x86_64 lang/python#3.12.2 md/pyimpl#CPython cfg/retry-mode#standard Botocore/1.34.55",
    "aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.7 md/GOOS#linux md/GOARCH#amd64 api/<service>#1.150.0 m/E,g",
    "aws-sdk-java/2.25.1 Linux/6.1.79-99.164.amzn2023.aarch64 OpenJDK_64-Bit_Server_VM/21.0.2+13-LTS Java/21.0.2 vendor/Amazon.com_Inc. exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/legacy",
    "aws-sdk-js/3.525.0 ua/2.0 os/linux#5.10.209 lang/js md/nodejs#20.11.1 api/<service>#3.525.0 exec-env/AWS_Lambda_nodejs20.x",
    "pipeline_<session>",
    "aws-sdk-go/1.44.306 (go1.20.6; linux; amd64) amazon-ssm-agent/",
];
/// How the console calls itself.
const CONSOLES: &[&str] = &[
    "AWS Internal",
    "AWS Internal",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10.184-153.731.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372 vendor/Oracle_Corporation cfg/retry-mode/standard]",
    "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
];

/// Somebody who calls.
pub(super) struct Actor {
    nature: Nature,
    /// Of the user or role.
    name: String,
    /// What follows the prefix of its unique id.
    id: String,
    address: String,
    tools: &'static [&'static str],
    /// How it encrypts: not at all where the console calls.
    pub(super) tls: (&'static str, &'static str),
    /// The endpoint in its own network through which it calls.
    pub(super) endpoint: Option<String>,
}

/// An actor at work: what its records have in common.
pub(super) struct Session {
    /// `userIdentity` without its closing brace.
    pub(super) identity: String,
    /// The same where a service acts on behalf of it.
    pub(super) delegated: String,
    pub(super) address: String,
    pub(super) agent: String,
    pub(super) is_foreign: bool,
}

/// Those who call by program, and those who look at the console.
pub(super) struct Company {
    programs: Weighted<Actor>,
    people: Weighted<Actor>,
}

impl Company {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0xca57);
        Self { programs: gather(PROGRAMS, TOOLS, &mut random), people: gather(PEOPLE, CONSOLES, &mut random) }
    }

    /// Number of somebody who uses the channel.
    pub(super) fn draw(&self, channel: Channel, random: &mut Random) -> usize {
        self.of(channel).draw(random)
    }

    /// The actor with that number.
    pub(super) fn get(&self, channel: Channel, number: usize) -> &Actor {
        self.of(channel).get(number)
    }

    fn of(&self, channel: Channel) -> &Weighted<Actor> {
        if matches!(channel, Channel::Console | Channel::SignIn) { &self.people } else { &self.programs }
    }
}

fn gather(cast: Cast, tools: &'static [&'static str], random: &mut Random) -> Weighted<Actor> {
    let mut actors = Weighted::default();
    for &(nature, count, weight) in cast {
        for number in 0..count {
            let from = random.below(tools.len() as u64) as usize;
            // The busiest ones use Terraform, as in the real sets.
            let tools = if nature == Nature::Key { &tools[..4] } else { &tools[from..(from + 2).min(tools.len())] };
            actors.push((weight >> number).max(1), Actor::new(nature, tools, random));
        }
    }
    actors
}

impl Actor {
    fn new(nature: Nature, tools: &'static [&'static str], random: &mut Random) -> Self {
        let text = |form: &str, random: &mut Random| {
            let mut out = String::new();
            form::write(form, random, &mut out);
            out
        };
        let in_network = matches!(nature, Nature::Role { .. } | Nature::Instance | Nature::WebIdentity);
        Self {
            nature,
            name: match nature {
                Nature::Person => text("alice|bruno|chen|dana|emre", random),
                Nature::SingleSignOn => text("AWSReservedSSO_@_#{16}", random),
                Nature::Key => text("@-deploy", random),
                _ => text("@-@-role-~{6}", random),
            },
            id: text("?{17}", random),
            address: match random.below(10) {
                0 => text("2001:db8:#{4}:#{3}::#{4}", random),
                _ if in_network => text("10.%.%{2}.%{2}", random),
                1..3 => text("198.51.100.1%{2}", random),
                _ => "203.0.113.10".into(),
            },
            tools,
            tls: match random.below(20) {
                0 => ("TLSv1.2", "ECDHE-RSA-AES128-SHA"),
                1..5 => ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"),
                _ => ("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
            },
            endpoint: (in_network && random.chance(600)).then(|| text("vpce-0#{16}", random)),
        }
    }

    /// The actor's session at that moment.
    pub(super) fn session(&self, moment: &Moment, random: &mut Random) -> Session {
        let seed = self.id.bytes().fold(moment.session << 8 ^ moment.region as u64, |sum, byte| {
            sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte)
        });
        let mut fixed = Random::new(seed);
        let address = match self.nature {
            Nature::Instance if fixed.chance(200) => {
                let mut out = String::new();
                form::write("10.%.%{2}.%{2}", &mut fixed, &mut out);
                out
            }
            _ => self.address.clone(),
        };
        let id = fixed.uuid();
        Session {
            identity: self.identity(moment, &mut fixed, false),
            delegated: self.identity(moment, &mut fixed, true),
            address,
            agent: random.pick(self.tools).replace("<session>", &id),
            is_foreign: self.nature == Nature::OtherAccount,
        }
    }

    fn identity(&self, moment: &Moment, fixed: &mut Random, delegated: bool) -> String {
        let Self { name, id, .. } = self;
        let since = moment.since.to_rfc3339();
        let mut key = String::from("ASIA");
        form::write("?{16}", fixed, &mut key);
        let mut out = String::new();
        let written = match self.nature {
            Nature::Key | Nature::Person => {
                let mfa = self.nature == Nature::Person;
                let is_temporary = delegated || mfa;
                let key = if is_temporary { key } else { format!("AKIA{}", &id[..16]) };
                let context = format!(
                    r#","sessionContext":{{"sessionIssuer":{{}},"webIdFederationData":{{}},"attributes":{{"creationDate":"{since}","mfaAuthenticated":"{mfa}"}}}}"#
                );
                write!(
                    out,
                    r#"{{"type":"IAMUser","principalId":"AIDA{id}","arn":"arn:aws:iam::{ACCOUNT}:user/{name}","accountId":"{ACCOUNT}","accessKeyId":"{key}","userName":"{name}"{}"#,
                    if is_temporary { &context } else { "" }
                )
            }
            Nature::Role { .. } | Nature::SingleSignOn | Nature::WebIdentity | Nature::Instance => {
                let mut session = String::new();
                let form = match self.nature {
                    Nature::SingleSignOn => "alice@example.com|bruno@example.com|chen@example.com|o'neil@example.com",
                    Nature::Instance => "i-0#{16}",
                    _ => "aws-go-sdk-1709%{15}|botocore-session-1709%{6}|@-@|#{8}-#{4}-4#{3}-8#{3}-#{12}",
                };
                form::write(form, fixed, &mut session);
                let path = if self.nature == Nature::SingleSignOn { "aws-reserved/sso.amazonaws.com/" } else { "" };
                let before = match self.nature {
                    Nature::Role { old: true } => r#","webIdFederationData":{}"#.to_owned(),
                    Nature::WebIdentity => format!(
                        r#","webIdFederationData":{{"federatedProvider":"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.example.com","attributes":{{}}}}"#
                    ),
                    _ => String::new(),
                };
                let after = if self.nature == Nature::Instance { r#","ec2RoleDelivery":"2.0""# } else { "" };
                write!(
                    out,
                    r#"{{"type":"AssumedRole","principalId":"AROA{id}:{session}","arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}","accountId":"{ACCOUNT}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{id}","arn":"arn:aws:iam::{ACCOUNT}:role/{path}{name}","accountId":"{ACCOUNT}","userName":"{name}"}}{before},"attributes":{{"creationDate":"{since}","mfaAuthenticated":"false"}}{after}}}"#
                )
            }
            Nature::Federated => write!(
                out,
                r#"{{"type":"FederatedUser","principalId":"{ACCOUNT}:{name}","arn":"arn:aws:sts::{ACCOUNT}:federated-user/{name}","accountId":"{ACCOUNT}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"IAMUser","principalId":"AIDA{id}","arn":"arn:aws:iam::{ACCOUNT}:user/{name}","accountId":"{ACCOUNT}","userName":"{name}"}},"attributes":{{"mfaAuthenticated":"false","creationDate":"{since}"}}}}"#
            ),
            Nature::Root => write!(
                out,
                r#"{{"type":"Root","principalId":"{ACCOUNT}","arn":"arn:aws:iam::{ACCOUNT}:root","accountId":"{ACCOUNT}","accessKeyId":"{key}","sessionContext":{{"attributes":{{"creationDate":"{since}","mfaAuthenticated":"true"}}}}"#
            ),
            Nature::OtherAccount => {
                write!(out, r#"{{"type":"AWSAccount","principalId":"AIDA{id}","accountId":"444455556666""#)
            }
            Nature::IdentityCenter => write!(
                out,
                r#"{{"type":"IdentityCenterUser","accountId":"{ACCOUNT}","onBehalfOf":{{"userId":"{}","identityStoreArn":"arn:aws:identitystore::{ACCOUNT}:identitystore/d-0123456789"}},"credentialId":"{}""#,
                Random::new(id.len() as u64).uuid(),
                fixed.uuid()
            ),
        };
        let _ = written; // a String takes everything
        out
    }
}
