"""The refusals of the API: a status and one error body."""

from standins.http import Response, json_response


class Refused(Exception):
    """A request that Paystack turns down, with the body it sends."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        next_step: str = "Check the values that you sent, then try again",
        type: str = "validation_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.next_step = next_step
        self.type = type

    def response(self) -> Response:
        body = {"status": False, "message": self.message}
        if self.code:
            body |= {"meta": {"nextStep": self.next_step}, "type": self.type, "code": self.code}
        if self.code == "duplicate_reference":
            body["errorCodeMappingNotFound"] = False  # the documented example of this one error carries it
        return json_response(body, self.status)


def missing(message: str) -> Refused:
    return Refused(
        400, message, code="missing_params", next_step="Ensure that you're passing all the required parameters"
    )


def invalid(message: str, *, status: int = 400) -> Refused:
    return Refused(status, message, code="invalid_params")
