"""The few words that a family's sheet uses. Each code is stored, sealed, for as long as the family is followed."""

from django.db.models import TextChoices


class Sex(TextChoices):
    FEMALE = "f", "Femme ou fille"
    MALE = "m", "Homme ou garçon"


class FamilyLink(TextChoices):
    """What a person is to the person of reference of the household."""

    REFERENCE = "reference", "Personne de référence"
    PARTNER = "partner", "Conjoint ou conjointe"
    CHILD = "child", "Enfant"
    PARENT = "parent", "Parent"
    SIBLING = "sibling", "Frère ou sœur"
    GRANDCHILD = "grandchild", "Petit-enfant"
    OTHER = "other", "Autre lien"


class FactKind(TextChoices):
    """What a dated fact says. A household's fact holds for all its members; a person's, for that person."""

    ARRIVAL = "arrival", "Arrivée"
    FIRST_CONTACT = "first_contact", "Premier contact"
    SITE = "site", "Lieu de vie"
    DISPOSITIF = "dispositif", "Accompagnement"
    PRESENCE = "presence", "Présence dans le ménage"
    CONTRACT = "contract", "Contrat"
    GOAL = "goal", "Objectif"
    APPOINTMENT = "appointment", "Prochain rendez-vous"
    VISIT = "visit", "Visite ou note"
    SCHOOL = "school", "Scolarité"
    SCHOOL_SUPPORT = "school_support", "Médiation scolaire"
    EMPLOYMENT_SERVICE = "employment_service", "Inscription"
    TRAINING = "training", "Formation"
    WORK = "work", "Travail"
    HEALTH_COVER = "health_cover", "Couverture maladie"
    HEALTH_REFERRAL = "health_referral", "Orientation vers un soin"
    HEALTH_OUTING = "health_outing", "Accompagnement vers un soin"
    DOMICILIATION = "domiciliation", "Domiciliation"
    CAF = "caf", "Droits à la CAF"
    HOUSING_REQUEST = "housing_request", "Demande de logement ou d’hébergement"
    HOME = "home", "Entrée en logement ou en hébergement"
    INFORMATION = "information", "Information donnée à la famille"
    OBJECTION = "objection", "Opposition de la famille"
    HANDING = "handing", "Accord pour être confiée à une autre structure"
    FILE_REFERENCE = "file_reference", "Référence dans vos fichiers"


class ExitReason(TextChoices):
    HOUSING = "housing", "Logement"
    ACCOMMODATION = "accommodation", "Hébergement durable"
    WORK = "work", "Emploi qui permet l’autonomie"
    ABANDONED = "abandoned", "Parti sans solution connue"
    EXCLUDED = "excluded", "Accompagnement interrompu par le dispositif"
    OTHER = "other", "Autre (décès, autre ménage, fin du dispositif)"


class FirstContact(TextChoices):
    THEY_CAME = "they_came", "La famille est venue"
    WE_WENT = "we_went", "Nous sommes allés vers elle"


class SchoolLevel(TextChoices):
    NURSERY = "maternelle", "Maternelle"
    PRIMARY = "elementaire", "Élémentaire"
    MIDDLE = "college", "Collège"
    HIGH = "lycee", "Lycée"
    OTHER = "autre", "Autre"
    NONE = "none", "Non scolarisé"


class Attendance(TextChoices):
    REGULAR = "regular", "Va en classe"
    IRREGULAR = "irregular", "Y va irrégulièrement"
    ABSENT = "absent", "N’y va pas"


class EmploymentService(TextChoices):
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"


class WorkKind(TextChoices):
    PERMANENT = "permanent", "CDI"
    FIXED_TERM = "fixed_term", "CDD"
    INSERTION = "insertion", "Contrat d’insertion"
    TEMPORARY = "temporary", "Intérim"
    APPRENTICE = "apprentice", "Apprentissage"
    SELF_EMPLOYED = "self", "Auto-entreprise"
    OTHER = "other", "Autre emploi"


class HealthCover(TextChoices):
    PUMA = "puma", "PUMa"
    AME = "ame", "AME"


class RightState(TextChoices):
    VALID = "valid", "Ouvert"
    PENDING = "pending", "En cours de demande"


class HousingRequestKind(TextChoices):
    SIAO = "siao", "SIAO"
    SOCIAL = "social", "Logement social"
    DALO = "dalo", "Recours DALO"


class HomeKind(TextChoices):
    HOUSING = "housing", "Logement"
    ACCOMMODATION = "accommodation", "Hébergement"


class GoalState(TextChoices):
    GOING_ON = "going_on", "En cours"
    DONE = "done", "Atteint"
    DROPPED = "dropped", "Abandonné"


class VisitKind(TextChoices):
    """A note is not a contact with the family: it does not put off its erasing."""

    ON_SITE = "on_site", "Sur place"
    OFFICE = "office", "À la permanence"
    PHONE = "phone", "Par téléphone"
    OUTING = "outing", "Accompagnement physique"
    NOTE = "note", "Note sans rencontre"


class InformationLanguage(TextChoices):
    """In which language a family was told what is written about it."""

    FRENCH = "fr", "Français"
    ROMANIAN = "ro", "Roumain"
    BULGARIAN = "bg", "Bulgare"
    ROMANI = "rom", "Romani"
    ALBANIAN = "sq", "Albanais"
    SERBIAN = "sr", "Serbe, croate ou bosnien"
    ARABIC = "ar", "Arabe"
    ENGLISH = "en", "Anglais"
    OTHER_LANGUAGE = "other", "Autre langue"


class InformationWay(TextChoices):
    """How it was told."""

    ALOUD = "aloud", "Lue à voix haute"
    PAPER = "paper", "Remise sur papier"
    INTERPRETER = "interpreter", "Avec un interprète"
