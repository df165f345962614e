"""Every setting, read in one place from the environment that the template sets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between environments; names of resources come from the template."""

    environment: str
    release: str
    region: str
    endpoint_url: str
    users_table: str
    portraits_table: str
    idempotency_table: str
    documents_table: str
    namespaces_table: str
    uploads_bucket: str
    media_bucket: str
    library_bucket: str
    user_pool_id: str
    user_pool_client_id: str
    sign_in_url: str
    identity_providers: tuple[str, ...]
    token_issuer: str
    jwks_url: str
    portrait_state_machine_arn: str
    export_state_machine_arn: str
    delete_state_machine_arn: str
    document_state_machine_arn: str
    library_search_function: str
    sender_address: str
    mail_configuration_set: str
    link_secret_arn: str
    origin_secret_arn: str
    public_url: str
    app_url: str
    cors_origin: str
    daily_quota: int
    inactive_days: int
    upload_quota: int
    request_limit: int
    behind_cloudfront: bool
    engine: str
    engines: frozenset[str]
    bedrock_model: str
    bedrock_region: str
    bedrock_images_a_day: int
    diffusion_model: str
    marks_pictures: bool
    credentials_secret_arn: str


@cache
def settings() -> Settings:
    """Read the environment once; a variable that a function has no use for may be absent."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
    pool = os.environ.get("MOTIV8_USER_POOL_ID", "")
    # The issuer and the keys' address differ on the embedded AWS, so each can be set.
    issuer = os.environ.get("MOTIV8_TOKEN_ISSUER") or f"https://cognito-idp.{region}.amazonaws.com/{pool}"
    return Settings(
        environment=os.environ.get("MOTIV8_ENVIRONMENT", "dev"),
        release=os.environ.get("MOTIV8_RELEASE", "none"),
        region=region,
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL", ""),
        users_table=os.environ.get("MOTIV8_USERS_TABLE", ""),
        portraits_table=os.environ.get("MOTIV8_PORTRAITS_TABLE", ""),
        idempotency_table=os.environ.get("MOTIV8_IDEMPOTENCY_TABLE", ""),
        documents_table=os.environ.get("MOTIV8_DOCUMENTS_TABLE", ""),
        namespaces_table=os.environ.get("MOTIV8_NAMESPACES_TABLE", ""),
        uploads_bucket=os.environ.get("MOTIV8_UPLOADS_BUCKET", ""),
        media_bucket=os.environ.get("MOTIV8_MEDIA_BUCKET", ""),
        library_bucket=os.environ.get("MOTIV8_LIBRARY_BUCKET", ""),
        user_pool_id=pool,
        user_pool_client_id=os.environ.get("MOTIV8_USER_POOL_CLIENT_ID", ""),
        sign_in_url=os.environ.get("MOTIV8_SIGN_IN_URL", ""),
        identity_providers=tuple(filter(None, os.environ.get("MOTIV8_IDENTITY_PROVIDERS", "").split(","))),
        token_issuer=issuer,
        jwks_url=os.environ.get("MOTIV8_JWKS_URL") or f"{issuer}/.well-known/jwks.json",
        portrait_state_machine_arn=os.environ.get("MOTIV8_PORTRAIT_STATE_MACHINE_ARN", ""),
        export_state_machine_arn=os.environ.get("MOTIV8_EXPORT_STATE_MACHINE_ARN", ""),
        delete_state_machine_arn=os.environ.get("MOTIV8_DELETE_STATE_MACHINE_ARN", ""),
        document_state_machine_arn=os.environ.get("MOTIV8_DOCUMENT_STATE_MACHINE_ARN", ""),
        library_search_function=os.environ.get("MOTIV8_LIBRARY_SEARCH_FUNCTION", ""),
        sender_address=os.environ.get("MOTIV8_SENDER_ADDRESS", ""),
        mail_configuration_set=os.environ.get("MOTIV8_MAIL_CONFIGURATION_SET", ""),
        link_secret_arn=os.environ.get("MOTIV8_LINK_SECRET_ARN", ""),
        origin_secret_arn=os.environ.get("MOTIV8_ORIGIN_SECRET_ARN", ""),
        public_url=os.environ.get("MOTIV8_PUBLIC_URL", "").rstrip("/"),
        app_url=os.environ.get("MOTIV8_APP_URL", "").rstrip("/"),
        cors_origin=os.environ.get("MOTIV8_CORS_ORIGIN", "*"),
        daily_quota=int(os.environ.get("MOTIV8_DAILY_QUOTA", "5")),
        inactive_days=int(os.environ.get("MOTIV8_INACTIVE_DAYS", "730")),
        upload_quota=int(os.environ.get("MOTIV8_UPLOAD_QUOTA", "10")),
        request_limit=int(os.environ.get("MOTIV8_REQUEST_LIMIT", "100")),
        behind_cloudfront=os.environ.get("MOTIV8_BEHIND_CLOUDFRONT", "false") == "true",
        engine=os.environ.get("MOTIV8_ENGINE", "poster"),
        bedrock_model=os.environ.get("MOTIV8_BEDROCK_MODEL", ""),
        bedrock_region=os.environ.get("MOTIV8_BEDROCK_REGION") or region,
        bedrock_images_a_day=int(os.environ.get("MOTIV8_BEDROCK_IMAGES_A_DAY", "0")),
        marks_pictures=os.environ.get("MOTIV8_MARK_PICTURES", "true") == "true",
        credentials_secret_arn=os.environ.get("MOTIV8_CREDENTIALS_SECRET_ARN", ""),
        diffusion_model=os.environ.get("MOTIV8_DIFFUSION_MODEL", ""),
        engines=frozenset(os.environ.get("MOTIV8_ENGINES", "poster").split(",")),
    )
