# hygie incidents, hygie undo, hygie allow, et l'avis sur le poste.

incidents-none = Aucun incident : Hygie n'a arrêté aucun programme.
incidents-title = { $incidents ->
    [one] { $incidents } incident
   *[other] { $incidents } incidents
}
incidents-line = Incident { $incident }, le { $at } : « { $program } », { $state }
incidents-counts = { $files ->
    [one] { $files } fichier touché
   *[other] { $files } fichiers touchés
}
incidents-open = { $open ->
    [one] { $open } incident attend votre décision. Rien n'est perdu : l'état d'avant est gardé.
   *[other] { $open } incidents attendent votre décision. Rien n'est perdu : l'état d'avant est gardé.
}
    .do = Tapez « hygie incidents » suivi du numéro pour voir ce qui s'est passé, ou « sudo hygie undo » suivi du numéro pour tout remettre comme avant.
incidents-allowed-title = Ce que quelqu'un a autorisé :
incidents-allowed-line = - « { $program } » peut { $doing } dans « { $path } » jusqu'au { $until } (incident { $incident })
incident-unknown = Il n'y a pas d'incident { $incident }.
    .do = Tapez « hygie incidents » pour voir la liste.
incident-title = Incident { $incident } : Hygie a arrêté « { $program } » le { $at }.
incident-stopped = Le programme est arrêté et attend votre décision. L'état d'avant de chaque fichier est gardé.
    .do = Dans le doute, tapez « sudo hygie undo » suivi du numéro : tout revient comme avant, et cela peut être annulé.
incident-ended = Le programme a pris fin. L'état d'avant de chaque fichier est gardé, rien n'est encore remis.
    .do = Tapez « sudo hygie undo » suivi du numéro : tout revient comme avant, et cela peut être annulé.
incident-undone = Tout ce que ce programme avait fait est remis comme avant.
incident-allowed = Une personne a laissé ce programme continuer.
incident-why = Pourquoi Hygie l'a arrêté, { $spent } après son premier dégât :
incident-reason = - { $reason }
incident-files-title = { $files ->
    [one] Ce qu'il a fait, { $files } fichier :
   *[other] Ce qu'il a fait, { $files } fichiers :
}
incident-file = - « { $path } » : { $deeds }
incident-files-more = { $files ->
    [one] et { $files } autre fichier
   *[other] et { $files } autres fichiers
}
state-stopped = arrêté, attend votre décision
state-ended = a pris fin, traces gardées
state-undone = remis comme avant
state-allowed = autorisé à continuer
deed-made = créé
deed-linked = un nom de plus
deed-changed = contenu modifié
deed-attributes = droits ou dates modifiés
deed-renamed = renommé
deed-deleted = supprimé ou remplacé
doing-change = modifier des fichiers
doing-delete = supprimer des fichiers
doing-rename = renommer des fichiers
doing-make = créer des fichiers
reason-kind-lost = { $files ->
    [one] { $files } fichier est devenu illisible
   *[other] { $files } fichiers sont devenus illisibles
}
reason-kind-changed = { $files ->
    [one] { $files } fichier a changé de nature sous le même nom
   *[other] { $files } fichiers ont changé de nature sous le même nom
}
reason-entropy-rose = { $files ->
    [one] { $files } fichier a l'air chiffré
   *[other] { $files } fichiers ont l'air chiffrés
}
reason-unlike = { $files ->
    [one] il ne reste presque rien du contenu d'avant dans { $files } fichier
   *[other] il ne reste presque rien du contenu d'avant dans { $files } fichiers
}
reason-stirred = { $files ->
    [one] { $files } fichier est brouillé par endroits
   *[other] { $files } fichiers sont brouillés par endroits
}
reason-torn = { $files ->
    [one] { $files } fichier est abîmé à l'intérieur alors que son début est intact
   *[other] { $files } fichiers sont abîmés à l'intérieur alors que leur début est intact
}
reason-emptied = { $files ->
    [one] { $files } fichier a été vidé
   *[other] { $files } fichiers ont été vidés
}
reason-sealed-made = { $files ->
    [one] { $files } nouveau fichier que seule une clé peut ouvrir
   *[other] { $files } nouveaux fichiers que seule une clé peut ouvrir
}
reason-displaced = { $files ->
    [one] { $files } original supprimé après une copie chiffrée
   *[other] { $files } originaux supprimés après une copie chiffrée
}
reason-swallowed = { $files ->
    [one] { $files } original supprimé, alors qu'un fichier chiffré assez grand pour le contenir est apparu
   *[other] { $files } originaux supprimés, alors que des fichiers chiffrés assez grands pour les contenir sont apparus
}
reason-deleted = { $files ->
    [one] { $files } fichier d'un autre programme supprimé
   *[other] { $files } fichiers d'autres programmes supprimés
}
reason-deleted-by-tool = { $files ->
    [one] { $files } fichier supprimé par une commande du système
   *[other] { $files } fichiers supprimés par une commande du système
}
reason-backups-deleted = { $files ->
    [one] { $files } sauvegarde supprimée
   *[other] { $files } sauvegardes supprimées
}
reason-name-lost = { $files ->
    [one] { $files } fichier a reçu un nom qui ne veut rien dire
   *[other] { $files } fichiers ont reçu un nom qui ne veut rien dire
}
reason-extension-lost = { $files ->
    [one] { $files } fichier a reçu une extension qu'aucun programme ne connaît
   *[other] { $files } fichiers ont reçu une extension qu'aucun programme ne connaît
}
reason-notes = { $files ->
    [one] le même petit texte déposé dans { $files } dossier
   *[other] le même petit texte déposé dans { $files } dossiers
}
reason-pace = { $files ->
    [one] jusqu'à { $files } fichier touché en dix secondes
   *[other] jusqu'à { $files } fichiers touchés en dix secondes
}
reason-folders = { $folders ->
    [one] { $folders } dossier touché
   *[other] { $folders } dossiers touchés
}
reason-kinds = { $kinds ->
    [one] { $kinds } sorte de fichiers touchée
   *[other] { $kinds } sortes de fichiers touchées
}
reason-kinds-read = { $kinds ->
    [one] { $kinds } sorte de fichiers lue auparavant
   *[other] { $kinds } sortes de fichiers lues auparavant
}
reason-other = un autre signe : { $signal }
undo-plan-title = Voici ce que Hygie va remettre comme avant (incident { $incident }). Rien n'est encore changé.
undo-given-back = { $files ->
    [one] { $files } fichier retrouve son contenu d'avant
   *[other] { $files } fichiers retrouvent leur contenu d'avant
}
undo-renamed = { $files ->
    [one] { $files } nom revient comme avant
   *[other] { $files } noms reviennent comme avant
}
undo-attributes = { $files ->
    [one] { $files } fichier retrouve ses droits et ses dates
   *[other] { $files } fichiers retrouvent leurs droits et leurs dates
}
undo-quarantined = { $files ->
    [one] { $files } fichier de ce programme mis de côté, hors d'atteinte, comme preuve
   *[other] { $files } fichiers de ce programme mis de côté, hors d'atteinte, comme preuve
}
undo-folders = { $folders ->
    [one] { $folders } dossier recréé ou retiré
   *[other] { $folders } dossiers recréés ou retirés
}
undo-nothing = Il n'y a rien à remettre : tout est déjà comme avant.
undo-beside = Quelqu'un d'autre avait travaillé sur ce fichier depuis : son travail est gardé sous « { $path } ».
    .do = Comparez les deux fichiers, et gardez le bon.
undo-second = Ce nom est pris depuis : ce qui le portait avant revient sous « { $path } ».
    .do = Regardez les deux, et donnez-leur les noms que vous voulez.
undo-ends-program = Le programme arrêté est d'abord terminé pour de bon.
undo-can-be-taken-back = Vous pourrez annuler avec « --redo ».
undo-done = Incident { $incident } : tout est comme avant, en { $spent }.
undo-partly = { $files ->
    [one] Incident { $incident } : remis comme avant, sauf { $files } point.
   *[other] Incident { $incident } : remis comme avant, sauf { $files } points.
}
    .do = Lisez les lignes ci-dessus, puis relancez la même commande : elle reprend où elle en était. Rien n'est effacé entre-temps.
undo-problem = « { $path } » : { $reason }
undo-taken-back = Incident { $incident } : le retour en arrière est annulé, les fichiers sont comme le programme les avait laissés.
    .do = Pour tout remettre comme avant, tapez « sudo hygie undo » suivi du numéro.
undo-not-undone = Incident { $incident } : rien n'avait été remis comme avant, il n'y a donc rien à annuler.
undo-still-runs = Incident { $incident } : le programme n'a pas pu être terminé, et il recommencerait.
    .do = Attendez une minute et recommencez. Sinon, éteignez ce poste et prévenez votre prestataire : rien n'est perdu.
undo-is-allowed = Incident { $incident } : une personne a laissé ce programme continuer, ce qu'il a fait est donc son travail.
    .do = Pour retrouver un fichier d'avant, tapez « hygie restore » suivi du chemin.
undo-none-open = Aucun incident n'attend de décision.
trouble-folder-gone = le dossier où il va n'existe plus
trouble-elsewhere = il n'est plus là où le programme l'avait laissé
trouble-not-kept = son état d'avant n'est pas dans le coffre
trouble-damaged = son état d'avant est abîmé dans le coffre
trouble-no-room = il n'y a plus de place sur le disque
trouble-not-mounted = son disque n'est pas là
trouble-not-set = le contenu est là, mais pas tous les droits ou toutes les dates
trouble-not-empty = ce dossier contient autre chose depuis
trouble-system = le système a répondu « { $said } »
allow-ask = Laisser ce programme continuer, et recommencer plus tard ? Tapez « oui » ou « non » :
allow-done = Incident { $incident } : le programme peut continuer, dans ce dossier et pour cela seulement, jusqu'au { $until }.
    .do = Pour revenir sur ce choix, tapez « sudo hygie allow --revoke » suivi du numéro.
allow-revoked = Incident { $incident } : l'autorisation est retirée.
allow-none = Incident { $incident } : aucune autorisation n'est en cours.
allow-interpreter = « { $program } » fait ce que n'importe quel script lui dit : l'autoriser autoriserait aussi le prochain script malveillant.
    .do = Remettez tout comme avant avec « hygie undo », puis faites ce travail sur une copie, hors des dossiers protégés.
allow-archiver = « { $program } » chiffre ou range ce que n'importe qui lui donne : l'autoriser autoriserait aussi un programme malveillant qui s'en sert.
    .do = Remettez tout comme avant avec « hygie undo », puis faites ce travail sur une copie, hors des dossiers protégés.
allow-no-program = Incident { $incident } : Hygie ne sait plus quel programme c'était, et ne peut donc pas l'autoriser.
    .do = Remettez tout comme avant avec « hygie undo ».
allow-undone = Incident { $incident } : tout est déjà remis comme avant, il n'y a plus rien à laisser continuer.
    .do = Relancez ce programme si vous en êtes sûr ; s'il est arrêté de nouveau, autorisez le nouvel incident.
allow-duration = « { $text } » n'est pas une durée que Hygie comprend.
    .do = Écrivez par exemple « 30 jours » ou « 8 h » ; une minute au moins, 366 jours au plus.
notice-stopped = Hygie a arrêté « { $program } », qui abîmait vos fichiers
notice-safe = Rien n'est perdu : l'état d'avant de chaque fichier est gardé. N'éteignez pas ce poste et ne supprimez rien.
notice-call = Appelez : { $call }
notice-call-somebody = Appelez la personne qui s'occupe de votre informatique.
notice-number = Donnez-lui ce numéro : incident { $incident }
notice-hub-silent = Ce poste ne joint plus la console du cabinet
notice-hub-last = Dernière réponse : le { $at }. Ce poste reste protégé ; ce qu'il a à dire attend ici.
notice-hub-never = Elle n'a jamais répondu. Ce poste reste protégé ; ce qu'il a à dire attend ici.
notice-hub-do = Vérifiez que l'ordinateur de la console est allumé et sur le réseau.
notice-hub-back = La console du cabinet répond de nouveau
notice-hub-back-about = Ce qui attendait sur ce poste lui est dit. Rien à faire.
