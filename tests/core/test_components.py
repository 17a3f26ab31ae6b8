"""The page of components, and what each component promises to a reader."""

import re
from datetime import date

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import Client, RequestFactory

from jalons.core import ui, views
from jalons.core.forms import FilterForm, JalonsForm
from jalons.core.queries import page_links, url_with

NBSP = "\u00a0"


def render(source: str, query: str = "", **context: object) -> str:
    request = RequestFactory().get(f"/liste{query}")
    return Template(source).render(Context({"request": request, **context}))


@pytest.mark.django_db
def test_components_page_is_a_whole_french_page(client: Client) -> None:
    answer = client.get("/composants")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="fr">' in html
    assert "<title>Composants – Jalons</title>" in html
    assert html.count("<h1>") == 1
    assert 'href="#contenu"' in html
    assert 'id="contenu"' in html
    assert "None" not in html
    assert not re.search(r"<[^>]*\s(style|on\w+)=", html)


@pytest.mark.django_db
def test_components_page_has_no_repeated_id_and_every_label_names_a_field(client: Client) -> None:
    html = client.get("/composants").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    assert named
    assert named <= set(ids)
    described = {one for ids in re.findall(r'aria-describedby="([^"]+)"', html) for one in ids.split()}
    assert described <= set(ids)
    assert all(anchor in ids for anchor in re.findall(r'href="#([^"]+)"', html))


@pytest.mark.django_db
def test_components_page_is_closed_in_production(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.COMPONENTS_PAGE = False
    assert client.get("/composants").status_code == 404


@pytest.mark.django_db
def test_htmx_cannot_evaluate_nor_keep_pages(client: Client) -> None:
    html = client.get("/composants").content.decode()
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", html)
    assert config
    for said in ('"allowEval":false', '"includeIndicatorStyles":false', '"historyCacheSize":0'):
        assert said in config[1]


@pytest.mark.django_db
def test_page_not_found_says_what_to_do(client: Client) -> None:
    answer = client.get("/cette-page-n-existe-pas")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()


@pytest.mark.django_db
def test_refusal_gives_the_reason(rf: RequestFactory) -> None:
    html = views.forbidden(
        rf.get("/"), PermissionDenied("Seul un correspondant peut fermer un site.")
    ).content
    assert "Seul un correspondant peut fermer un site." in html.decode()


@pytest.mark.django_db
def test_expired_form_says_that_nothing_was_saved() -> None:
    answer = Client(enforce_csrf_checks=True).post("/composants", {"a": "b"})
    assert answer.status_code == 403
    assert "Rien n’a été enregistré" in answer.content.decode()


def test_error_page_needs_neither_database_nor_session(rf: RequestFactory) -> None:
    answer = views.broken(rf.get("/"))
    assert answer.status_code == 500
    assert "Jalons a rencontré une erreur" in answer.content.decode()


def test_error_page_survives_missing_static_files(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(path: str) -> str:
        raise ValueError(path)

    monkeypatch.setattr(views, "static", missing)
    assert "stylesheet" not in views.broken(rf.get("/")).content.decode()


def test_texts_are_escaped_everywhere() -> None:
    html = render(
        "{% page_head title=x meta=x tags=t %}{% endpage_head %}{% stat x x x %}{% state 'late' x %}"
        "{% tag x %}{% alert title=x %}{{ x }}{% endalert %}{% empty_state x x x %}{% definitions d %}"
        "{% missing x %}{% timeline e %}{% table caption=x columns=c %}{% endtable %}"
        "{% card title=x %}{% endcard %}",
        x="<script>",
        t=["<script>"],
        d=[("<script>", "<script>")],
        c=[ui.Column("<script>", key="a")],
        e=[
            ui.Entry(
                date(2020, 1, 1), "<script>", "<script>", "<script>", [ui.Change("<script>", "<script>")]
            )
        ],
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_buttons_given_to_the_head_are_kept_as_html() -> None:
    html = render('{% page_head title="Sites" %} <a href="/x">Déclarer</a> {% endpage_head %}')
    assert '<a href="/x">Déclarer</a>' in html
    assert "j-actions" not in render('{% page_head title="Sites" %}  {% endpage_head %}')


def test_unknown_is_said_and_zero_is_a_figure() -> None:
    assert "ND" in render("{% stat 'Personnes' %}")
    assert ">0<" in render("{% stat 'Personnes' '0' %}")
    html = render("{% definitions rows %}", rows=[("Ménages", 0), ("Fin", None), ("Note", "")])
    assert "<dd>0</dd>" in html
    assert html.count("non renseigné") == 2
    assert "aucun" in render("{% tag_list labels %}", labels=[])


def test_a_state_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="Unknown state"):
        render("{% state 'rouge' 'x' %}")


def test_state_has_a_sign_and_words() -> None:
    html = render("{% state 'late' 'Évacuation le 1er avril' %}")
    assert "<svg" in html
    assert "Évacuation le 1er avril" in html


class TestAsOf:
    def test_says_the_dates_and_leads_back_without_them(self) -> None:
        html = render(
            "{% as_of_banner valid known %}",
            "?q=Lille&au=2020-01-01&connu-le=2020-03-15&page=3",
            valid=date(2020, 1, 1),
            known=date(2020, 3, 15),
        )
        assert "au 1er janvier 2020" in html
        assert "le 15 mars 2020" in html
        assert 'href="?q=Lille"' in html

    def test_says_nothing_today(self) -> None:
        assert render("{% as_of_banner valid %}", valid=None).strip() == ""


class TestTable:
    columns = (ui.Column("Nom", key="nom"), ui.Column("Personnes", key="personnes", high_first=True))

    def test_sorting_keeps_the_filters_and_goes_back_to_page_one(self) -> None:
        html = render(
            "{% table caption='Sites' columns=c order='nom' %}{% endtable %}",
            "?q=Lille&q=Roubaix&page=4&tri=nom",
            c=self.columns,
        )
        assert 'aria-sort="ascending"' in html
        assert "?q=Lille&amp;q=Roubaix&amp;tri=-nom" in html
        assert "?q=Lille&amp;q=Roubaix&amp;tri=-personnes" in html
        assert "page=4" not in html

    @pytest.mark.parametrize(
        ("asked", "chosen"),
        [("nom", "nom"), ("-personnes", "-personnes"), ("mot_de_passe", "x"), ("", "x"), ("--nom", "x")],
    )
    def test_only_declared_orders_are_obeyed(self, asked: str, chosen: str) -> None:
        assert ui.chosen_order({"tri": asked}, self.columns, default="x") == chosen

    def test_wide_grid_can_be_reached_by_keyboard(self) -> None:
        html = render("{% table caption='Public' scroll=True %}<tbody></tbody>{% endtable %}")
        assert 'role="region" tabindex="0" aria-label="Public"' in html
        assert "stack" not in html


class TestPagination:
    def test_one_page_has_no_links(self) -> None:
        assert page_links(Paginator(range(5), 10).page(1), {}) == []

    def test_links_keep_the_query(self) -> None:
        html = render("{% pagination page %}", "?q=Lille&page=2", page=Paginator(range(100), 10).page(2))
        assert 'href="?q=Lille&amp;page=3" rel="next"' in html
        assert 'href="?q=Lille" rel="prev"' in html
        assert html.count("aria-current") == 1

    def test_ends_are_not_links(self) -> None:
        assert page_links(Paginator(range(30), 10).page(1), {})[0].url == ""
        assert page_links(Paginator(range(30), 10).page(3), {})[-1].url == ""


def test_url_without_one_of_several_values() -> None:
    query = RequestFactory().get("/?t=a&t=b&x=1").GET
    assert url_with(query, {}, without=("t", "a")) == "?t=b&x=1"
    assert url_with(query, {"t": None, "x": None}) == "?"


class Filters(FilterForm):
    chip_names = {"q": "Recherche"}
    q = forms.CharField(label="Commune, nom")
    size = forms.ChoiceField(label="Taille", choices=[("", "Toutes"), ("small", "Moins de 10")])
    theme = forms.MultipleChoiceField(label="Thème", choices=[("a", "Santé"), ("b", "Logement")])


class TestFilters:
    def render(self, query: str) -> str:
        form = Filters(RequestFactory().get(f"/{query}").GET)
        return render("{% filters form main='q' %}", query, form=form)

    def test_each_active_filter_can_be_removed_alone(self) -> None:
        html = self.render("?q=Lille&size=small&theme=a&theme=b&tri=nom&page=3")
        assert f"Recherche{NBSP}: Lille" in html
        assert f"Taille{NBSP}: Moins de 10" in html
        assert 'href="?q=Lille&amp;size=small&amp;theme=b&amp;tri=nom"' in html
        assert 'href="?tri=nom">Effacer tout' in html
        assert '<input type="hidden" name="tri" value="nom">' in html
        assert 'name="page"' not in html

    def test_folded_filters_are_counted(self) -> None:
        assert "Plus de filtres (3)" in self.render("?size=small&theme=a&theme=b")
        assert "Plus de filtres (" not in self.render("?q=Lille")

    def test_what_cannot_be_read_filters_nothing_and_is_said(self) -> None:
        form = Filters(RequestFactory().get("/?size=enorme&q=Lille").GET)
        assert form.criteria() == {"q": "Lille"}
        assert "Choisissez parmi les réponses proposées" in self.render("?size=enorme")

    def test_nothing_asked_shows_no_chip(self) -> None:
        assert "Effacer tout" not in self.render("")


class Letter(JalonsForm):
    name = forms.CharField(label="Nom", help_text="En entier.")
    kind = forms.ChoiceField(label="Type", choices=[("a", "A")], widget=forms.RadioSelect)


class TestErrors:
    def test_summary_links_to_each_field_and_field_names_its_error(self) -> None:
        html = str(Letter({"name": "", "kind": "z"}))
        assert "Il y a 2 erreurs à corriger" in html
        assert 'role="alert" tabindex="-1"' in html
        assert 'href="#id_name"' in html
        assert 'href="#id_kind_0"' in html
        assert 'id="id_kind_0"' in html
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-invalid="true"' in html

    def test_a_form_just_opened_has_no_summary(self) -> None:
        assert "j-summary" not in str(Letter())

    def test_required_is_written_and_optional_is_not(self) -> None:
        html = str(Letter())
        assert html.count("(obligatoire)") == 2

    def test_summary_of_a_formset(self) -> None:
        letters = forms.formset_factory(Letter, extra=1)(
            {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x", "form-0-kind": ""}
        )
        assert 'href="#id_form-0-kind_0"' in render("{% error_summary set %}", set=letters)

    def test_what_a_browser_empties_is_named(self) -> None:
        """A password, a code, a file: the page cannot give them back, and does not say that it does."""

        class Door(JalonsForm):
            email = forms.EmailField(label="Courriel")
            code = forms.CharField(label="Code", widget=forms.PasswordInput)
            paper = forms.FileField(label="Papier")

        paper = {"paper": SimpleUploadedFile("a.txt", b"x")}
        both = str(Door({"email": "x", "code": "secret"}, paper))
        assert "À donner de nouveau\u00a0: «\u00a0Code\u00a0», «\u00a0Papier\u00a0».\nLe reste" in both
        assert "secret" not in both
        alone = str(Door({"code": "secret"}))
        assert "«\u00a0Code\u00a0»." in alone
        assert "Le reste" not in alone
        assert "Rien de ce que vous avez écrit" in str(Door({"email": "x"}))

    def test_submit_row_carries_hidden_fields(self) -> None:
        class Once(JalonsForm):
            key = forms.CharField(widget=forms.HiddenInput)

        html = render("{% submit_row cancel_url='/' form=form %}", form=Once(initial={"key": "abc"}))
        assert '<input type="hidden" name="key" value="abc"' in html
        assert html.index("Annuler") < html.index("Valider")


def test_words_and_badges_stand_inside_a_sentence() -> None:
    html = render("{% missing 'ND' %}, {% tag 'Santé' %}, {% tag_list l %}, {% state 'due' 'x' %}.", l=["a"])
    assert not re.search(r"\s[,.]", re.sub(r"<[^>]+>", "", html))
