# La main courante de la console.

console-journal-title = Main courante
console-journal-whole = La main courante est entière.
console-journal-not-whole = La main courante a été modifiée.
console-journal-differs = La ligne { $line } montrée ici n'est pas celle qui a été écrite.
    .do = Ne vous fiez pas à elle. Sur le poste de la console, copiez le dossier « { $path } » sur un autre support et prévenez votre prestataire.
console-journal-lacks = { $lines ->
    [one] Il manque ici { $lines } ligne, écrite dans la suite.
   *[other] Il manque ici { $lines } lignes, écrites dans la suite.
}
    .do = Rien n'est perdu : Hygie peut les y remettre.
console-journal-unread-title = La main courante ne peut pas être lue.
console-journal-unread = Les fichiers de « { $path } » ne s'ouvrent pas.
    .do = Ne supprimez rien. Demandez à votre prestataire de vérifier ce disque, puis recommencez.
console-journal-lacks-title = Il manque des lignes ici.

console-journal-filter-label = Choisir des lignes
console-journal-who = Qui
console-journal-everybody = tout le monde
console-journal-what = Quoi
console-journal-everything = tout
console-journal-from = Du
console-journal-to = Au
console-journal-filter = Chercher
console-journal-not-a-day = Il faut une date, par exemple 2026-11-24.
console-journal-nothing = Aucune ligne pour ce choix.
console-journal-nothing-how = Choisissez plus de jours, ou tout le monde.
console-journal-older = Lignes plus anciennes
console-journal-newest = Revenir aux plus récentes
console-journal-log-label = Ce qui a été noté le { $day }

console-journal-verify = Vérifier la suite
console-journal-verify-title = Vérification de la main courante
console-journal-verify-about = Hygie vient de relire la suite en entier, et de comparer chaque ligne de la base avec elle.
console-journal-verify-again = Vérifier encore
console-journal-refill = Remettre ces lignes
console-journal-refilled = Les lignes sont revenues, telles qu'elles avaient été écrites.
console-journal-see = Voir la main courante
console-journal-export = Emporter la main courante
console-journal-export-about = Un fichier, une ligne par fait, que la suite permet de vérifier. Il nomme des personnes et des fichiers : gardez-le comme un dossier de patient.
console-journal-export-go = Emporter le fichier
console-journal-guards = Le gardien de chaque poste tient aussi sa propre main courante, que la console ne peut pas lire. Sur le poste, tapez « hygie journal show ».

console-journal-the-console = La console
console-journal-unknown = Une personne inconnue
console-journal-other = { $who } : { $kind }
console-journal-other-facts = { $who } : { $kind } ({ $facts })
console-journal-means-passkey = par clé d'accès
console-journal-means-password = par mot de passe et code
console-journal-means-sheet = avec la feuille de secours
console-journal-means-second = avec l'accord d'une seconde personne
console-journal-means-first = pour la première fois

console-journal-kind-set-up = mise en route
console-journal-set-up = { $who } a mis la console en route.
console-journal-kind-signed-in = connexion
console-journal-signed-in = Connexion de { $who } { $means }, depuis { $address }.
console-journal-kind-proved = nouvelle preuve d'identité
console-journal-proved = { $who } a montré encore une fois son identité { $means }, depuis { $address }.
console-journal-kind-signed-out = déconnexion
console-journal-signed-out = { $who } a fermé sa connexion.
console-journal-kind-refused = connexion refusée
console-journal-refused = Une connexion a été refusée, depuis { $address }.
console-journal-kind-session-ended = connexion fermée ailleurs
console-journal-session-ended = { $who } a fermé une connexion d'un autre navigateur.
console-journal-kind-sheet-made = feuille de secours faite
console-journal-sheet-made = { $who } a fait une nouvelle feuille de secours.
console-journal-kind-sheet-tested = feuille de secours essayée
console-journal-sheet-tested = { $who } a essayé sa feuille de secours.
console-journal-kind-key-added = clé d'accès ajoutée
console-journal-key-added = { $who } a ajouté la clé d'accès « { $name } ».
console-journal-kind-key-removed = clé d'accès retirée
console-journal-key-removed = { $who } a retiré la clé d'accès « { $name } ».
console-journal-kind-password-set = mot de passe choisi
console-journal-password-set = { $who } a choisi un nouveau mot de passe et une application de codes.
console-journal-kind-exported = main courante emportée
console-journal-exported = { $who } a emporté la main courante.
console-journal-kind-refilled = lignes remises
console-journal-lines-refilled = { $lines ->
    [one] { $who } a fait remettre { $lines } ligne dans la base.
   *[other] { $who } a fait remettre { $lines } lignes dans la base.
}
console-journal-kind-renamed = nom du cabinet
console-journal-renamed = { $who } a renommé le cabinet « { $before } » en « { $name } ».
console-journal-kind-help = qui appeler
console-journal-help-noted = { $who } a noté qui appeler : { $name }, { $phone }.
console-journal-kind-road-set = chemin des alertes réglé
console-journal-road-set = { $who } a réglé le { $slot ->
    [first] premier
   *[other] second
} chemin des alertes : { $by ->
    [mail] e-mail
   *[other] webhook
} à { $to }.
console-journal-kind-road-dropped = chemin des alertes retiré
console-journal-road-dropped = { $who } a retiré le { $slot ->
    [first] premier
   *[other] second
} chemin des alertes.
console-journal-kind-messages = jugement des messages
console-journal-messages-set = { $who } a changé ce que Hygie sait du cabinet pour juger un message : adresses ou domaines, { $own } ; serveurs de messagerie, { $servers }.
console-journal-kind-message-asked = message soumis à Hygie
console-journal-message-asked = { $who } a demandé un avis sur un message. Réponse : { $verdict }.
console-journal-kind-road-tried = essai d'alerte
console-journal-road-tried = { $who } a envoyé un essai par le { $slot ->
    [first] premier
   *[other] second
} chemin des alertes.
console-journal-kind-backed-up = copie de la base
console-journal-backed-up = { $who } a fait copier la base de la console dans « { $file } ».
console-journal-kind-device-renamed = poste renommé
console-journal-device-renamed = { $who } a renommé le poste « { $before } » en « { $name } ».
console-journal-kind-device-retired = poste retiré
console-journal-device-retired = { $who } a retiré le poste « { $name } » de la console.
console-journal-kind-restore-asked = version demandée
console-journal-restore-asked = { $who } a demandé de rétablir « { $path } », version du { $since }.
console-journal-kind-restored = version rétablie
console-journal-restored = Rétabli pour { $who } : « { $path } ». Revenus : { $files }, restés : { $left }.
console-journal-kind-walls-missing = console moins bien enfermée
console-journal-walls-missing = Le noyau de ce poste n'enferme pas la console et ses aides aussi bien que Hygie le voudrait. Votre prestataire peut lancer « hygie doctor », qui dit ce qui manque.
console-journal-kind-name-taken = nom déjà pris
console-journal-name-taken = Un autre appareil du réseau porte le nom de la console, « { $name } ». Hygie ne l'annonce pas.
console-journal-kind-looked = version regardée
console-journal-looked = { $who } a regardé ce que contient « { $path } », version du { $since }.
console-journal-kind-folder-asked = dossier demandé
console-journal-folder-asked = { $who } a demandé de remettre le dossier « { $path } » comme il était le { $at }.
console-journal-kind-folder-restored = dossier remis
console-journal-folder-restored = Dossier remis pour { $who } : « { $path } ». Fichiers revenus : { $files }, restés : { $left }.

console-journal-kind-undo-asked = remise en état demandée
console-journal-undo-asked = { $who } a demandé de tout remettre comme avant l'incident { $incident }.
console-journal-kind-undone = remise en état
console-journal-undone = Remis comme avant pour { $who } : incident { $incident }. Points restants : { $problems }.
console-journal-kind-redo-asked = retour sur une remise demandé
console-journal-redo-asked = { $who } a demandé de revenir sur la remise en état de l'incident { $incident }.
console-journal-kind-redone = retour sur une remise
console-journal-redone = Remise en état reprise pour { $who } : incident { $incident }. Points restants : { $problems }.
console-journal-kind-revoke-asked = fin d'une permission demandée
console-journal-revoke-asked = { $who } a demandé de ne plus laisser faire le programme de l'incident { $incident }.
console-journal-kind-revoked = fin d'une permission
console-journal-revoked = Permissions reprises pour { $who } : incident { $incident }. Nombre : { $permissions }.
console-journal-kind-allow-asked = permission demandée
console-journal-allow-asked = { $who } a demandé de laisser continuer le programme de l'incident { $incident }.
console-journal-kind-allowed = permission donnée
console-journal-allowed = Le gardien laisse continuer le programme de l'incident { $incident } jusqu'au { $until }, pour { $who }.
console-journal-kind-key-trust-asked = nouvelle clé du gardien demandée
console-journal-key-trust-asked = { $who } a demandé que le gardien se fie à une clé d'accès.
console-journal-kind-key-trusted = nouvelle clé du gardien
console-journal-key-trusted = { $who } a signé : le gardien se fie à la clé d'accès « { $name } » de { $of }.
console-journal-kind-key-distrust-asked = fin d'une clé du gardien demandée
console-journal-key-distrust-asked = { $who } a demandé que le gardien ne se fie plus à une clé d'accès.
console-journal-kind-key-distrusted = fin d'une clé du gardien
console-journal-key-distrusted = { $who } a signé : le gardien ne se fie plus à la clé d'accès « { $name } » de { $of }.
console-journal-kind-key-withdrawn = clé du gardien reprise
console-journal-key-withdrawn = { $who } a repris la clé d'accès « { $name } » de { $of } : le gardien ne s'y fie plus.
console-journal-kind-last-key-stays = dernière clé du gardien
console-journal-last-key-stays = Le gardien se fie encore à la clé d'accès « { $name } » de { $of }, la dernière qu'il connaît : { $who } ne peut pas la reprendre seule.
console-journal-kind-forget-asked = oubli d'un fichier demandé
console-journal-forget-asked = { $who } a demandé d'oublier « { $path } ».
console-journal-kind-forgotten = fichier oublié
console-journal-forgotten = { $who } a signé : « { $path } » est oublié. Versions effacées : { $versions }.
console-journal-kind-unprotect-asked = fin d'une protection demandée
console-journal-unprotect-asked = { $who } a demandé de ne plus protéger « { $path } ».
console-journal-kind-unprotected = fin d'une protection
console-journal-unprotected = { $who } a signé : « { $path } » n'est plus protégé.
console-journal-kind-recovery-by-root = retour ouvert sur le poste
console-journal-recovery-by-root = L'accès de { $of } a été rouvert par l'administration du poste, depuis { $address }.
console-journal-kind-alert-read = alerte lue
console-journal-alert-read = { $who } a lu une alerte.
console-journal-kind-alert-wishes = alertes réglées
console-journal-alert-wishes = { $who } a changé quand être prévenu.

console-journal-kind-invited = invitation envoyée
console-journal-invited = { $who } a invité { $name }, { $role }.
console-journal-kind-invitation-ended = invitation reprise
console-journal-invitation-ended = { $who } a repris l'invitation de { $name }.
console-journal-kind-joined = arrivée
console-journal-joined = { $who } a rejoint le cabinet, { $role }, depuis { $address }.
console-journal-kind-role-changed = rôle changé
console-journal-role-changed = { $who } a changé le rôle de { $of } : { $before }, désormais { $role }.
console-journal-kind-closed = accès fermé
console-journal-closed = { $who } a fermé l'accès de { $of }.
console-journal-kind-reopened = accès rouvert
console-journal-reopened = { $who } a rouvert l'accès de { $of }.
console-journal-kind-erased = accès effacé
console-journal-erased = Ce qui restait de l'accès donné à { $of } est effacé : les 30 jours sont passés.
console-journal-kind-signed-out-by = déconnexion par un autre
console-journal-signed-out-by = { $who } a fermé des connexions de { $of }.
console-journal-kind-time-opened = prestataire autorisé
console-journal-time-opened = { $who } a laissé entrer { $of } jusqu'au { $until }.
console-journal-kind-time-ended = fin d'un prestataire
console-journal-time-ended = { $who } a mis fin au temps de { $of }.
console-journal-kind-recovery-asked = retour demandé
console-journal-recovery-asked = Un retour de { $of } sans clé a été demandé, depuis { $address }.
console-journal-kind-recovery-confirmed = retour confirmé
console-journal-recovery-confirmed = { $who } a confirmé que { $of } est bien la personne qui revient.
console-journal-kind-recovery-cancelled = retour arrêté
console-journal-recovery-cancelled = { $who } a arrêté le retour de { $of }.
console-journal-kind-recovery-finished = retour terminé
console-journal-recovery-finished = { $who } est de retour, et fait de nouvelles clés.
console-journal-kind-device-invited = code pour un poste
console-journal-device-invited = { $who } a préparé un code pour le poste « { $name } ».
console-journal-kind-device-enrolled = poste inscrit
console-journal-device-enrolled = Un poste s'est inscrit avec le code préparé par { $who } : « { $name } ».
console-journal-kind-device-undo = remise en état demandée à un poste
console-journal-device-undo-asked = { $who } a demandé au poste « { $name } » de tout remettre comme avant (incident { $incident }).
console-journal-kind-device-redo = retour en arrière demandé à un poste
console-journal-device-redo-asked = { $who } a demandé au poste « { $name } » de revenir sur la remise en état (incident { $incident }).
console-journal-kind-device-allow = laisser continuer, signé pour un poste
console-journal-device-allow-asked = { $who } a signé pour laisser un programme continuer sur le poste « { $name } » (incident { $incident }).
console-journal-kind-device-freeze = nouvel arrêt demandé à un poste
console-journal-device-freeze-asked = { $who } a demandé au poste « { $name } » d'arrêter de nouveau un programme (incident { $incident }).
console-journal-kind-device-restore = fichiers à remettre demandés à un poste
console-journal-device-restore-asked = { $who } a demandé au poste « { $name } » de remettre des fichiers ({ $files }, incident { $incident }).
console-journal-kind-device-files = fichiers d'un autre poste lus
console-journal-device-files-looked = { $who } a lu les noms des fichiers touchés sur le poste « { $name } » (incident { $incident }).
console-journal-kind-device-trust = clé à croire, signé pour un poste
console-journal-device-trust-asked = { $who } a signé pour que le gardien du poste « { $name } » se fie à une clé d'accès.
console-journal-kind-device-distrust = clé à ne plus croire, signé pour un poste
console-journal-device-distrust-asked = { $who } a signé pour que le gardien du poste « { $name } » ne se fie plus à une clé d'accès.
console-journal-kind-device-unprotect = dossier à ne plus protéger, signé pour un poste
console-journal-device-unprotect-asked = { $who } a signé pour que le poste « { $name } » ne protège plus un dossier.
console-journal-kind-command-done = demande faite par un poste
console-journal-command-done = Le poste « { $name } » a fait ce que { $who } lui avait demandé.
console-journal-kind-command-partial = demande faite en partie par un poste
console-journal-command-partial = Le poste « { $name } » a fait une partie de ce que { $who } lui avait demandé ; son journal dit laquelle.
console-journal-kind-command-not-done = demande qu'un poste n'a pas pu faire
console-journal-command-not-done = Le poste « { $name } » n'a pas pu faire ce que { $who } lui avait demandé.
console-journal-kind-command-expired = demande à un poste, trop tard
console-journal-command-expired = Ce que { $who } avait demandé au poste « { $name } » n'a pas été fait à temps.
console-journal-kind-command-refused = demande qu'un poste refuse
console-journal-command-refused = Le poste « { $name } » refuse ce que { $who } lui avait demandé.
console-journal-kind-device-renewed = certificat d'un poste renouvelé
console-journal-device-renewed = Le poste « { $name } » a une nouvelle clé.
