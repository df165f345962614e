"""Back to the image before, also while an update hangs."""

from __future__ import annotations

import json

from motiv8_tooling.local.emulator import ACCOUNT, REGION
from stand_in.cloud import (
    FUNCTIONS,
    Cloud,
    add_broken_resource,
    one_line,
    requests_throughout,
    template_with,
)


class TestRollback:
    def test_it_goes_back_step_by_step_and_never_to_what_it_left(self, cloud: Cloud) -> None:
        for tag in ("red", "green", "blue"):
            done = cloud.deploy("dev-pr-7", "--tag", tag)
            assert done.returncode == 0, done.stdout + done.stderr
        assert self._serving(cloud) == "blue"
        with requests_throughout(cloud.url("dev-pr-7")) as answers:
            done = cloud.script("rollback", "dev-pr-7")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "dev-pr-7 serves green"
        # First what serves, then the stack, which is told that nothing may go by way of CodeDeploy.
        assert done.stdout.index("api-handler serves version") < done.stdout.index("~ ApiHandlerFunction")
        assert "the new versions serve at once" in done.stdout
        assert {status for status, _ in answers} == {200}
        assert self._serving(cloud) == "green"
        assert self._in_line(cloud)
        assert cloud.script("rollback", "dev-pr-7").returncode == 0
        assert self._serving(cloud) == "red"
        assert "served nothing before red" in one_line(cloud.script("rollback", "dev-pr-7"))
        assert cloud.script("rollback", "dev-pr-7", "--to", "blue").returncode == 0
        assert self._serving(cloud) == "blue"

    def test_a_tag_that_is_not_there_is_refused(self, cloud: Cloud) -> None:
        assert "There is no image" in one_line(cloud.script("rollback", "dev-pr-7", "--to", "never-built"))

    def test_nothing_deployed_is_nothing_to_roll_back(self, cloud: Cloud) -> None:
        assert "serves nothing yet" in one_line(cloud.script("rollback", "restore-1"))

    def test_an_update_that_hangs_stops_nobody_and_is_cancelled(self, cloud: Cloud) -> None:
        assert cloud.deploy("dev-pr-7", "--tag", "red").returncode == 0
        assert cloud.deploy("dev-pr-7", "--tag", "green").returncode == 0
        cloudformation = cloud.client("cloudformation")
        template = cloudformation.get_template(StackName="motiv8-dev-pr-7", TemplateStage="Original")["TemplateBody"]
        template["Resources"]["Handle"] = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
        template["Resources"]["Never"] = {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "25"},
        }
        bucket = f"motiv8-artifacts-dev-pr-7-{ACCOUNT}-{REGION}"
        cloud.client("s3").put_object(Bucket=bucket, Key="templates/hangs.json", Body=json.dumps(template).encode())
        cloudformation.update_stack(
            StackName="motiv8-dev-pr-7",
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{bucket}/templates/hangs.json",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        assert self._status(cloud) == "UPDATE_IN_PROGRESS"
        assert "UPDATE_IN_PROGRESS" in one_line(cloud.deploy("dev-pr-7", "--tag", "fix"))
        done = cloud.script("rollback", "dev-pr-7", "--to", "red")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the update that runs is cancelled" in done.stdout
        assert self._serving(cloud) == "red"
        assert self._in_line(cloud)

    def test_a_stack_that_is_stuck_is_told_later(self, cloud: Cloud) -> None:
        # Aliases moved past CloudFormation, as the first half of a rollback leaves them.
        assert cloud.deploy("dev-pr-7", "--tag", "red").returncode == 0
        assert cloud.deploy("dev-pr-7", "--tag", "green").returncode == 0
        functions = cloud.client("lambda")
        for name in FUNCTIONS:
            alias = functions.get_alias(FunctionName=f"motiv8-{name}-dev-pr-7", Name="live")
            before = str(int(alias["FunctionVersion"]) - 1)
            functions.update_alias(FunctionName=f"motiv8-{name}-dev-pr-7", Name="live", FunctionVersion=before)
        assert self._serving(cloud) == "red"
        assert not self._in_line(cloud)
        broken = template_with(cloud, add_broken_resource)
        failed = cloud.deploy("dev-pr-7", "--tag", "green", f"--template={broken}")
        assert "UPDATE_ROLLBACK_COMPLETE" in one_line(failed)
        # CloudFormation restores what it knows of, which is what was rolled back from.
        assert self._serving(cloud) == "red"
        done = cloud.deploy("dev-pr-7", "--tag", "green")
        assert done.returncode == 0, done.stdout + done.stderr
        assert self._serving(cloud) == "green"
        assert self._in_line(cloud)

    @staticmethod
    def _status(cloud: Cloud) -> str:
        [stack] = cloud.client("cloudformation").describe_stacks(StackName="motiv8-dev-pr-7")["Stacks"]
        status: str = stack["StackStatus"]
        return status

    @staticmethod
    def _in_line(cloud: Cloud) -> bool:
        """Whether CloudFormation knows of what serves."""
        [stack] = cloud.client("cloudformation").describe_stacks(StackName="motiv8-dev-pr-7")["Stacks"]
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
        return bool(parameters["Release"] == cloud.release("dev-pr-7"))

    @staticmethod
    def _serving(cloud: Cloud) -> str:
        functions = cloud.client("lambda")
        name = "motiv8-api-handler-dev-pr-7"
        version = functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        uri: str = functions.get_function(FunctionName=name, Qualifier=version)["Code"]["ImageUri"]
        return uri.rpartition("-")[2]
