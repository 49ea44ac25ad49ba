# hygie doctor : ce que ce système permet.

doctor-title = Ce que Hygie peut faire sur ce poste
doctor-system = Système : { $system }, noyau { $kernel }
doctor-folder = Dossier : { $path } ({ $filesystem })
doctor-holds = Retenu avant que cela arrive
doctor-sees = Vu juste après
doctor-blind = Jamais vu
doctor-tried = Chaque point a été essayé à l'instant, dans un dossier à part.
doctor-yes = oui : { $what }
doctor-no = non : { $what }. { $why }
doctor-limited = en partie : { $what }. { $why }
doctor-none = rien
doctor-all-good = Tout ce que Hygie demande à ce système est là.
doctor-something-missing = { $missing ->
    [one] Il manque un point : la protection tient, avec l'exception indiquée ci-dessus.
   *[other] Il manque { $missing } points : la protection tient, avec les exceptions indiquées ci-dessus.
}
doctor-cannot-hold = Ce système ne permet pas de retenir une modification.
    .do = Transmettez cette page à votre prestataire : un noyau Linux plus récent suffit souvent.
doctor-cannot-tell = Ce système ne signale pas encore les modifications à Hygie : les dossiers sont parcourus chaque minute, et ce qui a changé est copié.
    .do = Pour que les modifications soient retenues avant d'arriver, gardez les dossiers sur un poste sous Linux ; voyez avec votre prestataire.

feature-hold-open = retenir l'ouverture d'un fichier (marque fanotify sur le système de fichiers)
feature-hold-change = retenir le vidage par le nom et chaque plage écrite (fanotify PRE_ACCESS)
feature-answer-errno = refuser en disant pourquoi (code d'erreur choisi)
feature-read-lease = faire attendre qui veut écrire dans un fichier fermé (bail de lecture)
feature-name-events = voir les noms donnés, retirés ou déplacés
feature-keep-link = mettre un fichier à l'abri par un second nom (lien)
feature-private-mount = travailler sans se retenir soi-même (montage privé)
feature-many-descriptors = ouvrir assez de fichiers à la fois
feature-locked-memory = garder sa mémoire hors du disque d'échange
feature-lease-bound = régler le délai des baux (lease-break-time)
feature-shut-files = fermer tous les autres fichiers à la console et à ses aides (Landlock)
feature-shut-ports = leur fermer les ports du réseau dont elles n'ont pas l'usage (Landlock)
feature-shut-others = leur interdire de faire signe aux autres programmes (Landlock)

why-kernel = Le noyau est trop ancien : il faut Linux { $kernel } ou plus récent.
why-refused = Le système l'a refusé : { $error }.
why-no-effect = L'appel est accepté mais ne change rien.
why-not-here = Ce système n'offre rien de tel.
why-rights = Il manque des droits : relancez avec sudo.
why-filesystem = Le système de fichiers « { $filesystem } » ne le permet pas.
why-landlock = Il faut Linux { $kernel } ou plus récent, démarré avec Landlock.
why-limit = La limite est de { $have }, il faudrait { $want }.

holds-write = écrire dans un fichier, le vider ou le remplacer sur place
holds-truncate = vider un fichier par son nom, même pas encore copié
holds-delete = supprimer ou déplacer un fichier : l'acte passe, le contenu reste à l'abri
holds-create = créer un fichier : il est mis à l'abri avant son premier octet
holds-range = modifier une grande base de données : chaque plage est copiée avant
sees-names = les noms donnés, changés ou retirés
sees-metadata = les droits, propriétaires et dates changés
sees-close = la fin de chaque écriture, copiée aussitôt
sees-truncate = un fichier vidé par son nom avant sa première copie
blind-between-looks = ce qui change deux fois entre deux parcours, à une minute d'intervalle : ce système ne signale aucune modification
blind-open-before = ce qu'écrit un programme qui avait le fichier ouvert avant Hygie
blind-mapping = ce qu'un programme change en mémoire après qu'un autre a écrit le même fichier
blind-raw-disk = l'écriture directe sur le disque, sans passer par les fichiers
blind-subvolume = la suppression d'un sous-volume btrfs entier
blind-root = un administrateur qui arrête le gardien
blind-unmounted = le disque lu ou écrit par un autre système
