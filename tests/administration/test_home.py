"""The page that leads to everything that is administered."""

from django.test import Client

from tests.factories import Cast

PAGE = "/administration/"


def test_who_manages_accounts_finds_each_card_with_what_it_is_for(client: Client, cast: Cast) -> None:
    client.force_login(cast.local_admin, "jalons.accounts.backends.SessionBackend")
    page = client.get(PAGE).content.decode()
    assert '<a href="/exports/tous/">Téléchargements</a>' in page
    assert "Les fichiers sortis de Jalons dans votre territoire" in page


def test_the_menu_shows_it_to_those_who_may_administer_only(client: Client, cast: Cast) -> None:
    for user, shown in ((cast.admin, True), (cast.correspondent59, False)):
        client.force_login(user, "jalons.accounts.backends.SessionBackend")
        assert (f'href="{PAGE}"' in client.get("/qui-peut-voir-quoi/").content.decode()) is shown
