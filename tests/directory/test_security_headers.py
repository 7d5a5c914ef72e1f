"""Pages of other sites may load the open data and nothing else."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "policy"),
    [
        ("/help-now/", "same-origin"),
        ("/no/such/page/", "same-origin"),
        ("/api/v1/no-such-thing/", "cross-origin"),
        ("/es/data/", "cross-origin"),
        ("/database/", "same-origin"),
    ],
)
def test_resource_policy(client, address, policy):
    assert client.get(address)["Cross-Origin-Resource-Policy"] == policy
