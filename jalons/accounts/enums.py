"""Roles, rights and how far a right reaches. The words of the registry in `rights`."""

from django.db.models import TextChoices


class LetterKind(TextChoices):
    """What Jalons writes to a person about their account when they ask."""

    PASSWORD = "password", "lien pour choisir un mot de passe"
    SIGN_IN = "sign_in", "lien pour se connecter"


class OrganisationKind(TextChoices):
    """Type of an organisation."""

    MINISTRY = "ministry", "Administration centrale"
    PREFECTURE = "prefecture", "Préfecture"
    STATE_SERVICE = "state_service", "Service déconcentré de l’État"
    COMMUNE = "commune", "Commune ou CCAS"
    EPCI = "epci", "Intercommunalité"
    DEPARTEMENT = "departement", "Conseil départemental"
    REGION = "region", "Conseil régional"
    ASSOCIATION = "association", "Association"
    HEALTH = "health", "Acteur de santé"
    SCHOOL = "school", "Éducation nationale"
    OTHER = "other", "Autre"


class OrganisationCategory(TextChoices):
    """What an organisation mostly does in this policy."""

    STATE = "state", "État"
    LOCAL = "local", "Collectivité"
    OPERATOR = "operator", "Opérateur"
    PARTNER = "partner", "Partenaire"


class Role(TextChoices):
    """What a person does in an organisation, within a territory."""

    NATIONAL = "national", "Administration nationale"
    CORRESPONDENT = "correspondent", "Correspondant départemental"
    INSTITUTION = "institution", "Collectivité ou autre service de l’État"
    OPERATOR = "operator", "Opérateur"
    CONTRIBUTOR = "contributor", "Intervenant"
    OBSERVER = "observer", "Observateur"
    LOCAL_ADMIN = "local_admin", "Administrateur local"
    NATIONAL_ADMIN = "national_admin", "Administrateur national"


class Right(TextChoices):
    """Everything that can be allowed or refused. A name that is not here cannot be asked for."""

    READ_SITES = "read_sites", "Voir les sites"
    DECLARE_SITE = "declare_site", "Déclarer un site"
    UPDATE_SITE = "update_site", "Mettre à jour un site"
    CLOSE_SITE = "close_site", "Fermer ou rouvrir un site"
    MERGE_SITES = "merge_sites", "Fusionner deux sites en double"
    READ_JUSTICE = "read_justice", "Lire les procédures"
    WRITE_JUSTICE = "write_justice", "Renseigner les procédures"
    READ_OWNER = "read_owner", "Lire le propriétaire"
    WRITE_OWNER = "write_owner", "Renseigner le propriétaire"
    SET_PRIORITIES = "set_priorities", "Régler les priorités des sites et les épisodes de chaleur ou de froid"
    READ_LAYERS = "read_layers", "Voir les couches de carte de sa structure"
    KEEP_LAYERS = "keep_layers", "Tenir des couches de carte"
    READ_ACTIONS = "read_actions", "Voir les dispositifs"
    DECLARE_ACTION = "declare_action", "Déclarer un dispositif"
    EDIT_ACTION = "edit_action", "Modifier, fermer ou rouvrir un dispositif"
    FOLLOW_ACTION = "follow_action", "Remplir le suivi d’un dispositif"
    OFFER_ACTION = "offer_action", "Montrer un dispositif dans l’annuaire"
    READ_FUNDING = "read_funding", "Lire les financements"
    WRITE_FUNDING = "write_funding", "Renseigner les financements"
    KEEP_REGISTER = "keep_register", "Tenir le registre des familles de sa structure"
    READ_PROPOSALS = "read_proposals", "Lire les dispositifs proposés"
    PROPOSE_ACTION = "propose_action", "Proposer un dispositif, demander un diagnostic"
    ANSWER_PROPOSAL = "answer_proposal", "Répondre à une proposition"
    READ_SHARED = "read_shared", "Lire l’annuaire des dispositifs et les bonnes pratiques"
    WRITE_PRACTICE = "write_practice", "Écrire une bonne pratique"
    PUBLISH_PRACTICE = "publish_practice", "Publier une bonne pratique"
    COMMENT_PRACTICE = "comment_practice", "Commenter une bonne pratique"
    READ_CONVENTIONS = "read_conventions", "Voir les conventions"
    WRITE_CONVENTION = "write_convention", "Modifier une convention et ses annexes"
    FILL_COMMITMENT = "fill_commitment", "Remplir une fiche-action"
    FILL_FIGURES = "fill_figures", "Renseigner ses chiffres dans une fiche-action"
    WRITE_CONVENTION_MONEY = "write_convention_money", "Renseigner budgets, exécution et versements"
    WRITE_DELIBERATION = "write_deliberation", "Renseigner une délibération"
    VALIDATE_CONVENTION = "validate_convention", "Relire et valider pour l’État"
    COMMENT = "comment", "Commenter"
    ATTACH = "attach", "Joindre un document"
    EXPORT = "export", "Exporter ce que l’on peut lire"
    CLOSE_PERIODS = (
        "close_periods",
        "Tenir les rapports d’un territoire : clore un semestre, relancer, poser un logo",
    )
    PUBLISH_FIGURES = "publish_figures", "Préparer, publier et retirer les chiffres ouverts"
    MANAGE_ACCOUNTS = "manage_accounts", "Gérer les comptes et voir le journal des téléchargements"


class Reach(TextChoices):
    """How far a role carries a right.

    « Own »: on the things where the organisation of the membership plays one of the parts that `rights.PARTS` names
    for the right, wherever they are.
    """

    NONE = "none", "non"
    ALL = "all", "partout en France"
    DEPARTEMENT = "departement", "dans le ou les départements de son territoire"
    DEPARTEMENT_OWN = (
        "departement_own",
        "dans le ou les départements de son territoire et là où sa structure intervient",
    )
    SCOPE = "scope", "dans son territoire"
    SCOPE_OWN = "scope_own", "dans son territoire et là où sa structure intervient"
    GRANTED = "granted", "dans son territoire, si accordé nommément"
    OWN = "own", "là où sa structure intervient"
    OWN_GRANTED = "own_granted", "là où sa structure intervient, si accordé nommément"
