//! The small company: who works in its account, from where, with which tools, on what, and when.
//!
//! Data only. Weights are relative; a few people by day, automation round the clock. What fails, fails for the
//! usual reasons, about three times in a hundred.

use super::random::Random;
use crate::base::EpochMs;
use crate::base::time::DAY;

/// The account, one that AWS keeps for documentation.
pub(super) const ACCOUNT: &str = "111122223333";

/// A Region the company uses.
pub(super) struct Region {
    pub(super) name: &'static str,
    pub(super) weight: f64,
}

/// The Regions; the first is the main one.
pub(super) const REGIONS: &[Region] = &[
    Region { name: "eu-central-1", weight: 0.78 },
    Region { name: "us-east-1", weight: 0.14 },
    Region { name: "eu-west-1", weight: 0.08 },
];
/// Where the events of global services are, as an index of [`REGIONS`].
pub(super) const GLOBAL_REGION: usize = 1;

/// What `userIdentity` is made of.
#[derive(Clone, Copy)]
pub(super) enum Identity {
    User { name: &'static str, mfa: bool },
    Role { name: &'static str, session: &'static str, invoked_by: &'static str },
    Service(&'static str),
}

/// Hours of activity.
#[derive(Clone, Copy)]
enum Rhythm {
    /// Working hours, hardly at weekends.
    Office,
    /// What customers do: more by day, never none.
    Customers,
    /// The same at all hours.
    Steady,
    /// One to three in the morning.
    Nightly,
}

/// Somebody or something that calls AWS.
pub(super) struct Actor {
    /// Distinguishes the identifiers.
    pub(super) id: &'static str,
    pub(super) identity: Identity,
    weight: f64,
    rhythm: Rhythm,
    pub(super) addresses: &'static [&'static str],
    pub(super) agents: &'static [&'static str],
    pub(super) operations: &'static [Operation],
    /// Works in the main Region only.
    is_local: bool,
}

impl Actor {
    /// Relative number of events around `time`.
    pub(super) fn activity(&self, time: EpochMs) -> f64 {
        let hour = usize::try_from(time.civil().hour).unwrap_or(0) % 24;
        // 1970-01-01 was a Thursday.
        let is_weekend = matches!((time.0.div_euclid(DAY) + 4).rem_euclid(7), 0 | 6);
        let factor = match self.rhythm {
            Rhythm::Office => OFFICE[hour] * if is_weekend { 0.05 } else { 1.0 },
            Rhythm::Customers => CUSTOMERS[hour] * if is_weekend { 0.7 } else { 1.0 },
            Rhythm::Steady => 1.0,
            Rhythm::Nightly => f64::from(u8::from((1..3).contains(&hour))) * 12.0,
        };
        self.weight * factor
    }

    /// A Region to work in.
    pub(super) fn region(&self, random: &mut Random) -> usize {
        if self.is_local {
            return 0;
        }
        let weights: Vec<f64> = REGIONS.iter().map(|region| region.weight).collect();
        random.weighted(&weights)
    }
}

const OFFICE: [f64; 24] = [
    0.01, 0.0, 0.0, 0.0, 0.01, 0.03, 0.2, 0.9, 2.2, 3.0, 3.1, 2.8, 1.6, 2.6, 3.0, 2.8, 2.0, 1.0, 0.4, 0.2, 0.15, 0.1,
    0.05, 0.02,
];
const CUSTOMERS: [f64; 24] = [
    0.4, 0.3, 0.25, 0.25, 0.3, 0.5, 0.8, 1.1, 1.3, 1.4, 1.4, 1.4, 1.5, 1.4, 1.4, 1.3, 1.3, 1.4, 1.5, 1.6, 1.5, 1.2,
    0.9, 0.6,
];

/// Something that is done to a service.
pub(super) struct Operation {
    pub(super) source: &'static str,
    pub(super) name: &'static str,
    pub(super) weight: u32,
    pub(super) write: bool,
    pub(super) request: &'static str,
    pub(super) response: &'static str,
    pub(super) additional: &'static str,
    pub(super) resource: Option<(&'static str, &'static str)>,
    /// Codes and messages, one of which is the result of `error_permille` of 1,000 calls.
    pub(super) errors: &'static [(&'static str, &'static str)],
    pub(super) error_permille: u32,
    pub(super) kind: &'static str,
    pub(super) is_data: bool,
}

impl Operation {
    const fn read(weight: u32, source: &'static str, name: &'static str, request: &'static str) -> Self {
        Self {
            source,
            name,
            weight,
            write: false,
            request,
            response: "null",
            additional: "",
            resource: None,
            errors: &[],
            error_permille: 0,
            kind: "AwsApiCall",
            is_data: false,
        }
    }

    const fn write(
        weight: u32,
        source: &'static str,
        name: &'static str,
        request: &'static str,
        response: &'static str,
    ) -> Self {
        Self { write: true, response, ..Self::read(weight, source, name, request) }
    }

    const fn on(self, kind: &'static str, arn: &'static str) -> Self {
        Self { resource: Some((kind, arn)), ..self }
    }

    const fn with(self, additional: &'static str) -> Self {
        Self { additional, ..self }
    }

    const fn failing(self, permille: u32, errors: &'static [(&'static str, &'static str)]) -> Self {
        Self { errors, error_permille: permille, ..self }
    }

    const fn data(self) -> Self {
        Self { is_data: true, ..self }
    }

    const fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    /// Whether its events are written in [`GLOBAL_REGION`] only.
    pub(super) fn is_global(&self) -> bool {
        matches!(self.source, "iam.amazonaws.com" | "signin.amazonaws.com" | "organizations.amazonaws.com")
    }
}

const EC2: &str = "ec2.amazonaws.com";
const S3: &str = "s3.amazonaws.com";
const KMS: &str = "kms.amazonaws.com";
const SSM: &str = "ssm.amazonaws.com";
const STS: &str = "sts.amazonaws.com";
const IAM: &str = "iam.amazonaws.com";
const LOGS: &str = "logs.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";
const SECRETS: &str = "secretsmanager.amazonaws.com";

const KEY_ARN: &str = "arn:aws:kms:<region>:<account>:key/<kms>";
const BUCKET_ARN: &str = "arn:aws:s3:::<bucket>";
const OBJECT_ARN: &str = "arn:aws:s3:::<bucket>/<key>";
const S3_DETAILS: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<base64>","bytesTransferredOut":<number>}"#;
const THROTTLED: (&str, &str) = ("ThrottlingException", "Rate exceeded");
const EC2_DENIED: (&str, &str) = (
    "Client.UnauthorizedOperation",
    "You are not authorized to perform this operation. Encoded authorization failure message: <base64>",
);
const NO_BUCKET_POLICY: (&str, &str) = ("NoSuchBucketPolicy", "The bucket policy does not exist");
const NO_CORS: (&str, &str) = ("NoSuchCORSConfiguration", "The CORS configuration does not exist");
const NOT_THERE: (&str, &str) = ("ResourceNotFoundException", "Requested resource not found");
const NO_SECRET: (&str, &str) = (
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
);

const CONSOLE: &[Operation] = &[
    Operation::read(12, EC2, "DescribeInstances", r#"{"maxResults":50,"instancesSet":{},"filterSet":{}}"#),
    Operation::read(8, EC2, "DescribeSecurityGroups", r#"{"maxResults":1000,"securityGroupSet":{},"filterSet":{}}"#),
    Operation::read(6, EC2, "DescribeVolumes", r#"{"maxResults":1000,"volumeSet":{},"filterSet":{}}"#),
    Operation::read(8, S3, "ListBuckets", r#"{"Host":"s3.<region>.amazonaws.com"}"#).with(S3_DETAILS),
    Operation::read(
        5,
        S3,
        "GetBucketPolicy",
        r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","policy":""}"#,
    )
    .with(S3_DETAILS)
    .on("AWS::S3::Bucket", BUCKET_ARN)
    .failing(300, &[NO_BUCKET_POLICY]),
    Operation::read(
        4,
        S3,
        "GetBucketCors",
        r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","cors":""}"#,
    )
    .with(S3_DETAILS)
    .on("AWS::S3::Bucket", BUCKET_ARN)
    .failing(300, &[NO_CORS]),
    Operation::read(6, "cloudwatch.amazonaws.com", "DescribeAlarms", r#"{"maxRecords":100}"#),
    Operation::read(6, LOGS, "DescribeLogGroups", r#"{"limit":50}"#),
    Operation::read(
        6,
        LOGS,
        "FilterLogEvents",
        r#"{"logGroupName":"/aws/lambda/<function>","startTime":1709510400000,"interleaved":true}"#,
    ),
    Operation::read(5, LAMBDA, "ListFunctions20150331", "null"),
    Operation::read(4, "cloudtrail.amazonaws.com", "LookupEvents", r#"{"maxResults":50}"#).failing(60, &[THROTTLED]),
    Operation::read(4, IAM, "ListRoles", "null"),
    Operation::read(1, EC2, "DescribeSubnets", r#"{"subnetSet":{},"filterSet":{}}"#),
    Operation::read(1, EC2, "DescribeNetworkInterfaces", r#"{"networkInterfaceIdSet":{},"filterSet":{}}"#),
    Operation::read(1, EC2, "DescribeAddresses", r#"{"publicIpsSet":{},"filterSet":{}}"#),
    Operation::read(
        1,
        EC2,
        "DescribeImages",
        r#"{"imagesSet":{"items":[{"imageId":"ami-0c0ffee1234567890"}]},"filterSet":{}}"#,
    ),
    Operation::read(1, EC2, "DescribeNatGateways", r#"{"DescribeNatGatewaysRequest":{"MaxResults":1000}}"#),
    Operation::read(1, IAM, "ListUsers", "null"),
    Operation::read(1, IAM, "ListPolicies", r#"{"scope":"Local","onlyAttached":false}"#),
    Operation::read(1, IAM, "GetUser", r#"{"userName":"<user>"}"#),
    Operation::read(1, IAM, "ListMFADevices", r#"{"userName":"<user>"}"#),
    Operation::read(1, KMS, "ListKeys", "null"),
    Operation::read(1, KMS, "ListAliases", "null"),
    Operation::read(1, SECRETS, "ListSecrets", r#"{"maxResults":100}"#),
    Operation::read(
        1,
        "cloudtrail.amazonaws.com",
        "DescribeTrails",
        r#"{"trailNameList":[],"includeShadowTrails":true}"#,
    ),
    Operation::read(
        1,
        "cloudtrail.amazonaws.com",
        "GetTrailStatus",
        r#"{"name":"arn:aws:cloudtrail:eu-central-1:<account>:trail/company"}"#,
    ),
    Operation::read(1, "autoscaling.amazonaws.com", "DescribeAutoScalingGroups", r#"{"maxRecords":50}"#),
    Operation::read(1, "ecr.amazonaws.com", "DescribeRepositories", r#"{"maxResults":100}"#),
    Operation::read(1, "route53.amazonaws.com", "ListHostedZones", "null"),
    Operation::read(1, "acm.amazonaws.com", "ListCertificates", r#"{"maxItems":100}"#),
    Operation::read(1, "config.amazonaws.com", "DescribeConfigRules", "null"),
    Operation::read(1, "guardduty.amazonaws.com", "ListDetectors", "null"),
    Operation::read(
        1,
        "ce.amazonaws.com",
        "GetCostAndUsage",
        r#"{"TimePeriod":{"Start":"2024-03-01","End":"2024-04-01"},"Granularity":"DAILY","Metrics":["UnblendedCost"]}"#,
    )
    .failing(200, &[("AccessDeniedException", "You are not authorized to perform: ce:GetCostAndUsage")]),
    Operation::read(3, IAM, "GetAccountSummary", "null"),
    Operation::read(
        3,
        "health.amazonaws.com",
        "DescribeEventAggregates",
        r#"{"aggregateField":"eventTypeCategory","filter":{"eventStatusCodes":["open","upcoming"]}}"#,
    ),
    Operation::write(
        1,
        EC2,
        "CreateTags",
        r#"{"resourcesSet":{"items":[{"resourceId":"<instance>"}]},"tagSet":{"items":[{"key":"owner","value":"<user>"}]}}"#,
        r#"{"requestId":"<uuid>","_return":true}"#,
    ),
    Operation::write(
        1,
        SSM,
        "StartSession",
        r#"{"target":"<instance>"}"#,
        r#"{"sessionId":"<user>-0<word>","tokenValue":"Value hidden due to security reasons.","streamUrl":"wss://ssmmessages.<region>.amazonaws.com/v1/data-channel/<user>-0<word>?role=publish_subscribe"}"#,
    ),
];

const SIGN_IN: &[Operation] = &[
    Operation::write(3, "signin.amazonaws.com", "ConsoleLogin", "null", r#"{"ConsoleLogin":"Success"}"#)
        .with(r#"{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"Yes","MFAIdentifier":"arn:aws:iam::<account>:mfa/phone"}"#)
        .kind("AwsConsoleSignIn"),
];

const TERRAFORM: &[Operation] = &[
    Operation::read(6, STS, "GetCallerIdentity", "null"),
    Operation::read(10, EC2, "DescribeVpcs", r#"{"vpcSet":{"items":[{"vpcId":"vpc-0a1b2c3d4e5f60718"}]},"filterSet":{}}"#),
    Operation::read(10, EC2, "DescribeRouteTables", r#"{"routeTableIdSet":{},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"vpc-0a1b2c3d4e5f60718"}]}}]}}"#)
        .failing(20, &[EC2_DENIED]),
    Operation::read(8, EC2, "DescribeSecurityGroups", r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"<group>"}]},"filterSet":{}}"#),
    Operation::read(8, IAM, "GetRole", r#"{"roleName":"<role>"}"#),
    Operation::read(6, IAM, "ListAttachedRolePolicies", r#"{"roleName":"<role>"}"#),
    Operation::read(8, S3, "GetBucketVersioning", r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","versioning":""}"#)
        .with(S3_DETAILS)
        .on("AWS::S3::Bucket", BUCKET_ARN),
    Operation::read(6, KMS, "DescribeKey", r#"{"keyId":"<kms>"}"#).on("AWS::KMS::Key", KEY_ARN),
    Operation::read(6, SSM, "DescribeParameters", r#"{"parameterFilters":[{"key":"Name","option":"Equals","values":["<parameter>"]}],"shared":false}"#)
        .failing(200, &[THROTTLED]),
    Operation::read(6, SSM, "ListTagsForResource", r#"{"resourceType":"Parameter","resourceId":"<parameter>"}"#),
    Operation::read(5, LAMBDA, "GetFunction20150331v2", r#"{"functionName":"<function>"}"#).failing(30, &[NOT_THERE]),
    Operation::write(2, SSM, "PutParameter", r#"{"name":"<parameter>","type":"String","value":"HIDDEN_DUE_TO_SECURITY_REASONS","overwrite":true}"#, r#"{"version":<number>,"tier":"Standard"}"#),
    Operation::write(2, LAMBDA, "UpdateFunctionCode20150331v2", r#"{"functionName":"<function>","s3Bucket":"deploy-example","s3Key":"<function>/<uuid>.zip","publish":true,"dryRun":false}"#, r#"{"functionName":"<function>","functionArn":"arn:aws:lambda:<region>:<account>:function:<function>","runtime":"provided.al2023","role":"arn:aws:iam::<account>:role/<role>","handler":"bootstrap","codeSize":4194304,"timeout":30,"memorySize":256,"lastModified":"<time>","version":"<number>","tracingConfig":{"mode":"Active"},"revisionId":"<uuid>","state":"Active","lastUpdateStatus":"InProgress","packageType":"Zip","architectures":["arm64"]}"#),
    Operation::write(1, EC2, "RunInstances", r#"{"instancesSet":{"items":[{"imageId":"ami-0c0ffee1234567890","minCount":1,"maxCount":1}]},"instanceType":"t4g.small","blockDeviceMapping":{},"monitoring":{"enabled":true},"disableApiTermination":false,"subnetId":"subnet-0a9b8c7d6e5f40312","iamInstanceProfile":{"name":"<role>"},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"service","value":"web"},{"key":"stage","value":"prod"}]}]}}"#, r#"{"requestId":"<uuid>","reservationId":"r-0<word>","ownerId":"<account>","groupSet":{},"instancesSet":{"items":[{"instanceId":"<instance>","imageId":"ami-0c0ffee1234567890","instanceState":{"code":0,"name":"pending"},"instanceType":"t4g.small","placement":{"availabilityZone":"<region>a","tenancy":"default"},"monitoring":{"state":"pending"},"privateIpAddress":"10.0.12.40"}]}}"#),
    Operation::write(1, EC2, "AuthorizeSecurityGroupIngress", r#"{"groupId":"<group>","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"203.0.113.0/24","description":"office"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#, r#"{"requestId":"<uuid>","_return":true}"#),
];

const APPLICATION: &[Operation] = &[
    Operation::read(24, S3, "GetObject", r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>"}"#)
        .with(S3_DETAILS)
        .on("AWS::S3::Object", OBJECT_ARN)
        .data()
        .failing(35, &[("NoSuchKey", "The specified key does not exist.")]),
    Operation::write(12, S3, "PutObject", r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>","x-amz-server-side-encryption":"aws:kms"}"#, r#"{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:<region>:<account>:key/<kms>","x-amz-version-id":"<word><word>"}"#)
        .with(S3_DETAILS)
        .on("AWS::S3::Object", OBJECT_ARN)
        .data(),
    Operation::read(14, SECRETS, "GetSecretValue", r#"{"secretId":"<secret>"}"#).failing(25, &[NO_SECRET]),
    Operation::read(14, SSM, "GetParameter", r#"{"name":"<parameter>","withDecryption":true}"#)
        .on("AWS::SSM::Parameter", "arn:aws:ssm:<region>:<account>:parameter<parameter>")
        .failing(90, &[THROTTLED]),
    Operation::write(10, STS, "AssumeRole", r#"{"roleArn":"arn:aws:iam::<account>:role/<role>","roleSessionName":"<role>-<word>","durationSeconds":3600}"#, r#"{"credentials":{"accessKeyId":"ASIA<word>EXAMPLE","sessionToken":"<base64><base64>","expiration":"<time>"},"assumedRoleUser":{"assumedRoleId":"AROAEXAMPLEROLE00001:<role>-<word>","arn":"arn:aws:sts::<account>:assumed-role/<role>/<role>-<word>"}}"#)
        .on("AWS::IAM::Role", "arn:aws:iam::<account>:role/<role>"),
    Operation::write(4, LOGS, "CreateLogStream", r#"{"logGroupName":"/aws/lambda/<function>","logStreamName":"2024/03/[$LATEST]<uuid>"}"#, "null"),
    Operation::read(4, "dynamodb.amazonaws.com", "DescribeTable", r#"{"tableName":"<table>"}"#)
        .on("AWS::DynamoDB::Table", "arn:aws:dynamodb:<region>:<account>:table/<table>")
        .failing(20, &[NOT_THERE]),
];

const ENCRYPTION: &[Operation] = &[
    Operation::read(30, KMS, "Decrypt", r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"SecretARN":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>-a1B2c3","SecretVersionId":"<uuid>"}}"#)
        .on("AWS::KMS::Key", KEY_ARN)
        .with(r#"{"keyMaterialId":"<base64>"}"#),
    Operation::read(14, KMS, "GenerateDataKey", r#"{"keyId":"arn:aws:kms:<region>:<account>:key/<kms>","keySpec":"AES_256","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"}}"#)
        .on("AWS::KMS::Key", KEY_ARN)
        .with(r#"{"keyMaterialId":"<base64>"}"#),
];

const OBSERVING: &[Operation] = &[
    Operation::read(10, EC2, "DescribeInstances", r#"{"instancesSet":{},"filterSet":{}}"#),
    Operation::read(8, EC2, "DescribeInstanceStatus", r#"{"instancesSet":{},"filterSet":{},"includeAllInstances":false}"#)
        .failing(60, &[("Client.RequestLimitExceeded", "Request limit exceeded.")]),
    Operation::read(8, "cloudwatch.amazonaws.com", "ListMetrics", r#"{"recentlyActive":"PT3H"}"#),
    Operation::read(5, "elasticloadbalancing.amazonaws.com", "DescribeTargetHealth", r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/web/0123456789abcdef"}"#),
    Operation::read(4, "rds.amazonaws.com", "DescribeDBInstances", r#"{"maxRecords":100}"#),
    Operation::read(3, "sqs.amazonaws.com", "ListQueues", r#"{"maxResults":1000}"#)
        .failing(450, &[("AccessDenied", "User: arn:aws:sts::<account>:assumed-role/observability/poller is not authorized to perform: sqs:listqueues on resource: arn:aws:sqs:<region>:<account>: because no identity-based policy allows the sqs:listqueues action")]),
];

const BACKUP: &[Operation] = &[
    Operation::write(
        10,
        EC2,
        "CreateSnapshot",
        r#"{"volumeId":"<volume>","description":"nightly","tagSpecificationSet":{"items":[{"resourceType":"snapshot","tags":[{"key":"plan","value":"nightly"}]}]}}"#,
        r#"{"requestId":"<uuid>","snapshotId":"<snapshot>","volumeId":"<volume>","status":"pending","startTime":1709510400000,"progress":"","ownerId":"<account>","volumeSize":"64","encrypted":true}"#,
    ),
    Operation::read(
        8,
        EC2,
        "DescribeSnapshots",
        r#"{"snapshotSet":{},"ownersSet":{"items":[{"owner":"self"}]},"filterSet":{}}"#,
    ),
    Operation::write(
        5,
        EC2,
        "DeleteSnapshot",
        r#"{"snapshotId":"<snapshot>"}"#,
        r#"{"requestId":"<uuid>","_return":true}"#,
    )
    .failing(40, &[("Client.InvalidSnapshot.NotFound", "The snapshot '<snapshot>' does not exist.")]),
];

const DELIVERY: &[Operation] = &[
    Operation::read(
        3,
        S3,
        "GetBucketAcl",
        r#"{"bucketName":"trail-example","Host":"trail-example.s3.<region>.amazonaws.com","acl":""}"#,
    )
    .with(S3_DETAILS)
    .on("AWS::S3::Bucket", "arn:aws:s3:::trail-example"),
    Operation::write(1, KMS, "RotateKey", "null", "null").on("AWS::KMS::Key", KEY_ARN).kind("AwsServiceEvent"),
];

const CLI: &str = "aws-cli/2.15.24 md/Botocore#2.4.5 ua/2.0 os/linux#6.5.0-1014 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#ec2.describe-instances";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0";
const TERRAFORM_AGENT: &str = "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.39.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.7 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.150.0";
const OFFICE_ADDRESSES: &[&str] = &["203.0.113.10", "203.0.113.11"];

/// Relative number of all events around `time`.
pub(super) fn activity(time: EpochMs) -> f64 {
    ACTORS.iter().map(|actor| actor.activity(time)).sum()
}

/// Everybody.
pub(super) const ACTORS: &[Actor] = &[
    Actor {
        id: "EXAMPLEALICE00001",
        identity: Identity::User { name: "alice", mfa: true },
        weight: 1.6,
        rhythm: Rhythm::Office,
        addresses: OFFICE_ADDRESSES,
        agents: &[BROWSER, CLI],
        operations: CONSOLE,
        is_local: false,
    },
    Actor {
        id: "EXAMPLESIGNIN0001",
        identity: Identity::User { name: "alice", mfa: true },
        weight: 0.05,
        rhythm: Rhythm::Office,
        addresses: OFFICE_ADDRESSES,
        agents: &[BROWSER],
        operations: SIGN_IN,
        is_local: false,
    },
    Actor {
        id: "EXAMPLEBRUNO00001",
        identity: Identity::Role {
            name: "AWSReservedSSO_Developer_0123456789abcdef",
            session: "bruno@example.com",
            invoked_by: "",
        },
        weight: 1.4,
        rhythm: Rhythm::Office,
        addresses: &["203.0.113.10", "192.0.2.44"],
        agents: &[TERRAFORM_AGENT, TERRAFORM_AGENT, CLI],
        operations: TERRAFORM,
        is_local: false,
    },
    Actor {
        id: "EXAMPLECHEN000001",
        identity: Identity::Role {
            name: "AWSReservedSSO_DataAnalyst_fedcba9876543210",
            session: "chen@example.com",
            invoked_by: "",
        },
        weight: 1.0,
        rhythm: Rhythm::Office,
        addresses: &["192.0.2.17"],
        agents: &[
            "Boto3/1.34.55 md/Botocore#1.34.55 ua/2.0 os/macos#23.3.0 md/arch#arm64 lang/python#3.12.2 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.55",
            BROWSER,
        ],
        operations: CONSOLE,
        is_local: true,
    },
    Actor {
        id: "EXAMPLEDEPLOY0001",
        identity: Identity::Role { name: "ci-deploy", session: "GitHubActions", invoked_by: "" },
        weight: 1.8,
        rhythm: Rhythm::Office,
        addresses: &["198.51.100.14", "198.51.100.15", "198.51.100.16"],
        agents: &[TERRAFORM_AGENT],
        operations: TERRAFORM,
        is_local: false,
    },
    Actor {
        id: "EXAMPLEWEBAPP0001",
        identity: Identity::Role { name: "web-app", session: "<instance>", invoked_by: "" },
        weight: 3.2,
        rhythm: Rhythm::Customers,
        addresses: &["10.0.12.40", "10.0.12.41", "10.0.13.40"],
        agents: &[
            "aws-sdk-java/2.25.1 Linux/6.1.79-99.164.amzn2023.aarch64 OpenJDK_64-Bit_Server_VM/21.0.2+13-LTS Java/21.0.2 vendor/Amazon.com_Inc. exec-env/unknown io/sync http/Apache cfg/retry-mode/legacy cfg/auth-source#imds",
        ],
        operations: APPLICATION,
        is_local: false,
    },
    Actor {
        id: "EXAMPLEWORKER0001",
        identity: Identity::Role { name: "orders-worker", session: "orders-worker", invoked_by: "" },
        weight: 2.0,
        rhythm: Rhythm::Customers,
        addresses: &["10.0.21.7", "10.0.22.7"],
        agents: &["aws-sdk-rust/1.1.7 os/linux lang/rust/1.76.0 exec-env/AWS_Lambda_provided.al2023"],
        operations: APPLICATION,
        is_local: true,
    },
    Actor {
        id: "EXAMPLEWEBAPP0001",
        identity: Identity::Role { name: "web-app", session: "<instance>", invoked_by: "secretsmanager.amazonaws.com" },
        weight: 2.2,
        rhythm: Rhythm::Customers,
        addresses: &["secretsmanager.amazonaws.com"],
        agents: &["secretsmanager.amazonaws.com"],
        operations: ENCRYPTION,
        is_local: false,
    },
    Actor {
        id: "EXAMPLEOBSERVE001",
        identity: Identity::Role { name: "observability", session: "poller", invoked_by: "" },
        weight: 1.6,
        rhythm: Rhythm::Steady,
        addresses: &["192.0.2.200", "192.0.2.201"],
        agents: &["observer-agent/7.51 aws-sdk-go/1.50.30 (go1.21.7; linux; amd64)"],
        operations: OBSERVING,
        is_local: false,
    },
    Actor {
        id: "EXAMPLEBACKUP0001",
        identity: Identity::Role {
            name: "AWSBackupDefaultServiceRole",
            session: "AWSBackup-AWSBackupDefaultServiceRole",
            invoked_by: "backup.amazonaws.com",
        },
        weight: 0.35,
        rhythm: Rhythm::Nightly,
        addresses: &["backup.amazonaws.com"],
        agents: &["backup.amazonaws.com"],
        operations: BACKUP,
        is_local: true,
    },
    Actor {
        id: "EXAMPLETRAIL00001",
        identity: Identity::Service("cloudtrail.amazonaws.com"),
        weight: 0.5,
        rhythm: Rhythm::Steady,
        addresses: &["cloudtrail.amazonaws.com"],
        agents: &["cloudtrail.amazonaws.com"],
        operations: DELIVERY,
        is_local: false,
    },
];
