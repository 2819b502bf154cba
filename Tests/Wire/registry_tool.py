"""dien-registry as a user runs it."""

import json

from processes import run


def tool(registry, command, *arguments):
    """One command, or command and subcommand, on the registry at a path or in a RegistryFolder."""
    path = getattr(registry, "path", registry)
    where = [path] if command == "init" else ["--registry", path]
    return run("dien-registry", command, *arguments, *where)


def succeed(registry, command, *arguments):
    """The command's JSON answer."""
    result = tool(registry, command, *arguments, "--json")
    assert result.returncode == 0, f"dien-registry {command} {arguments}: {result.returncode}\n{result.stderr}"
    return json.loads(result.stdout)
