"""A request as Lambda gets it. Imports nothing: what it cost would be counted."""


def event(method: str, path: str, token: str, body: str | None = None) -> dict[str, object]:
    """A REST (v1) proxy event."""
    return {
        "resource": "/{proxy+}",
        "httpMethod": method,
        "path": path,
        "headers": {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Host": "api.example"},
        "multiValueHeaders": {
            "Authorization": [f"Bearer {token}"],
            "Content-Type": ["application/json"],
            "Host": ["api.example"],
        },
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "request-1", "stage": "dev", "path": f"/dev{path}", "identity": {}},
        "body": body,
        "isBase64Encoded": False,
    }


class Context:
    """Lambda's context, as far as anybody looks at it."""

    function_name = "benchmark"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:benchmark"
    aws_request_id = "request-1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000
