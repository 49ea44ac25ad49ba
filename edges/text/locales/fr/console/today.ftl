# What the page about today, and the sheet of first gestures, say.

today-title = Aujourd'hui
today-gestures-title = Faites ceci, dans l'ordre.
today-gestures-about = Vous avez un doute, un message réclame de l'argent, des fichiers ne s'ouvrent plus : commencez ici.
today-gesture1 = Débranchez le câble qui arrive d'Internet. Laissez la box allumée.
today-gesture1-why = Ce qui attaque ne reçoit plus d'ordres. Les postes du cabinet se parlent encore.
today-gesture2 = Laissez les postes allumés, n'y touchez plus.
today-gesture2-why = Les éteindre effacerait des traces.
today-gesture3 = Notez l'heure, et ce que vous avez vu. Photographiez l'écran.
today-gesture3-why = L'assurance et la plainte le demanderont.
today-gesture4 = Appelez votre prestataire, puis le CERT Santé.
today-gesture4-why = Le CERT Santé aide les professionnels de santé, gratuitement.
today-gestures-never = À ne pas faire
today-never1 = Payer, ou répondre à qui réclame de l'argent.
today-never2 = Réinstaller ou nettoyer un poste avant d'avoir gardé les traces.
today-never3 = Brancher le disque de sauvegarde sur un poste touché.
today-gestures-call = Appeler

today-protected = Vos dossiers sont protégés.
today-protected-but = { $points ->
    [one] Vos dossiers sont protégés, sauf un point.
   *[other] Vos dossiers sont protégés, sauf { $points } points.
}
today-starting = Hygie démarre et met vos fichiers à l'abri.
today-not-protected = Vos dossiers ne sont pas protégés depuis le { $since }.
today-not-known = Hygie ne sait pas si vos dossiers sont protégés.
today-waits-nothing = Rien ne vous attend.
today-waits-some = { $things ->
    [one] Une chose vous attend.
   *[other] { $things } choses vous attendent.
}
today-waits-incident = { $incidents ->
    [one] Hygie a arrêté un programme, à vous de décider.
   *[other] Hygie a arrêté { $incidents } programmes, à vous de décider.
}
today-checked = Vérifié le { $at }.
today-guard-answers = Le gardien répond.
today-guard-silent = Le gardien ne répond pas.
today-guard-silent-since = Sans nouvelles du gardien depuis le { $since }.
today-devices-answer = { $devices ->
    [one] Le poste du cabinet répond.
   *[other] Les { $devices } postes du cabinet répondent.
}
today-devices-some = { $answering } postes sur { $devices } répondent.
today-waits-title = Ce qui vous attend aussi
today-incident-title = Décidez de ce que devient un programme arrêté
today-incident-why = Hygie a arrêté « { $program } » le { $at }. Il ne fait plus aucun mal, et ce qu'il a changé peut être remis comme avant.
today-incident-why-unnamed = Hygie a arrêté un programme le { $at }. Il ne fait plus aucun mal, et ce qu'il a changé peut être remis comme avant.
today-incident-why-on = Sur le poste { $device }, Hygie a arrêté un programme le { $at }. Il ne fait plus aucun mal.
today-incident-who = Une minute, pour un praticien ou une secrétaire.
today-incident-undo = Voir et remettre comme avant
today-incident-see = Voir ce qui s'est passé
today-unprotected-title = Relancez la protection
today-silent-title = Vérifiez que Hygie tourne
today-silent-why = La console a demandé au gardien comment vont vos dossiers, sans réponse. Regardez si Hygie est lancé sur le poste de la console, puis vérifiez à nouveau.
today-check-again = Vérifier à nouveau
today-it-who = Quelques minutes, pour qui s'occupe de l'informatique.
today-but-who = Quelques minutes, pour qui travaille sur ce poste.
today-but-more = { $points ->
    [one] Et { $points } autre point.
   *[other] Et { $points } autres points.
}
today-device-title = Regardez le poste { $device }
today-device-silent = Sans nouvelles depuis le { $since }. Il est peut-être éteint ; s'il est allumé, Hygie n'y tourne peut-être plus.
today-device-never-heard = Ce poste n'a encore jamais donné de nouvelles.
today-device-not-protected = Il dit ne plus être protégé depuis le { $since }.
today-device-go = Voir les postes
today-access-title = Renforcez votre accès
today-sheet-title = Terminez votre feuille de secours
today-sheet-none = Vous n'avez pas de feuille de secours. Elle vous fait entrer si vous perdez tout le reste.
today-sheet-untested = Votre feuille de secours n'a jamais été essayée : est-elle bien imprimée ?
today-sheet-nearly-used = Votre feuille de secours n'a presque plus de codes.
today-access-who = Trois minutes, pour vous.
today-access-go = Voir mon accès
today-alert-unsent = Il n'a pas pu vous être envoyé autrement.
today-alert-read = J'ai lu
today-done-read = C'est noté : quelqu'un l'a lu.
today-holds-title = Ce que Hygie tient pour vous
today-holds-files = { $files ->
    [one] { $files } fichier protégé
   *[other] { $files } fichiers protégés
}
today-holds-files-unheld = { $files ->
    [one] { $files } fichier, sans protection en ce moment
   *[other] { $files } fichiers, sans protection en ce moment
}
today-holds-unheld-why = Les versions déjà gardées le restent.
today-holds-all = L'état présent de chacun a sa copie.
today-holds-copying = Premières copies en cours : { $copied } sur { $files }.
today-holds-last = Dernier changement vu le { $last }.
today-holds-find = Retrouver un fichier
today-holds-versions = { $versions ->
    [one] { $versions } version gardée, { $bytes }
   *[other] { $versions } versions gardées, { $bytes }
}
today-holds-versions-why = Sur le poste de la console. La dernière version saine d'un fichier n'est jamais retirée.
today-holds-folders = { $folders ->
    [one] { $folders } dossier protégé
   *[other] { $folders } dossiers protégés
}
today-holds-no-folder = Aucun dossier n'est encore protégé
today-holds-devices = { $devices ->
    [one] { $devices } poste suivi
   *[other] { $devices } postes suivis
}
today-holds-devices-all = Tous donnent de leurs nouvelles.
today-holds-devices-some = { $silent ->
    [one] { $silent } poste est sans nouvelles.
   *[other] { $silent } postes sont sans nouvelles.
}
today-holds-not-known = Sans nouvelles du gardien : ce qu'il tient n'est pas connu en ce moment
today-holds-not-known-why = Ce qui était gardé reste sur le poste. Rien n'est effacé par son silence.
today-refused = { $refused ->
    [one] { $refused } modification refusée
   *[other] { $refused } modifications refusées
}
today-refused-why = Depuis le démarrage, faute de temps ou de place pour une copie.
today-over-title = Quatorze jours, et ce qui a été retenu
today-over-label = Quatorze jours : { $held }.
today-over-calm = Quatorze jours calmes : Hygie n'a arrêté aucun programme.
today-over-unknown = Sans réponse du gardien, Hygie ne sait pas si ces quatorze jours ont été calmes.
today-over-part = Sans réponse du gardien, il peut manquer des faits récents.
today-over-one = un programme arrêté, { $day }
today-over-stopped = Un programme arrêté.
today-over-stopped-named = « { $program } » arrêté.
today-over-see = Incident { $number }, voir
today-over-all = Tous les programmes arrêtés
today-day = { $weekday ->
    [1] lundi
    [2] mardi
    [3] mercredi
    [4] jeudi
    [5] vendredi
    [6] samedi
   *[7] dimanche
} { $day }
today-day-short = { $weekday ->
    [1] lun
    [2] mar
    [3] mer
    [4] jeu
    [5] ven
    [6] sam
   *[7] dim
} { $day }
today-day-today = auj.
