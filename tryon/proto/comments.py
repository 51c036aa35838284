"""The comments of .proto files, which the generated code does not keep."""

import re

_OPENING = re.compile(r"(?P<kind>message|enum|oneof|extend)\s+(?P<name>[\w.]+)\s*\{")
_FIELD = re.compile(r"(?:optional\s+|repeated\s+|required\s+)?[\w.]+\s+(?P<name>\w+)\s*=\s*\d+")
_PACKAGE = re.compile(r"package\s+(?P<name>[\w.]+)\s*;")


def field_comments(proto: str) -> dict[str, str]:
    """{full name of a field or message: its comment} for the text of a .proto file.

    A comment stands above what it is about, without an empty line between, or behind it.
    """
    comments: dict[str, str] = {}
    scope: list[str] = []
    pending: list[str] = []
    for line in proto.splitlines():
        code, _, comment = (part.strip() for part in line.partition("//"))
        if not code:
            pending = [*pending, comment] if comment else []
            continue
        package, opening, field = (pattern.match(code) for pattern in (_PACKAGE, _OPENING, _FIELD))
        if package:
            scope.append(package["name"])
        elif opening:
            scope.append(opening["name"] if opening["kind"] in ("message", "enum") else "")
            if scope[-1]:
                comments[".".join(filter(None, scope))] = " ".join(pending)
        elif field and scope:
            comments[".".join(filter(None, [*scope, field["name"]]))] = " ".join([*pending, comment]).strip()
        del scope[len(scope) - code.count("}") :]
        pending = []
    return comments
