# Stopped programs.

console-incidents-title = Programmes arrêtés
console-incidents-none = Hygie n'a arrêté aucun programme.
console-incidents-none-about = Quand Hygie arrête un programme qui abîme vos fichiers, il est ici, avec de quoi tout remettre comme avant.
console-incidents-open-some = { $open ->
    [one] Un programme arrêté attend votre décision.
   *[other] { $open } programmes arrêtés attendent votre décision.
}
console-incidents-settled = { $count ->
    [one] Hygie a arrêté un programme, et tout est réglé.
   *[other] Hygie a arrêté { $count } programmes, et tout est réglé.
}
console-incidents-checked = Vérifié le { $at }.
console-incidents-guard-silent = Le gardien ne répond pas : voici ce que la console sait sans lui.
console-incidents-guard-silent-one = Le gardien ne répond pas, Hygie ne sait donc pas où en est cet incident.
console-incidents-guard-silent-do = Vérifiez que Hygie tourne sur le poste de la console, puis actualisez. Ce qui était gardé l'est toujours.
console-incidents-line = Incident { $number } : un programme
console-incidents-line-named = Incident { $number } : « { $program } »
console-incidents-line-about = Le { $at }, sur le poste de la console : { $state }
console-incidents-line-about-on = Le { $at }, sur le poste { $device } : { $state }
console-incidents-tag-open = À décider
console-incidents-tag-undone = Remis comme avant
console-incidents-tag-allowed = Autorisé
console-incidents-see = Voir
console-incidents-allowed-title = Ce que quelqu'un a autorisé
console-incidents-allowed-line = « { $program } » peut { $doing } dans « { $path } »
console-incidents-allowed-until = Jusqu'au { $until }, depuis l'incident { $number }
console-incidents-revoke = Retirer l'autorisation
console-incidents-one-title = Incident { $number }, programme arrêté
console-incidents-stopped = Hygie a arrêté un programme.
console-incidents-ended = Hygie a arrêté un programme, qui a pris fin.
console-incidents-nothing-lost = Aucun fichier n'est perdu.
console-incidents-kept = Hygie garde l'état d'avant des fichiers.
console-incidents-some-lost = { $files ->
    [one] Un fichier ne retrouvera pas son état d'avant.
   *[other] { $files } fichiers ne retrouveront pas leur état d'avant.
}
console-incidents-undone = Tout est remis comme avant.
console-incidents-undone-but = { $points ->
    [one] Tout est remis comme avant, sauf un point.
   *[other] Tout est remis comme avant, sauf { $points } points.
}
console-incidents-undone-second = Ce programme ne fait plus rien.
console-incidents-allowed = Une personne a laissé ce programme continuer.
console-incidents-allowed-second = Ce qu'il fait est son travail.
console-incidents-about = Poste de la console, le { $at } : « { $program } ».
console-incidents-about-unnamed = Poste de la console, le { $at }.
console-incidents-touched = { $files ->
    [one] Il a touché { $files } fichier en { $spent }.
   *[other] Il a touché { $files } fichiers en { $spent }.
}
console-incidents-counts = Fichiers modifiés : { $changed }, supprimés ou remplacés : { $deleted }, renommés : { $renamed }, créés : { $made }.
console-incidents-still-stopped = Le programme est toujours arrêté.
console-incidents-still-ended = Le programme a pris fin, ses traces sont gardées.
console-incidents-still-undone = Les versions abîmées sont gardées à part, comme preuve.
console-incidents-still-allowed = Le programme a le droit de continuer.
console-incidents-undo-title = { $files ->
    [one] Remettre le fichier comme avant
   *[other] Remettre les { $files } fichiers comme avant
}
console-incidents-undo-title-some = Tout remettre comme avant
console-incidents-undo-about = Les versions abîmées sont gardées à part, comme preuve. Vous pourrez revenir sur ce choix.
console-incidents-undo-will = Voici ce que Hygie fera :
console-incidents-undo-no-plan = Hygie n'a pas pu compter d'avance ce qui reviendra. Remettre comme avant reste possible.
console-incidents-undo-go = Tout remettre comme avant
console-incidents-undo-other = Un praticien ou une secrétaire du cabinet peut tout remettre comme avant.
console-incidents-redo-title = Revenir sur ce choix
console-incidents-redo-about = Les fichiers redeviennent comme le programme les avait laissés, et l'incident attend à nouveau. Cela aussi peut être défait.
console-incidents-redo-go = Reprendre les fichiers abîmés
console-incidents-revoke-title = Retirer l'autorisation ?
console-incidents-revoke-about = Ce programme sera de nouveau surveillé comme les autres. Ses fichiers restent comme ils sont.
console-incidents-known = Je reconnais ce programme, c'était voulu
console-incidents-known-about = Si vous venez de lancer vous-même une conversion ou un chiffrement, Hygie peut le laisser continuer, et refaire de même pendant un temps : ce programme, dans ces dossiers, et rien d'autre. Dans le doute, ne changez rien : un programme arrêté ne fait plus aucun mal.
console-incidents-known-how = Voir ce que cela changerait
console-incidents-known-who = Seul un praticien du cabinet peut en décider.
console-incidents-story-title = Ce qui s'est passé
console-incidents-story-first = Premier fichier abîmé.
console-incidents-story-first-me = Hygie en avait gardé l'état d'avant.
console-incidents-story-stopped = { $files ->
    [one] { $files } fichier touché.
   *[other] { $files } fichiers touchés.
}
console-incidents-story-stopped-me = Hygie arrête le programme et ceux qu'il a lancés.
console-incidents-story-ended = Le { $at }, le programme a pris fin.
console-incidents-story-undone = Le { $at }, Hygie a tout remis comme avant.
console-incidents-story-allowed = Le { $at }, une personne l'a laissé continuer.
console-incidents-bars-about = { $seconds ->
    [one] Fichiers touchés par seconde ({ $files } en tout).
   *[other] Fichiers touchés toutes les { $seconds } secondes ({ $files } en tout).
}
console-incidents-bars-label = Fichiers touchés : { $counts } à partir de { $from } ; plus aucun après l'arrêt à { $stopped }.
console-incidents-bars-stop1 = programme
console-incidents-bars-stop2 = arrêté
console-incidents-why-title = Pourquoi Hygie l'a arrêté
console-incidents-why-about = { $spent } après son premier dégât, ces signes suffisaient :
console-incidents-programs = Ses programmes :
console-incidents-files-title = Les fichiers touchés ({ $shown } sur { $files })
console-incidents-files-all-title = { $files ->
    [one] Le fichier touché
   *[other] Les { $files } fichiers touchés
}
console-incidents-files-none = Hygie n'a pas de liste de fichiers pour cet incident.
console-incidents-files-all = Voir les { $files } fichiers
console-incidents-files-few = Voir les premiers seulement
console-incidents-files-beyond = { $files ->
    [one] Et { $files } autre fichier, que la liste ne montre pas.
   *[other] Et { $files } autres fichiers, que la liste ne montre pas.
}
console-incidents-file-column = Fichier
console-incidents-healthy-column = Version saine
console-incidents-state-column = État
console-incidents-healthy-label = Version saine :
console-incidents-healthy-since = { $since }
console-incidents-file-kept = Récupérable
console-incidents-file-made = Créé par ce programme
console-incidents-file-back = Remis
console-incidents-file-not = Pas de version gardée
console-incidents-file-unknown = Je ne sais pas
console-incidents-problems-title = { $points ->
    [one] Un point à regarder
   *[other] { $points } points à regarder
}
console-incidents-problem = « { $path } » : { $reason }
console-incidents-meanwhile-title = En attendant
console-incidents-leave-on = Laissez le poste allumé
console-incidents-leave-on-why = L'éteindre effacerait des traces utiles.
console-incidents-care-goes-on = Les soins continuent
console-incidents-care-goes-on-why = Seul ce programme est arrêté. Le reste du poste fonctionne.
console-incidents-delete-nothing = Ne supprimez rien
console-incidents-delete-nothing-why = Hygie a besoin des fichiers tels qu'ils sont pour les remettre.
console-incidents-crisis-title = Est-ce une crise ?
console-incidents-crisis-about = Si quelqu'un a donné un mot de passe, si un autre poste est touché ou si un message réclame de l'argent, faites les premiers gestes, dans l'ordre.
console-incidents-crisis-go = Voir les premiers gestes
console-incidents-back-to-list = Tous les programmes arrêtés
console-incidents-done-undone = C'est fait : Hygie a tout remis comme avant.
console-incidents-done-partly = Hygie a remis ce qu'il pouvait. Ce qui manque est dit plus bas ; rien n'est effacé entre-temps.
console-incidents-done-redone = C'est fait : les fichiers sont comme le programme les avait laissés.
console-incidents-done-revoked = L'autorisation est retirée.
console-incidents-done-nothing = Il n'y avait rien à défaire ici. Rien n'a changé.
console-incidents-done-still-runs = Le programme n'a pas pu être terminé, et il recommencerait : rien n'est remis. Attendez une minute et recommencez. Si cela revient, appelez votre prestataire.
console-incidents-done-allowed = Une personne a laissé ce programme continuer : ce qu'il a fait est son travail. Rien n'a changé.
console-incidents-done-busy = Le gardien a trop à faire en ce moment. Rien n'a changé : recommencez dans une minute.
console-incidents-done-cut-off = Le gardien s'est interrompu en chemin. Recommencez : il reprend où il en était.
console-incidents-allow-title = Laisser un programme continuer
console-incidents-allow-sentence = Laisser « { $program } » continuer ?
console-incidents-allow-about = C'est à faire seulement si vous reconnaissez ce programme et que vous vouliez ce qu'il faisait. Dans le doute, ne changez rien : un programme arrêté ne fait plus aucun mal.
console-incidents-allow-changes = Ce que cela change
console-incidents-allow-line = « { $program } » pourra { $doing } dans « { $path } » et ses sous-dossiers
console-incidents-allow-rest = Rien d'autre n'est autorisé : tout autre programme, et celui-ci ailleurs, reste surveillé. Vous pouvez retirer l'autorisation à tout moment.
console-incidents-allow-how-long = Pour combien de temps ?
console-incidents-allow-hours = 8 heures, le temps d'une journée de travail
console-incidents-allow-days = 30 jours, pour un travail qui revient
console-incidents-allow-signs = Votre clé d'accès signe cette autorisation, et elle seule. Le gardien du poste vérifie la signature lui-même ; la console ne peut pas décider à votre place.
console-incidents-allow-go = Signer et laisser continuer
console-incidents-allow-refused = La clé d'accès n'a pas signé. Rien n'a changé : recommencez, ou gardez le programme arrêté.
console-incidents-allow-no-script = Signer avec une clé d'accès demande JavaScript, qui est arrêté dans ce navigateur.
console-incidents-allow-elsewhere = Votre clé d'accès signe à l'adresse de la console :
console-incidents-allow-no-key = Le gardien de ce poste ne se fie encore à aucune de vos clés d'accès. Quelqu'un qui a les droits d'administration de ce poste tape d'abord « sudo hygie keys », vérifie que la clé est la vôtre, puis tape « sudo hygie keys trust » suivi de son numéro.
console-incidents-allow-no-key-own = Vous n'avez pas encore de clé d'accès ? Ajoutez-en une dans « Votre accès ».
console-incidents-allow-damaged = La liste des clés d'accès du gardien est abîmée : il ne se fie plus à aucune. Quelqu'un qui a les droits d'administration de ce poste tape « sudo hygie keys » et suit ce qui s'affiche.
console-incidents-allow-gone = La question du gardien a plus de cinq minutes, ou a déjà servi. Rien n'a changé : recommencez.
console-incidents-allow-copied = Cette clé d'accès a peut-être un double : le gardien ne l'a pas crue, et rien n'a changé. Retirez-la dans « Votre accès » et prévenez votre prestataire.
console-incidents-allow-otherwise = Ce programme en a fait plus depuis que vous avez lu cette page. Rien n'a changé : relisez ce que cela change, puis signez de nouveau.
console-incidents-allow-interpreter = « { $program } » fait ce que n'importe quel script lui dit : l'autoriser autoriserait aussi le prochain script malveillant. La console ne le propose donc pas.
console-incidents-allow-archiver = « { $program } » chiffre ou range ce que n'importe qui lui donne : l'autoriser autoriserait aussi un programme malveillant qui s'en sert. La console ne le propose donc pas.
console-incidents-allow-no-program = Hygie ne sait plus quel programme c'était, et ne peut donc pas l'autoriser.
console-incidents-allow-settled = Cet incident est déjà réglé : il n'y a plus rien à laisser continuer.
console-incidents-allow-silent = Le gardien ne répond pas. Rien n'a changé : vérifiez que Hygie tourne sur le poste de la console, puis recommencez.
console-incidents-allow-by-hand = Sans clé d'accès, quelqu'un qui a les droits d'administration de ce poste peut taper :
console-incidents-allow-back = Revenir à l'incident
console-incidents-allow-done = C'est signé : le programme continue, dans ce dossier et pour cela seulement.

console-incidents-afar-about = Poste « { $device } », le { $at }.
console-incidents-afar-how = La demande part tout de suite ; le poste la fait dès qu'il la reçoit, pendant un jour au plus. Les deux journaux disent qui l'a demandée.
console-incidents-afar-retired = Ce poste est retiré de la console : ce qui reste à faire se fait sur le poste lui-même.
console-incidents-afar-no-reasons = Ce poste n'a pas dit combien de fois il a vu chaque signe.
console-incidents-afar-there-title = Sur ce poste
console-incidents-afar-files = La liste des fichiers reste sur ce poste. La console la lui demande quand quelqu'un la lit ici, et n'en garde rien.
console-incidents-afar-files-see = Voir les fichiers touchés, et les remettre
console-incidents-afar-files-title =
    { $files ->
        [0] Aucun fichier touché sur « { $device } ».
        [one] Un fichier touché sur « { $device } ».
       *[other] { $files } fichiers touchés sur « { $device } ».
    }
console-incidents-afar-files-about = Ces noms viennent du poste à l'instant, et la console n'en garde rien. Les deux journaux disent qui les a lus.
console-incidents-afar-files-caption = Fichiers touchés
console-incidents-afar-files-choose = Aucun fichier n'était choisi. Choisissez dans la liste celui à remettre.
console-incidents-afar-no-healthy = Pas de version d'avant
console-incidents-afar-restore-column = Remettre
console-incidents-afar-restore-one = Remettre celui-ci
console-incidents-afar-restore-all =
    { $files ->
        [one] Remettre ce fichier comme avant
       *[other] Remettre ces { $files } fichiers comme avant
    }
console-incidents-afar-restore-about = Chaque fichier retrouve ce qu'il contenait juste avant l'incident. Ce qui s'y trouve maintenant est gardé à côté, sous un autre nom : rien n'est effacé.
console-incidents-afar-restore-go = Remettre ces fichiers
console-incidents-afar-restore-asked = Remettre des fichiers, demandé le { $made }
console-incidents-afar-freeze-asked = Arrêter de nouveau, demandé le { $made }
console-incidents-afar-allow-asked = Laisser continuer, signé le { $made }
console-incidents-afar-restore-goes-on = Le poste y est : { $done } sur { $of } déjà remis.
console-incidents-afar-restore-done = { $done } sur { $of } remis ; le poste l'a dit le { $at }.
console-incidents-afar-restore-some = { $done } sur { $of } remis, le { $at }. Rien n'est effacé : relisez la liste des fichiers et redemandez ceux qui manquent, ou adressez-vous à qui a les droits d'administration de ce poste.
console-incidents-afar-done-count = Le poste l'a fait, et l'a dit le { $at } : { $done } sur { $of } remis.
console-incidents-afar-signed-late = Le poste a reçu la signature trop tard, et l'a dit le { $at } : sa question avait plus de cinq minutes, ou avait déjà servi. Signez de nouveau si vous le voulez toujours.
console-incidents-afar-signed-not = Le gardien de ce poste n'a pas cru la signature, ou les choses ont changé entre-temps ; il l'a dit le { $at }. Rien n'a changé : relisez ce que cela change, puis signez de nouveau.
console-incidents-afar-done-signed = C'est signé, et c'est parti vers le poste. Son gardien vérifie la signature ; cette page dit ce qu'il en devient.
console-incidents-afar-freeze-title = Arrêter de nouveau ce programme
console-incidents-afar-freeze-about = Le poste arrête le programme et retire l'autorisation. Rien n'est perdu : vous pourrez le laisser continuer plus tard, par une signature.
console-incidents-afar-freeze-go = Arrêter de nouveau
console-incidents-afar-away = Ce poste n'est pas joignable en ce moment. Rien n'a changé : allumez-le, vérifiez qu'il est sur le réseau du cabinet, puis recommencez.
console-incidents-afar-guard-silent = Ce poste est là, mais son gardien ne répond pas. Rien n'a changé : vérifiez que Hygie y tourne et qu'il est à jour, puis recommencez.
console-incidents-allow-title-on = Laisser un programme continuer sur « { $device } » ?
console-incidents-allow-sentence-on = Laisser « { $program } » continuer sur « { $device } » ?
console-incidents-allow-there = Ce programme et ces dossiers sont ceux de cet autre poste : c'est son gardien qui pose la question, et lui seul qui vérifie votre signature.
console-incidents-afar-done-asked = C'est demandé. Cette page dit ce qu'il en devient.
console-incidents-afar-undo-asked = Remettre comme avant, demandé le { $made }
console-incidents-afar-redo-asked = Revenir sur ce choix, demandé le { $made }
console-incidents-afar-other-asked = Demandé à ce poste le { $made }
console-incidents-afar-waits = Le poste ne l'a pas encore fait. La demande vaut jusqu'au { $at }.
console-incidents-afar-no-word = Le poste n'a rien dit avant le { $at }, fin de la demande. Quand il répondra, cette page dira ce qu'il en est ; vous pouvez aussi redemander.
console-incidents-afar-done = Le poste l'a fait, et l'a dit le { $at }.
console-incidents-afar-partial = Le poste a fait ce qu'il pouvait, et l'a dit le { $at }. Ce qui manque est dit sur ce poste : « hygie incidents { $number } ». Rien n'est effacé entre-temps.
console-incidents-afar-not-done = Le poste n'a pas pu le faire, et l'a dit le { $at }. Rien n'est effacé : redemandez, ou tapez sur ce poste « hygie undo { $number } ».
console-incidents-afar-expired = Le poste l'a reçue trop tard, et l'a dit le { $at } : rien n'a changé. Redemandez si vous le voulez toujours.
console-incidents-afar-refused = Le poste ne le fait pas, et l'a dit le { $at } : une personne a laissé ce programme continuer, ou l'incident n'y est plus. Sur ce poste, « hygie incidents { $number } » dit où il en est.
console-incidents-afar-seen = Ce poste a parlé pour la dernière fois le { $seen }.
console-incidents-afar-never-seen = Ce poste n'a encore jamais parlé.
