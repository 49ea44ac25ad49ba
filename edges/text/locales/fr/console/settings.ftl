# Les réglages.

console-settings-title = Réglages
console-settings-all-there = Les réglages du cabinet sont complets.
console-settings-help-missing = Il manque qui appeler si quelque chose se passe.
console-settings-about = Ce qui se change ici, et qui l'a changé en dernier.
console-settings-save = Enregistrer
console-settings-changed = Changé par { $who } le { $at }.
console-settings-unchanged = Jamais changé.
console-settings-by-the-console = la console
console-settings-by-somebody = une personne qui n'est plus connue

console-settings-practice-title = Le cabinet
console-settings-practice-name = Nom du cabinet
console-settings-practice-name-hint = Il est dit sur chaque page, et dans les clés d'accès faites à partir de maintenant.
console-settings-practice-missing = Il manque le nom du cabinet, par exemple « Cabinet des Tilleuls ».
console-settings-too-long = C'est trop long : { $most } signes au plus.

console-settings-help-title = Qui appeler
console-settings-help-about = Votre prestataire informatique, ou la personne qui s'occupe des postes. Les avis d'Hygie donneront ce nom et ce numéro.
console-settings-help-name = Nom
console-settings-help-name-missing = Il manque un nom, par exemple « Informatique Martin ».
console-settings-help-phone = Téléphone
console-settings-help-phone-hint = Des chiffres, avec ou sans espaces, par exemple 01 99 00 12 34.
console-settings-help-phone-wrong = Il faut un numéro de 3 à 15 chiffres, par exemple 01 99 00 12 34.

console-settings-console-title = La console
console-settings-console-name = Nom sur votre réseau
console-settings-console-name-about = Les clés d'accès sont attachées à ce nom : en changer oblige chacun à les refaire. Hygie ne sait pas encore le faire d'ici.
console-settings-net-title = Trouver la console depuis les autres postes
console-settings-net-not-needed = Rien à annoncer : la console n'est ouverte qu'à ce poste, ou son nom est celui d'un domaine.
console-settings-net-asking = Hygie vérifie que ce nom est libre sur le réseau.
console-settings-net-announced = Ce nom est annoncé sur le réseau du cabinet. Les autres postes le trouvent.
console-settings-net-taken = Un autre appareil du réseau porte déjà ce nom : Hygie ne l'annonce pas. Donnez un autre nom à cet appareil ; Hygie réessaie toutes les dix minutes.
console-settings-net-failed = Le réseau n'a pas laissé annoncer ce nom ({ $reason }). Hygie réessaie toutes les dix minutes.
console-settings-fingerprint = Empreinte du certificat
console-settings-fingerprint-how = Faire confiance à la console sur un poste
console-settings-fingerprint-unknown = Le service qui signe les certificats ne répond pas pour l'instant.
console-settings-version = Version d'Hygie
console-settings-where = Où sont les données de la console
console-settings-where-about = Sur ce poste seulement. Vos dossiers de patients n'y sont pas.
console-settings-journal = Main courante
console-settings-journal-verify = Vérifier qu'elle est entière

console-settings-backup-title = Copie de la base de la console
console-settings-backup-never = Jamais faite. Sans elle, un disque qui lâche emporte les personnes, les clés et les postes connus ici.
console-settings-backup-last = Faite et relue le { $at } : { $size }, dans { $file }
console-settings-backup-about = Hygie en fait une par jour et garde les quatorze dernières. Elles restent sur ce poste : demandez à votre prestataire de les porter ailleurs, avec le fichier « seal.key » du dossier de la console.
console-settings-backup-count = { $copies ->
    [one] { $copies } copie est gardée, { $size } en tout.
   *[other] { $copies } copies sont gardées, { $size } en tout.
}
console-settings-backup-make = Faire une copie maintenant

console-settings-done-practice = Le nom du cabinet est changé.
console-settings-done-help = C'est noté : Hygie dira d'appeler cette personne.
console-settings-done-backup = La copie est faite, et relue en entier.
console-settings-done-soon = Une copie vient d'être faite. Attendez une minute avant la suivante.
