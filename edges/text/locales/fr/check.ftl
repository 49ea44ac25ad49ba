# hygie check : si des messages sont des arnaques. Ce qui se dit de chacun est dans console/phish.ftl.

check-progress = { $messages } { $messages ->
        [one] message regardé
       *[other] messages regardés
    }
check-one = { $file } : { $level }
check-one-of = { $file }, message { $number } : { $level }
check-in = Message reçu
check-summary = { $messages } { $messages ->
        [one] message regardé
       *[other] messages regardés
    }, dont { $safe } sans rien d'inquiétant.
check-dangerous = { $messages } { $messages ->
        [one] message est une arnaque probable.
       *[other] messages sont des arnaques probables.
    }
check-doubtful = { $messages } { $messages ->
        [one] message est à vérifier.
       *[other] messages sont à vérifier.
    }
check-nothing = Il n'y a aucun message là où vous avez demandé de regarder.
    .do = Donnez un message (.eml, .msg), une boîte aux lettres (mbox) ou un dossier qui en contient ; pour le texte d'un SMS, ajoutez « --sms ».
check-unread = Hygie n'a pas pu lire ce message en entier : il est trop abîmé, ou fait pour empêcher de le lire.
    .do = N'ouvrez ni lien ni pièce jointe avant d'avoir appelé l'expéditeur à un numéro que vous connaissez.
check-nothing-seen = Hygie n'y a rien vu de ce que font les arnaques.
check-quoted = L'expéditeur et l'objet sont ceux que cite le message transféré : Hygie ne peut pas les vérifier.
check-not-a-message = « { $file } » n'est pas un message que Hygie sait lire.
    .do = Enregistrez-le depuis votre logiciel de messagerie au format .eml ou .msg ; pour le texte d'un SMS, ajoutez « --sms ».
check-outlook = « { $file } » est au format d'Outlook (.msg), mais Hygie n'y trouve pas de message.
    .do = Dans Outlook, enregistrez le message encore une fois, au format .msg ou .eml, puis recommencez.
check-file = « { $file } » n'a pas pu être lu : { $reason }.
    .do = Vérifiez que ce fichier existe et que vous avez le droit de l'ouvrir.
check-no-sandbox = Hygie ne lit les messages que dans un processus enfermé, et n'a pas pu en démarrer : { $reason }.
    .do = Tapez « hygie doctor » pour voir ce que cette machine permet. Rien n'a été lu.
check-no-memory = La mémoire des expéditeurs « { $path } » appartient à quelqu'un d'autre : Hygie juge sans elle.
    .do = Avec « sudo », Hygie s'en sert et se trompe moins souvent.
check-memory-damaged = La mémoire des expéditeurs « { $path } » est abîmée.
    .do = Supprimez-la, puis tapez « hygie check --learn » avec vos boîtes aux lettres pour la refaire.
check-own = « { $text } » n'est ni une adresse ni un domaine.
    .do = Donnez par exemple « --own accueil@cabinet.example » ou « --own cabinet.example ».
check-server = « { $text } » n'est pas le nom d'un serveur de messagerie.
    .do = Donnez le nom qui ouvre les lignes « Authentication-Results » de vos courriels, par exemple « --trusted-server mx.cabinet.example ».
check-no-names = Personne n'a répondu à ce que Hygie demandait des domaines des expéditeurs : leurs signatures n'ont pas pu être vérifiées, et ne comptent ni pour ni contre eux.
    .do = Hors connexion, ajoutez « --offline » : Hygie ne demande alors rien et n'attend pas.
check-learnt = Retenus : { $received } { $received ->
        [one] message reçu
       *[other] messages reçus
    }, { $sent } { $sent ->
        [one] message envoyé.
       *[other] messages envoyés.
    }
check-learnt-already = { $messages } { $messages ->
        [one] message était déjà connu : il ne compte pas deux fois.
       *[other] messages étaient déjà connus : ils ne comptent pas deux fois.
    }
check-learnt-left-out = { $messages } { $messages ->
        [one] message n'est pas retenu : c'est une arnaque probable, ou il est parmi les indésirables.
       *[other] messages ne sont pas retenus : ce sont des arnaques probables, ou ils sont parmi les indésirables.
    }
check-learnt-people = Hygie connaît maintenant { $people ->
        [one] { $people } adresse
       *[other] { $people } adresses
    }. Aucun texte n'est gardé, et rien ne quitte ce poste.
check-learnt-no-own = Hygie ne sait pas quelles adresses sont celles du cabinet, et ne reconnaît donc pas vos réponses.
    .do = Ajoutez « --own » suivi de votre adresse ou de votre domaine, une fois pour chacun.
