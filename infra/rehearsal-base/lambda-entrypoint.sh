#!/bin/sh
# As Lambda's own base does it: the emulator where no Lambda is around, the runtime client alone where one is.
if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then
  exec /usr/local/bin/aws-lambda-rie python -m awslambdaric "$@"
fi
exec python -m awslambdaric "$@"
