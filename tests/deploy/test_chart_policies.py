"""The chart keeps to every policy, whatever is chosen; and no policy can be switched off unseen."""

import inspect

import pytest

from tests.deploy import pod_policies, release_policies
from tests.deploy.charts import CHOICES, rendered
from tests.deploy.mutations import BROKEN

POLICIES = {
    policy.__name__: policy
    for policy in (*pod_policies.POD_POLICIES, *release_policies.RELEASE_POLICIES)
}


@pytest.mark.parametrize("choice", CHOICES)
def test_the_chart_keeps_to_every_policy(choice: str) -> None:
    manifests = rendered(choice)
    wrong = [f"{name}: {why}" for name, policy in POLICIES.items() for why in policy(manifests)]
    assert not wrong


def test_every_policy_is_asked_and_has_something_to_refuse() -> None:
    written = {
        name
        for module in (pod_policies, release_policies)
        for name, it in inspect.getmembers(module, inspect.isfunction)
        if it.__module__ == module.__name__ and [*inspect.signature(it).parameters] == ["manifests"]
    }
    assert {name for name in written if not name.startswith("_")} == {*POLICIES}
    assert {*POLICIES} == {*BROKEN}
    assert all(BROKEN.values())


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, place) for name, all_ in BROKEN.items() for place in range(len(all_))],
)
def test_what_breaks_a_policy_is_refused(name: str, place: int) -> None:
    manifests = rendered("everything")
    assert not [*POLICIES[name](manifests)]
    BROKEN[name][place](manifests)
    assert [*POLICIES[name](manifests)]
