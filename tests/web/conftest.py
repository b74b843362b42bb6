import pytest

from qa_service.settings import Settings
from qa_service.web import create_app


@pytest.fixture
def make_client(folder):
    def make(**settings):
        app = create_app(Settings(**({"articles": folder, "rate_limit": "1000/second"} | settings)))
        assert app.extensions["qa-service"].wait(timeout_seconds=10)
        return app.test_client()

    return make


@pytest.fixture
def client(make_client):
    return make_client()
