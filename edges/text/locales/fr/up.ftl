# hygie up : démarrage, premières copies, arrêt, droits.

up-starting = { $folders ->
    [one] Hygie prépare la protection de votre dossier.
   *[other] Hygie prépare la protection de vos { $folders } dossiers.
}
up-folder = Dossier protégé : { $path }
up-linking = Mise à l'abri : { $done } sur { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}
up-linked = { $files ->
    [one] { $files } fichier mis à l'abri en { $spent }. À partir de maintenant, sa suppression ne perd plus rien.
   *[other] { $files } fichiers mis à l'abri en { $spent }. À partir de maintenant, leur suppression ne perd plus rien.
}
up-copying = Premières copies : { $copied } sur { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}, { $copied_bytes } sur { $bytes }, il reste { $left }
up-copying-untimed = Premières copies : { $copied } sur { $files ->
    [one] { $files } fichier
   *[other] { $files } fichiers
}, { $copied_bytes } sur { $bytes }
up-copied = { $files ->
    [one] Premières copies terminées : { $files } fichier, { $bytes }, en { $spent }.
   *[other] Premières copies terminées : { $files } fichiers, { $bytes }, en { $spent }.
}
up-how-to-stop = Pour arrêter Hygie, tapez Ctrl+C dans cette fenêtre.
up-stopping = Hygie s'arrête : à partir de maintenant plus rien n'est retenu.
up-stopped = L'arrêt est terminé. Les versions déjà gardées restent dans le coffre.
up-incident-stopped = Incident { $incident } : Hygie a arrêté un programme. Il attend votre décision.
up-incident-ended = Incident { $incident } : le programme arrêté a pris fin. Rien n'est encore remis comme avant ; ses traces sont gardées.
up-incident-undone = Incident { $incident } : tout ce que ce programme avait fait est remis comme avant.
up-incident-allowed = Incident { $incident } : une personne a laissé ce programme continuer.
up-already-running = Hygie surveille déjà ces dossiers depuis une autre fenêtre ou comme service.
    .do = Tapez « hygie status » pour voir où en est la protection.
up-no-rights = Hygie ne peut encore rien retenir : il manque { $missing }.
    .do = Relancez avec « sudo hygie up », ou demandez à votre prestataire d'installer Hygie comme service.
up-missing-root = les droits d'administrateur (root)
up-missing-capability = le droit « { $capability } »
up-self-test-failed = L'essai de départ n'a pas réussi : { $reason }. Par prudence, Hygie n'a rien retenu et vos dossiers ne sont pas protégés.
    .do = Tapez « hygie doctor » et transmettez ce qui s'affiche à votre prestataire.
up-self-test-witness-slow = le témoin n'a pas rendu un fichier retenu pendant que le gardien était suspendu
up-self-test-not-closed = un gardien qui ne répondait plus n'a pas été écarté à temps
up-self-test-error = le système a répondu « { $error } »
up-no-folder = Aucun dossier à protéger n'est indiqué.
    .do = Donnez-en un, par exemple « hygie up /srv/patients », ou inscrivez-le dans { $config }.
up-copies-only = { $minutes ->
    [one] Hygie copie quand même vos fichiers, et regarde chaque minute ce qui a changé. Il ne peut rien retenir : ce qui change deux fois entre deux passages n'est copié qu'une fois.
   *[other] Hygie copie quand même vos fichiers, et regarde toutes les { $minutes } minutes ce qui a changé. Il ne peut rien retenir : ce qui change deux fois entre deux passages n'est copié qu'une fois.
}
    .do = Pour une protection entière, relancez avec « sudo hygie up » sur un poste Linux.
up-looked = Passage terminé : { $files } fichiers, dont { $copied } copiés ({ $bytes }).
up-guard-fails = Le gardien n'a pas pu démarrer : { $reason }. Vos dossiers ne sont pas protégés.
    .do = Corrigez ce point et relancez Hygie. Si vous ne savez pas comment, transmettez cette ligne à votre prestataire.
up-state-inside = Le dossier de Hygie « { $state } » se trouve dans « { $folder } » : les copies seraient copiées à leur tour.
    .do = Choisissez pour Hygie un dossier ailleurs, avec « --state ».
up-watching = { $files ->
    [one] { $files } fichier protégé, versions gardées : { $versions }. Dernier changement le { $last }.
   *[other] { $files } fichiers protégés, versions gardées : { $versions }. Dernier changement le { $last }.
}
up-watching-quiet = { $files ->
    [one] { $files } fichier protégé, versions gardées : { $versions }. Rien n'a changé depuis le démarrage.
   *[other] { $files } fichiers protégés, versions gardées : { $versions }. Rien n'a changé depuis le démarrage.
}

console-at = La console est ouverte : { $url }
console-set-up = La console attend sa mise en route. Ouvrez { $url } sur ce poste, et tapez ce code : { $code }
console-set-up-file = La console attend sa mise en route. Ouvrez { $url } sur ce poste ; le code est dans { $file }, que seul root peut lire.
hub-recover = Sur ce poste, ouvrez la console, choisissez « Revenir », et tapez l'identifiant « { $login } » et ce code : { $code }. Il sert une fois, jusqu'au { $until } ; tout le cabinet lira que cet accès a été rouvert.
hub-recover-file = Sur ce poste, ouvrez la console, choisissez « Revenir », et tapez l'identifiant « { $login } » et le code qui est dans { $file }, que seul root peut lire. Il sert une fois, jusqu'au { $until } ; tout le cabinet lira que cet accès a été rouvert.
console-user-made = Hygie a créé l'utilisateur « { $name } » sur ce poste, sans mot de passe : un de ses services tourne sous ce nom.
console-ended = Un service de la console s'est arrêté ({ $reason }). Hygie le relance ; la protection de vos dossiers continue.
    .do = Si ce message revient, regardez le fichier console.log dans le dossier d'Hygie.
console-not-started = La console n'a pas démarré ({ $reason }). La protection de vos dossiers continue.
    .do = Corrigez cela, puis relancez Hygie, ou relancez-le avec --no-console.

agent-invited = Pour relier le poste « { $name } », tapez ceci sur ce poste dans les 30 minutes : hygie agent --enrol { $code }
agent-invited-file = Le code qui relie le poste « { $name } » est dans { $file }, que seul root peut lire. Il sert une fois, pendant 30 minutes.
agent-enrolled = Ce poste est relié à la centrale { $hub } sous le nom « { $name } ».
agent-not-enrolled = Ce poste n'a pas pu être relié à la centrale ({ $reason }).
    .do = Corrigez cela, puis recommencez ; si le code a servi ou a plus de 30 minutes, demandez-en un autre à la centrale.
agent-courier-ended = Le service qui rend compte à la centrale s'est arrêté ({ $reason }). Hygie le relance ; la protection de vos dossiers continue.
    .do = Si ce message revient, regardez le fichier console.log dans le dossier d'Hygie.
