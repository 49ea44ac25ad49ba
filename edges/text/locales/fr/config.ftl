# La configuration.

config-written = Une configuration commentée est écrite dans { $file }.
config-unreadable = Hygie n'a pas pu lire la configuration { $file } : { $reason }.
    .do = Vérifiez que ce fichier existe et que vous avez le droit de le lire.
config-unwritable = Hygie n'a pas pu écrire la configuration { $file } : { $reason }.
    .do = Vérifiez le dossier et vos droits, ou relancez avec sudo.
config-syntax = { $file }, ligne { $line } : cette ligne n'est pas du TOML ({ $reason }).
    .do = Regardez s'il manque un guillemet, un crochet ou un signe =.
config-unknown-key = { $file }, ligne { $line } : « { $key } » n'est pas un réglage connu.
    .do = Les réglages possibles ici sont : { $known }.
config-unknown-key-near = { $file }, ligne { $line } : « { $key } » n'est pas un réglage connu.
    .do = Vouliez-vous écrire « { $near } » ?
config-wrong-type = { $file }, ligne { $line } : la valeur de « { $key } » n'a pas la bonne forme.
    .do = Écrivez par exemple : { $example }
config-out-of-range = { $file }, ligne { $line } : la valeur de « { $key } » sort des limites.
    .do = Choisissez une valeur de { $least } à { $most }.
config-folder-relative = { $file }, ligne { $line } : « { $path } » n'est pas un chemin complet.
    .do = Écrivez le chemin depuis la racine, par exemple « /srv/patients ».
config-folder-root = { $file }, ligne { $line } : « { $path } » contient tout le système, et Hygie ne garde pas tout.
    .do = Indiquez les dossiers où se trouvent les données de vos patients.
config-folder-twice = { $file }, ligne { $line } : « { $path } » est déjà couvert par « { $outer } ».
    .do = Retirez l'une des deux lignes.
