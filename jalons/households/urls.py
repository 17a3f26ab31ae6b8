from django.urls import include, path

from jalons.households.claims.urls import CLAIM_PATHS
from jalons.households.handing.urls import HANDING_PATHS
from jalons.households.imports.urls import IMPORT_PATHS
from jalons.households.joining.urls import JOINING_PATHS
from jalons.households.leaving.urls import LEAVING_PATHS
from jalons.households.numbers.urls import NUMBER_PATHS
from jalons.households.papers.urls import PAPER_PATHS
from jalons.households.retention.urls import RETENTION_PATHS
from jalons.households.team.urls import TEAM_PATHS
from jalons.households.views import journal, opening, team

app_name = "households"
urlpatterns = [
    path("", opening.home, name="home"),
    path("choisir/", opening.choose, name="choose"),
    path("creer/", opening.create, name="create"),
    path("ouvrir/", opening.open_page, name="open"),
    path("fermer/", opening.lock, name="lock"),
    path("mon-code/", opening.code, name="code"),
    path("code-de-secours/", opening.recover, name="recover"),
    path("equipe/", team.team, name="team"),
    path("equipe/inviter/", team.invite, name="invite"),
    path("equipe/cle/", team.renew, name="renew"),
    path("equipe/code-de-secours/", team.recovery, name="recovery"),
    path("equipe/<slug:public_id>/cle/", team.admit, name="admit"),
    path("equipe/<slug:public_id>/retirer/", team.withdraw, name="withdraw"),
    path("equipe/<slug:public_id>/responsable/", team.head, name="head"),
    path("journal/", journal.journal, name="journal"),
    path("", include("jalons.households.sheets.urls")),
    *TEAM_PATHS,
    *CLAIM_PATHS,
    *IMPORT_PATHS,
    *JOINING_PATHS,
    *HANDING_PATHS,
    *RETENTION_PATHS,
    *LEAVING_PATHS,
    *PAPER_PATHS,
    *NUMBER_PATHS,
]
