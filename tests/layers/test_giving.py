"""A layer from its file to the maps, replaced, withdrawn, put back, forgotten: what is shown, what stays written."""

import datetime as dt
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jalons.exports.models import Download
from jalons.layers.jobs import erase_old_layers, forget_old_drafts
from jalons.layers.models import LayerDraft, LayerVersion, MapFeature, MapLayer, ShownLayer
from jalons.layers.services import withdraw_layer
from tests.factories import BACKEND, Cast, actor
from tests.forms import form_to
from tests.layers.making import make_draft, make_layer, point

TABLE = (
    "exploitation;culture;mail;latitude;longitude\n"
    "Serres Martin;tomates;a@b.fr;50,631;3,062\nLes Prés;blé;;50,7;3,2\nAilleurs;blé;;0;0\n"
)
WORDS = {"title": "Maraîchers", "source": "Chambre d’agriculture", "dated_on": "1/3/2020"}


def sent(client: Client, address: str, **data: Any) -> Any:
    form = form_to(client.get(address), address)
    return client.post(address, form.filled(data))


def test_from_a_table_to_the_map(cast: Cast, client: Client) -> None:
    """Read, looked at, saved: one name and one label are kept, what names people and what is elsewhere is said."""
    client.force_login(cast.operator_a, BACKEND)
    upload = SimpleUploadedFile("maraichers_2020.csv", TABLE.encode())
    answer = client.post("/couches/nouvelle/", {"file": upload, "grid": "degrees"})
    draft = LayerDraft.objects.get()
    assert answer["Location"] == f"/couches/a-verifier/{draft.public_id}/"
    page = client.get(answer["Location"])
    text = page.content.decode().replace("\u00a0", " ")
    for words in ("2 points", "ligne 4 : hors de France", "« mail »", "adresses électroniques"):
        assert words in text
    assert b"a@b.fr" not in page.content
    assert page.context["form"]["title"].value() == "maraichers 2020"
    places = client.get(f"{answer['Location']}objets.geojson").json()
    assert places["features"][0]["geometry"]["coordinates"] == [[3.062, 50.631], [3.2, 50.7]]
    assert client.get(f"{answer['Location']}image.svg")["Content-Type"] == "image/svg+xml"
    saved = sent(client, answer["Location"], name_key="exploitation", label_key="culture", **WORDS)
    assert saved.status_code == 302
    layer = MapLayer.objects.get()
    assert list(layer.features.order_by("rank").values_list("name", "label", "kind")) == [
        ("Serres Martin", "tomates", "point"),
        ("Les Prés", "blé", "point"),
    ]
    version = layer.versions.get()
    assert (version.points, version.refused, version.left_out, version.author) == (
        2,
        1,
        ["mail"],
        cast.operator_a,
    )
    assert layer.shared_with is None
    assert bytes(LayerDraft.objects.get().content) == b""
    assert ShownLayer.objects.filter(user=cast.operator_a, layer=layer).exists()
    # A page left open, then a second click.
    assert client.get(answer["Location"]).status_code == 410


def test_a_refused_file_keeps_the_form(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_a, BACKEND)
    for name, content, words in (
        ("carte.shp", b"x", "QGIS"),
        ("carte.pdf", b"x", ".geojson"),
        ("carte.geojson", b"{}", "pas du GeoJSON"),
        ("carte.csv", b"nom;x;y\nA;652469;6862035\n", "en mètres"),
    ):
        answer = client.post(
            "/couches/nouvelle/", {"file": SimpleUploadedFile(name, content), "grid": "degrees"}
        )
        assert words in answer.content.decode(), name
    assert "Choisissez un fichier" in client.post("/couches/nouvelle/", {}).content.decode()
    pasted = client.post("/couches/nouvelle/", {"pasted": "nom\tlat\tlon\nA\t50\t3\n"})
    assert pasted.status_code == 302
    assert LayerDraft.objects.count() == 1


def test_objects_replaced_keep_their_trace(cast: Cast, client: Client) -> None:
    """Who, when, how many before and after; the objects of before are gone, and the label that was chosen stays."""
    layer = make_layer(by=actor(cast.operator_a))
    features = [
        point("Serres", culture="blé"),
        point("Champ", 3.1, culture="lin"),
        point("Pré", 3.2, culture="foin"),
    ]
    draft = make_draft(features, actor(cast.colleague_a), layer)
    client.force_login(cast.colleague_a, BACKEND)
    page = client.get(f"/couches/a-verifier/{draft.public_id}/")
    assert "1 point et 1 contour" in page.content.decode().replace("\u00a0", " ")
    assert page.context["form"]["label_key"].value() == "culture"
    sent(client, f"/couches/a-verifier/{draft.public_id}/", dated_on="1/4/2020")
    layer.refresh_from_db()
    assert (layer.current, layer.dated_on) == (2, dt.date(2020, 4, 1))
    counts = LayerVersion.objects.order_by("number").values_list("author", "points", "outlines")
    assert list(counts) == [(cast.operator_a.pk, 1, 1), (cast.colleague_a.pk, 3, 0)]
    assert bytes(LayerVersion.objects.get(number=1).drawn) == b""
    assert MapFeature.objects.count() == 3
    text = client.get(f"/couches/{layer.public_id}/").content.decode()
    assert "3 points" in text
    assert "1 point et 1 contour" in text


def test_taken_back_as_it_was_kept(cast: Cast, client: Client) -> None:
    """GeoJSON, through the journal; given again it is the same layer."""
    layer = make_layer(by=actor(cast.operator_a))
    client.force_login(cast.operator_a, BACKEND)
    answer = client.get(f"/couches/{layer.public_id}/export")
    trace = Download.objects.get()
    assert (trace.user, trace.format, trace.rows) == (cast.operator_a, "geojson", 2)
    assert "couche-maraichers-au-2020-01-01.geojson" in answer["Content-Disposition"]
    taken = json.loads(answer.content)
    assert [feature["properties"] for feature in taken["features"]] == [
        {"nom": "Serres Martin", "etiquette": "tomates"},
        {"nom": "Les Prés"},
    ]
    upload = SimpleUploadedFile("retour.geojson", answer.content)
    client.post("/couches/nouvelle/", {"file": upload, "grid": "degrees"})
    draft = LayerDraft.objects.get(file_name="retour.geojson")
    sent(client, f"/couches/a-verifier/{draft.public_id}/", name_key="nom", label_key="etiquette", **WORDS)
    again = MapLayer.objects.exclude(pk=layer.pk).get()
    columns = ("name", "label", "kind", "geometry")
    assert list(again.features.order_by("rank").values_list(*columns)) == list(
        layer.features.order_by("rank").values_list(*columns)
    )


def test_withdrawn_put_back_then_erased(cast: Cast, client: Client) -> None:
    layer = make_layer(by=actor(cast.operator_a))
    client.force_login(cast.operator_a, BACKEND)
    address = f"/couches/{layer.public_id}/"
    assert sent(client, f"{address}retirer/", reason="périmée").status_code == 302
    assert client.get(address).status_code == 404
    assert client.get(f"{address}retirer/").status_code == 410
    assert "Couches retirées" in client.get("/couches/").content.decode()
    assert client.post(f"{address}remettre/").status_code == 302
    assert client.get(address).status_code == 200
    withdraw_layer(layer=MapLayer.objects.get(), by=actor(cast.operator_a), reason="périmée")
    assert erase_old_layers().startswith("0")
    MapLayer.objects.update(withdrawn_at=timezone.now() - dt.timedelta(days=91))
    assert erase_old_layers().startswith("1")
    assert erase_old_layers().startswith("0")
    assert not MapFeature.objects.exists()
    client.post(f"{address}remettre/")
    assert MapLayer.objects.get().withdrawn_at is not None


def test_a_file_is_forgotten(cast: Cast, client: Client) -> None:
    """At once when it is asked, after a week else."""
    for _ in range(2):
        make_draft([point("A")], actor(cast.operator_a))
    first, second = LayerDraft.objects.order_by("pk")
    client.force_login(cast.colleague_a, BACKEND)
    client.post(f"/couches/a-verifier/{first.public_id}/oublier/")
    first.refresh_from_db()
    assert bytes(first.content) == b""
    assert client.get(f"/couches/a-verifier/{first.public_id}/").status_code == 410
    week = timezone.now() - dt.timedelta(days=7)
    LayerDraft.objects.filter(pk=second.pk).update(created_at=week - dt.timedelta(minutes=1))
    assert forget_old_drafts().startswith("1")
    assert list(LayerDraft.objects.all()) == [first]


def test_fifty_layers_and_no_more(cast: Cast, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("jalons.layers.services.MOST_LAYERS", 1)
    make_layer(by=actor(cast.operator_a))
    draft = make_draft([point("A")], actor(cast.operator_a))
    client.force_login(cast.operator_a, BACKEND)
    answer = sent(client, f"/couches/a-verifier/{draft.public_id}/", **WORDS)
    assert "retirez celles qui ne servent plus" in answer.content.decode()
    assert MapLayer.objects.count() == 1
