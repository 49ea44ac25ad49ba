# Les personnes : qui entre, qui est invité, qui part, qui revient.

# La page.
console-people-title = Personnes
console-people-count = { $people ->
    [1] Une personne a un accès.
    [2] Deux personnes ont un accès.
    [3] Trois personnes ont un accès.
    [4] Quatre personnes ont un accès.
    [5] Cinq personnes ont un accès.
    [6] Six personnes ont un accès.
    [7] Sept personnes ont un accès.
    [8] Huit personnes ont un accès.
    [9] Neuf personnes ont un accès.
   *[other] { $people } personnes ont un accès.
}
console-people-waits-nothing = Rien ne vous attend.
console-people-waits-asked = Un retour est à confirmer.
console-people-waits-back = Un retour est en cours.
console-people-waits-open = Un prestataire peut entrer en ce moment.
console-people-waits-means = Un accès tient à un fil.
console-people-waits-sheet = Une feuille de secours est à essayer.
console-people-list-title = Les personnes du cabinet
console-people-column-person = Personne
console-people-column-role = Rôle
console-people-column-means = Connexion
console-people-column-last = Dernière venue
console-people-column-act = Action
console-people-label-role = Rôle :
console-people-label-means = Connexion :
console-people-label-last = Dernière venue :
console-people-you = vous
console-people-open-until = peut entrer jusqu'au { $until }
console-people-shut = n'entre qu'avec votre accord
console-people-last-at = { $at }
console-people-never = jamais
console-people-add-key = Ajouter une clé de secours
console-people-open-usual = Ouvrir pour 2 heures
console-people-gone-title = Accès fermés
console-people-gone-since = fermé le { $at }
console-people-gone-see = Voir
console-people-key-title = La clé d'accès
console-people-key-about = Votre doigt, votre visage ou le code de votre appareil remplace le mot de passe. Elle ne peut être ni devinée, ni donnée par mégarde à un faux site. Ayez-en toujours deux.

# Avec quoi on entre.
console-people-means-none = aucun moyen d'entrer
console-people-means-keys = { $keys } clés d'accès
console-people-means-key = 1 clé d'accès, pas de secours
console-people-means-key-password = 1 clé d'accès, et un mot de passe
console-people-means-key-sheet = 1 clé d'accès, et la feuille de secours
console-people-means-password = mot de passe et code, pas de secours
console-people-means-password-sheet = mot de passe et code, et la feuille de secours
console-people-means-agreed = { $means }, avec l'accord du cabinet

# Ce qui attend.
console-people-asked-title = Est-ce bien { $name } qui veut revenir ?
console-people-asked-why = Ses clés et sa feuille de secours seraient perdues. Sans confirmation, la demande tombe le { $until }.
console-people-delayed-title = { $name } pourra revenir le { $opens }.
console-people-delayed-why = Une seconde personne a confirmé que c'est bien { $name }. Un doute ? Arrêtez la demande avant.
console-people-root-title = L'accès de { $name } a été rouvert le { $at } depuis le poste de la console
console-people-root-why = Quelqu'un qui a les droits d'administration de ce poste l'a fait. Si { $name } ne l'a pas demandé, appelez votre prestataire et fermez cet accès.
console-people-back-title = { $name } peut revenir maintenant.
console-people-back-why = Dans le navigateur de sa demande, jusqu'au { $until }. Ses anciennes clés ne vaudront plus rien.
console-people-notice-to-all = Tout le cabinet voit cet avis.
console-people-confirm-see = Vérifier avec la personne
console-people-confirm-how = Parlez-lui de vive voix, ou en face à face : pas par message. Demandez-lui les six chiffres que montre son écran.
console-people-control-label = Les six chiffres de son écran
console-people-control-hint = Par exemple 123 456. Ils disent que c'est bien cette demande-là.
console-people-confirm-go = Confirmer son retour
console-people-cancel-go = Arrêter cette demande
console-people-open-title = { $name } peut entrer en ce moment
console-people-open-why = Le temps ouvert pour { $name } finit tout seul le { $until }.
console-people-open-small = Intervention finie ? Fermez sans attendre.
console-people-own-nothing-title = Choisissez un moyen d'entrer
console-people-own-nothing-why = Sans lui, vous ne pourrez pas revenir une fois déconnecté.
console-people-arrived-title = { $name } attend votre accord
console-people-arrived-why = L'invitation est acceptée. Ouvrez un temps pour que { $name } puisse entrer et faire sa clé.
console-people-nothing-title = { $name } n'a aucun moyen d'entrer
console-people-nothing-why = L'invitation a servi, mais aucune clé n'a été faite. Fermez cet accès, puis invitez { $name } une nouvelle fois.
console-people-own-weak-title = Ajoutez un second moyen d'entrer
console-people-own-weak-why = Vous n'en avez qu'un : perdu, il vous laisse dehors.
console-people-weak-title = { $name } n'a qu'un moyen d'entrer
console-people-weak-why = Perdu, il laisse { $name } dehors. Demandez-lui d'ajouter une clé, ou de faire sa feuille de secours.
console-people-own-untested-title = Essayez votre feuille de secours
console-people-own-untested-why = Faite, jamais essayée : mieux vaut savoir aujourd'hui où elle est.
console-people-untested-title = { $name } n'a jamais essayé sa feuille de secours
console-people-untested-why = Demandez à { $name } de taper un de ses codes depuis le papier. Il ne sera pas usé.
console-people-two-ways = Avec deux moyens, une clé perdue n'arrête pas le travail.
console-people-see-person = Voir son accès
console-people-own-access = Voir votre accès

# Inviter.
console-people-invite-title = Inviter quelqu'un
console-people-invite-about = Hygie prépare un lien. Vous le remettez vous-même.
console-people-invite-whom = Qui invitez-vous ?
console-people-invite-name = Prénom et nom
console-people-invite-go = Préparer l'invitation
console-people-invite-again = Hygie vous demandera d'abord de montrer encore une fois que c'est vous.
console-people-invite-others = Un praticien du cabinet peut inviter quelqu'un, ou fermer un accès.
console-people-name-missing = Il manque le nom, par exemple « Inès Roux ».
console-people-role-legend = Rôle
console-people-role-missing = Choisissez un rôle.
console-people-role-assistant = Secrétaire :
console-people-role-assistant-about = demander, retrouver un fichier, ouvrir une crise
console-people-role-practitioner = Praticien :
console-people-role-practitioner-about = tout, y compris inviter et fermer un accès
console-people-role-provider = Prestataire :
console-people-role-provider-about = réglages, jamais les dossiers, et seulement quand vous ouvrez un temps
console-people-link-title = L'invitation pour { $name } est prête.
console-people-link-how = Ce lien ne s'affichera plus. Donnez-le maintenant, de la main à la main ou par un message à vous.
console-people-link-card = Le lien
console-people-link-label = Lien à copier
console-people-link-until = Il sert une seule fois, jusqu'au { $until }.
console-people-link-drawing = Dessin du lien, à lire avec un téléphone
console-people-link-trust = Sur un autre appareil, il faut d'abord
console-people-link-trust-go = faire confiance à la console
console-people-link-provider = Un prestataire n'entre pas avec ce lien seul : une fois l'invitation acceptée, ouvrez-lui un temps depuis cette page Personnes.
console-people-invitations-title = Invitations en attente
console-people-invitation-open = { $role }, par { $by }, jusqu'au { $until }
console-people-invitation-over = { $role }, par { $by }, finie depuis le { $until }
console-people-invitation-end = Reprendre
console-people-back-to-people = Revenir aux personnes

# Rejoindre.
console-people-join-title = Bienvenue.
console-people-join-about = { $practice } vous invite, comme { $role }.
console-people-join-then = Vous ferez ensuite votre clé d'accès : votre doigt, votre visage ou le code de votre appareil.
console-people-join-provider = Vous n'entrerez que pendant le temps que le cabinet vous ouvre.
console-people-join-name = Votre prénom et votre nom
console-people-join-login = Identifiant
console-people-join-login-hint = Ce que vous taperez pour entrer sans clé, par exemple « ines.roux ».
console-people-join-login-wrong = Il faut de 2 à 40 lettres ou chiffres, par exemple « ines.roux ».
console-people-join-login-taken = Quelqu'un du cabinet a déjà ce nom. Choisissez-en un autre, par exemple avec votre initiale.
console-people-join-go = Rejoindre le cabinet
console-people-over-title = Ce lien n'ouvre plus rien.
console-people-over-why = Il a déjà servi, il a été repris, ou ses trois jours sont passés.
console-people-over-do = Demandez-en un nouveau à qui vous a invité. Si ce n'est pas vous qui l'avez ouvert, dites-le tout de suite.
console-people-waiting-title = Vous êtes attendu. Il manque l'accord du cabinet.
console-people-waiting-why = Appelez le cabinet : quelqu'un vous ouvre un temps. Gardez cette page, puis actualisez-la.
console-people-waiting-open-title = Le cabinet vous a ouvert un temps.
console-people-waiting-open-why = Entrez, et faites votre clé d'accès : elle servira à chaque intervention.
console-people-waiting-enter = Entrer
console-people-to-sign-in = Revenir à la connexion

# Une personne.
console-people-has-nothing = { $name } n'a aucun moyen d'entrer.
console-people-has-one = { $name } n'a qu'un moyen d'entrer.
console-people-has-enough = { $name } a de quoi entrer.
console-people-is-closed = { $name } n'a plus d'accès.
console-people-person-about = { $role }, identifiant { $login }, au cabinet depuis le { $since }
console-people-means-title = Moyens d'entrer
console-people-last-came = Dernière venue le { $at }
console-people-never-came = Pas encore venu
console-people-sheet-title = Feuille de secours
console-people-sheet-none = aucune
console-people-sheet-untested = faite, jamais essayée
console-people-sheet-tested = faite et essayée
console-people-weak-how = Chacun ajoute ses propres moyens : la personne ouvre « Votre accès » une fois connectée.
console-people-time-title = Temps ouvert
console-people-time-open-until = { $name } peut entrer jusqu'au { $until }.
console-people-time-shut = { $name } ne peut pas entrer en ce moment.
console-people-time-legend = Pour combien de temps
console-people-time-usual = 2 heures, le temps d'une intervention
console-people-time-half-day = 4 heures, une demi-journée
console-people-time-day = 12 heures, une journée : le plus long
console-people-time-go = Ouvrir ce temps
console-people-time-end = Fermer maintenant
console-people-time-about = À la fin, la connexion se ferme toute seule. Pour une autre intervention, ouvrez un autre temps.
console-people-own-time = Le cabinet vous laisse entrer jusqu'au { $until }.
console-people-own-time-end = J'ai fini, fermer mon temps
console-people-sessions-title = Connexions en cours
console-people-sessions-none = Aucune connexion en cours.
console-people-session-about = Depuis { $address }, ouverte le { $since }, utilisée le { $used }
console-people-session-end = Fermer
console-people-sessions-end = Tout fermer
console-people-role-title = Changer de rôle
console-people-role-ends = Ses connexions se ferment, et la suivante a le nouveau rôle.
console-people-role-go = Changer le rôle
console-people-last-practitioner = C'est le dernier praticien qui peut entrer : il faut d'abord que quelqu'un d'autre le devienne.

# Qui part.
console-people-leaves-title = Cette personne part
console-people-leaves-about = Un geste ferme tout ce qui ouvre la console. Hygie montre d'abord ce que c'est.
console-people-leaves-go = Voir et fermer l'accès
console-people-close-title = Fermer un accès
console-people-close-ask = Fermer l'accès donné à { $name }
console-people-close-why = Voici ce qui s'arrête, et ce qu'il reste à faire à la main.
console-people-close-once = Tout s'arrête en un geste
console-people-close-undo = Les fichiers restent au cabinet. Fermer se défait en un clic pendant 30 jours.
console-people-close-go = Fermer cet accès maintenant
console-people-ends-title = Ce que Hygie arrête
console-people-ends-nothing = Rien n'est ouvert à ce nom en ce moment.
console-people-ends-keys = { $many ->
    [one] Une clé d'accès n'ouvre plus la console.
   *[other] { $many } clés d'accès n'ouvrent plus la console.
}
console-people-ends-sessions = { $many ->
    [one] Une connexion en cours se ferme.
   *[other] { $many } connexions en cours se ferment.
}
console-people-ends-invitations = { $many ->
    [one] Une invitation en attente est reprise.
   *[other] { $many } invitations en attente sont reprises.
}
console-people-ends-openings = { $many ->
    [one] Le temps ouvert à un prestataire se ferme.
   *[other] Les temps ouverts à { $many } prestataires se ferment.
}
console-people-ends-password = Le mot de passe et le code n'ouvrent plus rien.
console-people-ends-sheet = Les codes de la feuille de secours n'ouvrent plus rien.
console-people-ends-recovery = La demande de retour en cours s'arrête.
console-people-ends-browsers = Plus aucun navigateur n'est reconnu.
console-people-ends-codes = Les codes faits pour ajouter un poste ne servent plus.
console-people-hand-title = Ce qu'il reste à faire à la main
console-people-hand-key = Sur le poste { $device }, un autre praticien retire cette clé de celles que le gardien croit.
console-people-hand-device = Regardez le poste { $device } : cette personne l'a ajouté, et il continue de protéger.
console-people-hand-passwords = Changez les mots de passe que plusieurs connaissent : Wi-Fi, messagerie, logiciel de soins, poste de l'accueil.
console-people-hand-things = Reprenez les clés de la porte, les cartes, le téléphone et l'ordinateur du cabinet.
console-people-hand-outside = Fermez aussi les accès que Hygie ne voit pas : logiciel de soins, messagerie, banque, sauvegarde en ligne.
console-people-could-title = Ce que cette personne peut faire ici
console-people-could-read = Voir le contenu des dossiers protégés
console-people-could-find = Retrouver des fichiers par leur nom, et les rétablir
console-people-could-case = Lire les messages soumis à Hygie et le déroulé d'une crise
console-people-could-settings = Voir ou changer les réglages
console-people-could-people = Inviter quelqu'un et fermer un accès
console-people-could-weaken = Baisser la protection, en signant avec sa clé
console-people-could-states = Voir comment va le cabinet
console-people-closed-title = Accès fermé
console-people-closed-by = Fermé le { $at } par { $by }.
console-people-reopen-go = Rouvrir cet accès
console-people-reopen-until = Possible jusqu'au { $until } : ses clés serviront à nouveau.
console-people-reopen-over = Les 30 jours sont passés : pour revenir, il faut une nouvelle invitation.
console-people-back-to-person = Revenir à cette personne

# Revenir.
console-people-cannot-enter = Je n'arrive pas à entrer
console-people-recover-title = Vous n'arrivez pas à entrer.
console-people-recover-about = Deux chemins : votre feuille de secours, sinon quelqu'un du cabinet.
console-people-recover-code-title = Avec votre feuille de secours
console-people-recover-code = Un code de la feuille
console-people-recover-code-hint = Seize lettres ou chiffres. Chaque code sert une fois : barrez-le ensuite.
console-people-recover-go = Entrer avec ce code
console-people-recover-wrong = Identifiant ou code : l'un des deux n'est pas le bon. Relisez la feuille, puis prenez le code suivant.
console-people-recover-or = ou, sans feuille
console-people-recover-ask-title = Avec quelqu'un du cabinet
console-people-recover-ask-about = Une seconde personne confirme que c'est vous. Un jour passe, tout le cabinet est prévenu, puis vous entrez ici, dans ce navigateur.
console-people-recover-ask-go = Demander à revenir
console-people-recover-login-missing = Il manque l'identifiant, par exemple « ines.roux ».
console-people-recover-asked-title = Appelez maintenant quelqu'un du cabinet.
console-people-recover-asked-why = Cette personne ouvre Personnes dans la console et confirme. Sans cela, la demande tombe le { $until }.
console-people-recover-control = Dites-lui ces six chiffres de vive voix :
console-people-recover-delayed-title = C'est confirmé. Il faut encore attendre.
console-people-recover-delayed-why = Revenez sur cette page, dans ce navigateur, le { $opens }.
console-people-recover-open-title = Vous pouvez revenir.
console-people-recover-open-why = Jusqu'au { $until }. Vos anciennes clés ne vaudront plus rien : faites-en deux nouvelles aussitôt.
console-people-recover-enter = Entrer et faire de nouvelles clés
console-people-recover-over-title = Cette demande est finie.
console-people-recover-over-why = Elle a abouti, quelqu'un l'a arrêtée, ou son temps est passé. Arrêtée, elle se refait un jour plus tard.
console-people-recover-anew = Recommencer
console-people-recover-have-code = J'ai retrouvé ma feuille de secours
console-people-own-asked = Quelqu'un demande à revenir à votre nom. Si ce n'est pas vous, arrêtez cette demande.

# Ce qui vient d'être fait.
console-people-done-invitation = L'invitation est reprise : son lien n'ouvre plus rien.
console-people-done-closed = L'accès est fermé. Il reste ce qui suit, à faire à la main.
console-people-done-reopened = L'accès est rouvert : les clés d'avant servent à nouveau.
console-people-done-name-taken = Quelqu'un d'autre a pris cet identifiant entre-temps. Invitez cette personne à nouveau.
console-people-done-too-late = Les 30 jours sont passés. Invitez cette personne à nouveau.
console-people-done-role = Le rôle est changé, les connexions en cours sont fermées.
console-people-done-opened = Le temps est ouvert. Il finit tout seul.
console-people-done-shut = Le temps est fermé, et la connexion avec lui.
console-people-done-confirmed = C'est confirmé. Tout le cabinet est prévenu ; le retour s'ouvre dans un jour.
console-people-done-not-confirmed = Ce ne sont pas les chiffres de cette demande. Si la personne les lit bien, arrêtez la demande : une autre a été faite à son nom.
console-people-done-not-yours = Vous ne pouvez pas confirmer votre propre demande.
console-people-done-cancelled = La demande de retour est arrêtée.
console-people-done-passed = Cette demande a changé entre-temps. Regardez où elle en est.
console-people-done-sessions = Les connexions choisies sont fermées.
