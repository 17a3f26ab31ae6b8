import pytest

from jalons.discussions import topics
from jalons.discussions.topics import Topic

NEWS = Topic(
    "tests.news", "les nouvelles du matin", "Chaque jour, à l’aube.", "Ne plus recevoir ces nouvelles"
)
EVENING = Topic("tests.evening", "le bulletin du soir")


@pytest.fixture
def two_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these, whatever the apps declare."""
    monkeypatch.setattr(topics, "_topics", {topic.code: topic for topic in (NEWS, EVENING)})
