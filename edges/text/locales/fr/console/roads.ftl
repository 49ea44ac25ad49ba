# Être prévenu : les chemins par lesquels Hygie prévient quelqu'un qui n'est pas devant l'écran.

console-roads-title = Être prévenu
console-roads-silent = Hygie ne peut prévenir personne hors de cet écran : son service d'envoi ne répond pas.
    .do = Attendez une minute et actualisez. S'il ne revient pas, redémarrez Hygie sur ce poste.
console-roads-none = Personne n'est prévenu hors de cet écran.
console-roads-one = Hygie prévient par un seul chemin.
console-roads-only-second = Il manque le premier chemin.
console-roads-both = Hygie prévient par deux chemins.
console-roads-about = Ce qu'Hygie envoie ne contient ni patient, ni nom de fichier, ni message : seulement qu'il se passe quelque chose, et où regarder.
console-roads-card-about = Par quels chemins Hygie prévient quelqu'un qui n'est pas devant cet écran.
console-roads-card-link = Voir les chemins
console-roads-first-title = Premier chemin
console-roads-first-about = Essayé tout de suite.
console-roads-second-title = Second chemin
console-roads-second-about = Essayé si personne n'a lu ce qui est parti par le premier. Choisissez-le assez différent pour qu'une même panne n'emporte pas les deux.
console-roads-not-set = Aucun chemin n'est réglé ici.
console-roads-is-mail = Par e-mail, à { $to }
console-roads-is-mail-how = Par { $server }, port { $port }, au nom de { $from }
console-roads-is-mail-user = Compte { $user }, mot de passe gardé par le service d'envoi
console-roads-is-hook = Par webhook, à { $url }
console-roads-is-hook-signed = Chaque envoi est signé ; le secret est gardé par le service d'envoi
console-roads-is-hook-bare = Les envois ne sont pas signés

console-roads-by-mail = Régler un e-mail
console-roads-by-hook = Régler un webhook
console-roads-server = Serveur d'envoi
console-roads-server-hint = Le serveur SMTP de votre messagerie, par exemple smtp.cabinet.example.
console-roads-port = Port
console-roads-port-hint = 465 avec TLS dès le début, 587 avec STARTTLS.
console-roads-security = Chiffrement
console-roads-security-tls = TLS dès le début
console-roads-security-start-tls = STARTTLS
console-roads-user = Utilisateur
console-roads-user-hint = Vide si le serveur ne demande à personne de se connecter.
console-roads-password = Mot de passe
console-roads-password-hint = Un mot de passe d'application, si votre messagerie en propose. Il n'est plus jamais montré.
console-roads-password-kept = Laissez vide pour garder celui de ce compte.
console-roads-sender = Adresse de l'expéditeur
console-roads-sender-hint = Celle du compte, par exemple hygie@cabinet.example.
console-roads-to = Destinataires
console-roads-to-hint = Une adresse par ligne, { $most } au plus. De préférence hors du cabinet, et lues sur un téléphone.
console-roads-url = Adresse du webhook
console-roads-url-hint = Elle commence par https://. Si elle contient un secret, ceux qui voient cette page le voient.
console-roads-key = Secret de signature
console-roads-key-hint = Celui que donne le service qui reçoit ; il commence par whsec_. Vide pour ne pas signer.
console-roads-key-kept = Laissez vide pour garder celui de cette adresse.
console-roads-try = Envoyer un essai
console-roads-forget = Retirer ce chemin

console-roads-flaw-server = Il faut le nom d'un serveur, sans https:// ni port, par exemple smtp.cabinet.example.
console-roads-flaw-port = Il faut un nombre de 1 à 65535, par exemple 465.
console-roads-flaw-user = Ce nom ne peut pas être celui d'un compte : une ligne, 200 signes au plus.
console-roads-flaw-password = Il faut l'utilisateur et son mot de passe, ou aucun des deux. Pour un autre serveur ou un autre compte, tapez le mot de passe à nouveau.
console-roads-flaw-key = Ce secret n'en est pas un : il commence par whsec_, suivi de 32 à 88 lettres et chiffres.
console-roads-flaw-sender = Il faut une adresse simple, par exemple hygie@cabinet.example.
console-roads-flaw-to = Il faut de une à { $most } adresses simples, une par ligne, par exemple dr.durand@cabinet.example.
console-roads-flaw-url = Il faut une adresse qui commence par https://, sans utilisateur ni mot de passe, par exemple https://alertes.example/hygie.

console-roads-done-kept = Le chemin est gardé. Envoyez un essai pour savoir s'il mène à quelqu'un.
console-roads-done-dropped = Le chemin est retiré, et son secret avec lui.
console-roads-taken = Le serveur a accepté l'essai.
    .do = Regardez maintenant s'il est arrivé : un serveur qui accepte n'a encore prévenu personne.
console-roads-taken-but = { $count ->
    [one] Le serveur a accepté l'essai, sauf pour une adresse dont il ne veut pas.
   *[other] Le serveur a accepté l'essai, sauf pour { $count } adresses dont il ne veut pas.
}
    .do = Relisez les destinataires, puis regardez si l'essai est arrivé aux autres.
console-roads-no-road = L'essai n'est pas parti : aucun chemin n'est réglé ici.
    .do = Réglez un e-mail ou un webhook ci-dessous.
console-roads-name-unknown = L'essai n'est pas parti : personne ne connaît ce nom de serveur.
    .do = Relisez le nom, et regardez si ce poste a accès à Internet.
console-roads-not-reached = L'essai n'est pas parti : le serveur ne prend pas la connexion.
    .do = Relisez le port, et regardez si le pare-feu du cabinet laisse sortir ce poste.
console-roads-tls-refused = L'essai n'est pas parti : le serveur ne chiffre pas la connexion de cette façon. Rien ne lui a été dit.
    .do = Essayez l'autre chiffrement : TLS avec le port 465, STARTTLS avec le port 587.
console-roads-certificate-refused = L'essai n'est pas parti : le certificat du serveur n'est pas le sien, n'est plus valable, ou vient d'une autorité que ce poste ne connaît pas. Rien ne lui a été dit.
    .do = Relisez le nom du serveur et l'heure de ce poste. Si tout est juste, demandez à votre prestataire : quelqu'un peut être entre vous et le serveur.
console-roads-login-refused = L'essai n'est pas parti : le serveur refuse l'utilisateur ou le mot de passe.
    .do = Tapez les deux à nouveau. Certaines messageries veulent un mot de passe d'application, d'autres n'acceptent plus de mot de passe du tout : prenez alors un autre serveur d'envoi.
console-roads-address-refused = L'essai n'est pas parti : le serveur refuse l'expéditeur, ou tous les destinataires.
    .do = Relisez les adresses ; l'expéditeur doit être une adresse de ce compte.
console-roads-refused = L'essai n'est pas parti : le serveur le refuse, avec le code { $code }.
    .do = Donnez ce code à votre prestataire, ou à qui tient ce serveur.
console-roads-later = L'essai n'est pas parti : le serveur n'en veut pas pour l'instant, avec le code { $code }.
    .do = Recommencez dans quelques minutes. Une alerte serait essayée à nouveau d'elle-même.
console-roads-too-slow = Le serveur ne répond pas à temps. Il a peut-être pris l'essai.
    .do = Regardez s'il est arrivé, puis recommencez dans quelques minutes.
console-roads-broken-off = La connexion s'est coupée avant que le serveur dise qu'il a l'essai. Il l'a peut-être pris.
    .do = Regardez s'il est arrivé, puis recommencez dans quelques minutes.
console-roads-full = L'essai n'est pas parti : trop d'envois viennent de partir. Hygie en laisse passer { $minute } par minute et { $day } par jour.
    .do = Attendez une minute, puis recommencez.

console-roads-try-subject = Hygie : ceci est un essai
console-roads-try-text = { $who } essaie si ce chemin mène à vous. Il ne se passe rien : vous n'avez rien à faire.
    Les alertes du cabinet viendront par ici. La console est à { $url }
