# hygie keys : les clés d'accès auxquelles le gardien de ce poste se fie.

keys-none = Le gardien de ce poste ne se fie à aucune clé d'accès, et la console n'en a présenté aucune.
    .do = Un praticien ajoute une clé d'accès sur la page « Votre accès » de la console ; elle paraît ensuite ici.
keys-trusted-title = Le gardien de ce poste se fie à ces clés d'accès :
keys-proposed-title = La console a présenté ces clés d'accès. Le gardien ne s'y fie pas encore :
keys-line = { $number }. { $person } : « { $key } », empreinte { $mark }, pour la console « { $host } », depuis le { $since }
keys-how = Avant de vous fier à une clé, demandez à cette personne si elle vient de l'ajouter. Puis tapez « sudo hygie keys trust » suivi du numéro.
keys-damaged = La liste « { $path } » est abîmée : le gardien ne se fie à aucune clé d'accès.
    .do = Regardez qui a pu la changer, supprimez-la, puis tapez « sudo hygie keys » pour vous fier de nouveau aux clés.
keys-trust-ask = Avec cette clé, cette personne pourra laisser continuer un programme arrêté, depuis la console. S'y fier ? Tapez « oui » ou « non » :
keys-distrust-ask = Ne plus se fier à cette clé ? Tapez « oui » ou « non » :
keys-trusted = Le gardien se fie maintenant à la clé « { $key } » de { $person }.
keys-distrusted = Le gardien ne connaît plus la clé « { $key } » de { $person }.
keys-already = Le gardien se fie déjà à la clé numéro { $number }.
    .do = Tapez « sudo hygie keys » pour voir la liste.
keys-unknown = Il n'y a pas de clé numéro { $number }.
    .do = Tapez « sudo hygie keys » pour voir la liste.
