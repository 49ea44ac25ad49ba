# hygie drill ransomware : l'exercice d'attaque.

drill-title = { $tries ->
    [one] Exercice : { $tries } attaque simulée, sur des fichiers inventés et un disque à part. Vos fichiers ne sont pas touchés.
   *[other] Exercice : { $tries } attaques simulées, l'une après l'autre, sur des fichiers inventés et un disque à part. Vos fichiers ne sont pas touchés.
}
drill-stop-is-off = Sur ce poste, Hygie note les programmes qui abîment des fichiers mais ne les arrête pas : c'est son réglage. L'exercice montre ce qui se passerait avec l'arrêt.
    .do = Pour arrêter ces programmes, mettez attackers = "stop" dans { $config }.
drill-preparing = { $number } sur { $tries } : { $what } (préparation)
drill-attacking = { $number } sur { $tries } : { $what } (attaque en cours)
drill-undoing = { $number } sur { $tries } : { $what } (tout revient)
drill-tried = { $number } sur { $tries }. Attaque : { $what }
drill-stopped = { $files ->
    [0] Arrêtée en { $spent }, sans avoir abîmé le contenu d'un seul des { $all } fichiers.
    [one] Arrêtée en { $spent }, après { $files } fichier abîmé sur { $all }.
   *[other] Arrêtée en { $spent }, après { $files } fichiers abîmés sur { $all }.
}
drill-late = { $files ->
    [0] Reconnue en { $spent }, mais elle avait déjà fini : le contenu des { $all } fichiers est intact, pas leurs noms.
    [one] Reconnue en { $spent }, mais elle avait déjà fini : { $files } fichier abîmé sur { $all }.
   *[other] Reconnue en { $spent }, mais elle avait déjà fini : { $files } fichiers abîmés sur { $all }.
}
drill-missed = { $files ->
    [one] Pas arrêtée : { $files } fichier abîmé sur { $all }.
   *[other] Pas arrêtée : { $files } fichiers abîmés sur { $all }.
}
drill-whole = Tout est revenu comme avant, vérifié octet par octet.
drill-not-whole = { $points ->
    [one] Aucun contenu n'est perdu, mais tout n'est pas comme avant : { $points } différence.
   *[other] Aucun contenu n'est perdu, mais tout n'est pas comme avant : { $points } différences.
}
drill-lost = { $files ->
    [one] Le contenu de { $files } fichier n'est pas revenu.
   *[other] Le contenu de { $files } fichiers n'est pas revenu.
}
drill-by-restore = { $files ->
    [one] { $files } fichier n'est pas revenu avec « undo », mais avec « restore » : son contenu était gardé.
   *[other] { $files } fichiers ne sont pas revenus avec « undo », mais avec « restore » : leur contenu était gardé.
}
drill-idle = L'attaque simulée n'a rien pu changer : cet essai ne prouve rien.
drill-absent = Pas essayée : ce poste n'a pas « { $program } ».
drill-broken = L'essai n'a pas pu être mené au bout : { $reason }
drill-broken-cell = pas aboutie
drill-some-broken = { $tries ->
    [one] { $tries } essai n'a pas pu être mené au bout.
   *[other] { $tries } essais n'ont pas pu être menés au bout.
}
    .do = Relancez l'exercice. Si cela revient, tapez « hygie doctor » et prévenez votre prestataire.
drill-gone = - « { $path } » manque
drill-extra = - « { $path } » est en trop
drill-other = - « { $path } » n'est pas comme avant : { $fields }
drill-more = { $points ->
    [one] et { $points } autre
   *[other] et { $points } autres
}
drill-col-try = Attaque
drill-col-touched = touchés
drill-col-changed = abîmés
drill-col-lost = perdus
drill-col-restored = rendus
drill-col-time = arrêt en
drill-col-verified = vérifié
drill-yes = oui
drill-no = non
drill-never = jamais
drill-absent-cell = pas essayée
drill-all-good = { $tries ->
    [one] L'attaque a été arrêtée, et tous les fichiers sont revenus, vérifiés.
   *[other] Les { $tries } attaques ont été arrêtées, et tous les fichiers sont revenus, vérifiés.
}
drill-some-good = { $good } sur { $tries } : arrêtées et tout revenu. Pour les autres aucun contenu n'est perdu, mais lisez les lignes ci-dessus.
    .do = Transmettez ce résultat à votre prestataire, ou à ceux qui font Hygie.
drill-some-lost = { $files ->
    [one] { $files } fichier d'exercice n'est pas revenu : l'exercice n'est pas réussi.
   *[other] { $files } fichiers d'exercice ne sont pas revenus : l'exercice n'est pas réussi.
}
    .do = Transmettez ce résultat à votre prestataire, et à ceux qui font Hygie. Gardez vos sauvegardes à jour.
drill-not-tried = { $tries ->
    [one] { $tries } attaque n'a pas été essayée, faute du programme qu'elle utilise.
   *[other] { $tries } attaques n'ont pas été essayées, faute du programme qu'elles utilisent.
}
drill-interrupted = Exercice interrompu. Tout est rangé.
drill-kept = Les fichiers d'exercice, comme ils sont revenus, sont dans « { $path } ».
drill-needs-root = L'exercice lance son propre gardien : il demande les droits d'administrateur.
    .do = Relancez la même commande avec sudo.
drill-no-attacks = Les attaques simulées sont un programme à part, et il n'est pas là : « { $path } ».
    .do = Installez hygie-attacks à côté de hygie. Depuis les sources, tapez « cargo build --release -p hygie -p hygie-attacks ».
drill-unknown = hygie-attacks ne connaît pas l'attaque « { $name } » : il n'est pas de la même version que hygie.
    .do = Installez les deux de la même version.
drill-running = Un autre exercice est en cours (« { $path } »).
    .do = Attendez qu'il soit terminé, puis recommencez.
drill-no-room = L'exercice demande { $bytes } libres là où est « { $path } ».
    .do = Faites de la place, ou indiquez un autre disque avec « --at ».
drill-no-disk = Le disque d'exercice n'a pas pu être fait dans « { $path } » : { $reason }.
    .do = Indiquez un dossier d'un autre disque avec « --at ». Il faut mkfs.ext4, mount et les périphériques /dev/loop du système.
drill-cannot-hold = Ce poste ne permet pas à Hygie de retenir une modification, l'exercice n'a donc pas de sens ici. Il manque : { $feature }.
    .do = Tapez « hygie doctor » pour voir ce qui est possible.
drill-guard-fails = Le gardien de l'exercice n'a pas tenu : { $reason }.
    .do = Recommencez. Si cela revient, tapez « hygie doctor » et prévenez votre prestataire.
drill-try-encrypt-in-place = chiffre chaque fichier à sa place
drill-try-encrypt-new-then-delete = écrit une copie chiffrée à côté, puis supprime le fichier
drill-try-encrypt-rename-over = écrit une copie chiffrée, puis la met à la place du fichier
drill-try-encrypt-then-rename = chiffre chaque fichier, puis change son extension
drill-try-encrypt-first-64k = chiffre seulement le début de chaque fichier (64 Kio)
drill-try-encrypt-every-4th-block = chiffre un petit bloc sur quatre
drill-try-encrypt-intermittent = chiffre un morceau, en laisse deux, pour aller plus vite
drill-try-encrypt-percent-20 = chiffre un cinquième de chaque fichier
drill-try-encrypt-percent-50 = chiffre la moitié de chaque fichier, par petits bouts
drill-try-encrypt-header = chiffre seulement l'en-tête de chaque fichier
drill-try-encrypt-keep-header = laisse l'en-tête intact et chiffre le reste
drill-try-encrypt-base64 = chiffre puis déguise le résultat en texte
drill-try-encrypt-times-back = chiffre chaque fichier et remet ses anciennes dates
drill-try-copy-out-then-wipe = emporte une copie chiffrée, puis efface le fichier avec des zéros
drill-try-largest-first = chiffre d'abord les plus gros fichiers
drill-try-smallest-first = chiffre d'abord les plus petits fichiers
drill-try-newest-first = chiffre d'abord les fichiers les plus récents
drill-try-random-order = chiffre les fichiers au hasard, dans tous les dossiers
drill-try-by-class = chiffre d'abord les bases de données, puis les documents
drill-try-delete-all-with-notes = supprime tout et laisse une demande d'argent
drill-try-rename-meaningless = donne à chaque fichier un nom qui ne veut rien dire
drill-try-notes-first = dépose d'abord la demande d'argent, puis chiffre
drill-try-backups-first = supprime d'abord les sauvegardes, puis chiffre le reste
drill-try-shell-openssl = un script qui se sert d'openssl, programme connu du système
drill-try-shell-openssl-cat = un script qui chiffre ailleurs et recopie par-dessus avec cat
drill-try-shell-gpg = un script qui se sert de gpg et supprime l'original
drill-try-python-encrypt = un script Python chiffre chaque fichier
drill-try-trusted-cp = fait écrire par cp, programme de confiance, le fichier chiffré
drill-try-trusted-dd = fait écrire par dd, programme de confiance, le fichier chiffré
drill-try-trusted-tee = fait écrire par tee, programme de confiance, le fichier chiffré
drill-try-trusted-sed = fait mélanger par sed les lettres et les chiffres
drill-try-trusted-perl = fait retourner par perl chaque octet
drill-try-trusted-zip = range les fichiers avec zip sous un mot de passe inconnu
drill-try-trusted-7z = range les fichiers avec 7z sous un mot de passe inconnu
drill-try-crew-60-processes = 60 programmes à la fois, quatre fichiers chacun
drill-try-crew-detached = une équipe de programmes qui se détachent les uns des autres
drill-try-crew-fork-storm = un programme par fichier, caché parmi beaucoup d'inutiles
drill-try-crew-relay = un relais : chaque programme chiffre un fichier et lance le suivant
drill-try-crew-threads = un programme qui chiffre plusieurs fichiers en même temps
