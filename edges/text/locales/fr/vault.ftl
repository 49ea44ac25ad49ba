# hygie vault check, hygie vault forget.

vault-checking = Relecture du coffre : { $done } sur { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, il reste { $left }
vault-good = Coffre vérifié : { $versions ->
    [one] { $versions } version relue
   *[other] { $versions } versions relues
}, { $bytes }, en { $spent }.
vault-missing = { $versions ->
    [one] Il manque le contenu de { $versions } version.
   *[other] Il manque le contenu de { $versions } versions.
}
    .do = Ne supprimez rien et prévenez votre prestataire : une sauvegarde peut encore avoir ce qui manque.
vault-changed = { $versions ->
    [one] { $versions } version n'est plus telle qu'elle avait été gardée.
   *[other] { $versions } versions ne sont plus telles qu'elles avaient été gardées.
}
    .do = Ne supprimez rien et faites vérifier le disque : il perd peut-être des données.
vault-damaged-line = « { $path } », version du { $since }
vault-orphans = Sans nom dans l'index : { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}, { $bytes }. Hygie n'y touche pas.
forget-plan = Hygie va oublier « { $path } » : { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, { $bytes }. Rien de cela ne pourra plus être rétabli.
forget-ask = Oublier pour toujours ? Tapez « oublier » pour confirmer :
forget-done = « { $path } » est oublié : { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}, { $bytes }. C'est noté dans la main courante.
forget-still-held = Une copie existe encore : { $where }.
forget-held-by-backup = les sauvegardes, jusqu'à leur prochain nettoyage
forget-held-by-incident = l'incident { $incident }, tant qu'il est ouvert
forget-held-by-link = « { $path } », un second nom du même fichier
forget-unknown = Le coffre ne contient rien sur « { $path } ».
    .do = Vérifiez le chemin avec « hygie versions ».
forget-refused = « { $path } » est gardé pour l'incident { $incident }, encore ouvert.
    .do = Terminez d'abord cet incident, puis recommencez.
