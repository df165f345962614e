"""What `motiv8 doctor` looks at in Bedrock: the models of the pictures and of the coach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8 import clock
from motiv8_tooling.operations.checked_account import DENIED, OK, TO_DO, UNSEEN, Row
from motiv8_tooling.operations.environment import client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from motiv8_tooling.operations.checked_account import CheckedAccount


def image_model(account: CheckedAccount) -> Iterator[Row]:
    """Whether the model that draws scenes is there, may be called, and often enough."""
    if not account.asks_bedrock:
        return
    model, region = account.values["BedrockModel"], account.values["BedrockRegion"]
    bedrock = client("bedrock", region)
    try:
        details = bedrock.get_foundation_model(modelIdentifier=model)["modelDetails"]
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            raise
        yield Row("Bedrock: model", TO_DO, f"{model} is not in {region}", "ACTIVE", "docs/engines.md lists others")
        return
    other = "choose another model (docs/engines.md), and give --parameter BedrockModel=… BedrockRegion=…"
    yield _lifecycle(model, details.get("modelLifecycle", {}), "Bedrock: model", other)
    yield _access(bedrock, model, "Bedrock: access")
    yield from _model_rate(account, details["modelName"])


def chat_model(account: CheckedAccount) -> Iterator[Row]:
    """Whether the coach's model is there and may be called."""
    model, profile = account.values["CoachModel"], account.values["CoachProfile"]
    if not model:
        return
    region = account.values["CoachRegion"] or account.region
    bedrock = client("bedrock", region)
    advice = "choose another with --parameter CoachModel=… CoachProfile=… CoachRegion=… (docs/coach.md)"
    try:
        details = bedrock.get_foundation_model(modelIdentifier=model)["modelDetails"]
        if profile:
            bedrock.get_inference_profile(inferenceProfileIdentifier=f"{profile}.{model}")
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            raise
        named = f"{profile}.{model}" if profile else model
        yield Row("Coach: model", TO_DO, f"{named} is not in {region}", "ACTIVE", advice)
        return
    yield _lifecycle(model, details.get("modelLifecycle", {}), "Coach: model", advice)
    yield _access(bedrock, model, "Coach: access")
    if not profile and "ON_DEMAND" not in details.get("inferenceTypesSupported", ("ON_DEMAND",)):
        yield Row("Coach: way", TO_DO, f"{model} alone", "an inference profile", advice)


def _access(bedrock: Any, model: str, check: str) -> Row:
    available = bedrock.get_foundation_model_availability(modelId=model)
    states = {
        "agreement": available["agreementAvailability"]["status"],
        "authorization": available["authorizationStatus"],
        "entitlement": available["entitlementAvailability"],
        "region": available["regionAvailability"],
    }
    wanting = [f"{name} {said}" for name, said in states.items() if said not in {"AVAILABLE", "AUTHORIZED"}]
    advice = "call the model once with aws-marketplace:Subscribe, in Bedrock's playground for example (docs/engines.md)"
    found = ", ".join(wanting) or "available"
    return Row(check, TO_DO if wanting else OK, found, "available", advice if wanting else "")


def _lifecycle(model: str, lifecycle: dict[str, Any], check: str, advice: str) -> Row:
    status = lifecycle.get("status", "unknown")
    end: datetime | None = lifecycle.get("endOfLifeTime")
    over = end is not None and end <= clock.now()
    well = status == "ACTIVE" and not over
    until = f", ends {end:%Y-%m-%d}" if end else ""
    return Row(check, OK if well else TO_DO, f"{model}: {status}{until}", "ACTIVE", "" if well else advice)


def _model_rate(account: CheckedAccount, name: str) -> Iterator[Row]:
    """Its quota has another code for each model, so that it is looked up by the model's name."""
    family = name.rpartition(" ")[0] if name[-1:].isdigit() else name
    pages = client("service-quotas", account.values["BedrockRegion"]).get_paginator("list_service_quotas")
    listed = [quota for page in pages.paginate(ServiceCode="bedrock") for quota in page["Quotas"]]
    rates = [quota for quota in listed if family in quota["QuotaName"] and "requests per minute" in quota["QuotaName"]]
    # Each mode, theme and format of the day, in the worst case within a minute.
    needed = min(int(account.values["BedrockImagesPerDay"]), 48)
    if not rates:
        advice = f"Service Quotas console, {account.values['BedrockRegion']}, Amazon Bedrock: look for {name}"
        yield Row("Bedrock: images a minute", UNSEEN, "no quota has its name", f"{needed}", advice)
        return
    found = min(rates, key=lambda each: float(each["Value"]))
    well = found["Value"] >= needed
    advice = (
        "scenes over it are drawn by the poster engine; aws service-quotas request-service-quota-increase --region"
        f" {account.values['BedrockRegion']} --service-code bedrock --quota-code {found['QuotaCode']}"
        f" --desired-value {needed}"
    )
    said = f"{found['Value']:,.0f}"
    yield Row("Bedrock: images a minute", OK if well else TO_DO, said, f"{needed}", "" if well else advice)
