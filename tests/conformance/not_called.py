"""Which actions of a handler our stacks never cause, and which a schema leaves out.

Each entry of `NOT_CALLED` names the properties that its actions serve. When a template uses one of them, the entry no
longer holds, and the role needs the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.deployed import Stack


@dataclass(frozen=True)
class Without:
    """Holds for a resource that uses none of the properties (`A.B` for one within another)."""

    properties: tuple[str, ...]

    def holds(self, stack: Stack, resource: dict[str, Any]) -> bool:
        """Whether that is so."""
        return not set(self.properties) & stack.paths(resource.get("Properties", {}))


@dataclass(frozen=True)
class With:
    """Holds for a resource whose property has a text in its value."""

    property: str
    text: str

    def holds(self, stack: Stack, resource: dict[str, Any]) -> bool:
        """Whether that is so."""
        return self.text in stack.text(resource["Properties"][self.property])


@dataclass(frozen=True)
class Always:
    """Holds whatever a template says."""

    reason: str

    def holds(self, stack: Stack, resource: dict[str, Any]) -> bool:  # noqa: ARG002 - as the others
        """Always."""
        return True


def without(*properties: str) -> Without:
    """Not called without these properties."""
    return Without(properties)


NOT_CALLED: dict[str, dict[str, Without | With | Always]] = {
    "AWS::ApiGateway::RestApi": {"s3:GetObject": without("BodyS3Location"), "iam:PassRole": without("BodyS3Location")},
    "AWS::ApiGatewayV2::Api": {"s3:getObject": without("BodyS3Location")},
    "AWS::ApiGatewayV2::Authorizer": {"iam:PassRole": without("AuthorizerCredentialsArn")},
    "AWS::ApiGatewayV2::Integration": {"iam:PassRole": without("CredentialsArn")},
    "AWS::Batch::ComputeEnvironment": {
        "eks:*": without("EksConfiguration"),
        "batch:SetCapacityTags": without("ComputeResources.CapacityTags"),
        "ec2:DescribeLaunchTemplateVersions": without("ComputeResources.LaunchTemplate"),
        "iam:PassRole": without("ServiceRole", "ComputeResources.InstanceRole"),
    },
    "AWS::CloudFront::Distribution": {
        "cloudfront:*ConnectionGroup": without("DistributionConfig.ConnectionMode"),
        "cloudfront:GetVpcOrigin": without("DistributionConfig.Origins.VpcOriginConfig"),
        "cloudfront:UpdateDistributionWithStagingConfig": without("DistributionConfig.Staging"),
    },
    # For servers of one's own (EC2 or on premises), which Lambda has none of.
    "AWS::CodeDeploy::DeploymentGroup": {
        "codedeploy:RegisterOnPremisesInstance": without("OnPremisesTagSet", "OnPremisesInstanceTagFilters"),
    },
    "AWS::Cognito::UserPool": {
        "kms:*": without("LambdaConfig.KMSKeyID", "KeyConfiguration"),
        "iam:PassRole": without("SmsConfiguration"),
    },
    "AWS::Cognito::UserPoolClient": {"iam:*": without("AnalyticsConfiguration")},
    "AWS::Cognito::UserPoolDomain": {
        "kms:*": without("CustomDomainConfig"),
        "cloudfront:*": without("CustomDomainConfig"),
    },
    "AWS::Cognito::UserPoolGroup": {"iam:*": without("RoleArn")},
    "AWS::DynamoDB::Table": {
        "dynamodb:*Import*": without("ImportSourceSpecification"),
        "dynamodb:PutResourcePolicy": without("ResourcePolicy"),
        "dynamodb:DeleteResourcePolicy": without("ResourcePolicy"),
        "dynamodb:UpdateContributorInsights": without(
            "ContributorInsightsSpecification", "GlobalSecondaryIndexes.ContributorInsightsSpecification"
        ),
        "dynamodb:EnableKinesisStreamingDestination": without("KinesisStreamSpecification"),
        "dynamodb:DisableKinesisStreamingDestination": without("KinesisStreamSpecification"),
        "dynamodb:UpdateKinesisStreamingDestination": without("KinesisStreamSpecification"),
        "kinesis:*": without("KinesisStreamSpecification"),
        "iam:CreateServiceLinkedRole": without("KinesisStreamSpecification", "ContributorInsightsSpecification"),
        **dict.fromkeys(
            ("dynamodb:*TableReplica", "dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan"),
            Always("replicas, whose rows are copied in the caller's name, are of AWS::DynamoDB::GlobalTable"),
        ),
        "kms:*": without("SSESpecification.KMSMasterKeyId"),
        "logs:*": without("ImportSourceSpecification"),
        "s3:*": without("ImportSourceSpecification"),
    },
    "AWS::EC2::SecurityGroup": {"ec2:DescribeInstances": without("SecurityGroupIngress.SourceSecurityGroupId")},
    "AWS::EC2::Subnet": {
        "ec2:AssociateSubnetCidrBlock": without("Ipv6CidrBlock", "Ipv6CidrBlocks"),
        "ec2:DisassociateSubnetCidrBlock": without("Ipv6CidrBlock", "Ipv6CidrBlocks"),
    },
    "AWS::EC2::VPC": {
        "ec2:CreateVpcEncryptionControl": without("VpcEncryptionControl"),
        "ec2:ModifyVpcTenancy": without("InstanceTenancy"),
    },
    "AWS::EC2::VPCGatewayAttachment": {"ec2:*VpnGateway": without("VpnGatewayId")},
    "AWS::ECR::Repository": {"kms:*": without("EncryptionConfiguration")},
    "AWS::IAM::Policy": {"iam:*GroupPolicy": without("Groups"), "iam:*UserPolicy": without("Users")},
    "AWS::IAM::Role": {
        # A boundary that was given stays: nobody but an administrator takes one away.
        "iam:DeleteRolePermissionsBoundary": With("PermissionsBoundary", "Boundary"),
    },
    "AWS::Lambda::Alias": {"lambda:*ProvisionedConcurrencyConfig": without("ProvisionedConcurrencyConfig")},
    "AWS::Lambda::Function": {
        "ec2:*": without("VpcConfig"),
        "elasticfilesystem:*": without("FileSystemConfigs"),
        "s3files:*": without("FileSystemConfigs"),
        "kms:*": without("KmsKeyArn", "Code.SourceKMSKeyArn"),
        "s3:*": without("Code.S3Bucket"),
        "lambda:GetCodeSigningConfig": without("CodeSigningConfigArn"),
        "lambda:PutFunctionCodeSigningConfig": without("CodeSigningConfigArn"),
        "lambda:DeleteFunctionCodeSigningConfig": without("CodeSigningConfigArn"),
        "lambda:GetLayerVersion": without("Layers"),
        "lambda:PutRuntimeManagementConfig": without("RuntimeManagementConfig"),
        "lambda:PutFunctionRecursionConfig": without("RecursiveLoop"),
        "lambda:PutFunctionScalingConfig": without("FunctionScalingConfig"),
        "lambda:PassCapacityProvider": without("CapacityProviderConfig"),
    },
    "AWS::Lambda::EventSourceMapping": {"kms:*": without("KmsKeyArn")},
    "AWS::Lambda::Version": {
        "lambda:PutProvisionedConcurrencyConfig": without("ProvisionedConcurrencyConfig"),
        "lambda:PutRuntimeManagementConfig": without("RuntimePolicy"),
        "lambda:PutFunctionScalingConfig": without("FunctionScalingConfig"),
    },
    "AWS::Logs::LogGroup": {
        "logs:*DataProtectionPolicy": without("DataProtectionPolicy"),
        "logs:CreateLogDelivery": without("DataProtectionPolicy"),
        "firehose:*": without("DataProtectionPolicy"),
        "logs:PutIndexPolicy": without("FieldIndexPolicies"),
        "logs:DeleteIndexPolicy": without("FieldIndexPolicies"),
        "logs:PutResourcePolicy": without("ResourcePolicyDocument"),
        "logs:DeleteResourcePolicy": without("ResourcePolicyDocument"),
        "logs:*KmsKey": without("KmsKeyId"),
        "logs:PutLogGroupDeletionProtection": without("DeletionProtectionEnabled"),
        "logs:PutBearerTokenAuthentication": without("BearerTokenAuthenticationEnabled"),
    },
    "AWS::S3::Bucket": {
        "s3:*MetadataTableConfiguration": without("MetadataTableConfiguration", "MetadataConfiguration"),
        "s3:UpdateBucketMetadata*": without("MetadataConfiguration"),
        "s3tables:*": without("MetadataTableConfiguration", "MetadataConfiguration"),
        "s3:PutAccelerateConfiguration": without("AccelerateConfiguration"),
        "s3:PutAnalyticsConfiguration": without("AnalyticsConfigurations"),
        "s3:PutBucketAbac": without("AbacStatus"),
        "s3:PutBucketAcl": without("AccessControl"),
        "s3:PutObjectAcl": without("AccessControl"),
        "s3:DeleteObject": Always("a bucket that is being made is empty"),
        "s3:PutBucketLogging": without("LoggingConfiguration"),
        "s3:PutBucketObjectLockConfiguration": without("ObjectLockConfiguration"),
        "s3:*BucketWebsite": without("WebsiteConfiguration"),
        "s3:PutIntelligentTieringConfiguration": without("IntelligentTieringConfigurations"),
        "s3:PutInventoryConfiguration": without("InventoryConfigurations"),
        "s3:PutMetricsConfiguration": without("MetricsConfigurations"),
        "s3:PutReplicationConfiguration": without("ReplicationConfiguration"),
        "iam:PassRole": without("ReplicationConfiguration"),
    },
    "AWS::SES::ConfigurationSet": {
        "ses:PutConfigurationSetArchivingOptions": without("ArchivingOptions"),
        "ses:PutConfigurationSetSendingOptions": without("SendingOptions"),
        "ses:PutConfigurationSetTrackingOptions": without("TrackingOptions"),
        "ses:PutConfigurationSetVdmOptions": without("VdmOptions"),
    },
    "AWS::SecretsManager::Secret": {
        "secretsmanager:ReplicateSecretToRegions": without("ReplicaRegions"),
        "secretsmanager:RemoveRegionsFromReplication": without("ReplicaRegions"),
    },
    "AWS::SNS::Subscription": {"iam:*": without("SubscriptionRoleArn")},
    "AWS::SNS::Topic": {
        "sns:PutDataProtectionPolicy": without("DataProtectionPolicy"),
        "iam:*": without("DeliveryStatusLogging"),
    },
    "AWS::StepFunctions::StateMachine": {
        "kms:*": without("EncryptionConfiguration"),
        "s3:*": without("DefinitionS3Location"),
    },
    "AWS::WAFv2::WebACLAssociation": {
        f"{other}:*": With("ResourceArn", ":apigateway:")
        for other in (
            *("amplify", "apprunner", "appsync", "bedrock-agentcore", "cognito-idp", "ec2", "elasticloadbalancing"),
        )
    },
}

# What CloudFormation calls besides, by type and handler, each with its source.
BEYOND_SCHEMAS: dict[str, dict[str, list[str]]] = {
    # Lambda reads an image and lets itself into its registry in the caller's name:
    # Lambda Developer Guide, "Create a Lambda function using a container image", section on permissions.
    "AWS::Lambda::Function": {
        handler: [
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:GetRepositoryPolicy",
            "ecr:SetRepositoryPolicy",
        ]
        for handler in ("create", "update")
    },
    # Of a type that is not in the registry: Route 53 Developer Guide, "Amazon Route 53 API permissions".
    "AWS::Route53::RecordSetGroup": {
        "update": ["route53:ChangeResourceRecordSets", "route53:GetChange", "route53:GetHostedZone"],
    },
    # An alias with CodeDeployLambdaAliasUpdate is moved by a deployment:
    # CloudFormation User Guide, "UpdatePolicy attribute".
    "AWS::Lambda::Alias": {
        "update": [
            *("codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:GetDeploymentConfig"),
            *(
                "codedeploy:GetApplicationRevision",
                "codedeploy:RegisterApplicationRevision",
                "codedeploy:StopDeployment",
            ),
        ]
    },
}
