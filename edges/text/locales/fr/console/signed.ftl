# Les pages où une clé d'accès signe ce qui affaiblit la protection.

console-signed-keys-title = Clés d'accès auxquelles le gardien se fie
console-signed-keys-some =
    { $keys ->
        [one] Le gardien de ce poste se fie à une clé d'accès.
       *[other] Le gardien de ce poste se fie à { $keys } clés d'accès.
    }
console-signed-keys-none = Le gardien de ce poste ne se fie encore à aucune clé d'accès.
console-signed-keys-silent = Le gardien ne répond pas : on ne sait pas à quelles clés d'accès il se fie.
console-signed-keys-about = Ce qui affaiblit la protection n'est fait que si l'une de ces clés l'a signé : laisser un programme continuer, oublier un fichier, ne plus protéger un dossier. La console ne peut pas le décider seule.
console-signed-keys-trusted-title = Le gardien s'y fie
console-signed-keys-proposed-title = Elles attendent une signature
console-signed-keys-line = « { $key } » de { $person }
console-signed-keys-since-root = Depuis le { $since }, par l'administration du poste
console-signed-keys-since-person = Depuis le { $since }, signé par { $by }
console-signed-keys-proposed-since = Elle attend depuis le { $since }
console-signed-keys-withdrawn = La console l'a reprise le { $at } : elle ne signe plus rien
console-signed-keys-left = Cette personne n'est plus praticien du cabinet : ne vous fiez plus à cette clé.
console-signed-keys-trust = S'y fier
console-signed-keys-distrust = Ne plus s'y fier
console-signed-keys-first = La première se décide sur le poste : quelqu'un qui a les droits d'administration y tape « sudo hygie keys », vérifie à qui est la clé, puis tape « sudo hygie keys trust » suivi de son numéro.
console-signed-keys-back = Revenir à l'équipe
console-signed-keys-see = Voir à quelles clés d'accès le gardien se fie
console-signed-done-trusted = C'est signé : le gardien se fie maintenant à cette clé d'accès.
console-signed-done-distrusted = C'est signé : le gardien ne se fie plus à cette clé d'accès.
console-signed-done-forgotten = C'est signé : Hygie a oublié ce fichier. Ce qui en reste ailleurs n'a pas été touché.
console-signed-done-unprotected = C'est signé : ce dossier n'est plus protégé. Le gardien reprend sans lui.
console-signed-trust-title = Se fier à une clé d'accès
console-signed-trust-sentence = Se fier à la clé « { $key } » de { $person } ?
console-signed-trust-about = C'est à faire seulement si cette personne vous a dit elle-même, de vive voix, qu'elle vient d'ajouter cette clé.
console-signed-trust-can = Cette clé pourra signer tout ce qui affaiblit la protection de ce poste : laisser un programme continuer, oublier un fichier, ne plus protéger un dossier, se fier à d'autres clés
console-signed-trust-console = Elle signe à l'adresse « { $host } », et nulle part ailleurs
console-signed-trust-go = Signer et s'y fier
console-signed-distrust-title = Ne plus se fier à une clé d'accès
console-signed-distrust-sentence = Ne plus se fier à la clé « { $key } » de { $person } ?
console-signed-distrust-about = C'est à faire pour une clé perdue ou volée, ou quand la personne est partie.
console-signed-distrust-cannot = Cette clé ne signera plus rien sur ce poste
console-signed-distrust-sign-in = Elle ouvre encore la console tant qu'elle reste dans l'accès de cette personne
console-signed-distrust-last = C'est la dernière : ensuite, seule l'administration du poste pourra en faire accepter une autre
console-signed-distrust-go = Signer et ne plus s'y fier
console-signed-key-rest = Vous pourrez revenir sur ce choix, par une autre signature.
console-signed-forget-title = Oublier un fichier
console-signed-forget-sentence = Oublier « { $name } » pour de bon ?
console-signed-forget-about = C'est à faire quand ce contenu ne doit plus exister, par exemple à la demande d'un patient. Ni Hygie ni personne ne pourra le rendre.
console-signed-forget-versions =
    { $versions ->
        [one] Une version, { $bytes }, est effacée du coffre
       *[other] { $versions } versions, { $bytes }, sont effacées du coffre
    }
console-signed-forget-present = Le fichier est encore là : « { $path } ». Hygie ne le supprime pas, et le copiera de nouveau
console-signed-forget-held = Le même contenu reste dans « { $path } »
console-signed-forget-others =
    { $places ->
        [one] Et à un autre endroit
       *[other] Et à { $places } autres endroits
    }
console-signed-forget-elsewhere = Les sauvegardes déjà faites, les messages envoyés et les clés USB gardent ce qu'ils ont ; le disque peut garder des restes jusqu'à ce que la place serve de nouveau
console-signed-forget-rest = On ne revient pas là-dessus.
console-signed-forget-go = Signer et oublier
console-signed-forget-see = Oublier ce fichier pour de bon
console-signed-unprotect-title = Ne plus protéger un dossier
console-signed-unprotect-sentence = Ne plus protéger « { $path } » ?
console-signed-unprotect-about = Un programme malveillant pourra y changer ou effacer des fichiers sans que Hygie le retienne.
console-signed-unprotect-holds = Hygie ne copie plus rien et n'arrête plus rien dans ce dossier et ses sous-dossiers
console-signed-unprotect-kept = Les versions déjà gardées restent dans le coffre jusqu'à ce que la place manque
console-signed-unprotect-restart = Le gardien redémarre sans ce dossier : les autres restent sans garde le temps de quelques secondes
console-signed-unprotect-rest = Vous pourrez revenir sur ce choix : protéger un dossier ne demande pas de signature.
console-signed-unprotect-go = Signer et ne plus protéger
console-signed-unprotect-see = Ne plus protéger
console-signed-unprotect-last = C'est le dernier dossier protégé : sans lui, Hygie ne protégerait plus rien. Rien n'a changé ; pour arrêter Hygie, adressez-vous à qui a les droits d'administration de ce poste.
console-signed-unprotect-named = Ce dossier est nommé là où Hygie est démarré, et non dans sa configuration. Rien n'a changé : qui a les droits d'administration de ce poste peut l'ôter de la commande.
console-signed-unprotect-configuration = La configuration de Hygie ne se laisse pas lire ou changer. Rien n'a changé : qui a les droits d'administration de ce poste regarde le fichier hygie.toml.
console-signed-there = Sur le poste « { $device } » : c'est son gardien qui pose la question, et lui seul qui vérifie votre signature.
console-signed-there-some =
    { $keys ->
        [one] Le gardien de « { $device } » se fie à une clé d'accès.
       *[other] Le gardien de « { $device } » se fie à { $keys } clés d'accès.
    }
console-signed-there-none = Le gardien de « { $device } » ne se fie encore à aucune clé d'accès.
console-signed-there-about = Ce que vous signez ici part vers ce poste, et lui seul décide d'y croire. La console lui a demandé cette liste à l'instant, et n'en garde rien.
console-signed-there-folders = Dossiers protégés sur ce poste
console-signed-there-failed = Le poste n'a pas pu le faire, et l'a dit le { $at }. Rien n'a changé : recommencez, ou adressez-vous à qui a les droits d'administration de ce poste.
console-signed-there-see = Clés et dossiers de ce poste
console-signed-there-back = Revenir aux postes
console-signed-changes = Ce que cela change
console-signed-signs = Votre clé d'accès signe ceci, et rien d'autre. Le gardien du poste vérifie la signature lui-même ; la console ne peut pas décider à votre place.
console-signed-refused = La clé d'accès n'a pas signé. Rien n'a changé : recommencez, ou laissez tout en l'état.
console-signed-no-script = Signer avec une clé d'accès demande JavaScript, qui est arrêté dans ce navigateur.
console-signed-elsewhere = Votre clé d'accès signe à l'adresse de la console :
console-signed-no-key = Le gardien de ce poste ne se fie à aucune de vos clés d'accès. Un confrère dont il croit la clé peut signer pour la vôtre ; sinon, quelqu'un qui a les droits d'administration de ce poste tape « sudo hygie keys », vérifie que la clé est la vôtre, puis « sudo hygie keys trust » suivi de son numéro.
console-signed-no-key-own = Vous n'avez pas encore de clé d'accès ? Ajoutez-en une dans « Votre accès ».
console-signed-damaged = La liste des clés d'accès du gardien est abîmée : il ne se fie plus à aucune. Quelqu'un qui a les droits d'administration de ce poste tape « sudo hygie keys » et suit ce qui s'affiche.
console-signed-gone = La question du gardien a plus de cinq minutes, ou a déjà servi. Rien n'a changé : recommencez.
console-signed-copied = Cette clé d'accès a peut-être un double : le gardien ne l'a pas crue, et rien n'a changé. Retirez-la dans « Votre accès » et prévenez votre prestataire.
console-signed-otherwise = Les choses ont changé depuis que vous avez lu cette page. Rien n'a été fait : relisez ce que cela change, puis signez de nouveau.
console-signed-unknown = Le gardien ne connaît pas cela, ou ne le connaît plus. Rien n'a changé.
console-signed-silent = Le gardien ne répond pas. Rien n'a changé : vérifiez que Hygie tourne sur le poste de la console, puis recommencez.
console-signed-busy = Le gardien a trop à faire en ce moment. Rien n'a changé : recommencez dans une minute.
console-signed-by-hand = Sans clé d'accès, quelqu'un qui a les droits d'administration de ce poste peut taper :
console-signed-back = Ne rien changer et revenir
