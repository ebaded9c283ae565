"""The OpenAPI document that the server serves: its operations, and what an answer must look like."""
import json
import re

VERBS = ("get", "put", "post", "patch", "delete")
# Those of every HTTP server aren't documented.
OF_HTTP = {"content-type", "content-length", "transfer-encoding", "connection", "date", "location", "allow", "cache-control"}
# A replay, a stale answer and a trace have these alone; what was refused before the engine was asked has no LSN.
MAY_LACK = {"idempotent-replayed", "x-idempotent-replayed", "age", "traceparent"}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
KNOWN = {"$ref", "type", "enum", "required", "properties", "additionalProperties", "items", "minimum", "maximum", "minLength", "maxLength",
         "pattern", "format", "description", "default", "minItems", "maxItems", "oneOf", "anyOf", "example"}


class Operation:
    def __init__(self, document, method, path, told):
        self.method, self.path, self.told, self.name = method.upper(), path, told, f"{method.upper()} {path}"
        self.parameters = [document.resolved(one) for one in told.get("parameters", ())]
        self.is_change = self.method != "GET"
        media = told.get("requestBody", {}).get("content", {})
        self.body = next((document.resolved(one["schema"]) for one in media.values()), None)
        self.matches = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + "$").match

    def parameter(self, name):
        return next((one for one in self.parameters if one["name"] == name), None)


class Document:
    def __init__(self, text):
        self.tree = json.loads(text)
        self.operations = [Operation(self, verb, path, item[verb]) for path, item in self.tree["paths"].items() for verb in VERBS if verb in item]

    def resolved(self, schema):
        while "$ref" in schema:
            at = self.tree
            for name in schema["$ref"].removeprefix("#/").split("/"):
                at = at[name.replace("~1", "/").replace("~0", "~")]
            schema = at
        return schema

    def operation(self, method, path):
        """Of a request that was sent: a path whose words are all its own comes before one with a parameter."""
        of_it = [one for one in self.operations if one.method == method and one.matches(path)]
        return min(of_it, key=lambda one: one.path.count("{"))

    def mismatch(self, schema, value, at=""):
        """What is wrong with `value`, or None. A keyword that isn't known here is wrong, too."""
        schema = self.resolved(schema)
        if unknown := schema.keys() - KNOWN:
            return f"{at}: the schema has {unknown}"
        for name in ("oneOf", "anyOf"):
            if name in schema:
                count = sum(self.mismatch(one, value, at) is None for one in schema[name])
                return None if count == 1 or (name == "anyOf" and count) else f"{at}: matches {count} of its {name}"
        if "type" in schema:
            allowed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            if not any(isinstance(value, TYPES[one]) and (one == "boolean" or not isinstance(value, bool)) for one in allowed):
                return f"{at}: {value!r} isn't of type {allowed}"
        if "enum" in schema and value not in schema["enum"]:
            return f"{at}: {value!r} isn't one of {schema['enum']}"
        return self.out_of_bounds(schema, value, at) or self.wrong_member(schema, value, at)

    @staticmethod
    def out_of_bounds(schema, value, at):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        size = value if is_number else len(value) if isinstance(value, (str, list)) else None
        of_size = ("minimum", "maximum") if is_number else ("minLength", "maxLength") if isinstance(value, str) else ("minItems", "maxItems")
        if size is not None and not schema.get(of_size[0], size) <= size <= schema.get(of_size[1], size):
            return f"{at}: {size} is out of bounds"
        if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{at}: {value!r} isn't {schema['pattern']}"
        return None

    def wrong_member(self, schema, value, at):
        if isinstance(value, list) and "items" in schema:
            return next(filter(None, (self.mismatch(schema["items"], one, f"{at}/{i}") for i, one in enumerate(value))), None)
        if not isinstance(value, dict):
            return None
        for name in schema.get("required", ()):
            if name not in value:
                return f"{at}: lacks {name}"
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", "properties" not in schema)
        for name, member in value.items():
            of_member = properties.get(name, more)
            if of_member is False:
                return f"{at}/{name}: isn't in the schema"
            if isinstance(of_member, dict) and (wrong := self.mismatch(of_member, member, f"{at}/{name}")):
                return wrong
        return None

    def wrong_answer(self, operation, status, headers, body):
        """Of a whole answer: its status, media type, headers and schema. `headers`: by lower-case name."""
        told = operation.told["responses"].get(str(status))
        if told is None:
            return f"{status} isn't documented: {body[:300]!r}"
        documented = {name.lower() for name in told.get("headers", ())}
        if more := headers.keys() - OF_HTTP - documented:
            return f"the headers {more} aren't documented"
        lacking = documented - headers.keys() - MAY_LACK - ({"tote-lsn"} if status >= 400 else set())
        if b'"version":' not in body or b'"version":0,' in body:
            lacking.discard("etag")  # what never changed has none: a tenant's refunds
        if lacking:
            return f"lacks the headers {lacking}"
        if status == 304:
            return "304 with a body" if body else None
        media = headers.get("content-type", "").split(";")[0]
        if media not in told["content"]:
            return f"{media} isn't documented"
        return self.wrong_body(told["content"][media]["schema"], body) if media.endswith("json") and "ndjson" not in media else None

    def wrong_body(self, schema, body):
        try:
            return self.mismatch(schema, json.loads(body))
        except ValueError as no:
            return f"no JSON: {no}: {body[:300]!r}"

    def wrong_line(self, operation, line):
        """Of one answer of a batch."""
        told = operation.told["responses"].get(str(line["status"]))
        if told is None:
            return f"{line['status']} isn't documented for a line: {line}"
        return next((self.mismatch(media["schema"], line["body"]) for media in told["content"].values()), None) if "body" in line else None
