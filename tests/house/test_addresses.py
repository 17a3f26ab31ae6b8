"""What an address lets in: no identifier in a path may hold a character that PostgreSQL refuses (U+0000)."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import PathConverter, StringConverter

# Never looked up in the base as they come: decoded, or compared with what was signed.
NOT_LOOKED_UP = {"uidb64", "token", "secret"}


def free_parts(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    """The parts of our paths that take any character, with the path."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from free_parts(pattern)
        elif isinstance(pattern, URLPattern):
            for name, converter in pattern.pattern.converters.items():
                if type(converter) in (StringConverter, PathConverter) and name not in NOT_LOOKED_UP:
                    yield name, str(pattern.pattern)


def test_no_part_of_a_path_takes_any_character() -> None:
    assert list(free_parts(get_resolver())) == []
