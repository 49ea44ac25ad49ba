# hygie journal show, hygie journal verify.

journal-number = Ligne
journal-when = Quand
journal-kind = Quoi
journal-facts = Détails
journal-told-by-clock = l'horloge indiquait le { $told }
journal-empty = La main courante est vide.
journal-verified = { $records ->
    [one] Suite vérifiée, { $records } ligne, du { $first } au { $last }.
   *[other] Suite vérifiée, { $records } lignes, du { $first } au { $last }.
}
journal-last-digest = Empreinte de la dernière ligne : { $digest }
journal-broken = La suite est rompue en { $segment }, ligne { $line } : { $what }.
    .do = Ne supprimez rien. Copiez le dossier « { $path } » sur un autre support et prévenez votre prestataire.
journal-torn-repaired = Une coupure a interrompu l'écriture de la main courante. Les { $bytes } inachevés sont gardés dans une ligne à part.
journal-taken-up-again = La main courante était rompue. Hygie l'a noté et continue d'écrire à la suite.
    .do = Tapez « hygie journal verify » et transmettez le résultat à votre prestataire.
journal-held = La crise « { $case } » retient la main courante depuis { $month }.
    .do = Terminez d'abord cette crise, ou gardez ces mois.
journal-too-young = Seuls les mois d'avant { $month } peuvent être retirés.
    .do = Choisissez un mois plus ancien.
journal-locked = Un autre programme écrit déjà dans la main courante « { $path } ».
    .do = Tapez « hygie status » : Hygie est sans doute déjà en route.
break-not-a-record = cette ligne n'est pas lisible
break-torn = cette ligne n'a pas de fin
break-wrong-seq = la ligne { $expected } était attendue, la ligne { $found } s'y trouve
break-wrong-prev = la ligne d'avant a été modifiée
break-backwards = cette ligne est plus ancienne que celle d'avant
break-no-header = le mois ne commence pas par sa ligne de titre
break-wrong-segment = cette ligne appartient à un autre mois
break-end-cut = la fin a été coupée ou modifiée
break-head-missing = le repère de la dernière ligne manque
break-head-unreadable = le repère de la dernière ligne a été modifié
break-start-cut = le début manque, et rien ne dit qu'il a été retiré
break-taken-up-again = Hygie avait trouvé la suite rompue ici et l'a reprise
