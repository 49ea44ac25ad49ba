# Les réglages de « Demander à Hygie ».

console-messages-title = Ce que Hygie sait du cabinet quand elle juge un message
console-messages-about = Plus elle en sait, moins elle se trompe. Rien de tout cela ne quitte ce poste.
console-messages-card-link = Les adresses du cabinet, ses serveurs de messagerie, et ce que Hygie peut demander
console-messages-done = C'est noté : le prochain message sera jugé ainsi.

console-messages-practice-title = Le cabinet et sa messagerie
console-messages-own = Adresses et domaines du cabinet
console-messages-own-hint = Une par ligne, par exemple accueil@cabinet.example ou cabinet.example. Un message dangereux qui en vient veut dire que la boîte d'un collègue est peut-être aux mains de quelqu'un d'autre.
console-messages-own-wrong = « { $text } » n'est ni une adresse ni un domaine. Cinquante au plus.
console-messages-servers = Serveurs de messagerie dont Hygie croit les vérifications
console-messages-servers-hint = Un par ligne : le nom qui ouvre les lignes « Authentication-Results » de vos courriels, par exemple mx.cabinet.example. Demandez-le à votre prestataire, et n'en mettez pas d'autres.
console-messages-servers-wrong = « { $text } » n'est pas le nom d'un serveur. Cinquante au plus.
console-messages-asks = Demander au réseau si la signature d'un courriel est vraie
console-messages-asks-hint = Seulement pour un courriel signé que vos serveurs n'ont pas vérifié. Hygie demande alors la clé du domaine de l'expéditeur, par exemple labo.example : votre fournisseur d'accès et ce domaine voient cette question, et rien du message. Sans réponse, rien n'est retenu contre l'expéditeur.

console-messages-known-title = Qui vous a déjà écrit
console-messages-known-people = { $people ->
    [one] Hygie connaît { $people } adresse qui a écrit au cabinet, ou à qui le cabinet a écrit.
   *[other] Hygie connaît { $people } adresses qui ont écrit au cabinet, ou à qui le cabinet a écrit.
}
console-messages-known-nobody = Hygie ne connaît encore personne.
console-messages-known-unread = Hygie n'arrive pas à lire ce qu'elle a retenu, et juge sans. Votre prestataire peut taper « sudo hygie check --learn » avec vos boîtes aux lettres.
console-messages-known-about = Cela s'apprend sur ce poste, dans vos boîtes aux lettres : « sudo hygie check --learn DOSSIER ». La console n'en montre que le nombre.
