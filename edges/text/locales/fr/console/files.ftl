# Dossiers et versions.

console-files-title = Dossiers et versions
console-files-find = Retrouver un fichier
console-files-find-hint = Un morceau du nom ou du dossier suffit.
console-files-search = Chercher
console-files-start = Retrouvez un fichier, même supprimé.
console-files-start-about = Hygie garde les états successifs de chaque fichier des dossiers protégés.
console-files-roots = Dossiers protégés
console-files-roots-none = Aucun dossier n'est protégé sur ce poste.
console-files-roots-how = Sur ce poste, tapez « hygie up » suivi du dossier.
console-files-found = { $files ->
    [one] { $files } fichier trouvé pour « { $text } ».
   *[other] { $files } fichiers trouvés pour « { $text } ».
}
console-files-found-many = Les { $files } premiers fichiers pour « { $text } ».
console-files-found-more = Il y en a d'autres : dites-en un peu plus du nom.
console-files-found-none = Aucun fichier ne contient « { $text } » dans son nom.
console-files-found-none-how = Essayez un mot plus court. Hygie connaît les fichiers des dossiers protégés, même supprimés.
console-files-all = Tous les dossiers
console-files-crumbs = Où se trouve ce fichier ou ce dossier

console-files-present = { $bytes }, modifié le { $at }
console-files-gone = Supprimé le { $at }
console-files-gone-word = supprimé
console-files-versions = { $versions ->
    [one] { $versions } version
   *[other] { $versions } versions
}
console-files-in-folder = dans { $folder }
console-files-folder-empty = Hygie n'a rien vu dans ce dossier.
console-files-folder-empty-what = Ni fichier ni dossier, même supprimé.
console-files-folder-list = Ce qui est ou était dans ce dossier
console-files-further = La suite
console-files-unknown = Hygie ne connaît rien à cet endroit.
console-files-unknown-how = Ce n'est pas dans un dossier protégé, ou c'est oublié pour de bon.

console-files-as-it-was = Remettre ce dossier comme il était
console-files-as-it-was-about = Hygie montre d'abord ce qui changerait. Rien n'est supprimé.
console-files-day = Le
console-files-time = À
console-files-time-hint = Sans heure : à la fin de ce jour.
console-files-not-a-day = Il faut une date passée, par exemple 2026-11-24, et une heure comme 14:30.
console-files-show-plan = Voir ce qui changerait

console-files-harmed = Abîmé le { $at } par un programme arrêté. La version du { $since } est saine.
console-files-harmed-none = Abîmé le { $at } par un programme arrêté. Aucune version d'avant n'est gardée ici.
console-files-gone-best = Ce fichier n'est plus là. Sa version du { $since } peut revenir.
console-files-gone-none = Ce fichier n'est plus là, et aucune version n'est gardée.
console-files-fine = { $versions ->
    [one] Rien à rétablir : l'état présent est sain, et { $versions } version est gardée.
   *[other] Rien à rétablir : l'état présent est sain, et { $versions } versions sont gardées.
}
console-files-unsure-fine = { $versions ->
    [one] { $versions } version est gardée.
   *[other] { $versions } versions sont gardées.
}
console-files-none-yet = Hygie n'a gardé aucune version de ce fichier.
console-files-none-yet-how = La première copie se fait peu après le début de la protection.
console-files-list-title = Versions, la plus récente d'abord
console-files-line-label = { $versions ->
    [one] Vie du fichier : { $versions } version, du { $first } au { $last }.
   *[other] Vie du fichier : { $versions } versions, du { $first } au { $last }.
}
console-files-version-harmed = Écrite par un programme arrêté
console-files-version-harmed-by = Par { $program }, incident { $incident }. Gardée à part, comme preuve.
console-files-version-best = Dernière version saine
console-files-version-last = Dernière version avant la suppression
console-files-version-now = Version présente
console-files-version-changed = Modifiée
console-files-version-first = Première version gardée
console-files-version-bytes = { $bytes }.
console-files-version-dropped = Son contenu n'est plus dans le coffre.
console-files-version-then = S'appelait alors « { $path } ».
console-files-older = { $versions ->
    [one] Voir { $versions } version plus ancienne
   *[other] Voir { $versions } versions plus anciennes
}
console-files-withheld = { $versions ->
    [one] { $versions } autre version n'est pas montrée.
   *[other] { $versions } autres versions ne sont pas montrées.
}
console-files-restore-this = Rétablir cette version
console-files-restore = Rétablir
console-files-restore-of = la version du { $since }
console-files-keeps = Rétablir ne supprime rien : l'état présent reste dans la liste, et vous pourrez y revenir.
console-files-see = Voir
console-files-inside-of = « { $name } » le { $since }
console-files-inside-is = Voici ce que contient cette version. Rien n'est changé.
console-files-inside-none = Cette version ne peut pas être montrée ici.
console-files-inside-gone = Hygie ne connaît pas cette version, ou son contenu n'est plus dans le coffre.
console-files-inside-this = Cette version, du { $since }
console-files-inside-now = Ce qui est là maintenant, depuis le { $since }
console-files-inside-picture = Aperçu de l'image « { $name } », version du { $since }
console-files-inside-sides = { $width } sur { $height } points.
console-files-inside-shrunk = Réduite : l'image a { $width } sur { $height } points.
console-files-inside-pages = Si le fichier a plusieurs pages, seule la première est montrée.
console-files-inside-text = Texte de « { $name } », version du { $since }
console-files-inside-all = Texte entier, lu en { $letters }.
console-files-inside-part = Le début seulement, lu en { $letters }.
console-files-inside-empty = Le fichier est vide.
console-files-inside-kind = Hygie montre les images et les textes. Celui-ci est d'une autre sorte : pour le voir, rétablissez-le, puis ouvrez-le.
console-files-inside-too-large = L'image est trop grande pour être montrée ici.
console-files-inside-unreadable = Le fichier commence comme une image, mais ne se lit pas comme telle. Il est peut-être abîmé : regardez une version plus ancienne.
console-files-inside-too-long = La lecture demande trop de temps. Recommencez dans un instant.
console-files-inside-damaged = Ce contenu n'a pas pu être relu tel qu'il avait été gardé. Choisissez une autre version, et prévenez votre prestataire.
console-files-inside-no-sandbox = L'espace isolé où Hygie lit les fichiers n'est pas en marche. Relancez Hygie sur ce poste.
console-files-would-title = Si vous la rétablissez
console-files-would-replace = Elle prend la place de ce qui est là maintenant. L'état présent reste dans la liste, et vous pourrez y revenir.
console-files-would-return = Le fichier revient à sa place. Rien n'est remplacé.
console-files-would-aside = { $files ->
    [one] { $files } fichier ou dossier qui a pris sa place sera gardé à côté, sous un autre nom.
   *[other] { $files } fichiers ou dossiers qui ont pris sa place seront gardés à côté, sous d'autres noms.
}
console-files-would-nothing = C'est l'état présent : il n'y a rien à rétablir.
console-files-would-harm = Un programme arrêté l'a écrite : elle se remet depuis la page de l'incident seulement.
console-files-would-refused = Elle ne peut pas être rétablie ici pour le moment.
console-files-back = Toutes les versions

console-files-plan-title = Remettre « { $folder } » comme le { $at }
console-files-plan-nothing = Rien à faire : ce dossier est déjà comme il était.
console-files-plan-about = Rien n'est encore changé. Voici ce que Hygie fera.
console-files-plan-files = { $files ->
    [one] { $files } fichier sera remis, { $bytes }.
   *[other] { $files } fichiers seront remis, { $bytes }.
}
console-files-plan-aside = { $files ->
    [one] { $files } fichier ou dossier d'après sera gardé à part, sous un autre nom.
   *[other] { $files } fichiers ou dossiers d'après seront gardés à part, sous un autre nom.
}
console-files-plan-missing = { $files ->
    [one] { $files } fichier ne peut pas revenir : sa version n'est pas dans le coffre.
   *[other] { $files } fichiers ne peuvent pas revenir : leur version n'est pas dans le coffre.
}
console-files-plan-refused = { $files ->
    [one] { $files } fichier ou dossier reste tel quel : Hygie n'a pas le droit d'y écrire.
   *[other] { $files } fichiers ou dossiers restent tels quels : Hygie n'a pas le droit d'y écrire.
}
console-files-plan-first = Les premiers fichiers
console-files-plan-replaces = Reprend sa version du { $since }
console-files-plan-recreates = Revient, dans sa version du { $since }
console-files-plan-go = Remettre ce dossier
console-files-plan-back = Ne rien changer

console-files-done-restored = La version est rétablie, et relue. Celle d'avant reste dans la liste.
console-files-done-aside = La version est rétablie. Ce qui avait pris sa place est gardé à côté, sous un autre nom.
console-files-done-nothing = Il n'y avait rien à rétablir : le fichier est déjà dans cet état.
console-files-done-partly = Tout n'est pas revenu. Ce qui manque n'a pas changé ; recommencez, puis appelez votre prestataire.
console-files-done-lost = Cette version n'a pas pu être relue telle qu'elle avait été gardée. Hygie ne l'a pas mise en place : choisissez-en une autre.
console-files-done-refused = Le gardien a refusé : rien n'a été changé. Demandez à votre prestataire de vérifier les droits de ce dossier.
console-files-done-unknown = Le gardien ne connaît pas cette version : rien n'a été changé.
console-files-done-busy = Le gardien a trop à faire à la fois : rien n'a été changé. Recommencez dans un instant.
console-files-done-failed = Le coffre n'a pas pu répondre. Regardez ci-dessous l'état du fichier, puis recommencez.
console-files-done-silent = Le gardien n'a pas répondu jusqu'au bout : on ne sait pas si c'est fait. Regardez ci-dessous l'état du fichier.
console-files-done-folder = { $files ->
    [one] Le dossier est remis : { $files } fichier rétabli, et relu.
   *[other] Le dossier est remis : { $files } fichiers rétablis, et relus.
}
console-files-done-folder-partly = { $problems ->
    [one] { $files } rétablis, mais { $problems } n'a pas pu l'être et n'a pas changé. Recommencez, puis appelez votre prestataire.
   *[other] { $files } rétablis, mais { $problems } n'ont pas pu l'être et n'ont pas changé. Recommencez, puis appelez votre prestataire.
}

console-files-busy = Le gardien a trop à faire à la fois.
    .do = Actualisez cette page dans un instant.
console-files-refused = Le gardien n'a pas voulu répondre à la console.
    .do = Demandez à votre prestataire de vérifier qu'Hygie est bien installé sur ce poste.
console-files-failed = Le coffre n'a pas pu être lu.
    .do = Recommencez. Si rien ne change, tapez « hygie vault check » sur ce poste et prévenez votre prestataire.
