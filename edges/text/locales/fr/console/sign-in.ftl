# What the sign-in page says.

sign-in-title = Bonjour.
sign-in-again = Encore une fois, pour être sûr que c'est vous.
sign-in-with-key = Entrer avec ma clé d'accès
sign-in-key-refused = Cette clé n'ouvre pas la console. Recommencez, ou entrez sans clé.
sign-in-no-script = Une clé d'accès demande JavaScript. Sans lui, entrez ci-dessous.
sign-in-keys-elsewhere = Les clés d'accès marchent à l'adresse du cabinet :
sign-in-trust-first = faire confiance à la console
sign-in-or = ou, sans clé d'accès
sign-in-login = Identifiant
sign-in-password = Mot de passe
sign-in-readable = Voir ce que je tape
sign-in-code = Code à 6 chiffres
sign-in-code-hint = Dans l'application de codes de votre téléphone.
sign-in-with-password = Entrer sans clé d'accès
sign-in-wrong = Identifiant, mot de passe ou code : l'un des trois n'est pas le bon. Attendez le code suivant, puis recommencez.
sign-in-wait = Trop d'essais de suite. Attendez { $time }, puis recommencez.
sign-in-typed-title = Ce que vous aviez écrit est gardé.
sign-in-typed-about = Votre connexion était trop ancienne pour cela. Rien n'est encore fait : envoyez ce que vous aviez écrit, ou revenez sans rien changer.
sign-in-typed-secret = À taper de nouveau, car ce n'est jamais gardé
sign-in-typed-go = Envoyer ce que j'avais écrit
sign-in-typed-back = Revenir sans rien changer
sign-in-set-up-waits = La mise en route n'est pas finie.
sign-in-set-up-go = La reprendre
