# hygie versions, hygie restore.

versions-title = Versions de « { $path } »
versions-number = N°
versions-since = Depuis
versions-size = Taille
versions-then = s'appelait alors « { $path } »
versions-dropped = n'est plus dans le coffre
versions-withheld = Non montrées, car vous n'aviez pas accès au fichier alors : { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}.
versions-none = Hygie n'a gardé aucune version de « { $path } ».
    .do = Vérifiez le chemin. Un fichier n'a de versions que s'il se trouve dans un dossier protégé.

restore-plan-title = Voici ce que Hygie va faire. Rien n'est encore changé.
restore-plan-replace = « { $path } » reprend sa version du { $since } ({ $bytes }).
restore-plan-recreate = « { $path } », qui n'existe plus, revient dans sa version du { $since } ({ $bytes }).
restore-plan-aside = « { $path } », qui n'existait pas encore, est gardé à part.
restore-plan-same = « { $path } » est déjà dans cet état : rien à faire.
restore-plan-total = { $files ->
    [one] En tout : { $files } fichier, { $bytes }.
   *[other] En tout : { $files } fichiers, { $bytes }.
}
restore-plan-keeps = L'état présent est gardé d'abord : vous pourrez revenir sur ce choix.
restore-ask = Continuer ? Tapez « oui » ou « non » :
restore-cancelled = Rien n'a été changé.
restore-kept-present = État présent gardé d'abord : { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}.
restore-progress = Rétabli : { $done } sur { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}, il reste { $left }
restore-done = { $files ->
    [one] { $files } fichier rétabli et relu en { $spent }.
   *[other] { $files } fichiers rétablis et relus en { $spent }.
}
restore-moved-aside = Ce qui était là est gardé à part : { $path }
restore-refused = « { $path } » reste tel quel : vous n'y avez pas accès, ou n'y aviez pas accès alors.
restore-nothing = Il n'y a rien à rétablir : les fichiers sont déjà dans cet état.
restore-missing = Aucune version de « { $path } » ne date d'avant le { $before }.
    .do = Tapez « hygie versions » suivi du chemin pour voir les versions gardées.
restore-damaged = La version de « { $path } » du { $since } n'a pas pu être relue telle qu'elle avait été gardée. Hygie ne l'a pas mise en place.
    .do = Choisissez une autre version, puis tapez « hygie vault check ».
restore-in-the-way = « { $path } » est devenu un dossier : Hygie n'y touche pas.
    .do = Déplacez ce dossier ou rétablissez ailleurs avec « --to ».
restore-partly = Rétabli : { $done } sur { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}. Le reste n'a pas changé.
    .do = Lisez les lignes ci-dessus, puis relancez la même commande : elle reprend où elle en était.
