"""In one sentence, how the register counts each socle indicator; codes are those of `indicators/data/socle.json`."""

PRESENT = "dont l’accompagnement par ce dispositif couvre la date"
FAMILY_GONE = "Les ménages dont plus personne n’est accompagné après une sortie de cette sorte."
AGE = "L’âge est celui atteint dans l’année."

RULES = {
    "menages": f"Les ménages {PRESENT}, avec au moins une personne présente.",
    "personnes": f"Les personnes {PRESENT} et qui sont présentes dans leur ménage ce jour-là.",
    "femmes": "Parmi elles, celles dont la fiche dit « femme ou fille ».",
    "mineurs": f"Parmi elles, celles de moins de 18 ans. {AGE}",
    "entrees": "Les personnes dont l’accompagnement commence après le dernier envoi, naissances comprises.",
    "entrees-familles": "Les ménages dont personne n’était accompagné la veille d’une de ces entrées.",
    "entrees-femmes": "Parmi elles, celles dont la fiche dit « femme ou fille ».",
    "entrees-mineurs": f"Parmi elles, celles de moins de 18 ans à leur entrée. {AGE}",
    "sorties-positives": "Les personnes sorties vers un logement, un hébergement durable ou un emploi.",
    "sorties-positives-familles": FAMILY_GONE,
    "sorties-positives-femmes": "Parmi elles, celles dont la fiche dit « femme ou fille ».",
    "sorties-positives-mineurs": f"Parmi elles, celles de moins de 18 ans à leur sortie. {AGE}",
    "abandons": "Les personnes sorties sans solution connue.",
    "abandons-familles": FAMILY_GONE,
    "abandons-femmes": "Parmi elles, celles dont la fiche dit « femme ou fille ».",
    "abandons-mineurs": f"Parmi elles, celles de moins de 18 ans à leur sortie. {AGE}",
    "exclusions": "Les personnes dont le dispositif a interrompu l’accompagnement.",
    "exclusions-familles": FAMILY_GONE,
    "exclusions-femmes": "Parmi elles, celles dont la fiche dit « femme ou fille ».",
    "exclusions-mineurs": f"Parmi elles, celles de moins de 18 ans à leur sortie. {AGE}",
    "scolarisables": f"Les personnes présentes de 3 à 16 ans. {AGE}",
    "maternelle": "Parmi elles, celles inscrites en maternelle ce jour-là.",
    "elementaire": "Parmi elles, celles inscrites en élémentaire ce jour-là.",
    "college": "Parmi elles, celles inscrites au collège ce jour-là.",
    "lycee": "Parmi elles, celles inscrites au lycée ce jour-là.",
    "autre-scolarite": "Parmi elles, celles scolarisées autrement ce jour-là.",
    "mediation-scolaire": "Les personnes présentes suivies ce jour-là par une médiation scolaire.",
    "france-travail": "Les personnes inscrites à France Travail depuis le dernier envoi.",
    "mission-locale": "Les personnes inscrites à la mission locale depuis le dernier envoi.",
    "formations": "Les personnes entrées en formation depuis le dernier envoi.",
    "contrats": "Les contrats de travail commencés depuis le dernier envoi, hors auto-entreprise et « autre emploi ».",
    "contrats-femmes": "Parmi eux, ceux signés par des femmes.",
    "autoentrepreneurs": "Les personnes qui ont créé leur auto-entreprise depuis le dernier envoi.",
    "en-emploi": "Les personnes présentes qui ont un emploi ce jour-là, quel que soit le contrat.",
    "logement-menages": "Les ménages dont quelqu’un est entré en logement depuis le dernier envoi.",
    "logement-personnes": "Les personnes entrées en logement depuis le dernier envoi.",
    "hebergement-menages": "Les ménages dont quelqu’un est entré en hébergement depuis le dernier envoi.",
    "hebergement-personnes": "Les personnes entrées en hébergement depuis le dernier envoi.",
    "demandes-siao": "Les demandes au SIAO faites depuis le dernier envoi.",
    "demandes-logement-social": "Les demandes de logement social faites depuis le dernier envoi.",
    "recours-dalo": "Les recours DALO déposés depuis le dernier envoi.",
    "puma-valide": "Les personnes présentes dont la PUMa est ouverte ce jour-là.",
    "puma-en-cours": "Les personnes présentes dont la demande de PUMa est en cours ce jour-là.",
    "ame-valide": "Les personnes présentes dont l’AME est ouverte ce jour-là.",
    "ame-en-cours": "Les personnes présentes dont la demande d’AME est en cours ce jour-là.",
    "orientations-sante": "Les personnes orientées vers un soin depuis le dernier envoi.",
    "accompagnements-sante": "Les accompagnements physiques vers un soin depuis le dernier envoi.",
    "domiciliations": "Les personnes présentes domiciliées ce jour-là.",
    "droits-caf": "Les ménages présents dont les droits à la CAF sont ouverts ce jour-là.",
}
# Computed by the follow-up from its parts; given here for the team's own figures.
SUMS = {
    "sorties": ("sorties-positives", "abandons", "exclusions"),
    "scolarises": ("maternelle", "elementaire", "college", "lycee", "autre-scolarite"),
}
# What counts acts rather than people: the same person may be behind two of them.
EVENTS = {
    "contrats",
    "contrats-femmes",
    "demandes-siao",
    "demandes-logement-social",
    "recours-dalo",
    "accompagnements-sante",
}
