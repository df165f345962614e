"""What the things of a stack are called, for requests about them."""

from __future__ import annotations

ACCOUNT, REGION = "123456789012", "eu-central-1"

# Resource type: the ARN of one, then what else its handlers touch. `{Name}` is a property, or the name of what it
# refers to; `{stack}` and `{name}` (the logical one) make the names that CloudFormation gives.
_HERE, _EVERYWHERE = f"{REGION}:{ACCOUNT}", f":{ACCOUNT}"
ARNS = {
    "AWS::Batch::ComputeEnvironment": [f"arn:aws:batch:{_HERE}:compute-environment/{{name}}-AbC1"],
    "AWS::Batch::JobDefinition": [f"arn:aws:batch:{_HERE}:job-definition/{{JobDefinitionName}}"],
    "AWS::Batch::JobQueue": [
        f"arn:aws:batch:{_HERE}:job-queue/{{JobQueueName}}",
        f"arn:aws:batch:{_HERE}:compute-environment/BatchComputers-AbC1",
    ],
    "AWS::Budgets::Budget": [
        f"arn:aws:budgets:{_EVERYWHERE}:budget/{{Budget.BudgetName}}",
        f"arn:aws:billing:{_EVERYWHERE}:billingview/primary",
    ],
    "AWS::CloudFront::Distribution": [f"arn:aws:cloudfront:{_EVERYWHERE}:distribution/E1ABC"],
    "AWS::CloudFront::OriginAccessControl": [f"arn:aws:cloudfront:{_EVERYWHERE}:origin-access-control/E2ABC"],
    "AWS::CloudFront::ResponseHeadersPolicy": [f"arn:aws:cloudfront:{_EVERYWHERE}:response-headers-policy/E3ABC"],
    "AWS::CloudWatch::Alarm": [f"arn:aws:cloudwatch:{_HERE}:alarm:{{AlarmName}}"],
    "AWS::CloudWatch::Dashboard": [f"arn:aws:cloudwatch:{_EVERYWHERE}:dashboard/{{DashboardName}}"],
    "AWS::CodeDeploy::Application": [f"arn:aws:codedeploy:{_HERE}:application:{{stack}}-{{name}}-AbC1"],
    "AWS::CodeDeploy::DeploymentGroup": [
        f"arn:aws:codedeploy:{_HERE}:deploymentgroup:{{stack}}-App-AbC1/{{stack}}-{{name}}-AbC2",
        f"arn:aws:codedeploy:{_HERE}:application:{{stack}}-App-AbC1",
        f"arn:aws:codedeploy:{_HERE}:deploymentconfig:CodeDeployDefault.LambdaAllAtOnce",
    ],
    "AWS::Cognito::UserPool": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::Cognito::UserPoolClient": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::Cognito::UserPoolDomain": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::Cognito::UserPoolGroup": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::Cognito::UserPoolIdentityProvider": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::Cognito::UserPoolRiskConfigurationAttachment": [f"arn:aws:cognito-idp:{_HERE}:userpool/{REGION}_AbC1"],
    "AWS::DynamoDB::Table": [f"arn:aws:dynamodb:{_HERE}:table/{{TableName}}"],
    "AWS::EC2::InternetGateway": [f"arn:aws:ec2:{_HERE}:internet-gateway/igw-1"],
    "AWS::EC2::Route": [f"arn:aws:ec2:{_HERE}:route-table/rtb-1"],
    "AWS::EC2::RouteTable": [f"arn:aws:ec2:{_HERE}:route-table/rtb-1", f"arn:aws:ec2:{_HERE}:vpc/vpc-1"],
    "AWS::EC2::SecurityGroup": [f"arn:aws:ec2:{_HERE}:security-group/sg-1", f"arn:aws:ec2:{_HERE}:vpc/vpc-1"],
    "AWS::EC2::Subnet": [f"arn:aws:ec2:{_HERE}:subnet/subnet-1", f"arn:aws:ec2:{_HERE}:vpc/vpc-1"],
    "AWS::EC2::SubnetRouteTableAssociation": [
        f"arn:aws:ec2:{_HERE}:subnet/subnet-1",
        f"arn:aws:ec2:{_HERE}:route-table/rtb-1",
    ],
    "AWS::EC2::VPC": [f"arn:aws:ec2:{_HERE}:vpc/vpc-1"],
    "AWS::EC2::VPCGatewayAttachment": [
        f"arn:aws:ec2:{_HERE}:internet-gateway/igw-1",
        f"arn:aws:ec2:{_HERE}:vpc/vpc-1",
    ],
    "AWS::ECR::Repository": [f"arn:aws:ecr:{_HERE}:repository/{{RepositoryName}}"],
    "AWS::Events::Rule": [f"arn:aws:events:{_HERE}:rule/{{Name}}"],
    "AWS::IAM::Role": [f"arn:aws:iam:{_EVERYWHERE}:role/{{RoleName}}"],
    "AWS::KMS::Alias": [f"arn:aws:kms:{_HERE}:{{AliasName}}", f"arn:aws:kms:{_HERE}:key/1234"],
    "AWS::KMS::Key": [f"arn:aws:kms:{_HERE}:key/1234"],
    "AWS::Lambda::Alias": [
        f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}:{{Name}}",
        f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}",
        f"arn:aws:codedeploy:{_HERE}:deploymentgroup:{{stack}}-App-AbC1/{{stack}}-{{name}}-AbC2",
        f"arn:aws:codedeploy:{_HERE}:application:{{stack}}-App-AbC1",
        f"arn:aws:codedeploy:{_HERE}:deploymentconfig:CodeDeployDefault.LambdaAllAtOnce",
    ],
    "AWS::Lambda::Function": [
        f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}",
        f"arn:aws:ecr:{_HERE}:repository/motiv8-studio-{{environment}}",
    ],
    "AWS::Lambda::EventSourceMapping": [f"arn:aws:lambda:{_HERE}:event-source-mapping:1234"],
    "AWS::Lambda::EventInvokeConfig": [f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}"],
    "AWS::Lambda::Permission": [f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}"],
    "AWS::Lambda::Version": [f"arn:aws:lambda:{_HERE}:function:{{FunctionName}}"],
    "AWS::Logs::LogGroup": [f"arn:aws:logs:{_HERE}:log-group:{{LogGroupName}}"],
    "AWS::Route53::RecordSet": ["arn:aws:route53:::hostedzone/Z123", "arn:aws:route53:::change/C1"],
    "AWS::Route53::RecordSetGroup": ["arn:aws:route53:::hostedzone/Z123", "arn:aws:route53:::change/C1"],
    "AWS::S3::Bucket": ["arn:aws:s3:::{BucketName}"],
    "AWS::S3::BucketPolicy": ["arn:aws:s3:::{Bucket}"],
    "AWS::Scheduler::Schedule": [f"arn:aws:scheduler:{_HERE}:schedule/default/{{Name}}"],
    "AWS::SecretsManager::Secret": [f"arn:aws:secretsmanager:{_HERE}:secret:{{Name}}-AbC123"],
    "AWS::SES::ConfigurationSet": [f"arn:aws:ses:{_HERE}:configuration-set/{{Name}}"],
    "AWS::SES::ConfigurationSetEventDestination": [f"arn:aws:ses:{_HERE}:configuration-set/{{ConfigurationSetName}}"],
    "AWS::SES::EmailIdentity": [f"arn:aws:ses:{_HERE}:identity/{{EmailIdentity}}"],
    "AWS::SNS::Subscription": [f"arn:aws:sns:{_HERE}:{{TopicArn}}"],
    "AWS::SNS::Topic": [f"arn:aws:sns:{_HERE}:{{TopicName}}"],
    "AWS::SNS::TopicPolicy": [f"arn:aws:sns:{_HERE}:{{Topics}}"],
    "AWS::SQS::Queue": [f"arn:aws:sqs:{_HERE}:{{QueueName}}"],
    "AWS::SQS::QueuePolicy": [f"arn:aws:sqs:{_HERE}:{{Queues}}"],
    "AWS::StepFunctions::StateMachine": [f"arn:aws:states:{_HERE}:stateMachine:{{StateMachineName}}"],
    "AWS::WAFv2::WebACL": [
        f"arn:aws:wafv2:{_HERE}:{{scope}}/webacl/{{Name}}/1234",
        f"arn:aws:wafv2:{_HERE}:{{scope}}/managedruleset/AWSManagedRulesCommonRuleSet/1",
    ],
    "AWS::WAFv2::WebACLAssociation": [
        f"arn:aws:wafv2:{_HERE}:regional/webacl/{{WebACLArn}}/1234",
        f"arn:aws:apigateway:{REGION}::/restapis/a1b2c3/stages/{{environment}}",
    ],
}
# What a thing of API Gateway is made below, and its own path. Its actions are HTTP methods.
GATEWAY_PATHS = {
    "AWS::ApiGateway::ApiKey": ("/apikeys", "/apikeys/k1"),
    "AWS::ApiGateway::BasePathMapping": (
        "/domainnames/api.example.com/basepathmappings",
        "/domainnames/api.example.com/basepathmappings/(none)",
    ),
    "AWS::ApiGateway::Deployment": ("/restapis/a1b2c3/deployments", "/restapis/a1b2c3/deployments/d1"),
    "AWS::ApiGateway::DomainName": ("/domainnames", "/domainnames/api.example.com"),
    "AWS::ApiGateway::RestApi": ("/restapis", "/restapis/a1b2c3"),
    "AWS::ApiGateway::Stage": ("/restapis/a1b2c3/stages", "/restapis/a1b2c3/stages/{environment}"),
    "AWS::ApiGateway::UsagePlan": ("/usageplans", "/usageplans/p1"),
    "AWS::ApiGateway::UsagePlanKey": ("/usageplans/p1/keys", "/usageplans/p1/keys/k1"),
    "AWS::ApiGatewayV2::Api": ("/apis", "/apis/a1b2c3"),
    "AWS::ApiGatewayV2::Authorizer": ("/apis/a1b2c3/authorizers", "/apis/a1b2c3/authorizers/u1"),
    "AWS::ApiGatewayV2::Integration": ("/apis/a1b2c3/integrations", "/apis/a1b2c3/integrations/i1"),
    "AWS::ApiGatewayV2::Route": ("/apis/a1b2c3/routes", "/apis/a1b2c3/routes/r1"),
    "AWS::ApiGatewayV2::Stage": ("/apis/a1b2c3/stages", "/apis/a1b2c3/stages/{environment}"),
}
# Which service a service-linked role is for.
LINKED_ROLES = {
    "AWS::ApiGateway::DomainName": "ops.apigateway.amazonaws.com",
    "AWS::Batch::ComputeEnvironment": "batch.amazonaws.com",
    "AWS::Cognito::UserPool": "email.cognito-idp.amazonaws.com",
}
# Types that `Ref` gives the ARN of, and no name.
REF_IS_ARN = {
    "AWS::Lambda::Alias",
    "AWS::SecretsManager::Secret",
    "AWS::SNS::Topic",
    "AWS::StepFunctions::StateMachine",
}
