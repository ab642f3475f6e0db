//! The story in the built-in sample, in the night to the second Wednesday.
//!
//! Somebody guesses the console password of a user without MFA, looks around and is denied nearly everything,
//! gets into the root user, makes a lasting way in, and stops the trail. In the morning an administrator finds out.

use super::company::{ACCOUNT, ACTORS, GLOBAL_REGION};
use super::event::{Record, Scene};
use super::random::Random;
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

/// A special event, to be put among the others.
pub(super) struct Happening {
    pub(super) time: EpochMs,
    /// Index of the Region whose files it goes into.
    pub(super) region: usize,
    pub(super) json: String,
}

/// Failed sign-ins before one succeeds.
const FAILED_SIGN_INS: usize = 23;
/// Denied calls in the storm.
const DENIED: usize = 640;
/// Calls made by the root user, its sign-in included.
const ROOT_CALLS: usize = 6;

const NIGHT: i64 = 9 * DAY;
const STOPPED: i64 = NIGHT + 2 * HOUR + 47 * MINUTE;
const STARTED: i64 = NIGHT + 8 * HOUR + 4 * MINUTE;

const INTRUDER: &str = "198.51.100.77";
const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36";
const TOOL: &str = "aws-cli/1.32.50 md/Botocore#1.34.50 ua/2.0 os/windows#10 md/arch#amd64 lang/python#3.10.11";
const SIGN_IN: &str = "signin.amazonaws.com";

/// When the stopped trail logs nothing, the moments of stopping and starting excluded.
pub(super) fn silence(start: EpochMs) -> (EpochMs, EpochMs) {
    (EpochMs(start.0 + STOPPED + SECOND), EpochMs(start.0 + STARTED))
}

/// The special events of a sample that begins at `start`.
pub(super) fn happenings(start: EpochMs, seed: u64) -> Vec<Happening> {
    let mut story = Story { random: Random::new(seed ^ 0x5eed), start, happenings: Vec::new() };
    story.guess_password();
    story.look_around();
    story.use_root();
    story.clean_up();
    story.happenings
}

struct Story {
    random: Random,
    start: EpochMs,
    happenings: Vec<Happening>,
}

impl Story {
    fn tell(&mut self, at: i64, region: usize, record: &Record) {
        let time = EpochMs(self.start.0 + at);
        let json = Scene::new(&mut self.random, time, region).write(record);
        self.happenings.push(Happening { time, region, json });
    }

    fn sign_in(&mut self, at: i64, identity: String, succeeds: bool) {
        let response = if succeeds { r#"{"ConsoleLogin":"Success"}"# } else { r#"{"ConsoleLogin":"Failure"}"# };
        self.tell(
            at,
            GLOBAL_REGION,
            &Record {
                address: INTRUDER,
                agent: BROWSER,
                error: (!succeeds).then_some(("", "Failed authentication")),
                response,
                additional: r#"{"LoginTo":"https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true","MobileVersion":"No","MFAUsed":"No"}"#,
                kind: "AwsConsoleSignIn",
                ..Record::call(identity, SIGN_IN, "ConsoleLogin")
            },
        );
    }

    fn guess_password(&mut self) {
        let begin = NIGHT + 2 * HOUR + 3 * MINUTE;
        for number in 0..FAILED_SIGN_INS as i64 {
            let wait = self.random.below(12) as i64;
            // Names that do not exist are hidden by CloudTrail.
            let name = if number < 6 { "HIDDEN_DUE_TO_SECURITY_REASONS" } else { "dana" };
            let identity =
                format!(r#"{{"type":"IAMUser","accountId":"{ACCOUNT}","accessKeyId":"","userName":"{name}"}}"#);
            self.sign_in(begin + (number * 22 + wait) * SECOND, identity, false);
        }
        let dana = format!(
            r#"{{"type":"IAMUser","principalId":"AIDAEXAMPLEDANA00001","arn":"arn:aws:iam::{ACCOUNT}:user/dana","accountId":"{ACCOUNT}","userName":"dana"}}"#
        );
        self.sign_in(NIGHT + 2 * HOUR + 12 * MINUTE, dana, true);
    }

    fn dana(&self) -> String {
        let created = EpochMs(self.start.0 + NIGHT + 2 * HOUR + 12 * MINUTE).to_rfc3339();
        format!(
            r#"{{"type":"IAMUser","principalId":"AIDAEXAMPLEDANA00001","arn":"arn:aws:iam::{ACCOUNT}:user/dana","accountId":"{ACCOUNT}","accessKeyId":"ASIAEXAMPLEDANA00001","userName":"dana","sessionContext":{{"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}}}"#
        )
    }

    /// The storm: a tool asks for everything, and two of three answers are no.
    fn look_around(&mut self) {
        const ASKED: &[(&str, &str, &str)] = &[
            ("iam.amazonaws.com", "iam", "ListUsers"),
            ("iam.amazonaws.com", "iam", "GetAccountAuthorizationDetails"),
            ("s3.amazonaws.com", "s3", "ListBuckets"),
            ("secretsmanager.amazonaws.com", "secretsmanager", "ListSecrets"),
            ("ssm.amazonaws.com", "ssm", "GetParameters"),
            ("lambda.amazonaws.com", "lambda", "ListFunctions"),
            ("rds.amazonaws.com", "rds", "DescribeDBSnapshots"),
            ("kms.amazonaws.com", "kms", "ListKeys"),
            ("dynamodb.amazonaws.com", "dynamodb", "ListTables"),
            ("organizations.amazonaws.com", "organizations", "DescribeOrganization"),
        ];
        let begin = NIGHT + 2 * HOUR + 15 * MINUTE;
        for number in 0..DENIED {
            let at = begin + self.random.below(16 * 60) as i64 * SECOND;
            let region = self.random.between(0, 2);
            let identity = self.dana();
            if number % 5 == 0 {
                let name =
                    *self.random.pick(&["DescribeInstances", "DescribeSnapshots", "RunInstances", "DescribeVpcs"]);
                let error = ("Client.UnauthorizedOperation", "You are not authorized to perform this operation.");
                let record = Record {
                    address: INTRUDER,
                    agent: TOOL,
                    error: Some(error),
                    read_only: name != "RunInstances",
                    ..Record::call(identity, "ec2.amazonaws.com", name)
                };
                self.tell(at, region, &record);
                continue;
            }
            let (source, service, name) = *self.random.pick(ASKED);
            let message = format!(
                "User: arn:aws:iam::{ACCOUNT}:user/dana is not authorized to perform: {service}:{name} because no \
                 identity-based policy allows the {service}:{name} action"
            );
            let record = Record {
                address: INTRUDER,
                agent: TOOL,
                error: Some(("AccessDenied", &message)),
                read_only: true,
                ..Record::call(identity, source, name)
            };
            let is_global = matches!(service, "iam" | "organizations");
            self.tell(at, if is_global { GLOBAL_REGION } else { region }, &record);
        }
    }

    fn use_root(&mut self) {
        let at = |minute: i64, second: i64| NIGHT + 2 * HOUR + minute * MINUTE + second * SECOND;
        let root = format!(
            r#"{{"type":"Root","principalId":"{ACCOUNT}","arn":"arn:aws:iam::{ACCOUNT}:root","accountId":"{ACCOUNT}","accessKeyId":""}}"#
        );
        self.sign_in(at(38, 12), root, true);
        let created = EpochMs(self.start.0 + at(38, 12)).to_rfc3339();
        let root = format!(
            r#"{{"type":"Root","principalId":"{ACCOUNT}","arn":"arn:aws:iam::{ACCOUNT}:root","accountId":"{ACCOUNT}","accessKeyId":"ASIAEXAMPLEROOT00001","sessionContext":{{"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}}}"#
        );
        let calls: [(i64, &str, &str, &str, &str); ROOT_CALLS - 1] = [
            (
                at(40, 3),
                "iam.amazonaws.com",
                "CreateUser",
                r#"{"userName":"svc-backup2"}"#,
                r#"{"user":{"path":"/","userName":"svc-backup2","userId":"AIDAEXAMPLESVC000002","arn":"arn:aws:iam::<account>:user/svc-backup2","createDate":"<time>"}}"#,
            ),
            (
                at(40, 41),
                "iam.amazonaws.com",
                "CreateAccessKey",
                r#"{"userName":"svc-backup2"}"#,
                r#"{"accessKey":{"userName":"svc-backup2","accessKeyId":"AKIAEXAMPLESVC000002","status":"Active","createDate":"<time>"}}"#,
            ),
            (
                at(41, 20),
                "iam.amazonaws.com",
                "AttachUserPolicy",
                r#"{"userName":"svc-backup2","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
                "null",
            ),
            (
                at(42, 5),
                "iam.amazonaws.com",
                "AttachUserPolicy",
                r#"{"userName":"dana","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
                "null",
            ),
            (
                STOPPED,
                "cloudtrail.amazonaws.com",
                "StopLogging",
                r#"{"name":"arn:aws:cloudtrail:eu-central-1:<account>:trail/company"}"#,
                "null",
            ),
        ];
        for (at, source, name, request, response) in calls {
            let region = if source.starts_with("iam") { GLOBAL_REGION } else { 0 };
            let call = Record::call(root.clone(), source, name);
            self.tell(at, region, &Record { address: INTRUDER, agent: BROWSER, request, response, ..call });
        }
    }

    fn clean_up(&mut self) {
        let calls: [(i64, &str, &str, &str); 5] = [
            (
                0,
                "cloudtrail.amazonaws.com",
                "StartLogging",
                r#"{"name":"arn:aws:cloudtrail:eu-central-1:<account>:trail/company"}"#,
            ),
            (
                9,
                "iam.amazonaws.com",
                "UpdateAccessKey",
                r#"{"userName":"svc-backup2","accessKeyId":"AKIAEXAMPLESVC000002","status":"Inactive"}"#,
            ),
            (
                10,
                "iam.amazonaws.com",
                "DetachUserPolicy",
                r#"{"userName":"svc-backup2","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
            ),
            (
                11,
                "iam.amazonaws.com",
                "DetachUserPolicy",
                r#"{"userName":"dana","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
            ),
            (13, "iam.amazonaws.com", "DeleteLoginProfile", r#"{"userName":"dana"}"#),
        ];
        for (minute, source, name, request) in calls {
            let at = STARTED + minute * MINUTE;
            let region = if source.starts_with("iam") { GLOBAL_REGION } else { 0 };
            let time = EpochMs(self.start.0 + at);
            let identity = Scene::new(&mut self.random, time, region).identity(&ACTORS[0]);
            let call = Record::call(identity, source, name);
            let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0";
            self.tell(at, region, &Record { address: "203.0.113.10", agent, request, ..call });
        }
    }
}
