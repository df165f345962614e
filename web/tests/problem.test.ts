import { describe, expect, it } from "vitest";

import { ApiProblem, sentence, Trouble } from "../src/api/problem";

const PROBLEM = {
  type: "urn:motiv8:problem:invalid",
  title: "Some fields are invalid",
  status: 422,
  detail: "See `errors`.",
  instance: "request-1",
};

describe("a problem of the API", () => {
  it("keeps status, detail and how long to wait", () => {
    const problem = ApiProblem.of({ ...PROBLEM, status: 429, detail: "Wait a minute." }, "60");
    expect([problem.status, problem.detail, problem.retryAfter]).toEqual([429, "Wait a minute.", 60]);
    expect(ApiProblem.of(PROBLEM, null).retryAfter).toBeNull();
  });

  it("names its fields without the part of the request that they are in", () => {
    const errors = [
      { field: "body.delivery_hour", code: "less_than_equal", message: "between 0 and 23" },
      { field: "query.limit", code: "less_than_equal", message: "between 1 and 100" },
    ];
    expect(ApiProblem.of({ ...PROBLEM, errors }, null).fields).toEqual({
      delivery_hour: "between 0 and 23",
      "query.limit": "between 1 and 100",
    });
  });
});

describe("the sentence for the person", () => {
  it("is the detail where no field is at fault", () => {
    expect(sentence(new ApiProblem(409, "This account is being deleted."))).toBe("This account is being deleted.");
  });

  it("names each field at fault in words", () => {
    const problem = new ApiProblem(422, "See `errors`.", {
      delivery_hour: "between 0 and 23",
      code: "wrong or expired",
    });
    expect(sentence(problem)).toBe("Delivery hour: between 0 and 23. Code: wrong or expired.");
  });

  it("speaks of the request where the whole body is at fault", () => {
    const errors = [{ field: "body", code: "json_invalid", message: "not JSON" }];
    expect(sentence(ApiProblem.of({ ...PROBLEM, errors }, null))).toBe("Your request: not JSON.");
  });

  it("says when to try again where there is more to wait than a moment", () => {
    const used = new ApiProblem(429, "That is all for now.", {}, 3600);
    expect(sentence(used)).toMatch(/^That is all for now\. You can try again (tomorrow )?at \d+:\d\d\.$/);
    expect(sentence(new ApiProblem(429, "Slow down.", {}, 2))).toBe("Slow down.");
  });

  it("is our own for trouble that the page found", () => {
    expect(sentence(new Trouble("Allow notifications first."))).toBe("Allow notifications first.");
  });

  it.each([new TypeError("Failed to fetch"), "text", undefined])("speaks of the connection for %s", (error) => {
    expect(sentence(error)).toContain("connection");
  });
});
