# Ce que disent les avis, sur les pages et dans les messages.

console-alerts-title = Avis
console-alerts-waiting = { $alerts ->
    [one] Un avis attend d'être lu.
   *[other] { $alerts } avis attendent d'être lus.
}
console-alerts-calm = Tous les avis ont été lus.
console-alerts-none = Hygie n'a encore rien eu à vous signaler.
console-alerts-about = Un avis compte comme donné quand une personne l'a lu. Lu par l'un, il est lu pour tous.
console-alerts-waiting-title = À lire
console-alerts-past-title = Avis passés
console-alerts-older = Plus anciens
console-alerts-read-button = J'ai lu
console-alerts-read-by = Lu par { $who } le { $at }.
console-alerts-unread = Personne ne l'a encore lu.
console-alerts-given-first = Parti par la première voie le { $at }.
console-alerts-given-second = Parti par la seconde voie le { $at }.
console-alerts-unsent-no-road = Il n'a pas pu partir : cette voie n'est pas réglée.
console-alerts-unsent-silent = Il n'a pas pu partir : le service d'envoi ne répond pas.
console-alerts-unsent-later = Il n'a pas pu partir : le serveur n'est pas joignable ou n'a pas le temps. Hygie essaie encore.
console-alerts-unsent-refused = Il n'a pas pu partir : le serveur le refuse. Regardez les voies dans les réglages.
console-alerts-since = Depuis le { $at }.
console-alerts-at = Le { $at }.
console-alerts-times = C'est arrivé et reparti { $times } fois depuis le { $since }.
console-alerts-again = { $times } fois.
console-alerts-over = C'était terminé tout seul le { $at }.
console-alerts-settled = C'est réglé depuis le { $at }.
console-alerts-done = C'est noté : cet avis est lu.
console-alerts-incident = Hygie a arrêté un programme sur le poste de la console.
    .do = Regardez-le dans la console, et laissez le poste allumé.
console-alerts-incident-on = Hygie a arrêté un programme sur le poste { $device }.
    .do = Regardez-le dans la console, et laissez le poste allumé.
console-alerts-guard = Les dossiers du poste de la console ne sont plus protégés.
    .do = Relancez Hygie sur ce poste, ou appelez votre prestataire.
console-alerts-guard-silent = Le gardien du poste de la console ne donne plus de nouvelles.
    .do = Relancez Hygie sur ce poste, ou appelez votre prestataire.
console-alerts-guard-on = Les dossiers du poste { $device } ne sont plus protégés, ou son gardien ne répond plus.
    .do = Relancez Hygie sur ce poste, ou appelez votre prestataire.
console-alerts-points = Une partie des dossiers du poste de la console n'est pas couverte.
    .do = La page d'aujourd'hui dit laquelle, et quoi faire.
console-alerts-points-on = Une partie des dossiers du poste { $device } n'est pas couverte.
    .do = Regardez Hygie sur ce poste : il dit laquelle.
console-alerts-device = Le poste { $device } ne donne plus de nouvelles, sans s'être éteint.
    .do = Regardez s'il est allumé et relié au réseau, et si Hygie y tourne.
console-alerts-away = Le poste { $device } n'a pas été vu depuis trois jours.
    .do = S'il est en congé, il n'y a rien à faire ; sinon, cherchez où il est.
console-alerts-recovery = { $name } demande à revenir sans sa clé d'accès.
    .do = Parlez-lui de vive voix. Si ce n'est pas sa demande, arrêtez-la dans la console.
console-alerts-new-person = { $name } a maintenant un accès à la console.
    .do = Si personne du cabinet ne l'a voulu, fermez cet accès.
console-alerts-new-key = Une clé d'accès a été ajoutée pour { $name }.
    .do = Si ce n'était pas voulu, retirez cette clé.
console-alerts-guessing = Quelqu'un essaie beaucoup de mots de passe ou de codes sur la console.
    .do = Hygie le ralentit. La main courante dit d'où cela vient.
console-alerts-post = Le service qui envoie les avis ne répond plus.
    .do = Relancez Hygie sur le poste de la console.
console-alerts-signer = Le service qui signe les certificats ne répond plus.
    .do = Relancez Hygie sur le poste de la console.
console-alerts-database = La base de la console est abîmée.
    .do = N'y changez rien et appelez votre prestataire : la dernière copie est dite dans les réglages.
console-alerts-journal = La chaîne de la main courante ne tient plus.
    .do = Vérifiez-la dans la console, et gardez une copie de ce qu'elle est.
console-alerts-disk = Le disque de la console est presque plein.
    .do = Faites de la place avant qu'il ne puisse plus rien garder.
console-alerts-certificate = Le certificat de la console se termine dans moins de 30 jours.
    .do = Appelez votre prestataire : il aurait dû être renouvelé.
console-alerts-copies = La base de la console n'a pas de copie récente.
    .do = Faites une copie depuis les réglages.
console-alerts-some-device = sans nom
console-alerts-somebody = Une personne
console-alerts-subject = { $alerts ->
    [one] Hygie : un avis pour votre cabinet
   *[other] Hygie : { $alerts } avis pour votre cabinet
}
console-alerts-subject-now = Hygie : à lire maintenant
console-alerts-letter-opens = Avis de Hygie pour { $practice }.
console-alerts-letter-link = Lire et répondre dans la console : { $link }
console-alerts-letter-call = Qui appeler : { $name }, { $phone }.
console-alerts-letter-read = Cet avis compte comme donné quand quelqu'un le marque comme lu dans la console. Sinon, Hygie essaie la seconde voie.
console-alerts-letter-promise = Ce message ne contient ni nom de fichier, ni donnée de patient.
console-alerts-strip-unsent = { $alerts ->
    [one] Un avis n'a pas pu vous être envoyé.
   *[other] { $alerts } avis n'ont pas pu vous être envoyés.
}
console-alerts-strip-post = Le service qui envoie les avis ne répond pas depuis le { $since }.
console-alerts-strip-blind = Hygie ne surveille plus ce qui doit vous être dit depuis le { $since }.
console-alerts-strip-go = Voir les avis
console-alerts-duties-title = Ce qui veille
console-alerts-duty-guard = Gardien du poste de la console
console-alerts-duty-guard-on = Gardien du poste { $device }
console-alerts-duty-device = Nouvelles du poste { $device }
console-alerts-duty-post = Envoi des avis
console-alerts-duty-signer = Signature des certificats
console-alerts-duty-database = Base de la console
console-alerts-duty-journal = Chaîne de la main courante
console-alerts-duty-disk = Place sur le disque de la console
console-alerts-duty-certificate = Certificat de la console
console-alerts-duty-copies = Copies de la base
console-alerts-stands-well = En ordre
console-alerts-stands-trouble = À regarder depuis le { $since }
console-alerts-stands-mending = Réparation en cours depuis le { $since }
console-alerts-stands-not-known = Sans nouvelles depuis le { $since }
console-alerts-stands-asleep = Éteint ou en veille depuis le { $since } ; on s'en inquiète après le { $until }
console-alerts-meanwhile-title = Depuis votre dernière visite, le { $since }
console-alerts-meanwhile-alerts = { $alerts ->
    [one] Un avis, dont { $over } terminé depuis.
   *[other] { $alerts } avis, dont { $over } terminés depuis.
}
console-alerts-meanwhile-off = La console était éteinte ou en veille du { $from } au { $to } : personne ne veillait.
console-alerts-wishes-title = Quand être prévenu
console-alerts-wishes-about = Aux heures calmes, seul part ce qui ne peut pas attendre : un programme arrêté, ou une protection perdue pendant ce temps. Le reste part en un seul message, après.
console-alerts-wishes-from = Heures calmes, de
console-alerts-wishes-to = à
console-alerts-wishes-hint = Par exemple 20:00 et 07:00. La même heure deux fois : pas d'heures calmes.
console-alerts-wishes-wrong = Il faut deux heures, par exemple 20:00 et 07:00.
console-alerts-wishes-sunday = Le dimanche aussi est calme
console-alerts-wishes-second = Sans lecture, essayer la seconde voie après (heures, sans compter les heures calmes)
console-alerts-wishes-second-wrong = Il faut un nombre d'heures de 1 à 24.
console-alerts-wishes-language = Langue des messages
console-alerts-wishes-save = Enregistrer
console-alerts-wishes-done = C'est enregistré.
console-alerts-wishes-see = Heures calmes et délais
console-alerts-roads = Par où les avis partent
