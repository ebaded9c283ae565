#!/usr/bin/env python3
"""Makes openapi.ts of what a running server says of itself, with openapi-typescript (npm ci, here, brings it).

    make_types.py http://127.0.0.1:8080
"""
import functools
import hashlib
import json
import operator
import pathlib
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def named_in(value):
    """Components that are referred to."""
    if isinstance(value, dict):
        return {value["$ref"]} if "$ref" in value else set().union(*map(named_in, value.values()))
    return set().union(*map(named_in, value)) if isinstance(value, list) else set()


def resolved(value, document):
    if "$ref" not in value:
        return value
    return functools.reduce(operator.getitem, value["$ref"].split("/")[1:], document)


def shapes_of(url):
    """What a caller writes and reads, without headers and refusals, which tote.ts knows; and a digest of it, by which a
    test tells whether openapi.ts is stale."""
    with urllib.request.urlopen(f"{url}/openapi.json") as answer:
        document = json.load(answer)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"] = {
                status: {"description": response["description"], "content": response.get("content", {})}
                for status, response in operation["responses"].items() if status in ("200", "201", "202")}
            operation["parameters"] = [one for one in operation.get("parameters", [])
                                       if resolved(one, document)["in"] in ("path", "query")]
    needed, found = set(), named_in(document["paths"])
    components = {}
    while found:
        needed |= found
        for name in sorted(found):
            _, _, group, member = name.split("/")
            components.setdefault(group, {})[member] = resolved({"$ref": name}, document)
        found = named_in(components) - needed
    shapes = {"openapi": document["openapi"], "info": {"title": "Tote", "version": ""}, "paths": document["paths"],
              "components": components}
    return shapes, hashlib.sha256(json.dumps(shapes, sort_keys=True).encode()).hexdigest()


def main():
    shapes, digest = shapes_of(sys.argv[1])
    made = subprocess.run(["node_modules/.bin/openapi-typescript"], cwd=HERE, input=json.dumps(shapes), text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    types = made[made.index("export interface paths"):]
    head = f"// Made by make_types.py of the server's routes and schemas, sha256 {digest}. Don't change it by hand.\n"
    (HERE / "openapi.ts").write_text(head + types)


if __name__ == "__main__":
    main()
