# Les postes du cabinet.

console-devices-title = Postes
console-devices-here-ok = Ce poste est protégé.
console-devices-here-but = { $exceptions ->
    [one] Ce poste est protégé, sauf sur un point.
   *[other] Ce poste est protégé, sauf sur { $exceptions } points.
}
console-devices-here-not = Ce poste n'est plus protégé.
console-devices-here-mending = Ce poste se met à l'abri.
console-devices-here-silent = Sans nouvelles du gardien de ce poste.
console-devices-others-wait = { $devices ->
    [one] { $devices } autre poste attend quelque chose.
   *[other] { $devices } autres postes attendent quelque chose.
}
console-devices-list-label = Les postes et leur état
console-devices-here = Ce poste, { $name }
console-devices-here-unnamed = Ce poste, celui de la console

console-devices-state-ok = En ordre
console-devices-state-but = À compléter
console-devices-state-not = Pas protégé
console-devices-state-mending = Réparation en cours
console-devices-state-idk = Je ne sais pas
console-devices-state-silent = Sans nouvelles depuis le { $since }
console-devices-state-never-heard = Sans nouvelles

console-devices-silent = Le gardien ne répond pas : la console ne sait pas si ce poste est protégé.
    .do = Vérifiez qu'Hygie tourne sur ce poste. Si rien ne change, appelez votre prestataire.
console-devices-files = { $files ->
    [one] { $files } fichier protégé, { $copied } déjà copié.
   *[other] { $files } fichiers protégés, { $copied } déjà copiés.
}
console-devices-versions = { $versions ->
    [one] { $versions } version gardée, { $bytes }.
   *[other] { $versions } versions gardées, { $bytes }.
}
console-devices-since = Le gardien veille depuis le { $since }.
console-devices-last-event = Dernier changement dans un dossier protégé : le { $at }.
console-devices-trouble = Le coffre n'a pas pu garder quelque chose.
    .do = Sur ce poste, tapez « hygie status » et transmettez ce qui s'affiche à votre prestataire.
console-devices-exceptions = { $exceptions ->
    [one] et { $exceptions } autre point
   *[other] et { $exceptions } autres points
}
console-devices-version = Hygie { $version }.
console-devices-last-heard = Entendu le { $at }.
console-devices-never-heard = Inscrit, jamais entendu.
console-devices-not-told = Ce poste n'a pas encore dit comment il va.

console-devices-folders-title = Dossiers protégés sur ce poste
console-devices-folders-none = Aucun dossier n'est protégé sur ce poste.
console-devices-folders-how = Sur ce poste, tapez « hygie up » suivi du dossier.
console-devices-folders-unknown = Le gardien ne répond pas : la liste n'est pas connue.

console-devices-others-title = Autres postes du cabinet
console-devices-others-none = Aucun autre poste n'est inscrit.
console-devices-others-none-what = Inscrit, un autre poste dit ici comment il va. Chaque poste où Hygie tourne se protège déjà lui-même.
console-devices-rename = Renommer
console-devices-name = Nom du poste
console-devices-name-missing = Il manque un nom, par exemple « Cabinet 2 ».
console-devices-name-long = C'est trop long : { $most } signes au plus.
console-devices-retire = Retirer de la console
console-devices-retire-about = Ce poste ne parlera plus à la console, et ne reviendra pas sous ce numéro. Sa propre protection continue.
console-devices-retired-title = Postes retirés
console-devices-retired = Retiré le { $at }.
console-devices-refresh = Actualiser
console-devices-done-rename = Le poste a son nouveau nom.
console-devices-done-retire = Le poste est retiré. Sa propre protection continue.

console-devices-enrol-title = Inscrire un poste
console-devices-enrol-about = Vous recevrez un code à taper sur ce poste. Il ne sert qu'une fois.
console-devices-enrol-name = Nom du nouveau poste, par exemple « Cabinet 2 »
console-devices-enrol-go = Préparer le code
console-devices-enrol-for = Tapez ce code sur « { $name } ».
console-devices-enrol-how = Hygie y est déjà installé. Ouvrez une fenêtre de commandes, en administrateur.
console-devices-enrol-type = À taper
console-devices-enrol-until = Il sert une fois, jusqu'au { $until }. Il ne s'affichera plus.
console-devices-enrol-drawing = Le même code, à lire avec un téléphone
console-devices-enrol-here-only = Pour l'instant, cette console n'écoute que sur ce poste. Relancez-la avec « --devices » et l'adresse de ce poste sur le réseau pour que d'autres l'atteignent.
console-devices-enrol-back = Revenir aux postes
