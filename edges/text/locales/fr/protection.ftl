# L'état de la protection, et hygie status.

protected = Vos dossiers sont protégés.
protected-but-one = Vos dossiers sont protégés, sauf { $exception }.
protected-but-many = Vos dossiers sont protégés, sauf :
protected-but-item = - { $exception }

but-state-without-copy = un état de « { $path } », qu'un programme connu a modifié avant que Hygie ait pu le copier
    .do = Ouvrez ce fichier et vérifiez qu'il contient bien ce que vous attendez.
but-unreadable = « { $path } », que Hygie n'a pas pu lire
    .do = Demandez à votre prestataire de vérifier les droits de ce fichier et l'état du disque.
but-truncate-unheld = les fichiers pas encore copiés, qu'un programme peut vider d'un coup sur ce système tant que les premières copies ne sont pas finies
    .do = Laissez Hygie terminer les premières copies. Vous pouvez continuer à travailler.
but-truncate-at-close = un fichier enregistré à l'instant (quelques millisecondes), qu'un programme peut vider d'un coup sur ce système ; ses versions précédentes sont en sûreté
    .do = Vous pouvez continuer à travailler. Pour fermer cette faille, demandez à votre prestataire un système avec Linux 6.14 ou plus récent.
but-open-before = « { $path } », déjà ouvert par un programme quand la protection a commencé
    .do = Fermez ce fichier puis rouvrez-le : il sera protégé.
but-journal-silent = la main courante, qui ne peut plus être écrite
    .do = Vérifiez qu'il reste de la place sur le disque, puis tapez « hygie journal verify ».
but-witness-silent = un point : le témoin ne répond pas, et si le gardien s'arrête personne ne prend le relais
    .do = Relancez Hygie. Si cela revient, tapez « hygie doctor » et prévenez votre prestataire.
but-folder-unwatched = le dossier « { $path } », que Hygie ne peut pas surveiller en entier
    .do = Tapez « hygie doctor » pour savoir ce qui manque.
but-no-room = les prochaines modifications, car il n'y a plus de place pour de nouvelles copies
    .do = Faites de la place sur le disque, ou augmentez le budget du coffre dans la configuration.

unprotected-not-started = Vos dossiers ne sont pas protégés depuis le { $since } : Hygie n'est pas lancé.
    .do = Lancez « sudo hygie up ».
unprotected-starting = Vos dossiers ne sont pas protégés depuis le { $since } : Hygie démarre et met les fichiers à l'abri.
    .do = Attendez un instant : cette ligne change toute seule.
unprotected-stopped = Vos dossiers ne sont pas protégés depuis le { $since } : une personne a arrêté Hygie.
    .do = Lancez « sudo hygie up » pour reprendre la protection.
unprotected-guard-gone = Vos dossiers ne sont pas protégés depuis le { $since } : le gardien ne répond plus, et le témoin laisse les programmes travailler.
    .do = Relancez Hygie. Évitez d'ouvrir des pièces jointes d'ici là.
unprotected-no-rights = Vos dossiers ne sont pas protégés depuis le { $since } : il manque à Hygie des droits sur ce poste.
    .do = Relancez avec « sudo hygie up », ou demandez à votre prestataire de le faire.
unprotected-unsupported = Vos dossiers ne sont pas protégés depuis le { $since } : ce système ne permet pas de retenir une modification.
    .do = Tapez « hygie doctor » pour voir ce qui manque, et transmettez le résultat à votre prestataire.
unprotected-self-test-failed = Vos dossiers ne sont pas protégés depuis le { $since } : l'essai de départ n'a pas réussi, alors Hygie n'a rien retenu.
    .do = Tapez « hygie doctor » et transmettez ce qui s'affiche à votre prestataire.

status-title = Protection de ce poste
status-checked = Vérifié le { $at }.
status-since = Protection en place depuis le { $since }
status-files = Fichiers protégés : { $files }, déjà copiés : { $copied }
status-versions = Versions gardées : { $versions }, { $bytes }
status-oldest = Version la plus ancienne : { $oldest }
status-vault = Coffre : { $used } utilisés sur { $budget }
status-reserve = Réserve pour les programmes connus : { $reserve }
status-held = Modifications retenues depuis le démarrage : { $held }, la plus longue { $longest }
status-refused = Modifications refusées depuis le démarrage : { $refused }
status-witness-well = Le témoin répond.
status-witness-silent = Le témoin ne répond pas.
