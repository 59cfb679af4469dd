"""The description of the API is kept beside it, is sound, and leaves nothing out."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from scripts.write_openapi import FILE, described

from chess_analytics.api.app import create_app
from chess_analytics.api.routes import PREFIX
from chess_analytics.settings import Settings

API = create_app(Settings.model_construct())
DESCRIPTION: dict[str, Any] = API.openapi()


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DESCRIPTION["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


OPERATIONS = [pytest.param(*it, id=it[2]["operationId"]) for it in _operations()]


def test_the_description_that_is_kept_is_the_one_that_is_true() -> None:
    assert FILE.read_text(encoding="utf-8") == described(), "write it anew: just openapi"


def test_it_is_what_the_server_gives_out() -> None:
    browser = TestClient(API, base_url="http://127.0.0.1")
    assert browser.get(f"{PREFIX}/openapi.json").json() == json.loads(described())


def test_it_is_sound() -> None:
    assert DESCRIPTION["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(json.loads(described())).validate()


def test_every_reference_leads_somewhere() -> None:
    text = described()
    for kind, items in DESCRIPTION["components"].items():
        for name in items:
            used = f'"#/components/{kind}/{name}"' in text
            assert used or kind == "securitySchemes", name
    for part in text.split('"$ref": "#/components/')[1:]:
        kind, name = part.split('"')[0].split("/")
        assert name in DESCRIPTION["components"][kind]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_an_operation_is_named_explained_and_honest_about_errors(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert operation["tags"]
    answers = operation["responses"]
    assert {"421", "503"} <= answers.keys()
    assert ("422" in answers) == bool({"parameters", "requestBody"} & operation.keys()), path
    if "security" in operation:
        assert {"401", "403"} <= answers.keys()
    if method != "get":
        assert "403" in answers
    if "requestBody" in operation:
        assert {"400", "413"} <= answers.keys()
    for name in [part for part in path.split("/") if part.startswith("{")]:
        assert "404" in answers, name
    for status, answer in answers.items():
        if int(status) >= 400:
            shared = DESCRIPTION["components"]["responses"]
            found = shared[answer["$ref"].split("/")[-1]] if "$ref" in answer else answer
            assert list(found["content"]) == ["application/problem+json"]


def test_operations_are_named_as_their_functions_and_no_two_alike() -> None:
    names = [operation["operationId"] for _, _, operation in _operations()]
    assert len(set(names)) == len(names)
    routes = [context.original_route for context in iter_route_contexts(API.routes)]
    # Pages for people are no part of the API.
    described = [it for it in routes if isinstance(it, APIRoute) and it.include_in_schema]
    endpoints = [route.endpoint for route in described]
    assert sorted(names) == sorted(it.__name__ for it in endpoints)
    assert all(inspect.getdoc(endpoint) for endpoint in endpoints)


def test_every_tag_is_explained() -> None:
    used = {tag for _, _, operation in _operations() for tag in operation["tags"]}
    assert {tag["name"] for tag in DESCRIPTION["tags"]} == used
    assert all(tag["description"] for tag in DESCRIPTION["tags"])


def test_both_ways_of_signing_in_are_documented() -> None:
    schemes = DESCRIPTION["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert (schemes["session"]["type"], schemes["session"]["in"]) == ("apiKey", "cookie")


def test_no_list_of_mine_is_without_a_sign_in() -> None:
    open_to_all = {
        operation["operationId"] for _, _, operation in _operations() if "security" not in operation
    }
    assert open_to_all == {
        "get_health",
        "get_life",
        "get_readiness",
        "get_about",
        "sign_up_user",
        "log_in_user",
        "log_out",
        "begin_sign_in_with_lichess",
        "finish_sign_in_with_lichess",
        # Who has the link needs no name.
        "show_shared_game",
        "picture_shared_position",
    }


def test_words_and_numbers_that_are_sent_are_bounded() -> None:
    unbounded = []
    for _, path, operation in _operations():
        for parameter in operation.get("parameters", ()):
            for schema in parameter["schema"].get("anyOf", [parameter["schema"]]):
                bounds = {"maximum", "maxLength", "enum", "pattern", "const", "$ref", "format"}
                if schema.get("type") in ("string", "integer") and not bounds & schema.keys():
                    unbounded.append(f"{path}: {parameter['name']}")
    assert not unbounded
